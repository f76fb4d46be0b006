"""What straightening and cropping would do a page good: proposed where its edges are clear, never done unseen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from certclerk.core.recipe import AS_IT_IS, MOST_STRAIGHTENING, Box, Corners, Recipe, is_sound, simplified
from certclerk.imaging.faults import naming_stored
from certclerk.imaging.outline import Outline, outline
from certclerk.imaging.source import decoded, open_source

if TYPE_CHECKING:
    from PIL.Image import Image

# The longer side of the copy that is looked at.
_MOST_PX = 1000
# Degrees: nobody sees less.
_LEAST_SKEW = 0.2
# Shares: less around a page is not worth cutting off, and a page further from a rectangle was photographed at a slant.
_LEAST_MARGIN = 0.008
_MOST_SLANT = 0.015


def proposed(data: bytes, media_type: str, frame: int, *, name: str = "这一页") -> Recipe:
    """Of a stored frame. Raises UserError ``page_damaged`` with ``name``."""
    with naming_stored(name):
        source = open_source(data, media_type, frame, 0)
        picture = decoded(source, _MOST_PX)
    return propose(picture, source.dpi)


def propose(picture: Image, dpi: float | None) -> Recipe:
    """For an upright picture; ``dpi`` is what its file says. :data:`AS_IT_IS` where there is nothing sure to be done."""
    found = outline(picture, dpi)
    if found is None or not found.clear or abs(found.skew) > MOST_STRAIGHTENING:
        return AS_IT_IS
    turn = 0.0 if abs(found.skew) < _LEAST_SKEW else -round(found.skew, 1)
    straight = _turned(found.corners, picture.size, turn)
    if not found.touching and _slant(straight) > _MOST_SLANT:
        recipe = Recipe(corners=found.corners)
    else:
        recipe = Recipe(straighten=turn, crop=_box(straight, found))
    return simplified(recipe) if is_sound(recipe) else AS_IT_IS


def _turned(corners: Corners, size: tuple[int, int], degrees: float) -> Corners:
    """Where they are after straightening by ``degrees``."""
    width, height = size
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def turned(x: float, y: float) -> tuple[float, float]:
        across, down = (x - 0.5) * width, (y - 0.5) * height
        return 0.5 + (cos * across - sin * down) / width, 0.5 + (sin * across + cos * down) / height

    one, two, three, four = (turned(*corner) for corner in corners)
    return one, two, three, four


def _slant(corners: Corners) -> float:
    """How far the two corners of a side are from lying in one line, at most, in shares."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    return max(abs(x0 - x3), abs(x1 - x2), abs(y0 - y1), abs(y2 - y3))


def _box(corners: Corners, found: Outline) -> Box:
    """What is left when the sides with something around them are cut off along the page's edge."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    edges = {"l": (x0 + x3) / 2, "t": (y0 + y1) / 2, "r": (x1 + x2) / 2, "b": (y2 + y3) / 2}
    rims = {"l": 0.0, "t": 0.0, "r": 1.0, "b": 1.0}
    left, top, right, bottom = (
        rims[side] if side in found.touching or abs(edge - rims[side]) < _LEAST_MARGIN else edge
        for side, edge in edges.items()
    )
    return left, top, right, bottom
