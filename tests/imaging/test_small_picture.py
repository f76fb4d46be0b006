"""The thumbnail made at intake shows what the one made from the stored file would."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageDraw

from certclerk.imaging import THUMBNAIL_PX, examine, render


def drawn(mode: str = "RGB") -> Image.Image:
    picture = Image.new("RGB", (900, 640), (250, 244, 230))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((40, 40, 400, 300), fill=(120, 20, 30))
    pen.ellipse((500, 300, 850, 600), fill=(30, 60, 160))
    return picture.convert(mode)


def saved(form: str, mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    drawn(mode).save(out, form, **options)
    return out.getvalue()


def turned(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved("JPEG", quality=95, exif=exif)


FILES = {
    "jpeg": saved("JPEG", quality=95),
    "grey jpeg": saved("JPEG", "L", quality=95),
    "png with a palette": saved("PNG", "P"),
    "clear png": saved("PNG", "RGBA"),
    "tiff": saved("TIFF", compression="tiff_lzw"),
    "two colours": saved("TIFF", "1", compression="group4"),
    "bmp": saved("BMP"),
    "webp": saved("WEBP", lossless=True),
    **{f"turned {orientation}": turned(orientation) for orientation in range(1, 9)},
}


@pytest.mark.parametrize("name", FILES)
def test_it_is_the_same_picture_as_from_the_file(name: str) -> None:
    data = FILES[name]
    (frame,) = examine(data, name)
    assert frame.small is not None
    small = Image.open(io.BytesIO(frame.small)).convert("RGB")
    made = Image.open(io.BytesIO(render(data, frame.media_type, 0, 0, THUMBNAIL_PX))).convert("RGB")
    assert small.size == made.size
    assert max(small.size) == THUMBNAIL_PX
    difference = ImageChops.difference(small, made).convert("L").histogram()
    assert sum(count for level, count in enumerate(difference) if level > 60) < 0.02 * sum(difference)


def test_inks_are_left_to_the_file() -> None:
    (frame,) = examine(saved("JPEG", "CMYK"), "inks.jpg")
    assert frame.small is None


def test_a_picture_smaller_than_a_thumbnail_is_not_enlarged() -> None:
    out = io.BytesIO()
    drawn().resize((90, 64)).save(out, "JPEG")
    (frame,) = examine(out.getvalue(), "a.jpg")
    assert Image.open(io.BytesIO(frame.small or b"")).size == (90, 64)
