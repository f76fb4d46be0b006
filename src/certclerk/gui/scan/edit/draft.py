"""A recipe while it is being made: what each handle does to it, and the steps back. No Qt."""

from __future__ import annotations

import math
from dataclasses import replace
from enum import Enum

from certclerk.core.recipe import (
    AS_IT_IS,
    LEAST_SHARE,
    MOST_STRAIGHTENING,
    OWN_CORNERS,
    WHOLE,
    Box,
    Corners,
    Recipe,
    flat_size,
    is_sound,
    simplified,
)


class Mode(Enum):
    """What the handles belong to: the frame of what stays, or the four corners to be pulled straight."""

    CROP = "crop"
    CORNERS = "corners"


# Clockwise from the upper left, as the picture's file wants it seen. The letters are the sides that it moves.
HANDLES = {Mode.CROP: ("lt", "t", "rt", "r", "rb", "b", "lb", "l"), Mode.CORNERS: ("lt", "rt", "rb", "lb")}
# The whole frame at once.
FRAME = ""


class Draft:
    """``size`` is the picture's, in any unit. A run of moves between two :meth:`settle` is one step back."""

    def __init__(self, recipe: Recipe, size: tuple[float, float]) -> None:
        self.recipe = recipe
        self.first = recipe
        self.size = size
        self._settled = recipe
        self._before: list[Recipe] = []
        self._after: list[Recipe] = []

    @property
    def is_changed(self) -> bool:
        return simplified(self.recipe) != self.first

    @property
    def box(self) -> Box:
        return self.recipe.crop or WHOLE

    @property
    def corners(self) -> Corners:
        return self.recipe.corners or OWN_CORNERS

    def put(self, recipe: Recipe) -> None:
        """Another recipe, if it leaves anything."""
        if is_sound(recipe):
            self.recipe = recipe

    def settle(self) -> None:
        """What was moved stays where it is: stepping back goes to before it."""
        if self.recipe != self._settled:
            self._before.append(self._settled)
            self._after.clear()
            self._settled = self.recipe

    def step(self, *, back: bool) -> bool:
        """Back to before the last settled change, or forward again; False where there is none."""
        self.settle()
        source, goal = (self._before, self._after) if back else (self._after, self._before)
        if not source:
            return False
        goal.append(self._settled)
        self.recipe = self._settled = source.pop()
        return True

    def straighten(self, degrees: float) -> None:
        turn = round(min(max(degrees, -MOST_STRAIGHTENING), MOST_STRAIGHTENING), 1)
        recipe = replace(self.recipe, straighten=turn)
        if recipe.crop:
            recipe = replace(recipe, crop=self._within_reach(recipe.crop, turn))
        self.put(recipe)

    def tone(self, *, brightness: float | None = None, contrast: float | None = None) -> None:
        recipe = self.recipe
        self.put(
            replace(
                recipe,
                brightness=recipe.brightness if brightness is None else brightness,
                contrast=recipe.contrast if contrast is None else contrast,
            )
        )

    def revert(self) -> None:
        self.put(AS_IT_IS)

    def move(self, mode: Mode, handle: str, across: float, down: float) -> None:
        """Moves a handle by shares of the picture that it lies on; no further than makes sense."""
        if mode is Mode.CROP:
            box = (
                self._moved_frame(across, down)
                if handle == FRAME
                else self._moved_sides(handle, across, down)
            )
            self.put(replace(self.recipe, crop=box))
        else:
            index = HANDLES[Mode.CORNERS].index(handle)
            corners = list(self.corners)
            x, y = corners[index]
            corners[index] = (_between(x + across, 0.0, 1.0), _between(y + down, 0.0, 1.0))
            one, two, three, four = corners
            self.put(replace(self.recipe, corners=(one, two, three, four)))

    def _moved_sides(self, handle: str, across: float, down: float) -> Box:
        left, top, right, bottom = self.box
        reach = self._reach(self.recipe.straighten)
        if "l" in handle:
            left = _between(left + across, reach[0], right - LEAST_SHARE)
        if "r" in handle:
            right = _between(right + across, left + LEAST_SHARE, reach[2])
        if "t" in handle:
            top = _between(top + down, reach[1], bottom - LEAST_SHARE)
        if "b" in handle:
            bottom = _between(bottom + down, top + LEAST_SHARE, reach[3])
        return left, top, right, bottom

    def _moved_frame(self, across: float, down: float) -> Box:
        left, top, right, bottom = self.box
        reach = self._reach(self.recipe.straighten)
        across = _between(across, reach[0] - left, reach[2] - right)
        down = _between(down, reach[1] - top, reach[3] - bottom)
        return left + across, top + down, right + across, bottom + down

    def _reach(self, degrees: float) -> Box:
        """As far as the straightened picture goes."""
        width, height = flat_size(*self.size, self.recipe.corners)
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(abs(degrees)))
        across = max(0.0, (width * cos + height * sin) / width - 1) / 2
        down = max(0.0, (height * cos + width * sin) / height - 1) / 2
        return -across, -down, 1 + across, 1 + down

    def _within_reach(self, box: Box, degrees: float) -> Box:
        reach = self._reach(degrees)
        left, top = max(box[0], reach[0]), max(box[1], reach[1])
        return left, top, min(box[2], reach[2]), min(box[3], reach[3])


def _between(value: float, least: float, most: float) -> float:
    return min(max(value, least), most)
