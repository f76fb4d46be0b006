"""Checking what changed finds what checking everything finds, and says of whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certclerk.core.notice import Notice
from certclerk.core.recipe import Recipe
from certclerk.core.records import Certificate, Confirmation, Filing, Page, Place, Roster, Teacher
from certclerk.core.rules import Checker, alike, check
from certclerk.core.rules.rescans import MOST_APART

DAY = date(2017, 3, 1)
FILING = Filing("泉州第一中学", "陈敏", "22000000")

# Few of each, so that people share them.
NAMES = ("林晓雯", "陈志远", "", "Lily")
IDS = ("359901198001010025", "359901198001010033", "35990119800101002X", "")
# Mostly of authority 990, so that the batch has digits in common and may lose them.
NUMBERS = (*(f"201335990420{serial:05}" for serial in range(6)), "20133599142000009", "2013", "")
PICTURES = tuple(f"{each:064}" for each in range(4))
# Two forms, and pages that are theirs but for some cells: within, at and beyond what two scans may differ by.
LIKENESSES = (
    None,
    *(
        f"0{(form := side << 1600) ^ (1 << apart) - 1:0805x}{(1 << 3220) - 1 ^ form ^ (1 << apart) - 1:0805x}"
        for side in (int("5a" * 200, 16), int("c3" * 200, 16))
        for apart in (0, 1, MOST_APART // 2, MOST_APART, MOST_APART + 1, 2 * MOST_APART)
    ),
)
CROPS = (None, None, (0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0))


@st.composite
def teachers(draw: st.DrawFn, teacher_id: int) -> Teacher:
    certificates = []
    for index in range(draw(st.integers(0, 2))):
        key = teacher_id * 10 + index
        pages = tuple(
            Page(
                key * 10 + place,
                draw(st.sampled_from(PICTURES)),
                0,
                "image/jpeg",
                1713,
                2421,
                300.0,
                "a.jpg",
                "",
                place=Place.SLOT,
                certificate_id=key,
                slot=slot,
                rotation=draw(st.sampled_from((0, 0, 180))),
                likeness=draw(st.sampled_from(LIKENESSES)),
                recipe=Recipe(crop=draw(st.sampled_from(CROPS))),
            )
            for place, slot in enumerate(draw(st.sets(st.sampled_from(("cover", "text", "remarks")))))
        )
        certificates.append(
            Certificate(
                key,
                teacher_id,
                draw(st.sampled_from(("高级中学", "初级中学", "高等学校", "未知"))),
                "语文",
                draw(st.sampled_from(NUMBERS)),
                draw(st.sampled_from(("泉州市教育局", "福州市教育局", ""))),
                draw(st.sampled_from(("2013-07-01", "2013-07", "2005-01-01", ""))),
                pages=pages,
            )
        )
    name = draw(st.sampled_from(NAMES))
    confirmed = draw(st.sampled_from(((), (Confirmation("name_latin", "name", "Lily", "护照如此"),))))
    return Teacher(
        teacher_id,
        draw(st.integers(1, 9)),
        name,
        draw(st.sampled_from(("男", "女", ""))),
        draw(st.sampled_from(IDS)),
        choice=draw(st.sampled_from(("", "", "out"))),
        certificates=tuple(certificates),
        confirmations=confirmed,
    )


def _replaced(draw: st.DrawFn, former: list[Teacher]) -> list[Teacher]:
    place = draw(st.integers(0, len(former) - 1))
    return [*former[:place], draw(teachers(former[place].id)), *former[place + 1 :]]


def _added(draw: st.DrawFn, former: list[Teacher]) -> list[Teacher]:
    place = draw(st.integers(0, len(former)))
    new = draw(teachers(1 + max((teacher.id for teacher in former), default=0)))
    return [*former[:place], new, *former[place:]]


def _removed(draw: st.DrawFn, former: list[Teacher]) -> list[Teacher]:
    place = draw(st.integers(0, len(former) - 1))
    return former[:place] + former[place + 1 :]


def _shuffled(draw: st.DrawFn, former: list[Teacher]) -> list[Teacher]:
    return draw(st.permutations(former))


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[Roster, date]]:
    """Rosters, each a change or so from the one before."""
    moments = []
    roster = Roster(FILING, tuple(draw(teachers(each)) for each in range(1, draw(st.integers(2, 8)))))
    for _ in range(draw(st.integers(1, 6))):
        moments.append((roster, draw(st.sampled_from((DAY, DAY, date(2013, 6, 1))))))
        people = list(roster.teachers)
        step: Callable[[st.DrawFn, list[Teacher]], list[Teacher]]
        step = draw(st.sampled_from((_replaced, _removed, _shuffled, _added))) if people else _added
        filing = draw(st.sampled_from((roster.filing, FILING, replace(FILING, clerk=""))))
        damaged = draw(st.sampled_from((roster.damaged, frozenset(PICTURES[:1]), frozenset[str]())))
        roster = Roster(filing, tuple(step(draw, people)), damaged=damaged)
    return [*moments, (roster, DAY)]


@settings(max_examples=200, deadline=None)
@given(history=histories(), single=st.sampled_from((alike.MOST_SINGLE, 0, 3)))
def test_checking_what_changed_is_checking_everything(
    quanzhou: Notice, history: list[tuple[Roster, date]], single: int
) -> None:
    """Also where so few pages are enough to be looked through in blocks."""
    checker = Checker(quanzhou)
    told: dict[int | None, tuple[object, ...]] = {}
    for roster, day in history:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(alike, "MOST_SINGLE", single)
            told.update(checker.update(roster, day))
        assert checker.findings() == check(roster, quanzhou, day)
        kept = [told.pop(key) for key in list(told) if key not in {None, *(t.id for t in roster.teachers)}]
        assert not any(kept), "who is gone has findings"
        order = (None, *(teacher.id for teacher in roster.teachers))
        assert tuple(f for key in order for f in told.get(key, ())) == checker.findings()


def test_an_unchanged_roster_has_nothing_to_tell(quanzhou: Notice) -> None:
    roster = Roster(FILING, (Teacher(1, 1, "林晓雯"), Teacher(2, 2, "林晓雯")))
    checker = Checker(quanzhou)
    assert checker.update(roster, DAY)
    again = Roster(FILING, tuple(replace(teacher) for teacher in roster.teachers))
    assert not checker.update(again, DAY)


def test_taking_tells_how_many_will_be_looked_at(quanzhou: Notice) -> None:
    people = tuple(Teacher(each, each, f"林晓{each // 2}") for each in range(1, 6))
    checker = Checker(quanzhou)
    assert checker.take(Roster(FILING, people), DAY) == 5
    assert checker.look() and checker.of(2)
    renamed = (replace(people[0], name="陈志远"), *people[1:])
    assert checker.take(Roster(FILING, renamed), DAY) == 1
    assert checker.take(Roster(FILING, renamed), date(2013, 6, 1)) == 5
    checker.look()
    assert checker.findings() == check(Roster(FILING, renamed), quanzhou, date(2013, 6, 1))


@pytest.mark.parametrize("name", ["林晓雯", "陈志远"])
def test_a_change_concerns_those_who_share_with_it_and_nobody_else(quanzhou: Notice, name: str) -> None:
    people = (Teacher(1, 1, "林晓雯"), Teacher(2, 2, "林晓文"), Teacher(3, 3, "王建国"))
    checker = Checker(quanzhou)
    checker.update(Roster(FILING, people), DAY)
    renamed = Roster(FILING, (people[0], replace(people[1], name=name), people[2]))
    concerned = {1, 2} if name == "林晓雯" else set()
    assert set(checker.update(renamed, DAY)) == concerned
