"""How much stands on a page and how sharply: two figures from the grey levels of its middle, at ``DPI`` on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

# Px of a third of a millimetre: the strokes of a booklet's print are about as wide.
DPI = 75
# For contrast: px of 1.4 mm even noise out, and shades wider than 8 mm are lighting.
_COARSER = 4
_LIGHTING = 6
# Shares of px, at either end, that are left to dust. A page for remarks may bear no more than a word.
_DUST = 0.001
_SPECKS = 0.0002
_ONE_LEVEL = 1 / 255


def contrast_of(grey: Image) -> float:
    from PIL import ImageChops, ImageFilter

    coarse = grey.reduce(_COARSER)
    light = coarse.filter(ImageFilter.GaussianBlur(_LIGHTING))
    return _spread(ImageChops.subtract(coarse, light, 1, 128), _DUST)


def sharpness_of(grey: Image, contrast: float) -> float:
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
    """From the darkest to the lightest grey level (0 to 1), without that share of px at either end."""
    return lightest(picture, left_out) - darkest(picture, left_out)


def darkest(picture: Image, left_out: float) -> float:
    """The lowest grey level, from 0 to 1, without that share of px."""
    counts = picture.histogram()
    return _level(counts, left_out * sum(counts)) / 255


def lightest(picture: Image, left_out: float) -> float:
    counts = picture.histogram()
    return 1 - _level(counts[::-1], left_out * sum(counts)) / 255


def _level(counts: list[int], allowed: float) -> int:
    """The first level at which more px than allowed have been passed."""
    passed = 0
    for level, count in enumerate(counts):
        passed += count
        if passed > allowed:
            return level
    return len(counts) - 1
