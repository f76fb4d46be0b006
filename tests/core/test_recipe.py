from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from certclerk.core.recipe import AS_IT_IS, Recipe, parse_recipe

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
