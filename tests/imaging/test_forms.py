"""BMP, GIF, WebP, JPEG 2000 and HEIC: right on the screen and in the document."""

from __future__ import annotations

import io
import struct
import zlib
from importlib.util import find_spec

import pytest
from PIL import Image, ImageChops, ImageStat

from certclerk.core.errors import UserError
from certclerk.core.page_image import Encoding
from certclerk.imaging import Limits, examine, page_image, render

BMP, GIF, WEBP, JP2, HEIC = "image/bmp", "image/gif", "image/webp", "image/jp2", "image/heic"


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean grey levels apart."""
    return max(ImageStat.Stat(ImageChops.difference(one.convert("RGB"), other.convert("RGB"))).mean)


def photo() -> Image.Image:
    """Soft colours, as lossy coders are made for."""
    planes = [Image.linear_gradient("L").resize((160, 240)).rotate(turn) for turn in (0, 180)]
    return Image.merge("RGB", (planes[0], planes[1], Image.radial_gradient("L").resize((160, 240))))


@pytest.mark.parametrize(
    ("name", "corners"),
    [
        ("bottom up.bmp", "rg/bw"),
        ("packed.bmp", "rg/bw"),
        ("single.gif", "rg/bw"),
        ("moving.gif", "rg/bw"),
        ("lossy.webp", "br/wg"),
        ("lossless.webp", "rg/bw"),
        ("alpha.webp", "rg/bw"),
        ("moving.webp", "rg/bw"),
    ],
)
def test_they_are_shown_and_put_into_documents_alike(files, samples, name, corners):
    (frame,) = examine(files[name], name)
    assert samples.corners(render(files[name], frame.media_type, 0, 0)) == corners
    image = page_image(files[name], frame.media_type, 0, 0)
    assert (image.encoding, image.rotate) == (Encoding.JPEG, 0)
    assert samples.corners(image.data) == corners
    assert Image.open(io.BytesIO(image.data)).size == (image.width, image.height)


def test_black_and_white_is_kept_without_loss(samples):
    """Whatever form it comes in, also where the form has no bilevel pictures."""
    picture = samples.draw().convert("1")
    for kind, media_type, options in (
        ("BMP", BMP, {}),
        ("GIF", GIF, {}),
        ("WEBP", WEBP, {"lossless": True}),
    ):
        data = samples.save(picture if kind != "WEBP" else picture.convert("RGB"), kind, **options)
        image = page_image(data, media_type, 0, 0)
        assert (image.encoding, image.bits, image.components) == (Encoding.FLATE, 1, 1), kind
        assert zlib.decompress(image.data) == picture.tobytes(), kind


def test_transparency_lies_on_white_paper(samples):
    clear = Image.new("RGBA", (80, 120), (0, 0, 0, 0))
    clear.paste((255, 0, 0, 255), (0, 0, 40, 60))
    indexed = Image.new("P", (80, 120), 0)
    indexed.putpalette([0, 0, 255, 255, 0, 0])
    indexed.paste(1, (0, 0, 40, 60))
    webp = samples.save(clear, "WEBP", lossless=True)
    gif = samples.save(indexed, "GIF", transparency=0)
    assert samples.corners(render(webp, WEBP, 0, 0)) == "rw/ww"
    assert samples.corners(render(gif, GIF, 0, 0)) == "rw/ww"


def bmp_with_channel(alpha: int) -> bytes:
    """32 bits a px with a mask for alpha, as screen programs write it."""
    masks = struct.pack("<LLLL", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    head = struct.pack("<LllHHLLllLL", 108, 80, -120, 1, 32, 3, 80 * 120 * 4, 0, 0, 0, 0) + masks
    head += b"BGRs" + bytes(108 - len(head) - 4)
    start = 14 + len(head)
    pixels = bytes((0, 0, 255, alpha)) * (80 * 120)
    return struct.pack("<2sLHHL", b"BM", start + len(pixels), 0, 0, start) + head + pixels


@pytest.mark.parametrize(("alpha", "corners"), [(255, "rr/rr"), (0, "rr/rr")])
def test_a_channel_that_a_program_left_empty_makes_no_page_vanish(samples, alpha, corners):
    data = bmp_with_channel(alpha)
    assert examine(data, "x")
    assert samples.corners(render(data, BMP, 0, 0)) == corners


def test_resolution_and_orientation(samples):
    page = Image.new("RGB", (1713, 2421), "white")
    assert examine(samples.save(page, "BMP", dpi=(300, 300)), "x")[0].dpi == pytest.approx(300, abs=0.1)
    (frame,) = examine(samples.save(page, "WEBP", exif=samples.exif(6, 300.0)), "x")
    assert (frame.dpi, frame.orientation) == (300.0, 6)
    assert examine(samples.save(page, "GIF"), "x")[0].dpi is None


def test_bombs_are_refused_by_their_header(samples, refusal):
    side = 16_000
    bmp = bytearray(samples.save(samples.draw(), "BMP"))
    bmp[18:26] = struct.pack("<ll", side, side)
    assert refusal(bytes(bmp)) == "image_too_many_pixels"
    gif = bytearray(samples.save(samples.draw(), "GIF"))
    gif[6:10] = struct.pack("<HH", side, side)
    assert refusal(bytes(gif)) == "image_too_many_pixels"
    moving = bytearray(
        samples.save(samples.draw(), "WEBP", save_all=True, append_images=[samples.draw().rotate(9)])
    )
    at = moving.index(b"VP8X") + 12
    moving[at : at + 6] = (side - 1).to_bytes(3, "little") * 2
    assert refusal(bytes(moving)) == "image_too_many_pixels"
    lossless = bytearray(samples.save(samples.draw(), "WEBP", lossless=True))
    at = lossless.index(b"VP8L") + 9
    lossless[at : at + 4] = struct.pack("<L", (side - 1) | (side - 1) << 14)
    assert refusal(bytes(lossless)) == "image_too_many_pixels"
    lossy = bytearray(samples.save(samples.draw(), "WEBP"))
    at = lossy.index(b"VP8 ") + 14
    lossy[at : at + 4] = struct.pack("<HH", side, side)
    assert refusal(bytes(lossy)) == "image_too_many_pixels"


def test_only_the_first_picture_of_an_animation_is_unpacked(samples):
    """A later one claims what the first does not."""
    data = bytearray(
        samples.save(samples.draw(), "GIF", save_all=True, append_images=[samples.draw().convert("L")])
    )
    second = data.rindex(b"\x2c\0\0\0\0")
    data[second + 5 : second + 9] = struct.pack("<HH", 60_000, 60_000)
    (frame,) = examine(bytes(data), "x")
    assert (frame.width, frame.height) == (80, 120)


JP2_FORMS = {
    "JP2, lossless": ("RGB", {}),
    "codestream": ("RGB", {"no_jp2": True}),
    "lossy, tiled": ("RGB", {"quality_layers": [20], "irreversible": True, "tile_size": (64, 64)}),
    "grey": ("L", {}),
    "16 bits": ("I;16", {}),
    "alpha": ("RGBA", {}),
}


@pytest.mark.parametrize("form", JP2_FORMS)
def test_jpeg_2000_is_taken_with_a_rendition(samples, form):
    mode, options = JP2_FORMS[form]
    if mode == "I;16":
        grey = photo().convert("L")
        picture = grey.convert("I").point(lambda value: value * 257).convert("I;16")
        expected = grey
    else:
        picture = expected = photo().convert(mode)
    made = []
    (frame,) = examine(samples.save(picture, "JPEG2000", **options), "x", rendered=made.append)
    assert (frame.media_type, frame.width, frame.height) == (JP2, 160, 240)
    seen = Image.open(io.BytesIO(render(made[0].data, made[0].media_type, 0, 0)))
    assert difference(seen, expected) < (4 if "lossy" in form else 2)


def test_bilevel_jpeg_2000_stays_without_loss(samples):
    made = []
    examine(samples.save(samples.draw().convert("1").convert("L"), "JPEG2000"), "x", rendered=made.append)
    image = page_image(made[0].data, made[0].media_type, 0, 0)
    assert (image.bits, image.png_rows, image.encoding) == (1, True, Encoding.FLATE)


@pytest.mark.parametrize("options", [{}, {"no_jp2": True}])
def test_cut_jpeg_2000_is_refused(samples, refusal, options):
    data = samples.save(Image.effect_noise((160, 240), 80), "JPEG2000", **options)
    for length in (40, len(data) // 2, len(data) - 200):
        assert refusal(data[:length]) == "image_damaged"


def test_jpeg_2000_bombs(samples):
    data = samples.save(samples.draw(), "JPEG2000")
    with pytest.raises(UserError) as caught:
        examine(data, "x", limits=Limits(max_pixels=9_000))
    assert caught.value.code == "image_too_many_pixels"
    stream = bytearray(samples.save(samples.draw(), "JPEG2000", no_jp2=True))
    at = stream.index(b"\xff\x51") + 6
    stream[at : at + 8] = struct.pack(">LL", 60_000, 60_000)
    with pytest.raises(UserError) as caught:
        examine(bytes(stream), "x")
    assert caught.value.code == "image_too_many_pixels"


@pytest.fixture
def heic() -> bytes:
    if find_spec("pillow_heif") is None:
        pytest.skip("pillow-heif is not installed")
    import pillow_heif

    made = pillow_heif.from_pillow(photo())
    out = io.BytesIO()
    made.save(out, quality=95)
    return out.getvalue()


def test_heic_is_taken_where_its_decoder_is_installed(heic):
    made = []
    (frame,) = examine(heic, "IMG_0001.HEIC", rendered=made.append)
    assert (frame.media_type, frame.width, frame.height) == (HEIC, 160, 240)
    seen = Image.open(io.BytesIO(render(made[0].data, made[0].media_type, 0, 0)))
    assert difference(seen, photo()) < 4


def test_broken_heic_is_refused(heic, refusal):
    assert refusal(heic[: len(heic) // 2]) == "image_damaged"


def test_the_clerk_is_told_how_to_do_without_the_decoder(monkeypatch):
    monkeypatch.setattr("certclerk.imaging.intake.is_heic_readable", lambda: False)
    with pytest.raises(UserError, match="兼容性最佳") as caught:
        examine(b"\0\0\0\x18ftypheic" + b"\0" * 40, "IMG_0001.HEIC")
    assert caught.value.code == "image_heic"


def test_pillow_learns_nothing_of_other_forms(heic):
    """Registered plugins are the process's; ours are called directly."""
    before = set(Image.OPEN)
    examine(heic, "x")
    assert set(Image.OPEN) == before
