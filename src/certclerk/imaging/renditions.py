"""Pictures made at intake of what cannot be read from the file alone later: drawn pages, and other decoders' pixels."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from certclerk.core.page_forms import JPEG, PNG
from certclerk.imaging.pixels import FAITHFUL, bilevel, encoded, flattened

if TYPE_CHECKING:
    from PIL.Image import Image

# Of all pairs of neighbours. Print and drawings have above 0.9, a scan or photograph below 0.6.
_EVEN_ENOUGH = 0.8
# zlib's: a page of print is packed in half the time of its default 6 and is up to a third larger; a page that is nearly
# empty is three times as large, and small all the same.
_PACKING = 3


@dataclass(frozen=True, slots=True)
class Rendition:
    """A file of one picture that stands for ``frame`` of another."""

    frame: int
    media_type: str
    data: bytes


def rendition(frame: int, picture: Image, dpi: float | None) -> Rendition:
    """Lossless for bilevel pictures and line art, which JPEG would blur and enlarge; else a JPEG of 92, 4:4:4."""
    shown = _without_needless_colour(flattened(picture))
    exact = bilevel(shown) or (shown if _is_line_art(shown) else None)
    if exact is None:
        return Rendition(frame, JPEG, encoded(shown, FAITHFUL, dpi=dpi))
    out = io.BytesIO()
    exact.save(out, "PNG", compress_level=_PACKING, **({"dpi": (dpi, dpi)} if dpi else {}))
    return Rendition(frame, PNG, out.getvalue())


def _without_needless_colour(picture: Image) -> Image:
    if picture.mode == "L":
        return picture
    from PIL import ImageChops

    red, green, blue = picture.split()
    coloured = ImageChops.difference(red, green).getbbox() or ImageChops.difference(green, blue).getbbox()
    return picture if coloured else green


def _is_line_art(picture: Image) -> bool:
    """Whether nearly every px is as the one beside it, and there is no profile that a PNG would lose here."""
    if picture.width < 2 or "icc_profile" in picture.info:
        return False
    from PIL import ImageChops

    grey = picture.convert("L")
    left = grey.crop((0, 0, grey.width - 1, grey.height))
    right = grey.crop((1, 0, grey.width, grey.height))
    return ImageChops.difference(left, right).histogram()[0] >= _EVEN_ENOUGH * left.width * left.height
