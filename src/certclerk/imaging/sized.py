"""Smaller pictures for the documents, when the originals make too many mails."""

from __future__ import annotations

from dataclasses import dataclass

from certclerk.core.booklet import effective_dpi
from certclerk.core.page_image import PageImage
from certclerk.core.recipe import AS_IT_IS, Recipe
from certclerk.imaging.faults import naming_stored
from certclerk.imaging.pixels import encoded, fitted
from certclerk.imaging.recipe import edited
from certclerk.imaging.source import decoded, open_source


@dataclass(frozen=True, slots=True)
class Sizing:
    """``dpi`` on paper at most, and JPEG ``quality``. DA/T 31 asks for 200 dpi at least."""

    dpi: int
    quality: int


SIZINGS = {"clear": Sizing(200, 85), "compact": Sizing(200, 60)}


def sized_image(
    original: PageImage,
    data: bytes,
    media_type: str,
    frame: int,
    rotation: int,
    sizing: Sizing,
    *,
    recipe: Recipe = AS_IT_IS,
    name: str = "这一页",
) -> PageImage:
    """The page encoded anew within ``sizing``, or ``original`` (of the same page and recipe) where that is smaller.

    Raises UserError ``page_damaged`` with ``name``.
    """
    dpi = effective_dpi(original.width, original.height, original.dpi, original.rotate)
    longest = max(original.width, original.height)
    most_px = longest if dpi <= sizing.dpi else round(longest * sizing.dpi / dpi)
    with naming_stored(name):
        if recipe != AS_IT_IS:
            picture = edited(open_source(data, media_type, frame, 0), recipe, rotation, most_px)
        else:
            picture = fitted(decoded(open_source(data, media_type, frame, rotation), most_px), most_px)
    packed = encoded(picture, sizing.quality)
    if len(packed) >= len(original.data):
        return original
    return PageImage(
        data=packed,
        width=picture.width,
        height=picture.height,
        components=len(picture.getbands()),
        dpi=dpi * max(picture.size) / longest,
    )
