"""Pictures for the screen: thumbnails and previews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certclerk.core.page_forms import JPEG
from certclerk.core.recipe import AS_IT_IS, Recipe
from certclerk.imaging.faults import naming_stored
from certclerk.imaging.jpeg import Jpeg, strip_segments
from certclerk.imaging.pixels import encoded, fitted, flattened, oriented
from certclerk.imaging.recipe import edited
from certclerk.imaging.source import Source, clockwise, decoded, is_mirrored, open_source

if TYPE_CHECKING:
    from PIL.Image import Image

_QUALITY = 88
# Of the longer side of a thumbnail: sharp at twice the size that the window draws them.
THUMBNAIL_PX = 192
# Px of the picture that are looked at for each of the thumbnail's, across and down: all of them would cost as
# much as decoding.
_SAMPLED = 4


def render(
    data: bytes,
    media_type: str,
    frame: int,
    rotation: int,
    max_px: int | None = None,
    *,
    recipe: Recipe = AS_IT_IS,
    quality: int = _QUALITY,
    name: str = "这一页",
) -> bytes:
    """The frame as seen: its own orientation, ``recipe``, then ``rotation`` degrees clockwise, as a grey or RGB JPEG.

    No side exceeds ``max_px``; None gives all pixels. ``quality`` is that of a JPEG made here. Raises UserError ``page_damaged`` with ``name``.
    """
    with naming_stored(name):
        if recipe != AS_IT_IS:
            source = open_source(data, media_type, frame, 0)
            return encoded(edited(source, recipe, rotation, max_px, quick=True), quality)
        source = open_source(data, media_type, frame, rotation)
        if max_px is None and _shows_as_it_is(source) and isinstance(source.header, Jpeg):
            return strip_segments(source.data, source.header)
        return encoded(fitted(decoded(source, max_px), max_px), quality)


def small_picture(picture: Image, orientation: int) -> bytes | None:
    """A thumbnail of a decoded picture turned by ``orientation`` (EXIF), so that nobody decodes it again for that.

    None for inks: which end of them is full is known to :func:`render` alone.
    """
    if picture.mode == "CMYK":
        return None
    from PIL.Image import Resampling

    share = min(1.0, THUMBNAIL_PX / max(picture.size))
    size = tuple(max(1, round(side * share)) for side in picture.size)
    sampled = tuple(min(side, _SAMPLED * small) for side, small in zip(picture.size, size, strict=True))
    few = flattened(picture.resize(sampled, Resampling.NEAREST)).resize(size, Resampling.BOX)
    return encoded(oriented(few, orientation), _QUALITY)


def _shows_as_it_is(source: Source) -> bool:
    """Whether every decoder shows the JPEG right without help from us."""
    header = source.header
    return (
        source.media_type == JPEG
        and isinstance(header, Jpeg)
        and header.components != 4
        and not source.negative
        and clockwise(source) == 0
        and not is_mirrored(source)
    )
