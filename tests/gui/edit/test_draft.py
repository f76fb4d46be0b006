"""Handles and what they do, without a window."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certclerk.core.recipe import AS_IT_IS, LEAST_SHARE, MOST_STRAIGHTENING, Recipe, is_sound
from certclerk.gui.scan.edit.draft import FRAME, HANDLES, Draft, Mode
from certclerk.gui.scan.edit.wording import described, place_of


def draft(recipe: Recipe = AS_IT_IS) -> Draft:
    return Draft(recipe, (1000.0, 1400.0))


@pytest.mark.parametrize(
    ("handle", "box"),
    [
        ("lt", (0.1, 0.2, 1.0, 1.0)),
        ("t", (0.0, 0.2, 1.0, 1.0)),
        ("r", (0.0, 0.0, 1.0, 1.0)),
        ("l", (0.1, 0.0, 1.0, 1.0)),
        (FRAME, (0.0, 0.0, 1.0, 1.0)),
    ],
)
def test_a_handle_moves_its_own_sides_and_stops_at_the_rim(handle: str, box: tuple[float, ...]) -> None:
    made = draft()
    made.move(Mode.CROP, handle, 0.1, 0.2)
    assert made.box == pytest.approx(box)


def test_the_frame_moves_whole_as_far_as_there_is_picture() -> None:
    made = draft(Recipe(crop=(0.2, 0.2, 0.6, 0.6)))
    made.move(Mode.CROP, FRAME, 0.7, -0.1)
    assert made.box == pytest.approx((0.6, 0.1, 1.0, 0.5))


def test_a_side_stops_before_the_other() -> None:
    made = draft()
    made.move(Mode.CROP, "l", 5.0, 0.0)
    assert made.box == pytest.approx((1 - LEAST_SHARE, 0.0, 1.0, 1.0))


def test_a_straightened_picture_may_be_cut_wider_and_is_not_once_it_is_level_again() -> None:
    made = draft()
    made.straighten(5.0)
    made.move(Mode.CROP, "l", -1.0, 0.0)
    assert -0.1 < made.box[0] < -0.01
    made.straighten(0.0)
    assert made.box[0] == 0.0
    made.straighten(99.0)
    assert made.recipe.straighten == MOST_STRAIGHTENING


def test_setting_corners_begins_from_the_whole_picture() -> None:
    made = draft(Recipe(straighten=2.0, crop=(0.1, 0.1, 0.9, 0.9), brightness=0.1))
    made.move(Mode.CORNERS, "rb", -0.1, -0.2)
    assert made.recipe == Recipe(corners=((0, 0), (1, 0), (0.9, 0.8), (0, 1)), brightness=0.1)


def test_a_corner_does_not_cross_its_neighbours() -> None:
    made = draft()
    made.move(Mode.CORNERS, "lt", 0.99, 0.99)
    assert made.recipe == AS_IT_IS


_MOVES = st.lists(
    st.tuples(
        st.sampled_from([(mode, handle) for mode, handles in HANDLES.items() for handle in handles]),
        st.floats(-1.2, 1.2),
        st.floats(-1.2, 1.2),
    ),
    max_size=8,
)


@given(_MOVES, st.floats(-20, 20))
def test_whatever_is_pulled_something_is_left_and_every_step_goes_back(moves: list, angle: float) -> None:
    made = draft()
    seen = [made.recipe]
    made.straighten(angle)
    made.settle()
    for (mode, handle), across, down in moves:
        seen.append(made.recipe)
        made.move(mode, handle, across, down)
        made.settle()
        assert is_sound(made.recipe)
    last = made.recipe
    while made.step(back=True):
        assert made.recipe in seen
    assert made.recipe == AS_IT_IS
    while made.step(back=False):
        pass
    assert made.recipe == last


@pytest.mark.parametrize(
    ("recipe", "rotation", "words"),
    [
        (AS_IT_IS, 0, ""),
        (Recipe(straighten=-1.4, crop=(0.1, 0.1, 0.9, 0.9)), 0, "校正 1.4°、裁去四边"),
        (Recipe(crop=(0.1, 0.0, 1.0, 1.0)), 0, "裁去左边"),
        (Recipe(crop=(0.1, 0.0, 1.0, 1.0)), 90, "裁去上边"),
        (Recipe(crop=(0.1, 0.0, 1.0, 0.9)), 270, "裁去右、下边"),
        (Recipe(corners=((0.1, 0), (1, 0), (1, 1), (0, 1)), contrast=0.1), 0, "拉正四角、调明暗"),
    ],
)
def test_a_recipe_in_words_as_the_page_is_shown(recipe: Recipe, rotation: int, words: str) -> None:
    assert described(recipe, rotation) == words


def test_handles_are_named_by_where_they_are_seen() -> None:
    assert [place_of(0, 8, rotation) for rotation in (0, 90, 180, 270)] == [
        "左上角",
        "右上角",
        "右下角",
        "左下角",
    ]
    assert place_of(1, 4, 90) == "右下角"
    assert place_of(7, 8, 90) == "上边"
