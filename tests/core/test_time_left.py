"""One measure over several stages, and the guess at what is left."""

from __future__ import annotations

import pytest

from certclerk.core.time_left import GUESS_FROM_S, PACE_OF_S, WHOLE, TimeLeft, in_stages


def test_stages_count_by_their_weights_in_one_measure() -> None:
    told: list[tuple[int, int, str]] = []
    making, reading = in_stages(lambda *step: told.append(step), (3.0, 1.0))
    making(0, 6, "a")
    making(3, 6, "b")
    making(6, 6, "c")
    reading(1, 2, "d")
    reading(2, 2, "e")
    assert [done for done, _, _ in told] == [0, 375, 750, 875, WHOLE]
    assert [what for _, _, what in told] == list("abcde")
    assert {total for _, total, _ in told} == {WHOLE}


def test_a_stage_without_steps_or_weight_does_not_move_it() -> None:
    told: list[int] = []
    nothing, something = in_stages(lambda done, _total, _what: told.append(done), (0.0, 2.0))
    nothing(1, 1, "")
    something(0, 0, "")
    something(5, 4, "")
    assert told == [0, 0, WHOLE]


def test_even_work_takes_as_long_as_it_took() -> None:
    left = TimeLeft()
    assert left.seconds(0.0, 0, 100) is None
    assert left.seconds(10.0, 20, 100) == pytest.approx(40.0)
    assert left.seconds(20.0, 40, 100) == pytest.approx(30.0)


def test_nothing_is_said_too_early_or_of_work_that_does_not_move() -> None:
    left = TimeLeft()
    left.seconds(0.0, 0, 100)
    assert left.seconds(GUESS_FROM_S / 2, 50, 100) is None
    assert TimeLeft().seconds(100.0, 0, 0) is None
    still = TimeLeft()
    still.seconds(0.0, 10, 100)
    assert still.seconds(60.0, 10, 100) is None


def test_a_slow_beginning_is_forgotten() -> None:
    left = TimeLeft()
    for second in range(101):
        left.seconds(float(second), second, 1000)
    for second in range(101, 101 + round(PACE_OF_S) + 2):
        guess = left.seconds(float(second), 100 + (second - 100) * 10, 1000)
    assert guess == pytest.approx((1000 - (100 + (second - 100) * 10)) / 10, rel=0.05)


def test_work_that_begins_anew_is_guessed_anew() -> None:
    left = TimeLeft()
    left.seconds(0.0, 0, 10)
    left.seconds(10.0, 9, 10)
    assert left.seconds(11.0, 0, 10) is None
    assert left.seconds(21.0, 5, 10) == pytest.approx(10.0)
