from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certclerk.core.recipe import (
    AS_IT_IS,
    OWN_CORNERS,
    WHOLE,
    Recipe,
    edited_size,
    halves,
    is_sound,
    parse_recipe,
    simplified,
    tone_table,
)

_SHARES = st.integers(0, 1000).map(lambda value: value / 1000)
_POINTS = st.tuples(_SHARES, _SHARES)
_RECIPES = st.builds(
    Recipe,
    corners=st.none() | st.tuples(_POINTS, _POINTS, _POINTS, _POINTS),
    straighten=st.integers(-450, 450).map(lambda value: value / 10),
    crop=st.none() | st.tuples(_SHARES, _SHARES, _SHARES, _SHARES),
    brightness=_SHARES,
    contrast=_SHARES,
)


@given(_RECIPES)
def test_a_recipe_comes_back_from_its_text(recipe: Recipe) -> None:
    assert parse_recipe(recipe.as_text()) == recipe


def test_the_recipe_that_changes_nothing_is_no_text() -> None:
    assert AS_IT_IS.as_text() == ""
    assert parse_recipe("") == AS_IT_IS


def test_what_a_later_version_adds_is_left_out() -> None:
    assert parse_recipe('{"straighten":2.0,"sharpen":1}') == Recipe(straighten=2.0)


@given(_RECIPES)
def test_simplifying_twice_is_simplifying_once(recipe: Recipe) -> None:
    once = simplified(recipe)
    assert simplified(once) == once == parse_recipe(once.as_text())


def test_what_leaves_the_picture_as_it_is_is_no_edit() -> None:
    assert simplified(Recipe(corners=OWN_CORNERS, crop=WHOLE, straighten=0.000001)) == AS_IT_IS


def test_the_size_is_what_stays() -> None:
    assert edited_size(1000, 2000, AS_IT_IS) == (1000, 2000)
    assert edited_size(1000, 2000, Recipe(straighten=5.0)) == (1000, 2000)
    assert edited_size(1000, 2000, Recipe(crop=(0.1, 0.25, 0.6, 0.75))) == (500, 1000)
    slanted = ((0.2, 0.0), (0.8, 0.0), (1.0, 1.0), (0.0, 1.0))
    assert edited_size(1000, 2000, Recipe(corners=slanted)) == (1000, 2010)
    assert edited_size(1000, 2000, Recipe(corners=slanted, crop=(0, 0, 0.5, 1))) == (500, 2010)


@pytest.mark.parametrize(("rotation", "crop"), [*product((0, 90, 180, 270), (None, (0.2, 0.1, 0.8, 0.9)))])
def test_the_halves_are_left_and_right_as_the_page_is_shown(rotation: int, crop: Any) -> None:
    """Seen through the turning, the left one is left of the other, and together they are the whole."""
    one, other = (half.crop or WHOLE for half in halves(Recipe(crop=crop, brightness=0.2), rotation))
    assert all(half.brightness == 0.2 for half in halves(Recipe(brightness=0.2), rotation))
    assert _middle(one, rotation)[0] < _middle(other, rotation)[0]
    assert _middle(one, rotation)[1] == pytest.approx(_middle(other, rotation)[1])
    whole = crop or WHOLE
    assert tuple(map(min, one[:2], other[:2])) == whole[:2]
    assert tuple(map(max, one[2:], other[2:])) == whole[2:]


def _middle(box: tuple[float, float, float, float], rotation: int) -> tuple[float, float]:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return {0: (x, y), 90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[rotation]


def test_tones() -> None:
    plain = tone_table(AS_IT_IS)
    assert plain == bytes(range(256))
    assert all(
        lighter >= level for lighter, level in zip(tone_table(Recipe(brightness=0.3)), plain, strict=True)
    )
    harder = tone_table(Recipe(contrast=0.5))
    assert harder[64] < 64 and harder[192] > 192 and list(harder) == sorted(harder)


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(crop=(0.5, 0, 0.51, 1)),
        Recipe(crop=(0.6, 0, 0.4, 1)),
        Recipe(corners=((1, 0), (0, 0), (1, 1), (0, 1))),
        Recipe(corners=((0, 0), (0.1, 0.9), (1, 1), (0, 1))),
        Recipe(corners=((0, 0), (0, 0), (1, 1), (0, 1))),
    ],
)
def test_what_leaves_nothing_or_crosses_itself_is_not_sound(recipe: Recipe) -> None:
    assert not is_sound(recipe)
    assert is_sound(Recipe(corners=((0.1, 0.1), (0.9, 0), (1, 1), (0, 0.9)), crop=(-0.1, 0, 1.1, 1)))
