"""A page's recipe carried out: perspective, straightening and cropping in one resampling, then the tones.

Everything in a recipe is a share, so that it can be carried out on a small copy for the screen as on all px.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from certclerk.core.recipe import (
    OWN_CORNERS,
    WHOLE,
    Corners,
    Recipe,
    edited_size,
    flat_size,
    is_toned,
    tone_table,
)
from certclerk.imaging.jpeg import Jpeg
from certclerk.imaging.pixels import fitted, turned
from certclerk.imaging.source import Source, clockwise, decoded

if TYPE_CHECKING:
    from PIL.Image import Image

Matrix = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]


def edited(
    source: Source, recipe: Recipe, rotation: int, max_px: int | None = None, *, quick: bool = False
) -> Image:
    """The frame after its recipe, then turned clockwise by ``rotation``; no side above ``max_px``.

    ``source`` is opened without a rotation. ``quick``: a little softer, in half the time.
    """
    picture = decoded(source, _needed_px(source, recipe, max_px))
    if max_px is not None:
        longest = max(picture.size)
        share = max_px / max(edited_size(*picture.size, recipe))
        picture = fitted(picture, max(1, math.ceil(longest * share)))
    return turned(fitted(applied(picture, recipe, max_px, quick=quick), max_px), rotation)


def applied(picture: Image, recipe: Recipe, max_px: int | None = None, *, quick: bool = False) -> Image:
    """``recipe`` on an upright picture in L or RGB; a px too many for ``max_px``, as rounding gives, is left out."""
    cut = _cut(picture, recipe, max_px, quick=quick)
    if is_toned(recipe):
        cut = cut.point(tone_table(recipe) * len(cut.getbands()))
    cut.info = dict(picture.info)
    return cut


def _cut(picture: Image, recipe: Recipe, max_px: int | None, *, quick: bool) -> Image:
    width, height = edited_size(*picture.size, recipe)
    if max_px is not None and max_px <= max(width, height) <= max_px + 1:
        width, height = min(width, max_px), min(height, max_px)
    left, top, right, bottom = recipe.crop or WHOLE
    within = left >= 0 and top >= 0 and right <= 1 and bottom <= 1
    if recipe.corners is None and not recipe.straighten and within:
        # Nothing is resampled: px stay what they are.
        across = min(round(left * picture.width), picture.width - width)
        down = min(round(top * picture.height), picture.height - height)
        return picture.crop((across, down, across + width, down + height))
    from PIL.Image import Resampling, Transform

    matrix = _back(picture.size, (width, height), recipe)
    affine = recipe.corners is None
    values = [value for row in matrix for value in row]
    return picture.transform(
        (width, height),
        Transform.AFFINE if affine else Transform.PERSPECTIVE,
        values[:6] if affine else [value / values[8] for value in values[:8]],
        Resampling.BILINEAR if quick else Resampling.BICUBIC,
        fillcolor="white",
    )


def _needed_px(source: Source, recipe: Recipe, max_px: int | None) -> int | None:
    """What the longer side of the whole picture must have for what the recipe leaves of it to have ``max_px``."""
    header = source.header
    if max_px is None or not isinstance(header, Jpeg):
        return None
    upright = (header.height, header.width) if clockwise(source) % 180 else (header.width, header.height)
    return math.ceil(max_px * max(upright) / max(edited_size(*upright, recipe)))


def _back(size: tuple[int, int], to: tuple[int, int], recipe: Recipe) -> Matrix:
    """From px of the edited picture (``to``) back to px of the original one (``size``)."""
    across, down = flat_size(*size, recipe.corners)
    left, top, right, bottom = recipe.crop or WHOLE
    turn = math.radians(recipe.straighten)
    cos, sin = math.cos(turn), math.sin(turn)
    uncropped = (
        ((right - left) * across / to[0], 0.0, left * across),
        (0.0, (bottom - top) * down / to[1], top * down),
        (0.0, 0.0, 1.0),
    )
    middle_x, middle_y = across / 2, down / 2
    unturned = (
        (cos, sin, middle_x - cos * middle_x - sin * middle_y),
        (-sin, cos, middle_y + sin * middle_x - cos * middle_y),
        (0.0, 0.0, 1.0),
    )
    shares = ((1 / across, 0.0, 0.0), (0.0, 1 / down, 0.0), (0.0, 0.0, 1.0))
    pixels = ((float(size[0]), 0.0, 0.0), (0.0, float(size[1]), 0.0), (0.0, 0.0, 1.0))
    unspanned = _spanned(recipe.corners or OWN_CORNERS)
    return _product(pixels, _product(unspanned, _product(shares, _product(unturned, uncropped))))


def _spanned(corners: Corners) -> Matrix:
    """The projection of the unit square onto a convex quadrangle (P. Heckbert, 1989, section 2.2.3)."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    sum_x, sum_y = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
    dx1, dx2, dy1, dy2 = x1 - x2, x3 - x2, y1 - y2, y3 - y2
    area = dx1 * dy2 - dx2 * dy1
    g, h = (sum_x * dy2 - dx2 * sum_y) / area, (dx1 * sum_y - sum_x * dy1) / area
    return (
        (x1 - x0 + g * x1, x3 - x0 + h * x3, x0),
        (y1 - y0 + g * y1, y3 - y0 + h * y3, y0),
        (g, h, 1.0),
    )


def _product(one: Matrix, other: Matrix) -> Matrix:
    def row(values: tuple[float, float, float]) -> tuple[float, float, float]:
        a, b, c = (sum(value * other[k][column] for k, value in enumerate(values)) for column in range(3))
        return a, b, c

    return row(one[0]), row(one[1]), row(one[2])
