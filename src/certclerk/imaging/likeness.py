"""A page's fingerprint: whether two pictures are scans of one page, though everybody's pages are printed alike.

What tells one holder's page from another's is a photo of 30 mm and some lines of print on a form that both share,
so cells of 2.7 mm are compared, and they must lie on the same places of the paper. Edges of the paper are too
seldom seen for that. The page is straightened by its lines, whose sums by row and column are sharpest then, and
what lies between the outermost strong lines, across and down, is its frame, wherever it was laid and
however large it was scanned.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from typing import TYPE_CHECKING

from certclerk.core.booklet import BOOKLET_HEIGHT, POINTS_PER_INCH
from certclerk.core.rules.rescans import CELLS
from certclerk.imaging.outline import Outline

if TYPE_CHECKING:
    from PIL.Image import Image

# Px per inch at which lines are looked for: half a millimetre each.
DPI = 50.8
_FEWEST_PX = 100
# Px of a cell.
_CELL_PX = 5
# Px around a px whose mean it is held against: to find lines, and to tell a dark cell.
_AROUND_LINE = 4
_AROUND_CELL = 8
# Of the darkest hundredth of the px: what is fainter is grain and waves of security paper.
_FAINT = 0.2
_DARKEST = 0.01
# Px of each side where glass and shadow may lie; a frame printed 1 cm from the edge stays within.
_MARGIN = 8
# Degrees and steps in which the skew is looked for, and strips that the page is cut into for it.
_MOST_SKEW = 1.6
_STEP = 0.4
_STRIPS = 8
# Of all cells' standard deviation: how much darker than its surroundings a cell is, and how little if it is not.
_DARK = 0.9
_PALE = 0.3
# Of the strongest line's sum: as strong as this the outermost one is taken.
_STRONG = 0.5
# A frame that takes up less of the picture in either direction is none.
_LEAST_FRAME = 0.2


def likeness(grey: Image, outline: Outline | None, *, sized: bool) -> str | None:
    """The fingerprint of a picture in L at ``DPI``; None where no frame is found.

    ``sized``: that is so on paper; else a page that lies in the picture is taken for a closed booklet.

    Hexadecimal digits. The first is 1 if the page is wider than high and was turned anticlockwise, else 0. Then two
    planes of the upright page's cells, row by row: 1 where one is surely darker than its surroundings, and 1 where it
    surely is not. Between both it is neither, so that no noise counts.
    """
    from PIL.Image import Transpose

    page = _cut_out(grey, outline, sized=sized)
    lying = page.width > page.height
    if lying:
        page = page.transpose(Transpose.ROTATE_90)
    if page.width < _FEWEST_PX:
        return None
    framed = _framed(page)
    if framed is None:
        return None
    planes = (f"{int(plane, 2):0{len(plane) // 4}x}" for plane in _planes(framed))
    return f"{lying:d}{''.join(planes)}"


def _cut_out(grey: Image, outline: Outline | None, *, sized: bool) -> Image:
    """The page alone, where all its edges are certain."""
    if outline is None or not outline.clear or outline.touching:
        return grey
    from PIL.Image import Resampling, Transform

    top_left, top_right, bottom_right, bottom_left = (
        (x * grey.width, y * grey.height) for x, y in outline.corners
    )
    width, height = math.dist(top_left, top_right), math.dist(top_left, bottom_left)
    scale = 1.0 if sized else BOOKLET_HEIGHT / POINTS_PER_INCH * DPI / max(width, height)
    size = (round(width * scale), round(height * scale))
    quad = (*top_left, *bottom_left, *bottom_right, *top_right)
    return grey.transform(size, Transform.QUAD, quad, Resampling.BILINEAR)


def _framed(page: Image) -> Image | None:
    """What lies within the frame, straightened, at the size of all cells."""
    from PIL.Image import Resampling, Transform, Transpose

    lines = _lines(page)
    rows, columns = _strips(lines), _strips(lines.transpose(Transpose.TRANSPOSE))
    slope = _slope(rows, columns, page.size)
    down = _ends(_profile(_sheared(rows, slope * page.width / _STRIPS)))
    across = _ends(_profile(_sheared(columns, -slope * page.height / _STRIPS)))
    if down is None or across is None:
        return None
    width, height = (cells * _CELL_PX for cells in CELLS)
    # From cell px to page px: scaled into the frame, then turned about the page's middle.
    scale_x, scale_y = (across[1] - across[0]) / width, (down[1] - down[0]) / height
    cos, sin = math.cos(math.atan(slope)), math.sin(math.atan(slope))
    middle_x, middle_y = page.width / 2, page.height / 2
    left, top = across[0] - middle_x, down[0] - middle_y
    matrix = (
        *(cos * scale_x, -sin * scale_y, middle_x + cos * left - sin * top),
        *(sin * scale_x, cos * scale_y, middle_y + sin * left + cos * top),
    )
    return page.transform((width, height), Transform.AFFINE, matrix, Resampling.BILINEAR)


def _lines(page: Image) -> Image:
    """How far each px is from the mean around it, as a share; faint ones and those near the rim are 0."""
    from PIL import Image, ImageChops, ImageFilter

    apart = ImageChops.difference(page, page.filter(ImageFilter.BoxBlur(_AROUND_LINE)))
    counts, left = apart.histogram(), _DARKEST * page.width * page.height
    strongest = 255
    while strongest > 1 and (left := left - counts[strongest]) > 0:
        strongest -= 1
    faint = _FAINT * strongest
    shares = [max(0, round(255 * (level - faint) / (strongest - faint))) for level in range(256)]
    inner = (_MARGIN, _MARGIN, page.width - _MARGIN, page.height - _MARGIN)
    lines = Image.new("L", page.size, 0)
    lines.paste(apart.crop(inner).point([min(255, share) for share in shares]), inner[:2])
    return lines


def _strips(lines: Image) -> Image:
    """The mean of each row, in as many strips side by side."""
    from PIL.Image import Resampling

    return lines.convert("F").resize((_STRIPS, lines.height), Resampling.BOX)


def _slope(rows: Image, columns: Image, size: tuple[int, int]) -> float:
    """The tangent of the skew at which the sums of rows and of columns are sharpest."""
    across, down = size[0] / _STRIPS, size[1] / _STRIPS

    def sharpness(degrees: float) -> float:
        slope = math.tan(math.radians(degrees))
        return _sharpness(rows, slope * across) + _sharpness(columns, -slope * down)

    steps = round(_MOST_SKEW / _STEP)
    about = max((step * _STEP for step in range(-steps, steps + 1)), key=sharpness)
    near = [sharpness(about + side * _STEP / 2) for side in (-1, 0, 1)]
    best = max(-1.0, min(1.0, _vertex(near, 1)))
    return math.tan(math.radians(about + best * _STEP / 2))


def _sharpness(strips: Image, shift: float) -> float:
    return sum(mean * mean for mean in _profile(_sheared(strips, shift)))


def _sheared(strips: Image, shift: float) -> Image:
    """Each strip moved up by ``shift`` px more than the one before it; the middle stays."""
    from PIL.Image import Resampling, Transform

    matrix = (1, 0, 0, shift, 1, -shift * _STRIPS / 2)
    return strips.transform(strips.size, Transform.AFFINE, matrix, Resampling.BILINEAR)


def _profile(strips: Image) -> array[float]:
    from PIL.Image import Resampling

    return array("f", strips.resize((1, strips.height), Resampling.BOX).tobytes())


def _ends(profile: Sequence[float]) -> tuple[float, float] | None:
    """Where the outermost strong line lies before, and behind, the middle of all ink."""
    total = sum(profile)
    if not total:
        return None
    middle = round(sum(place * ink for place, ink in enumerate(profile)) / total)
    start, end = (
        _outermost(profile, range(1, middle)),
        _outermost(profile, range(len(profile) - 2, middle, -1)),
    )
    return (start, end) if end - start > _LEAST_FRAME * len(profile) else None


def _outermost(profile: Sequence[float], places: range) -> float:
    """The first line, of those at ``places``, that is nearly as strong as the strongest of them."""
    enough = _STRONG * max((profile[place] for place in places), default=0.0)
    for place in places:
        if profile[place] >= enough and profile[place] >= max(profile[place - 1], profile[place + 1]):
            return place + 0.5 + _vertex(profile, place)
    return 0.0


def _vertex(values: Sequence[float], top: int) -> float:
    """How far from ``top`` a parabola through it and its neighbours is highest."""
    before, at, behind = values[top - 1 : top + 2]
    bend = before - 2 * at + behind
    return 0.5 * (before - behind) / bend if bend else 0.0


def _planes(framed: Image) -> tuple[str, str]:
    """A digit for each cell, row by row: 1 where it is surely darker than its surroundings; 1 where surely not."""
    from PIL import ImageChops, ImageFilter
    from PIL.Image import Resampling

    around = framed.filter(ImageFilter.BoxBlur(_AROUND_CELL))
    darker = ImageChops.subtract(around, framed, 1, 128).filter(ImageFilter.BoxBlur(_CELL_PX // 2))
    cells = array("f", darker.convert("F").resize(CELLS, Resampling.BOX).tobytes())
    deviation = math.sqrt(sum((cell - 128) ** 2 for cell in cells) / len(cells))
    dark, pale = 128 + _DARK * deviation, 128 + _PALE * deviation
    return (
        "".join("1" if cell >= dark else "0" for cell in cells),
        "".join("1" if cell <= pale else "0" for cell in cells),
    )
