"""An encoded page picture on its way into a document: what imaging hands to output."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Encoding(StrEnum):
    """How ``PageImage.data`` is packed: a whole JPEG file, or a zlib stream of raw rows."""

    JPEG = "jpeg"
    FLATE = "flate"


@dataclass(frozen=True, slots=True)
class PageImage:
    """``data`` goes into the document byte for byte.

    ``width`` and ``height`` are px of the picture as stored, before ``rotate`` (clockwise degrees,
    0, 90, 180 or 270) is applied by the viewer; ``mirrored`` swaps left and right before that.
    ``components`` is 1 (grey), 3 (RGB) or 4 (CMYK); ``inverted`` says that 0 means full ink, as Adobe
    writes CMYK. ``dpi`` None: not known. ``bits`` per component is 8, or 1 for a flate-packed bilevel
    picture (0 is black). ``png_rows``: the flate rows carry PNG filter bytes, so that a PNG's own IDAT
    data can pass through. ``sha256`` of ``data`` in hex, empty where nobody has worked it out.
    """

    data: bytes
    width: int
    height: int
    components: int = 3
    dpi: float | None = None
    rotate: int = 0
    mirrored: bool = False
    inverted: bool = False
    encoding: Encoding = Encoding.JPEG
    bits: int = 8
    png_rows: bool = False
    sha256: str = ""
