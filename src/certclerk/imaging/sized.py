"""Smaller pictures for the documents: fewer px, and a JPEG of lower quality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from certclerk.core.booklet import effective_dpi
from certclerk.core.page_image import PageImage
from certclerk.core.recipe import AS_IT_IS, Recipe, edited_size
from certclerk.imaging.faults import naming_stored
from certclerk.imaging.jpeg import Jpeg
from certclerk.imaging.passing import page_image
from certclerk.imaging.pixels import encoded, fitted
from certclerk.imaging.recipe import edited
from certclerk.imaging.source import Source, clockwise, decoded, open_source

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Sizing:
    """``dpi`` on paper at most, and the JPEG ``qualities`` of which the smallest picture is taken."""

    dpi: int
    qualities: tuple[int, ...]


# DA/T 31 asks for 200 dpi at least.
_DPI = 200
# Measured on drawn pages as a scanner sees them, tests/bench/quality/bench_sizes.py.
CLEAR_QUALITY, COMPACT_QUALITY = 85, 60
# Of a page of next to nothing a lower quality can be some bytes larger: hence both of them for the compact one.
SIZINGS = {
    "clear": Sizing(_DPI, (CLEAR_QUALITY,)),
    "compact": Sizing(_DPI, (COMPACT_QUALITY, CLEAR_QUALITY)),
}


@dataclass(frozen=True, slots=True)
class _Whole:
    """A page in all its px: ``image`` None where making it would cost more than it can tell."""

    width: int
    height: int
    dpi: float
    image: PageImage | None


def sized_image(
    data: bytes,
    media_type: str,
    frame: int,
    rotation: int,
    sizing: Sizing,
    *,
    recipe: Recipe = AS_IT_IS,
    name: str = "这一页",
) -> PageImage:
    """The page within ``sizing``, or what :func:`page_image` makes of it where that is no larger.

    Raises UserError ``page_damaged`` with ``name``.
    """
    with naming_stored(name):
        source = open_source(data, media_type, frame, 0 if recipe != AS_IT_IS else rotation)
        if recipe != AS_IT_IS and isinstance(source.header, Jpeg):
            whole = _edited_whole(source, source.header, rotation, recipe)
        else:
            whole = _whole(page_image(data, media_type, frame, rotation, recipe=recipe, name=name))
        longest = max(whole.width, whole.height)
        most_px = longest if whole.dpi <= sizing.dpi else round(longest * sizing.dpi / whole.dpi)
        picture = _picture(source, rotation, recipe, most_px)
    packed = min((encoded(picture, quality) for quality in sizing.qualities), key=len)
    if whole.image is not None and len(whole.image.data) <= len(packed):
        return whole.image
    return PageImage(
        data=packed,
        width=picture.width,
        height=picture.height,
        components=len(picture.getbands()),
        dpi=whole.dpi * max(picture.size) / longest,
    )


def _picture(source: Source, rotation: int, recipe: Recipe, most_px: int) -> Image:
    if recipe != AS_IT_IS:
        return edited(source, recipe, rotation, most_px)
    return fitted(decoded(source, most_px), most_px)


def _whole(image: PageImage) -> _Whole:
    dpi = effective_dpi(image.width, image.height, image.dpi, image.rotate)
    return _Whole(image.width, image.height, dpi, image)


def _edited_whole(source: Source, header: Jpeg, rotation: int, recipe: Recipe) -> _Whole:
    """An edited JPEG is encoded anew whatever its size, and then never smaller than with fewer px or less quality."""
    upright = (header.height, header.width) if clockwise(source) % 180 else (header.width, header.height)
    size = edited_size(*upright, recipe)
    width, height = size[::-1] if rotation % 180 else size
    return _Whole(width, height, effective_dpi(width, height, source.dpi), None)
