"""What can be said of a page from pixels that intake has decoded anyway, and that no program need look at twice.

All is measured on one small grey copy. What the figures are worth, and where the rules' thresholds come from, is
told by ``tests/bench/quality``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from certclerk.imaging import likeness, strokes
from certclerk.imaging.booklet_shape import beside_sides, missing_sides, too_short
from certclerk.imaging.crossings import crossed_sides
from certclerk.imaging.outline import SIDES, Outline, extent_of, find_outline
from certclerk.imaging.pixels import oriented
from certclerk.imaging.tones import shrunk, small_brightest, small_grey

if TYPE_CHECKING:
    from PIL.Image import Image

# Of each side of the page: what lies there is as often the scanner's glass as the page.
_MARGIN = 0.1
# A strip narrower than this (5 mm) is no page.
_FEWEST_PX = 16
# Shares of px that are left to dust, and to what glares: gold on a cover takes up some hundredths, a word on a page
# for remarks a thousandth.
_DUST = 0.0005
_GLARE = 0.005


@dataclass(frozen=True, slots=True)
class Quality:
    """None where there are too few px to tell.

    ``contrast``: from 0 (an even sheet) to about 0.6 (a page of print), what stands out from its
    surroundings, as a share of all grey levels.

    ``sharpness``: from 0 to about 0.5, how abruptly the strongest edges turn from dark to light, by the page's
    contrast; that of the less sharp direction, as movement blurs only one. It means nothing on a blank page.

    ``lightest`` and ``darkest``: from 0 (black) to 1 (white), the levels of paper and print. Not of inks: which end is
    full ink is not known.

    ``cut``: the sides as seen (of l, t, r, b, in this order) over which a part of the page is missing; empty also where
    no edge of the page can be seen.

    ``likeness``: see :mod:`certclerk.imaging.likeness`.
    """

    contrast: float | None = None
    sharpness: float | None = None
    lightest: float | None = None
    darkest: float | None = None
    cut: str | None = None
    likeness: str | None = None


UNMEASURED = Quality()


def measure(picture: Image, dpi: float, *, says: float | None = None, orientation: int = 1) -> Quality:
    """The quality of a page with ``dpi`` px per inch of paper.

    ``says``: the px per inch that its file says credibly, if it does; ``orientation``: EXIF's, of 1 to 8, that the pixels
    are still to be turned by.
    """
    share = strokes.DPI / dpi
    if share > 1 or min(picture.size) * share < _FEWEST_PX:
        return UNMEASURED
    page = oriented(small_grey(picture, share), orientation)

    def brightest() -> Image | None:
        copy = small_brightest(picture)
        return copy and oriented(copy, orientation)

    outline = find_outline(page, strokes.DPI if says else None, brightest)
    middle = page.crop(_middle(page, outline))
    if min(middle.size) < _FEWEST_PX:
        return UNMEASURED
    contrast = strokes.contrast_of(middle)
    has_inks = picture.mode == "CMYK"
    return Quality(
        contrast,
        strokes.sharpness_of(middle, contrast),
        None if has_inks else strokes.lightest(middle, _GLARE),
        None if has_inks else strokes.darkest(middle, _DUST),
        _cut(page, outline, strokes.DPI if says else None),
        likeness.likeness(shrunk(page, likeness.DPI / strokes.DPI), outline, sized=says is not None),
    )


def _middle(page: Image, outline: Outline | None) -> tuple[int, int, int, int]:
    """The box around the page without its margin."""
    across, down = [0.0, 1.0], [0.0, 1.0]
    if outline is not None and outline.clear:
        across, down = ([corner[axis] for corner in outline.corners] for axis in (0, 1))
    left, right = min(across), max(across)
    top, bottom = min(down), max(down)
    aside, above = _MARGIN * (right - left), _MARGIN * (bottom - top)
    return (
        round((left + aside) * page.width),
        round((top + above) * page.height),
        round((right - aside) * page.width),
        round((bottom - above) * page.height),
    )


def _cut(page: Image, outline: Outline | None, dpi: float | None) -> str:
    missing = _missing(page, outline, dpi)
    return "".join(side for side in SIDES if side in missing)


def _missing(page: Image, outline: Outline | None, dpi: float | None) -> frozenset[str]:
    """By the page's edges; where none are seen by the size of the picture, and by what is printed over its ends."""
    if outline is not None and outline.certain and (outline.clear or len(outline.touching) == 1):
        extent = extent_of(outline, page.size)
        return missing_sides(extent, dpi, outline.touching, straight=outline.straight)
    crossed = crossed_sides(page) - beside_sides(page.size)
    short = too_short(page.size, dpi) if dpi else frozenset()
    return short & crossed or short or crossed
