from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image, ImageCms

from certclerk.core.errors import UserError
from certclerk.core.page_image import Encoding
from certclerk.imaging import page_image, render
from certclerk.imaging.jpeg import strip_segments


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


GPS = segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\0 GPS 24.9N 118.6E")
XMP = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>")
PHOTOSHOP = segment(0xED, b"Photoshop 3.0\x008BIM")
COMMENT = segment(0xFE, b"taken by the clerk")
OTHER = segment(0xE5, b"a maker's own")


@pytest.fixture
def plain(samples) -> bytes:
    """A JPEG with JFIF and ICC and nothing to cut."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return samples.save(samples.draw(), "JPEG", icc_profile=profile, dpi=(300, 300))


@pytest.mark.parametrize("cut", [GPS, XMP, PHOTOSHOP, COMMENT, GPS + XMP + PHOTOSHOP + COMMENT])
def test_what_names_people_and_places_is_cut_and_nothing_else(plain, cut):
    after_jfif = 2 + 2 + int.from_bytes(plain[4:6], "big")
    marked = plain[:after_jfif] + cut + OTHER + plain[after_jfif:]
    assert strip_segments(marked) == plain[:after_jfif] + OTHER + plain[after_jfif:]
    image = page_image(marked, "image/jpeg", 0, 0)
    assert image.data == strip_segments(marked)
    assert b"ICC_PROFILE" in image.data and b"JFIF" in image.data
    assert (image.encoding, image.components, image.bits) == (Encoding.JPEG, 3, 8)


def test_a_jpeg_with_nothing_to_cut_is_the_same_bytes(plain):
    assert page_image(plain, "image/jpeg", 0, 0).data is plain


def test_a_comment_between_the_scans_of_a_progressive_jpeg_is_cut(samples):
    data = samples.save(samples.draw(), "JPEG", progressive=True)
    second_scan = data.rindex(b"\xff\xda")
    marked = data[:second_scan] + COMMENT + data[second_scan:]
    assert strip_segments(marked) == data


def test_what_follows_the_end_marker_is_not_the_picture(plain):
    """A phone's second picture carries its own EXIF."""
    assert page_image(plain + plain[:2] + GPS + plain[2:], "image/jpeg", 0, 0).data == plain


def test_cmyk_keeps_its_adobe_segment_and_says_that_it_is_inverted(files):
    image = page_image(files["cmyk.jpg"], "image/jpeg", 0, 0)
    assert image.data == files["cmyk.jpg"]
    assert b"Adobe" in image.data
    assert (image.components, image.inverted) == (4, True)


@pytest.mark.parametrize(("orientation", "degrees"), [(1, 0), (3, 180), (6, 90), (8, 270)])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_turning_is_left_to_the_page(samples, orientation, degrees, rotation):
    data = samples.save(samples.draw(), "JPEG", exif=samples.exif(orientation))
    image = page_image(data, "image/jpeg", 0, rotation)
    assert image.rotate == (degrees + rotation) % 360
    assert (image.width, image.height) == (80, 120)
    assert image.data == strip_segments(data)


@pytest.mark.parametrize(("orientation", "degrees"), [(2, 0), (4, 180), (5, 270), (7, 90)])
def test_mirroring_is_left_to_the_page_as_well(samples, orientation, degrees):
    data = samples.save(samples.draw(), "JPEG", exif=samples.exif(orientation))
    image = page_image(data, "image/jpeg", 0, 0)
    assert (image.mirrored, image.rotate) == (True, degrees)
    assert image.data == strip_segments(data)
    with Image.open(io.BytesIO(image.data)) as picture:
        swapped = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).rotate(-degrees, expand=True)
    assert samples.corners(samples.save(swapped, "PNG")) == samples.corners(render(data, "image/jpeg", 0, 0))


def test_a_picture_drawn_anew_keeps_its_colour_profile(samples):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for_inks = profile[:16] + b"CMYK" + profile[20:]
    colours = samples.save(samples.draw(), "TIFF", icc_profile=profile)
    inks = samples.save(samples.draw().convert("CMYK"), "TIFF", icc_profile=for_inks)
    assert b"ICC_PROFILE" in page_image(colours, "image/tiff", 0, 0).data
    assert b"ICC_PROFILE" not in page_image(inks, "image/tiff", 0, 0).data


@pytest.mark.parametrize(("mode", "components", "bits"), [("RGB", 3, 8), ("L", 1, 8), ("1", 1, 1)])
def test_a_simple_png_passes_its_rows_through(samples, mode, components, bits):
    picture = samples.draw().convert(mode)
    image = page_image(samples.save(picture, "PNG"), "image/png", 0, 90)
    assert (image.encoding, image.components, image.bits) == (Encoding.FLATE, components, bits)
    assert image.png_rows and image.rotate == 90
    rows = zlib.decompress(image.data)
    stride = (80 * components * bits + 7) // 8
    assert len(rows) == 120 * (stride + 1)


@pytest.mark.parametrize("name", ["palette.png", "alpha.png", "deep.png", "lzw.tif", "jpeg.tif"])
def test_other_pictures_become_a_jpeg_without_subsampling(files, samples, name):
    kind = {"png": "image/png", "tif": "image/tiff"}[name.split(".")[1]]
    image = page_image(files[name], kind, 0, 180)
    assert image.encoding is Encoding.JPEG and image.rotate == 0
    assert samples.corners(image.data) == ("wk/wk" if name == "deep.png" else "wb/gr")
    with Image.open(io.BytesIO(image.data)) as picture:
        assert all(layer[1:3] == (1, 1) for layer in picture.layer)


def test_transparency_lies_on_white_paper(samples):
    clear = Image.new("RGBA", (80, 120), (0, 0, 0, 0))
    clear.putpixel((40, 60), (200, 0, 0, 255))
    image = page_image(samples.save(clear, "PNG"), "image/png", 0, 0)
    assert samples.corners(image.data) == "ww/ww"
    black = Image.new("RGB", (80, 120))
    black.putpixel((40, 60), (200, 0, 0))
    keyed = samples.save(black, "PNG", transparency=(0, 0, 0))
    assert samples.corners(page_image(keyed, "image/png", 0, 0).data) == "ww/ww"


@pytest.mark.parametrize("byte_order", ["<", ">"])
def test_sixteen_bits_become_eight(samples, byte_order):
    deep = Image.linear_gradient("L").convert("I").point(lambda v: v * 257).convert("I;16")
    data = samples.save(deep, "TIFF")
    if byte_order == ">":
        swapped = bytearray(deep.tobytes())
        swapped[0::2], swapped[1::2] = swapped[1::2], swapped[0::2]
        data = samples.save(Image.frombytes("I;16B", deep.size, bytes(swapped)), "TIFF")
    image = page_image(data, "image/tiff", 0, 0)
    with Image.open(io.BytesIO(image.data)) as picture:
        assert [picture.getpixel((128, row)) for row in (0, 128, 255)] == pytest.approx([0, 128, 255], abs=3)


def test_a_bilevel_tiff_page_is_packed_without_loss(files, samples):
    picture = samples.draw().convert("1")
    image = page_image(files["fax.tif"], "image/tiff", 0, 90)
    assert (image.encoding, image.bits, image.png_rows) == (Encoding.FLATE, 1, False)
    assert (image.rotate, image.width, image.height) == (0, 120, 80)
    assert zlib.decompress(image.data) == picture.transpose(Image.Transpose.ROTATE_270).tobytes()


def test_a_tiff_page_comes_upright(samples):
    for mode in ("RGB", "1"):
        picture = samples.draw().convert(mode)
        data = samples.save(picture, "TIFF", tiffinfo={274: 6})
        image = page_image(data, "image/tiff", 0, 0)
        assert (image.width, image.height, image.rotate) == (120, 80, 0)


def test_the_same_file_gives_the_same_bytes(files):
    for name, kind in (("pages.tif", "image/tiff"), ("palette.png", "image/png")):
        assert page_image(files[name], kind, 0, 0) == page_image(files[name], kind, 0, 0)


def test_bytes_damaged_since_are_a_sentence(files):
    for name, kind in (
        ("baseline.jpg", "image/jpeg"),
        ("colour.png", "image/png"),
        ("lzw.tif", "image/tiff"),
    ):
        with pytest.raises(UserError) as caught:
            page_image(files[name][: len(files[name]) // 2], kind, 0, 0, name="封面")
        assert caught.value.code == "page_damaged"
        assert "封面" in str(caught.value)
