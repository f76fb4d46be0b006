"""Over which ends of a picture its print runs on: strokes that a whole page would have ended before its margin.

What can be told where no edge of the page is seen, as under a lid as white as paper. Grain, patterns and shadows are
too pale to count; a hair comes alone, a finger is too broad, a streak or a fold runs from end to end.
"""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING

from certclerk.imaging.strokes import DPI

if TYPE_CHECKING:
    from PIL.Image import Image

_PX_PER_MM = DPI / 25.4
# Px, for all: where a stroke begins, at the picture's rim but for what scanners leave there, or behind a line that lies on
# it; and how far it reaches in.
_STARTS = (1, 9)
_SHORT = round(1.7 * _PX_PER_MM)
_LONG = round(25 * _PX_PER_MM)
_BROADEST = round(2.5 * _PX_PER_MM)
# From a corner, along the end: there lie glass and shadow beside a page that is a little askew.
_CORNER = round(4 * _PX_PER_MM)
# Two strokes lie opposite each other.
_OPPOSITE = round(2 * _PX_PER_MM)
# Of the level of what they stand on.
_LEAST_CONTRAST = 0.22
# How much of the end is paper, within so many levels; that are print is, a desk is not.
_LEAST_EVEN = 0.7
_EVEN = 14
# So many lines of a frame, or strokes of cut characters.
_FEWEST_LINES = 2
_FEWEST_STROKES = 8
_RUN = re.compile(b"\x01+")
_OPPOSITES = {"l": "r", "t": "b", "r": "l", "b": "t"}


def crossed_sides(page: Image) -> frozenset[str]:
    """The sides (l, t, r, b) of a page in L at :data:`strokes.DPI` that print runs over."""
    found = {side: _strokes(page, side) for side in _OPPOSITES}
    return frozenset(
        side for side, strokes in found.items() if _is_print(_without(strokes, found[_OPPOSITES[side]]))
    )


def _is_print(depths: list[int]) -> bool:
    return sum(depth >= _LONG for depth in depths) >= _FEWEST_LINES or len(depths) >= _FEWEST_STROKES


def _without(strokes: dict[int, int], opposite: dict[int, int]) -> list[int]:
    """The depths of those that run over one end alone."""
    return [
        depth
        for place, depth in strokes.items()
        if not any(abs(place - other) <= _OPPOSITE for other in opposite)
    ]


def _inward(page: Image, side: str, reach: int) -> Image:
    """What lies along a side, turned so that its first row is the picture's rim."""
    from PIL.Image import Transpose

    width, height = page.size
    reach_x, reach_y = min(width, reach), min(height, reach)
    match side:
        case "l":
            return page.crop((0, 0, reach_x, height)).transpose(Transpose.TRANSPOSE)
        case "r":
            return page.crop((width - reach_x, 0, width, height)).transpose(Transpose.ROTATE_90)
        case "b":
            return page.crop((0, height - reach_y, width, height)).transpose(Transpose.FLIP_TOP_BOTTOM)
        case _:
            return page.crop((0, 0, width, reach_y))


def _strokes(page: Image, side: str) -> dict[int, int]:
    """By place along the side, how deep each stroke from there reaches in."""
    strip = _inward(page, side, _STARTS[-1] + _SHORT)
    for start in _STARTS:
        paper = _paper(strip, start)
        if paper is not None:
            # Gold on leather is lighter than what it stands on.
            levels = paper * (1 - _LEAST_CONTRAST), paper / (1 - _LEAST_CONTRAST)
            places = _places(strip, start, levels)
            if len(places) < _FEWEST_LINES:
                return dict.fromkeys(places, 0)
            deep = _inward(page, side, _STARTS[-1] + _LONG)
            return {place: _depth(deep.tobytes(), deep.width, start, place, levels) for place in places}
    return {}


def _paper(strip: Image, start: int) -> int | None:
    """The level of what lies along a row; None where it is no paper."""
    if strip.height < start + _SHORT:
        return None
    row = strip.crop((0, start, strip.width, start + 1))
    paper = sorted(row.tobytes())[strip.width // 2]
    even = sum(row.histogram()[max(0, paper - _EVEN) : paper + _EVEN + 1])
    return paper if even >= _LEAST_EVEN * strip.width else None


def _places(strip: Image, start: int, levels: tuple[float, float]) -> list[int]:
    """Where strokes begin that are narrow enough and not at a corner: their middles."""
    from PIL import ImageChops

    rows = [strip.crop((0, row, strip.width, row + 1)) for row in range(start, start + _SHORT)]
    dark, light = levels
    marks = (
        reduce(ImageChops.lighter, rows).point([level < dark for level in range(256)]),
        reduce(ImageChops.darker, rows).point([level > light for level in range(256)]),
    )
    return [
        (run.start() + run.end() - 1) // 2
        for mark in marks
        for run in _RUN.finditer(mark.tobytes())
        if run.end() - run.start() <= _BROADEST
        and run.start() > _CORNER
        and run.end() < strip.width - _CORNER
    ]


def _depth(data: bytes, width: int, start: int, place: int, levels: tuple[float, float]) -> int:
    """Followed row by row, wherever it leans to."""
    dark, light = levels
    height = len(data) // width
    for row in range(start, height):
        around = range(max(0, place - 1), min(width, place + 2))
        there = [near for near in around if not dark <= data[row * width + near] <= light]
        if not there:
            return row - start
        place = there[len(there) // 2]
    return height - start
