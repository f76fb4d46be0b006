"""What is done with decoded pixels: turning, flattening, fitting, encoding."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

# EXIF orientation, and clockwise degrees, as the name of Pillow's operation (its degrees go the other way).
_ORIENTING = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
_TURNING = {90: "ROTATE_270", 180: "ROTATE_180", 270: "ROTATE_90"}
SIXTEEN_BIT = ("I;16", "I;16B", "I;16L", "I;16N")
_ALPHA = ("RGBA", "LA", "PA", "RGBa", "La")

# JPEG quality for pages that are encoded once, in all their px.
FAITHFUL = 92

# Where an ICC profile's header says what colours it is for.
_PROFILE_COLOURS = {"L": b"GRAY", "RGB": b"RGB "}


def oriented(picture: Image, orientation: int) -> Image:
    """The picture as its EXIF orientation (1 to 8) wants it seen."""
    return _transposed(picture, _ORIENTING.get(orientation))


def turned(picture: Image, degrees: int) -> Image:
    """The picture turned clockwise by 0, 90, 180 or 270 degrees."""
    return _transposed(picture, _TURNING.get(degrees))


def _transposed(picture: Image, operation: str | None) -> Image:
    if operation is None:
        return picture
    from PIL.Image import Transpose

    return picture.transpose(Transpose[operation])


def flattened(picture: Image) -> Image:
    """The picture in L or RGB: transparency on white paper, 16 bits as 8, palettes and inks as colours."""
    if picture.mode in SIXTEEN_BIT:
        return picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if picture.mode in _ALPHA or "transparency" in picture.info:
        from PIL import Image

        clear = picture.convert("RGBA")
        paper = Image.new("RGB", clear.size, "white")
        paper.paste(clear, mask=clear.getchannel("A"))
        return paper
    if picture.mode in ("L", "RGB"):
        return picture
    return picture.convert("L" if picture.mode == "1" else "RGB")


def bilevel(picture: Image) -> Image | None:
    """The same picture in mode 1 where it holds nothing but black and white."""
    if picture.mode == "1":
        return picture
    white = tuple([255] * len(picture.getbands())) if picture.mode == "RGB" else 255
    black = tuple([0] * len(picture.getbands())) if picture.mode == "RGB" else 0
    found = picture.getcolors(2)
    if found is None or any(colour not in (black, white) for _, colour in found):
        return None
    from PIL.Image import Dither

    return picture.convert("1", dither=Dither.NONE)


def inverted(picture: Image) -> Image:
    from PIL import ImageChops

    return ImageChops.invert(picture)


def fitted(picture: Image, max_px: int | None) -> Image:
    """The picture with no side above ``max_px``; never enlarged."""
    if max_px is None or max(picture.size) <= max_px:
        return picture
    from PIL.Image import Resampling

    share = max_px / max(picture.size)
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    return picture.resize(size, Resampling.BICUBIC, reducing_gap=1.5)


def encoded(picture: Image, quality: int, *, dpi: float | None = None) -> bytes:
    """A JPEG without chroma subsampling (4:4:4): seals are red lines a pixel wide.

    The source's colour profile stays if it is one for the colours the picture has now.
    """
    extra: dict[str, object] = {"dpi": (dpi, dpi)} if dpi else {}
    profile = picture.info.get("icc_profile") or b""
    if profile[16:20] == _PROFILE_COLOURS[picture.mode]:
        extra["icc_profile"] = profile
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, subsampling=0, **extra)
    return out.getvalue()
