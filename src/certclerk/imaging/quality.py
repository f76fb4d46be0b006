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
# For contrast: px of 1.4 mm even noise out, and shades wider than 8 mm are lighting.
_COARSER = 4
_LIGHTING = 6
# Shares of px, at either end, that are left to dust. A page for remarks may bear no more than a word.
_DUST = 0.001
_SPECKS = 0.0002
_ONE_LEVEL = 1 / 255


@dataclass(frozen=True, slots=True)
class Quality:
    """``contrast``: from 0 (an even sheet) to about 0.6 (a page of print), what stands out from its
    surroundings, as a share of all grey levels.

    ``sharpness``: from 0 to about 0.5, how abruptly the strongest edges turn from dark to light, by the page's
    contrast; that of the less sharp direction, as movement blurs only one. It means nothing on a blank page.
    """

    contrast: float
    sharpness: float


def measure(picture: Image, dpi: float) -> Quality | None:
    """The quality of a page with so many px per inch of paper; None where these are too few to tell."""
    middle = _middle(picture, dpi)
    if middle is None:
        return None
    contrast = _contrast(middle)
    return Quality(contrast, _sharpness(middle, contrast))


def _middle(picture: Image, dpi: float) -> Image | None:
    """The middle of the page in L at ``_DPI``."""
    from PIL.Image import Resampling

    left, top = round(picture.width * _MARGIN), round(picture.height * _MARGIN)
    box = (left, top, picture.width - left, picture.height - top)
    width, height = (round((end - start) * _DPI / dpi) for start, end in (box[::2], box[1::2]))
    if dpi < _DPI or min(width, height) < _FEWEST_PX:
        return None
    # A px out of many, and not their mean: to read them all would cost a fifth of what decoding does.
    step = int(dpi / _DPI)
    size = ((box[2] - left) // step, (box[3] - top) // step)
    return _grey(picture.resize(size, Resampling.NEAREST, box)).resize((width, height), Resampling.BOX)


def _grey(picture: Image) -> Image:
    if picture.mode != "CMYK":
        return flattened(picture).convert("L")
    from PIL import ImageChops

    # Which end is full ink is not known yet; the mean of the inks turns over with it and keeps its contrast.
    cyan, magenta, yellow, black = picture.split()
    return ImageChops.add(ImageChops.add(cyan, magenta, 2), ImageChops.add(yellow, black, 2), 2)


def _contrast(grey: Image) -> float:
    from PIL import ImageChops, ImageFilter

    coarse = grey.reduce(_COARSER)
    light = coarse.filter(ImageFilter.GaussianBlur(_LIGHTING))
    return _spread(ImageChops.subtract(coarse, light, 1, 128), _DUST)


def _sharpness(grey: Image, contrast: float) -> float:
    """``contrast`` is the yardstick: blur takes nothing from it."""
    scale = 4 * max(contrast, _ONE_LEVEL)
    return min(_spread(_bend(grey, across, down, scale), _SPECKS) for across, down in ((1, 0), (0, 1)))


def _bend(grey: Image, across: int, down: int, scale: float) -> Image:
    """Of every px the difference from the mean of its neighbours on both sides, by ``scale``, around 128."""
    from PIL import ImageChops

    width, height = grey.width - 2 * across, grey.height - 2 * down
    before, middle, after = (
        grey.crop((step * across, step * down, step * across + width, step * down + height))
        for step in range(3)
    )
    return ImageChops.subtract(middle, ImageChops.add(before, after, 2), scale, 128)


def _spread(picture: Image, left_out: float) -> float:
    """From the lowest to the highest grey level (0 to 1), without that share of px at either end."""
    counts = picture.histogram()
    allowed = left_out * sum(counts)
    low, high = _level(counts, allowed), 255 - _level(counts[::-1], allowed)
    return (high - low) / 255


def _level(counts: list[int], allowed: float) -> int:
    """The first level at which more px than allowed have been passed."""
    passed = 0
    for level, count in enumerate(counts):
        passed += count
        if passed > allowed:
            return level
    return len(counts) - 1
