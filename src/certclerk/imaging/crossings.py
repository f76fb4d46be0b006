"""Over which ends of a picture its print runs on: strokes that a whole page would have ended before its margin.

What can be told where no edge of the page is seen, as under a lid as white as paper. Grain, patterns and shadows are
too pale to count; a hair comes alone, a finger is too broad, a streak or a fold runs from end to end.
"""

from __future__ import annotations

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
_OPPOSITES = {"l": "r", "t": "b", "r": "l", "b": "t"}


def crossed_sides(page: Image) -> frozenset[str]:
    """The sides (l, t, r, b) of a page in L at :data:`strokes.DPI` that print runs over."""
    found = {side: _strokes(_inward(page, side)) for side in _OPPOSITES}
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


def _inward(page: Image, side: str) -> Image:
    """What lies along a side, turned so that its first row is the picture's rim."""
    from PIL.Image import Transpose

    width, height = page.size
    reach_x, reach_y = min(width, _LONG + _STARTS[-1]), min(height, _LONG + _STARTS[-1])
    match side:
        case "l":
            return page.crop((0, 0, reach_x, height)).transpose(Transpose.TRANSPOSE)
        case "r":
            strip = page.crop((width - reach_x, 0, width, height))
            return strip.transpose(Transpose.FLIP_LEFT_RIGHT).transpose(Transpose.TRANSPOSE)
        case "b":
            return page.crop((0, height - reach_y, width, height)).transpose(Transpose.FLIP_TOP_BOTTOM)
        case _:
            return page.crop((0, 0, width, reach_y))


def _strokes(strip: Image) -> dict[int, int]:
    """By place along the first row, how deep each stroke from there reaches in."""
    return next((found for start in _STARTS if (found := _strokes_from(strip, start)) is not None), {})


def _strokes_from(strip: Image, start: int) -> dict[int, int] | None:
    """None where what lies along the end is no paper."""
    from PIL import ImageChops

    width, end = strip.width, min(strip.height, start + _SHORT)
    if end <= start:
        return None
    rows = [strip.crop((0, row, width, row + 1)) for row in range(start, end)]
    levels = sorted(rows[0].tobytes())
    paper = levels[width // 2]
    if sum(abs(level - paper) <= _EVEN for level in levels) < _LEAST_EVEN * width:
        return None
    # Gold on leather is lighter than what it stands on.
    dark, light = paper * (1 - _LEAST_CONTRAST), paper / (1 - _LEAST_CONTRAST)
    least, most = reduce(ImageChops.lighter, rows).tobytes(), reduce(ImageChops.darker, rows).tobytes()
    data = strip.tobytes()
    return {
        place: _depth(data, width, start, place, dark, light)
        for marked in ([level < dark for level in least], [level > light for level in most])
        for place in _runs(marked)
    }


def _runs(marked: list[bool]) -> list[int]:
    """The middles of those that are narrow enough and not at a corner."""
    runs, start = [], None
    for place, is_marked in enumerate([*marked, False]):
        if is_marked and start is None:
            start = place
        elif not is_marked and start is not None:
            if place - start <= _BROADEST and start > _CORNER and place < len(marked) - _CORNER:
                runs.append((start + place - 1) // 2)
            start = None
    return runs


def _depth(data: bytes, width: int, start: int, place: int, dark: float, light: float) -> int:
    """Followed row by row, wherever it leans to."""
    height = len(data) // width
    for row in range(start, height):
        around = range(max(0, place - 1), min(width, place + 2))
        there = [near for near in around if not dark <= data[row * width + near] <= light]
        if not there:
            return row - start
        place = there[len(there) // 2]
    return height - start
