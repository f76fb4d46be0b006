"""How much stands on a page and how sharply: two figures, taken from pixels that intake has decoded anyway.

Both look at the grey levels of the page's middle, brought to the same scale on paper whatever the
resolution; the edges of paper, glass and lid are outside it. What the figures are worth, and where the
rules' thresholds come from, is told by ``tests/bench/quality``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from certclerk.imaging.pixels import flattened

if TYPE_CHECKING:
    from PIL.Image import Image

# Px of a third of a millimetre: the strokes of a booklet's print are about as wide.
_DPI = 75
# Of each side: what lies there is as often the scanner's glass as the page.
_MARGIN = 0.1
# A strip narrower than this (5 mm) is no page.
_FEWEST_PX = 16
# Modes whose samples are light or ink, so that Pillow may average them as they are.
_AVERAGED = frozenset({"L", "RGB", "CMYK"})
# For contrast: px of 1.4 mm even noise out, and shades wider than 8 mm are lighting.
_COARSER = 4
_LIGHTING = 6
# Shares of px, at either end, that are left to dust. A page for remarks may bear no more than a word.
_DUST = 0.001
_SPECKS = 0.0002


@dataclass(frozen=True, slots=True)
class Quality:
    """``contrast``: from 0 (an even sheet) to about 0.6 (a page of print), what stands out from its
    surroundings, as a share of all grey levels.

    ``sharpness``: from 0 to about 0.7, how abruptly the strongest edges of the page turn from dark to light;
    that of the less sharp direction, as movement blurs only one. It means nothing on a page without contrast.
    """

    contrast: float
    sharpness: float


def measure(picture: Image, dpi: float) -> Quality | None:
    """The quality of a page with so many px per inch of paper; None where these are too few to tell."""
    middle = _middle(picture, dpi)
    if middle is None:
        return None
    even = _evenly_lit(middle)
    return Quality(_contrast(even), _sharpness(even))


def _middle(picture: Image, dpi: float) -> Image | None:
    """The middle of the page in L at ``_DPI``."""
    factor = int(dpi / _DPI)
    left, top = round(picture.width * _MARGIN), round(picture.height * _MARGIN)
    box = (left, top, picture.width - left, picture.height - top)
    width, height = (round((end - start) * _DPI / dpi) for start, end in (box[::2], box[1::2]))
    if factor < 1 or min(width, height) < _FEWEST_PX:
        return None
    if picture.mode in _AVERAGED:
        small = picture.reduce(factor, box)
    else:
        small = flattened(picture.crop(box)).reduce(factor)
    from PIL.Image import Resampling

    return _grey(small).resize((width, height), Resampling.BOX)


def _grey(picture: Image) -> Image:
    if picture.mode != "CMYK":
        return picture.convert("L")
    from PIL import ImageChops

    # Which end is full ink is not known yet; the mean of the inks turns over with it and keeps its contrast.
    cyan, magenta, yellow, black = picture.split()
    return ImageChops.add(ImageChops.add(cyan, magenta, 2), ImageChops.add(yellow, black, 2), 2)


def _evenly_lit(grey: Image) -> Image:
    """The picture as differences from the light around each px, around 128."""
    from PIL import ImageChops, ImageFilter
    from PIL.Image import Resampling

    light = grey.reduce(_COARSER).filter(ImageFilter.GaussianBlur(_LIGHTING))
    return ImageChops.subtract(grey, light.resize(grey.size, Resampling.BILINEAR), 1, 128)


def _contrast(even: Image) -> float:
    return _spread(even.reduce(_COARSER), _DUST)


def _sharpness(even: Image) -> float:
    from PIL import ImageOps

    full = ImageOps.autocontrast(even, 100 * _DUST)
    return min(_spread(_bend(full, across, down), _SPECKS) for across, down in ((1, 0), (0, 1)))


def _bend(picture: Image, across: int, down: int) -> Image:
    """Of every px the difference from the mean of its neighbours on both sides, halved, around 128."""
    from PIL import ImageChops

    width, height = picture.width - 2 * across, picture.height - 2 * down
    before, middle, after = (
        picture.crop((step * across, step * down, step * across + width, step * down + height))
        for step in range(3)
    )
    return ImageChops.subtract(middle, ImageChops.add(before, after, 2), 2, 128)


def _spread(picture: Image, left_out: float) -> float:
    """From the lowest to the highest grey level (0 to 1), without that share of px at either end."""
    counts = picture.histogram()
    allowed = left_out * sum(counts)
    low, high = _level(counts, allowed), 255 - _level(counts[::-1], allowed)
    return max(0, high - low) / 255


def _level(counts: list[int], allowed: float) -> int:
    """The first level at which more px than allowed have been passed."""
    passed = 0
    for level, count in enumerate(counts):
        passed += count
        if passed > allowed:
            return level
    return len(counts) - 1
