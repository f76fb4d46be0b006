"""What the clerk did to a page's looks: a recipe, applied to the untouched original whenever it is shown or put out."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Corners = tuple[Point, Point, Point, Point]

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
OWN_CORNERS: Corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
# Degrees: what lies further askew is not a page that was laid askew.
MOST_STRAIGHTENING = 15.0
# The least share of its width or height that is left of a picture.
LEAST_SHARE = 0.03

# Shares of a picture's side that a corner or an edge may lie at: straightening pushes some of it out.
_FARTHEST = 3.0
# Digits behind the point: a ten-thousandth of an A4 page is finer than a px of 600 dpi.
_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Recipe:
    """Edits in the order in which they are applied, to the picture as its file wants it seen and before any
    turning by 90 degrees.

    ``corners``: four points that become the picture's corners, clockwise from the top left, in shares of width and
    height. ``straighten``: clockwise degrees about the middle; the picture keeps its size. ``crop``: left, top, right
    and bottom of what stays, in shares; beyond 0 and 1 it reaches what straightening has pushed out of the picture,
    and white. ``brightness`` and ``contrast``: from -1 to 1, 0 leaves them.
    """

    corners: Corners | None = None
    straighten: float = 0.0
    crop: Box | None = None
    brightness: float = 0.0
    contrast: float = 0.0

    def as_text(self) -> str:
        """JSON without what is left as it is; empty for the recipe that changes nothing. Equal recipes, equal texts."""
        if self == AS_IT_IS:
            return ""
        plain = asdict(AS_IT_IS)
        kept = {name: _rounded(value) for name, value in asdict(self).items() if value != plain[name]}
        return json.dumps(kept, separators=(",", ":"))


AS_IT_IS = Recipe()
_KNOWN = frozenset(field.name for field in fields(Recipe))


def parse_recipe(text: str) -> Recipe:
    """The recipe that :meth:`Recipe.as_text` wrote; what it does not know is left out.

    Raises AttributeError, TypeError or ValueError where it is none, or reaches further than any edit does.
    """
    if not text:
        return AS_IT_IS
    recipe = Recipe(**{name: _frozen(value) for name, value in json.loads(text).items() if name in _KNOWN})
    corners, crop = recipe.corners or OWN_CORNERS, recipe.crop or WHOLE
    if len(corners) != 4 or len(crop) != 4 or any(len(corner) != 2 for corner in corners):
        raise ValueError(text[:200])
    shares = (*crop, *(share for corner in corners for share in corner))
    if (
        not all(abs(share) <= _FARTHEST for share in shares)
        or not abs(recipe.straighten) <= 90
        or not max(abs(recipe.brightness), abs(recipe.contrast)) <= 1
    ):
        raise ValueError(text[:200])
    return recipe


def flat_size(width: float, height: float, corners: Corners | None) -> tuple[float, float]:
    """Width and height in px of what the corners span: its longer sides, so that nothing is made smaller."""
    if corners is None:
        return width, height
    points = [(x * width, y * height) for x, y in corners]
    top, right, bottom, left = (math.dist(points[i], points[(i + 1) % 4]) for i in range(4))
    return max(top, bottom), max(left, right)


def edited_size(width: int, height: int, recipe: Recipe) -> tuple[int, int]:
    """Px of a picture of ``width`` × ``height`` px after its recipe."""
    across, down = flat_size(width, height, recipe.corners)
    left, top, right, bottom = recipe.crop or WHOLE
    return max(1, round(across * (right - left))), max(1, round(down * (bottom - top)))


def tone_table(recipe: Recipe) -> bytes:
    """What becomes of each of the 256 levels: contrast about the middle grey, up to fourfold, then brightness."""
    gain, shift = 4.0**recipe.contrast, 127.5 * (1 + recipe.brightness)
    return bytes(min(max(round((level - 127.5) * gain + shift), 0), 255) for level in range(256))


def is_toned(recipe: Recipe) -> bool:
    return bool(recipe.brightness or recipe.contrast)


def is_sound(recipe: Recipe) -> bool:
    """Whether enough is left, and the corners stand in their order around it."""
    left, top, right, bottom = recipe.crop or WHOLE
    return (
        right - left >= LEAST_SHARE
        and bottom - top >= LEAST_SHARE
        and (recipe.corners is None or _is_convex(recipe.corners))
    )


def simplified(recipe: Recipe) -> Recipe:
    """The same without edits that change nothing, its figures as they will be kept."""
    plain = replace(
        recipe,
        corners=None if recipe.corners == OWN_CORNERS else recipe.corners,
        crop=None if recipe.crop == WHOLE else recipe.crop,
    )
    return parse_recipe(plain.as_text())


def halves(recipe: Recipe, rotation: int) -> tuple[Recipe, Recipe]:
    """The left and the right half of the page as it is shown, turned clockwise by ``rotation`` degrees."""
    left, top, right, bottom = recipe.crop or WHOLE
    across, down = (left + right) / 2, (top + bottom) / 2
    west, east = (left, top, across, bottom), (across, top, right, bottom)
    north, south = (left, top, right, down), (left, down, right, bottom)
    one, other = {0: (west, east), 90: (south, north), 180: (east, west), 270: (north, south)}[rotation % 360]
    return replace(recipe, crop=one), replace(recipe, crop=other)


def _is_convex(corners: Corners) -> bool:
    """Each corner turns right, and no side or diagonal is next to nothing."""
    turns = []
    for index in range(4):
        (ax, ay), (bx, by), (cx, cy) = (corners[(index + step) % 4] for step in range(3))
        turns.append((bx - ax) * (cy - by) - (by - ay) * (cx - bx))
    return min(turns) >= LEAST_SHARE**2


def _rounded(value: object) -> object:
    if isinstance(value, (tuple, list)):
        return [_rounded(one) for one in value]
    return round(value, _DIGITS) if isinstance(value, float) else value


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
