"""Where the page lies in a scan or a photograph: its four edges, where they can be seen.

Looked for on a small grey copy. What lies along the picture's rim is taken for glass, lid or desk, what differs
from it for the page; from either side the first px of the page in each row and column are points of its
edges, and a straight line must go through most of them. A page that fills its picture, as a booklet does
that was scanned to its exact area, has no outline: there is nothing to tell it from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING

from certclerk.imaging.booklet_shape import is_booklet
from certclerk.imaging.tones import shrunk, small_grey

if TYPE_CHECKING:
    from PIL.Image import Image

Point = tuple[float, float]
Box = tuple[int, int, int, int]
Corners = tuple[Point, Point, Point, Point]

SIDES = "ltrb"
# The longer side of the small copy: an A4 page is then 1 px a mm.
_MOST_PX = 300
_FEWEST_PX = 40
# Px of the rim, along each side, that are looked at for what surrounds the page.
_RIM = 4
# Grey levels by which page and surroundings differ at least, and those that two rims of one thing may differ by.
_LEAST_STEP = 8
_SAME = 12
# Levels between page and surroundings that make up for measures that are no booklet's: a panel printed on a
# page is paler.
_CERTAIN_STEP = 35
# Shares of a side's length left out at either end: of the first line, as the next side's points lie there where
# the page is askew, and of the second, for rounded corners.
_ENDS = 0.2
_CORNERS = 0.04
# A row or column belongs to the page where it has this share of the px that the fullest has.
_LEAST_FULL = 0.3
# Px within which a point is on its line, and what share of the points must be.
_ON_LINE = 1.5
_LEAST_ON_LINE = 0.8
_FEWEST_POINTS = 12
# By its own direction; two edges of a triangle may run alongside one another, and cross nowhere.
_STEEPEST = 0.99
_PAGE = b"\xff"
# Shares of a side's points that lie at the picture's rim: above the first the page goes over it, above the
# second it is the edge.
_FEW_AT_RIM = 0.05
_MOST_AT_RIM = 0.6
# How much of the page must differ from what surrounds it, and how much of that may: a frame printed on a page is
# no page.
_LEAST_FILLED = 0.6
_MOST_AROUND = 0.12
# A px or so along its edges.
_SLIVER = 0.02
# Of the picture: a smaller thing is no page.
_LEAST_AREA = 0.08


@dataclass(frozen=True, slots=True)
class Outline:
    """``corners``: clockwise from the top left as seen, in shares of the picture's width and height.

    ``skew``: clockwise degrees by which the page lies askew; turned by as many the other way it is straight.
    ``clear``: every edge within the picture is certain and the page is shaped like a booklet.
    ``touching``: the sides (l, t, r, b) where the page reaches the end of the picture; its corners lie on it
    there. That says nothing of whether a part is missing: a booklet is laid into the glass's corner.
    """

    corners: Corners
    skew: float
    clear: bool
    touching: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line along a side of the page, in px: ``offset`` + ``slope`` × place, which for l and r is x by y.

    ``sure``: the share of the side's points that are on it.
    """

    offset: float
    slope: float
    sure: float
    touching: bool
    at_rim: bool = False


# Left, top, right and bottom.
Edges = tuple[_Edge, _Edge, _Edge, _Edge]


def outline(picture: Image, dpi: float | None = None) -> Outline | None:
    """The page's outline in a decoded picture; None where none is found, as where the page fills it.

    ``dpi`` is the px per inch on paper that the picture's file credibly says.
    """
    share = min(1.0, 2 * _MOST_PX / max(picture.size))
    return find_outline(small_grey(picture, share), dpi * share if dpi else None)


def find_outline(grey: Image, dpi: float | None) -> Outline | None:
    """The same of a copy in L."""
    share = min(1.0, _MOST_PX / max(grey.size))
    small = shrunk(grey, share)
    if min(small.size) < _FEWEST_PX:
        return None
    found = (
        _against(small, page, ground, dpi * share if dpi else None)
        for ground, step in _grounds(small)
        if (page := _page_level(small, ground, step)) is not None
    )
    seen = [one for one in found if one is not None]
    return max(seen, key=lambda one: (one.clear, -len(one.touching)), default=None)


def extent_of(outline: Outline, size: tuple[int, int]) -> tuple[float, float]:
    """Width and height of the page in px of a picture of ``size``."""
    width, height = size
    one, two, three, four = ((x * width, y * height) for x, y in outline.corners)
    return _extent((one, two, three, four))


def _grounds(small: Image) -> list[tuple[int, int]]:
    """Grey levels that may be what surrounds the page, each with the step by which another thing differs."""
    width, height = small.size
    rims = (
        (0, 0, _RIM, height),
        (0, 0, width, _RIM),
        (width - _RIM, 0, width, height),
        (0, height - _RIM, width, height),
    )
    grounds: list[tuple[int, int]] = []
    for spread, ground in sorted(_spread_and_level(small, rim) for rim in rims):
        if all(abs(ground - known) > _SAME for known, _ in grounds):
            grounds.append((ground, max(_LEAST_STEP, 2 * spread)))
    return grounds


def _spread_and_level(small: Image, rim: Box) -> tuple[int, int]:
    """How far the grey levels' middle half reach, and their median: the page may lie over a part of the rim."""
    levels = sorted(small.crop(rim).tobytes())
    quarter = len(levels) // 4
    return levels[3 * quarter] - levels[quarter], levels[2 * quarter]


def _page_level(small: Image, ground: int, step: int) -> int | None:
    """The grey level that is most frequent in the picture's middle, of those that are not the ground's."""
    width, height = small.size
    counts = small.crop((width // 4, height // 4, width - width // 4, height - height // 4)).histogram()
    others = [level for level in range(256) if abs(level - ground) >= step]
    return max(others, key=lambda level: sum(counts[max(0, level - 2) : level + 3]), default=None)


def _against(small: Image, page: int, ground: int, dpi: float | None) -> Outline | None:
    from PIL import ImageFilter

    # Half way between both: a shadow beside a light page is none of it, and little of a dark one.
    half = (page + ground) / 2
    mask = small.point([255 if (level > half) is (page > ground) else 0 for level in range(256)])
    # What most of a px's neighbours are, it is too: specks go, straight edges stay.
    mask = mask.filter(ImageFilter.BoxBlur(1)).point([255 if level > 127 else 0 for level in range(256)])
    edges = _edges(mask)
    if edges is None:
        return None
    corners = _corners(edges)
    if not _fills(mask, corners):
        return None
    touching = frozenset(side for side, edge in zip(SIDES, edges, strict=True) if edge.touching)
    certain = all(edge.at_rim or edge.sure >= _LEAST_ON_LINE for edge in edges)
    stands_out = abs(page - ground) >= _CERTAIN_STEP
    return Outline(
        corners=_shares(corners, mask.size),
        skew=_skew(edges),
        clear=certain and is_booklet(_extent(corners), dpi, touching, stands_out=stands_out),
        touching=touching,
    )


def _edges(mask: Image) -> Edges | None:
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
    rough = _fitted(points, rims, (down, across, down, across), _ENDS)
    if rough is None:
        return None
    (left, top), (right, _), (_, bottom), _ = _corners(rough)
    return _fitted(points, rims, ((top, bottom), (left, right), (top, bottom), (left, right)), _CORNERS)


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
) -> Edges | None:
    """A line for each side, from its points between the ends of its reach."""
    edges = []
    for side, rim, (start, end) in zip(points, rims, reaches, strict=True):
        trim = left_out * (end - start)
        places = range(max(0, math.ceil(start + trim)), min(len(side), math.floor(end - trim)))
        edge = _edge(places, side, rim)
        if edge is None:
            return None
        edges.append(edge)
    left, top, right, bottom = edges
    return left, top, right, bottom


def _edge(places: range, points: Sequence[int | None], rim: int) -> _Edge | None:
    """``points``: by place, where the page begins or ends; ``rim``: where the picture does."""
    there = [(place, point) for place in places if (point := points[place]) is not None]
    free = [(place, point) for place, point in there if abs(point - rim) > 1]
    if len(there) < _FEWEST_POINTS:
        return None
    share = 1 - len(free) / len(there)
    if share > _MOST_AT_RIM:
        return _Edge(rim, 0.0, share, touching=True, at_rim=True)
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
    missing = len(places) - len(there)
    return _Edge(offset, slope, len(on_line) / (len(free) + missing), touching=share > _FEW_AT_RIM)


def _least_squares(points: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Slope and offset."""
    middle, mean = fmean(place for place, _ in points), fmean(point for _, point in points)
    spread = sum((place - middle) ** 2 for place, _ in points)
    slope = sum((place - middle) * (point - mean) for place, point in points) / spread if spread else 0.0
    return slope, mean - slope * middle


def _corners(edges: Edges) -> Corners:
    left, top, right, bottom = edges
    return _cross(left, top), _cross(right, top), _cross(right, bottom), _cross(left, bottom)


def _cross(upright: _Edge, level: _Edge) -> Point:
    """Neither is as steep as 45 degrees in its own direction, hence they do cross."""
    y = (level.offset + level.slope * upright.offset) / (1 - level.slope * upright.slope)
    return upright.offset + upright.slope * y, y


def _fills(mask: Image, corners: Corners) -> bool:
    """Whether most within the corners is page, and little else is."""
    from PIL import Image, ImageDraw

    area = Image.new("L", mask.size, 0)
    ImageDraw.Draw(area).polygon(corners, fill=255)
    within, everywhere = mask.histogram(area), mask.histogram()
    covered, whole = sum(within), mask.width * mask.height
    around = everywhere[255] - within[255]
    return (
        covered >= _LEAST_AREA * whole
        and within[255] >= _LEAST_FILLED * covered
        and around <= _MOST_AROUND * (whole - covered) + _SLIVER * covered
    )


def _skew(edges: Edges) -> float:
    turns = [
        math.degrees(math.atan(edge.slope if side in "tb" else -edge.slope))
        for side, edge in zip(SIDES, edges, strict=True)
        if not edge.at_rim
    ]
    return fmean(turns) if turns else 0.0


def _extent(corners: Corners) -> tuple[float, float]:
    """Width and height in px, of opposite edges the mean."""
    top_left, top_right, bottom_right, bottom_left = corners
    across = math.dist(top_left, top_right) + math.dist(bottom_left, bottom_right)
    down = math.dist(top_left, bottom_left) + math.dist(top_right, bottom_right)
    return across / 2, down / 2


def _shares(corners: Corners, size: tuple[int, int]) -> Corners:
    width, height = size
    one, two, three, four = (
        (min(max(x / width, 0.0), 1.0), min(max(y / height, 0.0), 1.0)) for x, y in corners
    )
    return one, two, three, four
