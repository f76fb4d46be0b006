"""The straight edges of what is white in a mask: a line for each of its four sides.

From either side the first white px in each row and column are points of the edges, and a straight line must go
through most of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]

# Shares of a side's length left out at either end: of the first line, as the next side's points lie there where
# the page is askew, and of the second, for rounded corners.
_ENDS = 0.2
_CORNERS = 0.04
# A row or column belongs to the page where it has this share of the px that the fullest has.
_LEAST_FULL = 0.3
# Of the first line's points each second one will do, and where fewer than this are on it there is none to be found.
_ROUGH = 2
_LEAST_ROUGH = 0.25
# Px within which a point is on its line.
_ON_LINE = 1.5
# From the rim, where a line that leaves the picture has its last points.
_NEAR_RIM = 6
_FEWEST_POINTS = 12
# By its own direction; two edges of a triangle may run alongside one another, and cross nowhere.
_STEEPEST = 0.99
_PAGE = b"\xff"
# Shares of a side's points that lie at the picture's rim: above the first the page goes over it, above the
# second it is the edge.
_FEW_AT_RIM = 0.05
_MOST_AT_RIM = 0.6


@dataclass(frozen=True, slots=True)
class Edge:
    """A line along a side of the page, in px: ``offset`` + ``slope`` × place, which for l and r is x by y.

    ``sure``: the share of the side's points that are on it.
    """

    offset: float
    slope: float
    sure: float
    touching: bool
    at_rim: bool = False


# Left, top, right and bottom.
Edges = tuple[Edge, Edge, Edge, Edge]


def edges_of(mask: Image) -> Edges | None:
    """``mask``: in L, 255 where the page is and 0 elsewhere; None where a side has too few points."""
    from PIL.Image import Transpose

    rows, columns = _lines(mask), _lines(mask.transpose(Transpose.TRANSPOSE))
    down, across = _full(rows), _full(columns)
    points = (
        [row.find(_PAGE) if _PAGE in row else None for row in rows],
        [column.find(_PAGE) if _PAGE in column else None for column in columns],
        [row.rfind(_PAGE) + 1 or None for row in rows],
        [column.rfind(_PAGE) + 1 or None for column in columns],
    )
    rims = (0, 0, mask.width, mask.height)
    rough = _fitted(points, rims, (down, across, down, across), _ENDS, _ROUGH)
    if rough is None or any(edge.sure < _LEAST_ROUGH for edge in rough if not edge.at_rim):
        return None
    (left, top), (right, _), (_, bottom), _ = corners_of(rough)
    return _fitted(points, rims, ((top, bottom), (left, right), (top, bottom), (left, right)), _CORNERS, 1)


def _lines(mask: Image) -> list[bytes]:
    data = mask.tobytes()
    return [data[start : start + mask.width] for start in range(0, len(data), mask.width)]


def _full(lines: Sequence[bytes]) -> tuple[int, int]:
    """The first line that is full of page and the one behind the last."""
    counts = [line.count(_PAGE) for line in lines]
    least = max(1.0, _LEAST_FULL * max(counts))
    full = [place for place, count in enumerate(counts) if count >= least]
    return (full[0], full[-1] + 1) if full else (0, 0)


def _fitted(
    points: Sequence[Sequence[int | None]],
    rims: Sequence[int],
    reaches: Sequence[tuple[float, float]],
    left_out: float,
    step: int,
) -> Edges | None:
    """A line for each side, from each ``step``-th of its points between the ends of its reach."""
    edges = []
    for side, rim, (start, end) in zip(points, rims, reaches, strict=True):
        trim = left_out * (end - start)
        places = range(max(0, math.ceil(start + trim)), min(len(side), math.floor(end - trim)), step)
        edge = _edge(places, side, rim)
        if edge is None:
            return None
        edges.append(edge)
    left, top, right, bottom = edges
    return left, top, right, bottom


def _edge(places: range, points: Sequence[int | None], rim: int) -> Edge | None:
    """``points``: by place, where the page begins or ends; ``rim``: where the picture does."""
    there = [(place, point) for place in places if (point := points[place]) is not None]
    free = [(place, point) for place, point in there if abs(point - rim) > 1]
    if len(there) < _FEWEST_POINTS:
        return None
    share = 1 - len(free) / len(there)
    if share > _MOST_AT_RIM:
        return Edge(rim, 0.0, share, touching=True, at_rim=True)
    if len(free) < _FEWEST_POINTS:
        return None
    half = len(free) // 2
    slope = median(
        (later[1] - one[1]) / (later[0] - one[0]) for one, later in zip(free, free[half:], strict=False)
    )
    offset = median(point - slope * place for place, point in free)
    on_line = [(place, point) for place, point in free if abs(point - offset - slope * place) <= _ON_LINE]
    if len(on_line) < _FEWEST_POINTS:
        return None
    slope, offset = _least_squares(on_line)
    if abs(slope) >= _STEEPEST:
        return None
    # At the rim, but not where the line leaves the picture, lies something else.
    outside = [
        place
        for place, point in there
        if abs(point - rim) <= 1 and abs(offset + slope * place - rim) > _NEAR_RIM
    ]
    over = len(there) - len(free) - len(outside)
    missing = len(places) - len(there)
    sure = len(on_line) / (len(free) + len(outside) + missing)
    return Edge(offset, slope, sure, touching=over > _FEW_AT_RIM * len(there))


def _least_squares(points: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Slope and offset."""
    middle, mean = fmean(place for place, _ in points), fmean(point for _, point in points)
    spread = sum((place - middle) ** 2 for place, _ in points)
    slope = sum((place - middle) * (point - mean) for place, point in points) / spread if spread else 0.0
    return slope, mean - slope * middle


def corners_of(edges: Edges) -> Corners:
    """Clockwise from the top left, where the lines cross: they may lie outside of the picture."""
    left, top, right, bottom = edges
    return _cross(left, top), _cross(right, top), _cross(right, bottom), _cross(left, bottom)


def _cross(upright: Edge, level: Edge) -> Point:
    """Neither is as steep as 45 degrees in its own direction, hence they do cross."""
    y = (level.offset + level.slope * upright.offset) / (1 - level.slope * upright.slope)
    return upright.offset + upright.slope * y, y
