"""What the clerk did to a page's looks: a recipe, applied to the untouched original whenever it is shown or put out."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

Point = tuple[float, float]
Box = tuple[float, float, float, float]

# Digits behind the point: a ten-thousandth of an A4 page is finer than a px of 600 dpi.
_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Recipe:
    """Edits in the order in which they are applied, to the picture as its file wants it seen and before any
    turning by 90 degrees.

    ``corners``: four points that become the picture's corners, clockwise from the top left, in shares of width and
    height. ``straighten``: clockwise degrees about the middle. ``crop``: left, top, right and bottom of what stays, in shares.
    ``brightness`` and ``contrast``: from -1 to 1, 0 leaves them.
    """

    corners: tuple[Point, Point, Point, Point] | None = None
    straighten: float = 0.0
    crop: Box | None = None
    brightness: float = 0.0
    contrast: float = 0.0

    def as_text(self) -> str:
        """JSON without what is left as it is; empty for the recipe that changes nothing. Equal recipes, equal texts."""
        plain = asdict(AS_IT_IS)
        kept = {name: _rounded(value) for name, value in asdict(self).items() if value != plain[name]}
        return json.dumps(kept, separators=(",", ":")) if kept else ""


AS_IT_IS = Recipe()
_KNOWN = frozenset(field.name for field in fields(Recipe))


def parse_recipe(text: str) -> Recipe:
    """The recipe that :meth:`Recipe.as_text` wrote; what it does not know is left out."""
    if not text:
        return AS_IT_IS
    return Recipe(**{name: _frozen(value) for name, value in json.loads(text).items() if name in _KNOWN})


def _rounded(value: object) -> object:
    if isinstance(value, (tuple, list)):
        return [_rounded(one) for one in value]
    return round(value, _DIGITS) if isinstance(value, float) else value


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
