"""Which backups stay, whatever the clock does."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from certclerk.core.thinning import DAYS, RECENT, WEEKS, kept

START = date(2017, 1, 2)
days = st.lists(st.integers(-400, 400).map(lambda days: START + timedelta(days)), max_size=80)
steady = st.lists(st.integers(0, 3), max_size=120).map(
    lambda steps: [START + timedelta(sum(steps[: place + 1])) for place in range(len(steps))]
)


@given(days | steady)
def test_the_newest_of_every_span_stays_and_no_more(made: list[date]) -> None:
    """A clock set back or forth is among the examples: only the order of making counts."""
    staying = kept(made)
    assert staying <= set(range(len(made)))
    assert staying >= set(range(len(made))[-RECENT:])
    assert len(staying) <= RECENT + DAYS + WEEKS
    for place in staying - set(range(len(made))[-RECENT:]):
        assert made[place] not in made[place + 1 :]
    seen: list[date] = []
    for place in range(len(made) - 1, -1, -1):
        if made[place] not in seen and len(seen) < DAYS:
            seen.append(made[place])
            assert place in staying


@given(days | steady)
def test_thinned_each_time_is_thinned_once(made: list[date]) -> None:
    held: list[int] = []
    for place in range(len(made)):
        held.append(place)
        staying = kept([made[other] for other in held])
        held = [other for index, other in enumerate(held) if index in staying]
    assert set(held) == kept(made)


def test_a_year_of_work_leaves_ten_days_and_ten_weeks() -> None:
    made = [START + timedelta(days=day) for day in range(300) for _ in range(20)]
    staying = sorted(kept(made))
    assert staying[-RECENT:] == list(range(6000 - RECENT, 6000))
    assert sorted({made[place] for place in staying})[-DAYS:] == [
        START + timedelta(days=day) for day in range(290, 300)
    ]
    assert len({made[place].isocalendar()[:2] for place in staying}) == WEEKS


def test_a_clock_set_back_for_a_day_pushes_nothing_newer_out() -> None:
    before = [date(2017, 3, day) for day in range(1, 11)]
    wrong = [date(2016, 1, 1)] * 3
    assert kept([*before, *wrong]) == set(range(1, 13))
