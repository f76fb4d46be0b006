from __future__ import annotations

import io
import struct
import warnings
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from certclerk.core.errors import UserError
from certclerk.imaging import Limits, examine, intake, page_image, render

FRAMES = {
    "baseline.jpg": 1,
    "progressive.jpg": 1,
    "grey.jpg": 1,
    "cmyk.jpg": 1,
    "colour.png": 1,
    "palette.png": 1,
    "alpha.png": 1,
    "deep.png": 1,
    "bilevel.png": 1,
    "pages.tif": 3,
    "lzw.tif": 1,
    "fax.tif": 1,
    "jpeg.tif": 1,
    "pages.pdf": 3,
    "flate.pdf": 1,
    "bottom up.bmp": 1,
    "packed.bmp": 1,
    "bilevel.bmp": 1,
    "single.gif": 1,
    "moving.gif": 1,
    "lossy.webp": 1,
    "lossless.webp": 1,
    "alpha.webp": 1,
    "moving.webp": 1,
}
TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "pdf": "application/pdf",
    "bmp": "image/bmp",
    "gif": "image/gif",
    "webp": "image/webp",
}


@pytest.mark.parametrize(("name", "count"), FRAMES.items())
def test_every_form_is_taken_in_by_content_and_not_by_name(files, name, count):
    frames = examine(files[name], "no extension")
    assert [frame.frame for frame in frames] == list(range(count))
    assert {(frame.media_type, frame.width, frame.height) for frame in frames} == {
        (TYPES[name.split(".")[1]], 80, 120)
    }


@pytest.mark.parametrize("name", FRAMES)
def test_every_truncation_is_refused(files, name, refusal):
    data = files[name]
    step = max(1, len(data) // 23)
    # The last bytes of a fax-packed TIFF are the offset of a next page that does not exist.
    for length in range(1, len(data) - 4, step):
        assert refusal(data[:length]) in ("image_damaged", "image_unknown", "pdf_page_not_picture")


def test_a_truncated_jpeg_with_an_end_marker_put_on_is_refused(samples, refusal):
    picture = Image.effect_noise((400, 500), 60).convert("RGB")
    for options in ({}, {"restart_marker_blocks": 5}):
        data = samples.save(picture, "JPEG", **options)
        assert examine(data, "whole")
        assert refusal(data[: len(data) // 2] + b"\xff\xd9") == "image_damaged"


def test_mid_grey_paper_is_no_sign_of_truncation(samples):
    for mode, colour in (("L", 128), ("RGB", (128, 128, 128)), ("CMYK", (128, 128, 128, 128))):
        for progressive in (False, True):
            data = samples.save(Image.new(mode, (90, 70), colour), "JPEG", progressive=progressive)
            assert examine(data, "grey")


def test_bytes_after_a_jpeg_are_no_damage(files):
    assert examine(files["baseline.jpg"] + b"phone's own trailer" * 100, "phone.jpg")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "image_empty"),
        (b"\0" * 4096, "image_unknown"),
        ("第一页".encode(), "image_unknown"),
        (b"GIF89a" + b"\0" * 40, "image_damaged"),
        (b"BM" + b"\0" * 60, "image_damaged"),
        (b"RIFF\x20\0\0\0WEBPVP8 " + b"\0" * 40, "image_damaged"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 40, "image_damaged"),
        (b"\xff\x4f\xff\x51" + b"\0" * 40, "image_damaged"),
        (b"\0\0\0\x18ftypavif" + b"\0" * 40, "image_other"),
        (b"PK\x03\x04" + b"\0" * 40, "image_other"),
        (b"\xff\xd8\xff\xe0", "image_damaged"),
        (b"\xff\xd8\xff" + b"\0" * 5000, "image_damaged"),
        (b"\x89PNG\r\n\x1a\n", "image_damaged"),
        (b"II*\0\x08\0\0\0\0\0", "image_damaged"),
        (b"%PDF-1.4\nstartxref\n0\n%%EOF", "image_damaged"),
    ],
)
def test_what_is_no_picture_is_refused_by_name(data, code, refusal):
    assert refusal(data) == code


def test_a_jpeg_of_endless_scans_is_refused(samples, refusal):
    """Each of them makes the decoder go over all of the picture again."""
    data = samples.save(samples.draw(), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    assert examine(data[:last] + data[last:-2] * 50 + data[-2:], "x")
    assert refusal(data[:last] + data[last:-2] * 300 + data[-2:]) == "image_damaged"


def test_a_wrong_checksum_in_a_png_is_refused(files, refusal):
    data = bytearray(files["colour.png"])
    data[data.index(b"IEND") - 5] ^= 1
    assert refusal(bytes(data)) == "image_damaged"


def test_a_jpeg_that_not_every_reader_decodes_is_refused(files):
    """Marked as arithmetically coded, which PDF readers do not take."""
    data = files["baseline.jpg"].replace(b"\xff\xc0", b"\xff\xc9")
    with pytest.raises(UserError, match="不是常用的 JPEG 编码方式"):
        examine(data, "x")


@pytest.mark.parametrize("mode", ["F", "I"])
def test_samples_whose_meaning_is_not_known_are_refused(samples, mode):
    picture = samples.draw().convert("L").convert(mode)
    with pytest.raises(UserError, match="像素格式不支持"):
        examine(samples.save(picture, "TIFF"), "x")


def tiff_with_its_directory_first(packed: bytes, compression: int, bits: int, size: tuple[int, int]) -> bytes:
    """As libtiff writes it when asked to; cutting it takes nothing but picture data."""
    width, height = size
    tags = {
        256: width,
        257: height,
        258: bits,
        259: compression,
        262: 1,
        273: 0,
        277: 1,
        278: height,
        279: len(packed),
    }
    tags[273] = 8 + 2 + 12 * len(tags) + 4
    entries = b"".join(struct.pack("<HHLL", tag, 4, 1, value) for tag, value in tags.items())
    return struct.pack("<2sHLH", b"II", 42, 8, len(tags)) + entries + bytes(4) + packed


@pytest.mark.parametrize("missing", [1, 8, 3000])
@pytest.mark.parametrize("packing", ["bare", "deflate", "group4"])
def test_a_tiff_cut_within_its_picture_is_refused(samples, refusal, packing, missing):
    noise = Image.effect_noise((200, 300), 80)
    packed, compression, bits = noise.tobytes(), 1, 8
    if packing == "deflate":
        packed, compression = zlib.compress(packed), 8
    elif packing == "group4":
        fax = samples.save(noise.convert("1"), "TIFF", compression="group4")
        with Image.open(io.BytesIO(fax)) as tiff:
            start, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
        packed, compression, bits = fax[start : start + length], 4, 1
    data = tiff_with_its_directory_first(packed, compression, bits, noise.size)
    assert examine(data, "x")
    assert refusal(data[:-missing]) == "image_damaged"


def test_caps(files):
    def code(data: bytes, limits: Limits) -> str:
        with pytest.raises(UserError) as caught:
            examine(data, "x", limits=limits)
        return caught.value.code

    for name in FRAMES:
        assert code(files[name], Limits(max_pixels=80 * 120 - 1)) == "image_too_many_pixels", name
        assert code(files[name], Limits(max_bytes=50)) == "image_too_big", name
    for name in ("pages.tif", "pages.pdf"):
        assert code(files[name], Limits(max_frames=2)) == "image_too_many_frames"
        assert code(files[name], Limits(max_total_pixels=20_000)) == "image_too_many_frames"
        assert len(examine(files[name], "x", limits=Limits(max_frames=3))) == 3


def test_bombs_are_refused_before_they_are_unpacked(samples, refusal):
    """A claimed 60,000 × 60,000 px in a few bytes, in each form."""
    side = 60_000
    png = samples.save(Image.new("1", (64, 64)), "PNG")
    head = b"IHDR" + struct.pack(">LLBBBBB", side, side, 1, 0, 0, 0, 0)
    png = png[:12] + head + struct.pack(">L", zlib.crc32(head)) + png[33:]
    assert refusal(png) == "image_too_many_pixels"
    jpeg = bytearray(samples.save(Image.new("L", (64, 64)), "JPEG"))
    at = jpeg.index(b"\xff\xc0") + 5
    jpeg[at : at + 4] = struct.pack(">HH", side, side)
    assert refusal(bytes(jpeg)) == "image_too_many_pixels"
    tiff = samples.save(Image.new("1", (64, 64)), "TIFF", compression="group4")
    for tag in (256, 257):
        entry = tiff.index(struct.pack("<H", tag), 8)
        tiff = tiff[:entry] + struct.pack("<HHLL", tag, 4, 1, side) + tiff[entry + 12 :]
    assert refusal(tiff) == "image_too_many_pixels"
    entries = {"/ColorSpace": "/DeviceGray", "/Filter": "/FlateDecode", "/Width": side, "/Height": side}
    assert refusal(samples.pdf(zlib.compress(bytes(10_000_000)), entries)) == "image_too_many_pixels"


def test_a_packed_stream_longer_than_its_picture_is_not_unpacked_further(samples):
    bomb = zlib.compress(bytes(200_000_000), 9)
    entries = {"/ColorSpace": "/DeviceGray", "/Filter": "/FlateDecode"}
    (frame,) = examine(samples.pdf(bomb, entries), "bomb.pdf")
    assert (frame.width, frame.height) == (80, 120)


def test_above_pillows_own_limit_nothing_warns(samples):
    """9,600 × 9,600 px is above Pillow's warning and below our cap."""
    picture = Image.new("1", (9600, 9600), 1)
    for kind, options in (("PNG", {}), ("TIFF", {"compression": "group4"})):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            data = samples.save(picture, kind, **options)
            (frame,) = examine(data, "A0")
            assert render(data, frame.media_type, 0, 90, 100)
    assert Image.MAX_IMAGE_PIXELS is not None and Image.MAX_IMAGE_PIXELS < 9600 * 9600


def test_reduced_copies_in_a_tiff_are_no_pages(samples):
    picture = samples.draw()
    thumbnail = picture.resize((8, 12))
    thumbnail.encoderinfo = {"tiffinfo": {254: 1}}
    data = samples.save(picture, "TIFF", save_all=True, append_images=[thumbnail, picture.convert("L")])
    assert [frame.frame for frame in examine(data, "x")] == [0, 2]


@pytest.mark.parametrize(
    ("kind", "options", "size", "dpi"),
    [
        ("JPEG", {"dpi": (300, 300)}, (1713, 2421), 300.0),
        ("JPEG", {}, (1713, 2421), None),
        # A camera's 72 dpi would make the picture 142 cm high.
        ("JPEG", {"dpi": (72, 72)}, (3024, 4032), None),
        ("JPEG", {"dpi": (204, 98)}, (1713, 2421), None),
        ("PNG", {"dpi": (300, 300)}, (1713, 2421), 300.0),
        ("TIFF", {"dpi": (200, 200)}, (1713, 2421), 200.0),
        ("TIFF", {}, (1713, 2421), None),
        ("PDF", {"resolution": 150}, (1713, 2421), 150.0),
    ],
)
def test_resolution_is_believed_where_it_makes_a_page_of_paper(samples, kind, options, size, dpi):
    (frame,) = examine(samples.save(Image.new("L", size, 255), kind, **options), "x")
    assert frame.dpi == (None if dpi is None else pytest.approx(dpi, abs=0.2))


def test_exif_gives_orientation_and_resolution(samples):
    block = samples.exif(6, 300.0)
    data = samples.save(Image.new("L", (1713, 2421)), "JPEG", exif=block)
    jfif = data.index(b"JFIF\0")
    data = data[: jfif + 7] + b"\0" + data[jfif + 8 :]
    (frame,) = examine(data, "x")
    assert (frame.width, frame.height, frame.dpi, frame.orientation) == (1713, 2421, 300.0, 6)


def test_broken_exif_refuses_no_picture(samples):
    data = bytearray(samples.save(samples.draw(), "JPEG", exif=samples.exif(6, 300.0)))
    at = data.index(b"Exif\0\0") + 6
    data[at + 4 : at + 8] = b"\xff\xff\xff\x7f"
    assert examine(bytes(data), "x")[0].orientation == 1


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_damaged_files_give_frames_or_a_sentence_and_nothing_else(files, data):
    name = data.draw(st.sampled_from(sorted(files)))
    damaged = bytearray(files[name])
    places = st.integers(0, len(damaged) - 1)
    for place in data.draw(st.lists(places, max_size=6)):
        damaged[place] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.one_of(st.none(), places))
    try:
        frames = examine(bytes(damaged[:cut]), name, limits=Limits(max_pixels=1_000_000))
    except UserError as error:
        assert name in str(error)
        return
    for frame in frames:
        assert page_image(bytes(damaged[:cut]), frame.media_type, frame.frame, 0).data
        assert render(bytes(damaged[:cut]), frame.media_type, frame.frame, 90, 40)


def test_a_mistake_of_ours_in_measuring_is_not_laid_at_the_files_door(files, monkeypatch):
    def mistaken(*_arguments: object, **_named: object) -> object:
        return {}["no such figure"]

    monkeypatch.setattr(intake, "measure", mistaken)
    with pytest.raises(KeyError):
        examine(files["baseline.jpg"], "封面.jpg")
