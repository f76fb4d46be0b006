"""Where the page lies in a scan or a photograph: its four edges, where they can be seen.

Looked for on a small grey copy. What lies along the picture's rim is taken for glass, lid or desk, what differs
from it for the page, and its edges must be straight lines, see :mod:`certclerk.imaging.edges`. A page that fills
its picture, as a booklet does that was scanned to its exact area, has no outline: there is nothing to tell it from.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from statistics import fmean
from typing import TYPE_CHECKING

from certclerk.imaging.booklet_shape import is_booklet
from certclerk.imaging.edges import Corners, Edge, Edges, corners_of, edges_of
from certclerk.imaging.tones import shrunk, small_brightest, small_grey

if TYPE_CHECKING:
    from PIL.Image import Image

Box = tuple[int, int, int, int]

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
# The share of a side's points that must be on its line.
_LEAST_ON_LINE = 0.8
# How much of the page must differ from what surrounds it, and how much of that may: a frame printed on a page is
# no page.
_LEAST_FILLED = 0.6
_MOST_AROUND = 0.12
# Px between page and rim that may be a line printed on the page, where it is not of the surroundings.
_LINE = 5
# Grey levels up to which leather and glass are both black, though not in their brightest colour.
_DARK = 90
# Of the tangent: opposite edges further from parallel were photographed at a slant.
_PARALLEL = 0.012
# Px along the page's edges that its shadow darkens, what it takes from a light lid even further off, and the share of
# what surrounds the page that may be neither.
_SHADOW = 3
_SHADE = 0.1
_MOST_OTHER = 0.02
# A px or so along its edges.
_SLIVER = 0.02
# Of the picture: a smaller thing is no page.
_LEAST_AREA = 0.08


@dataclass(frozen=True, slots=True)
class Outline:
    """``corners``: clockwise from the top left as seen, in shares of the picture's width and height.

    ``skew``: clockwise degrees by which the page lies askew; turned by as many the other way it is straight.
    ``clear``: every edge within the picture is certain and the page is shaped like a booklet.
    ``certain``: every edge is, whatever the shape, and nothing else lies around. ``straight``: opposite edges are parallel, where two can be seen.
    ``touching``: the sides (l, t, r, b) where the page reaches the end of the picture; its corners lie on it
    there. That says nothing of whether a part is missing: a booklet is laid into the glass's corner.
    """

    corners: Corners
    skew: float
    clear: bool
    certain: bool
    straight: bool
    touching: frozenset[str]


def outline(picture: Image, dpi: float | None = None) -> Outline | None:
    """The page's outline in a decoded picture; None where none is found, as where the page fills it.

    ``dpi`` is the px per inch on paper that the picture's file credibly says.
    """
    share = min(1.0, 2 * _MOST_PX / max(picture.size))
    grey = small_grey(picture, share)
    return find_outline(grey, dpi * share if dpi else None, lambda: small_brightest(picture))


def find_outline(grey: Image, dpi: float | None, brightest: Callable[[], Image | None]) -> Outline | None:
    """The same of a copy in L; ``brightest`` makes one in each px's brightest colour, which is seldom asked for."""
    found = _find(grey, dpi)
    if (found is None or not (found.clear and found.certain)) and _is_dark_around(grey):
        bright = brightest()
        if bright is not None and _has_surroundings(bright):
            seen = _find(bright, dpi * bright.width / grey.width if dpi else None)
            return max((one for one in (found, seen) if one is not None), key=_worth, default=None)
    return found


def _is_dark_around(grey: Image) -> bool:
    return any(_spread_and_level(grey, rim)[1] < _DARK for rim in _rims(grey))


def _has_surroundings(copy: Image) -> bool:
    """Whether along any side lies something else than in the middle."""
    width, height = copy.size
    _, middle = _spread_and_level(copy, (width // 3, height // 3, 2 * width // 3 + 1, 2 * height // 3 + 1))
    return any(abs(_spread_and_level(copy, rim)[1] - middle) >= _CERTAIN_STEP for rim in _rims(copy))


def _find(grey: Image, dpi: float | None) -> Outline | None:
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
    return max(seen, key=_worth, default=None)


def _worth(found: Outline) -> tuple[bool, bool, int, float]:
    """Of page and surroundings, either of which may be taken for the other, the page is the larger."""
    across, down = extent_of(found, (1, 1))
    return found.clear, found.certain, -len(found.touching), across * down


def extent_of(outline: Outline, size: tuple[int, int]) -> tuple[float, float]:
    """Width and height of the page in px of a picture of ``size``."""
    width, height = size
    one, two, three, four = ((x * width, y * height) for x, y in outline.corners)
    return _extent((one, two, three, four))


def _grounds(small: Image) -> list[tuple[int, int]]:
    """Grey levels that may be what surrounds the page, each with the step by which another thing differs."""
    grounds: list[tuple[int, int]] = []
    for spread, ground in sorted(_spread_and_level(small, rim) for rim in _rims(small)):
        if all(abs(ground - known) > _SAME for known, _ in grounds):
            grounds.append((ground, max(_LEAST_STEP, 2 * spread)))
    return grounds


def _rims(copy: Image) -> tuple[Box, Box, Box, Box]:
    width, height = copy.size
    return (
        (0, 0, _RIM, height),
        (0, 0, width, _RIM),
        (width - _RIM, 0, width, height),
        (0, height - _RIM, width, height),
    )


def _spread_and_level(small: Image, rim: Box) -> tuple[int, int]:
    """How far the grey levels' middle half reach, and their median: the page may lie over a part of the rim."""
    first, middle, third = _quartiles(small, rim)
    return third - first, middle


def _quartiles(small: Image, box: Box) -> tuple[int, int, int]:
    passed = list(accumulate(small.crop(box).histogram()))
    first, middle, third = (bisect_right(passed, passed[-1] * quarter // 4) for quarter in (1, 2, 3))
    return first, middle, third


def _page_level(small: Image, ground: int, step: int) -> int | None:
    """The grey level that is most frequent in the picture's middle, of those that are not the ground's."""
    width, height = small.size
    counts = small.crop((width // 4, height // 4, width - width // 4, height - height // 4)).histogram()
    passed = [0, *accumulate(counts)]
    others = [level for level in range(256) if abs(level - ground) >= step]
    return max(
        others, key=lambda level: passed[min(256, level + 3)] - passed[max(0, level - 2)], default=None
    )


def _against(small: Image, page: int, ground: int, dpi: float | None) -> Outline | None:
    from PIL import ImageFilter

    # Half way between both: a shadow beside a light page is none of it, and little of a dark one.
    half = (page + ground) / 2
    mask = small.point([255 if (level > half) is (page > ground) else 0 for level in range(256)])
    # What most of a px's neighbours are, it is too: specks go, straight edges stay.
    mask = mask.filter(ImageFilter.BoxBlur(1)).point([255 if level > 127 else 0 for level in range(256)])
    edges = edges_of(mask)
    if edges is None:
        return None
    step = abs(page - ground)
    found = _outlined(small, mask, edges, ground, step, dpi)
    if found is None or not found.clear:
        reaching = _reaching(small, edges, ground)
        if reaching != edges:
            return _outlined(small, mask, reaching, ground, step, dpi) or found
    return found


def _outlined(
    small: Image, mask: Image, edges: Edges, ground: int, step: int, dpi: float | None
) -> Outline | None:
    from PIL import Image, ImageDraw

    corners = corners_of(edges)
    area = Image.new("L", mask.size, 0)
    pen = ImageDraw.Draw(area)
    pen.polygon(corners, fill=255)
    if not _fills(mask, area):
        return None
    pen.line((*corners, corners[0]), 255, 2 * _SHADOW + 1)
    touching = frozenset(side for side, edge in zip(SIDES, edges, strict=True) if edge.touching)
    are_certain = all(edge.at_rim or edge.sure >= _LEAST_ON_LINE for edge in edges)
    return Outline(
        corners=_shares(corners, mask.size),
        skew=_skew(edges),
        clear=are_certain and is_booklet(_extent(corners), dpi, touching, stands_out=step >= _CERTAIN_STEP),
        certain=are_certain and step >= _SAME and _is_alone(small, area, ground, step),
        straight=_are_parallel(edges),
        touching=touching,
    )


def _is_alone(small: Image, area: Image, ground: int, step: int) -> bool:
    """Whether nothing but what surrounds it lies around ``area``, of which some of its shadow is a part."""
    outside = [all_ - in_ for all_, in_ in zip(small.histogram(), small.histogram(area), strict=True)]
    spread = max(_SAME, ground * _SHADE, step / 2)
    other = sum(count for level, count in enumerate(outside) if abs(level - ground) >= spread)
    return other <= _MOST_OTHER * max(1, sum(outside))


def _reaching(small: Image, edges: Edges, ground: int) -> Edges:
    """The same, but at the picture's rim where they all but reach it and something else than surroundings lies between.

    A printed line at the very rim is as dark as they are light.
    """
    rims = (0, 0, small.width, small.height)
    left, top, right, bottom = (
        Edge(rim, 0.0, edge.sure, touching=True, at_rim=True)
        if not edge.at_rim and _is_printed(small, side, edge, ground)
        else edge
        for side, edge, rim in zip(SIDES, edges, rims, strict=True)
    )
    return left, top, right, bottom


def _is_printed(small: Image, side: str, edge: Edge, ground: int) -> bool:
    width, height = small.size
    middle = edge.offset + edge.slope * (height if side in "lr" else width) / 2
    apart = math.ceil(middle) if side in "lt" else math.ceil((width if side == "r" else height) - middle)
    if not 1 <= apart <= _LINE:
        return False
    boxes = {
        "l": (0, height // 4, apart, 3 * height // 4),
        "t": (width // 4, 0, 3 * width // 4, apart),
        "r": (width - apart, height // 4, width, 3 * height // 4),
        "b": (width // 4, height - apart, 3 * width // 4, height),
    }
    return any(abs(level - ground) >= _SAME for level in _quartiles(small, boxes[side]))


def _are_parallel(edges: Edges) -> bool:
    pairs = ((edges[0], edges[2]), (edges[1], edges[3]))
    seen = [pair for pair in pairs if not any(edge.touching for edge in pair)]
    return bool(seen) and all(abs(one.slope - other.slope) <= _PARALLEL for one, other in seen)


def _fills(mask: Image, area: Image) -> bool:
    """Whether most within the area is page, and little else is."""
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
