"""Scanners' bitmaps become one file: a JPEG encoded once, or a PNG in black and white; JPEGs stay as they came."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from certclerk.core.errors import UserError
from certclerk.imaging import examine
from certclerk.imaging.scanned import packed

from .conftest import draw, save


def pnm(picture: Image.Image) -> bytes:
    return save(picture, "PPM")


def pnm_16(values: list[int], samples: int) -> bytes:
    """One row of 16-bit samples."""
    head = f"P{6 if samples == 3 else 5}\n{len(values) // samples} 1\n65535\n".encode()
    return head + b"".join(value.to_bytes(2, "big") for value in values)


@pytest.mark.parametrize("kind", ["PPM", "BMP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_bitmap_becomes_a_jpeg_that_shows_the_same(kind: str, mode: str) -> None:
    drawn = draw().convert(mode)
    data, suffix = packed(save(drawn, kind), 300, "x")
    (frame,) = examine(data, "x")
    assert (suffix, frame.media_type, frame.width, frame.height) == (".jpg", "image/jpeg", 80, 120)
    kept = Image.open(io.BytesIO(data))
    assert kept.mode == mode
    assert kept.info["dpi"] == (300, 300)
    if mode == "RGB":
        # 4:4:4: the colours keep their own pixels.
        assert [component[1:3] for component in kept.layer] == [(1, 1)] * 3  # type: ignore[attr-defined]
    assert max(ImageStat.Stat(ImageChops.difference(kept, drawn)).mean) < 3


def test_black_and_white_stays_so_to_the_pixel() -> None:
    drawn = draw().convert("1")
    data, suffix = packed(pnm(drawn), 300, "x")
    kept = Image.open(io.BytesIO(data))
    assert (suffix, kept.format, kept.mode) == (".png", "PNG", "1")
    assert kept.tobytes() == drawn.tobytes()
    assert kept.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_16_bits_keep_their_brightness() -> None:
    grey = Image.open(io.BytesIO(packed(pnm_16([0, 32768, 65535] * 8, 1), 300, "x")[0]))
    assert sorted(grey.getextrema()) == pytest.approx([0, 255], abs=8)  # type: ignore[type-var]
    colour = Image.open(io.BytesIO(packed(pnm_16([65535, 0, 0] * 16, 3), 300, "x")[0]))
    assert colour.mode == "RGB"
    assert colour.getpixel((5, 0)) == pytest.approx((255, 0, 0), abs=8)


def test_a_jpeg_stays_byte_for_byte() -> None:
    data = save(draw(), "JPEG", quality=40)
    assert packed(data, 300, "x") == (data, ".jpg")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"P6\n10 10\n255\nshort", "image_damaged"),
        (b"P6\n", "image_damaged"),
        (b"BM nothing", "image_damaged"),
        (b"P6\n20000 20000\n255\n", "image_too_many_pixels"),
    ],
)
def test_what_is_no_picture_is_refused_by_name(data: bytes, code: str) -> None:
    with pytest.raises(UserError) as caught:
        packed(data, 300, "扫描 第1页")
    assert caught.value.code == code
    assert "扫描 第1页" in str(caught.value)
