"""A teacher's state, the sums, and who comes next."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certclerk.core.notice import Notice
from certclerk.core.progress import Dot, Gap, State, next_gap, progress, standing
from certclerk.core.records import Absence, Certificate, Finding, Page, Place, Severity, Teacher

CERTIFICATE = Certificate(
    id=1, teacher_id=1, kind="小学", number="20133599022000001", authority="泉州市教育局", issued="2013-07-01"
)
TEACHER = Teacher(id=1, serial=1, name="林晓雯", certificates=(CERTIFICATE,))


def with_pages(*slots: str, absent: str = "") -> Teacher:
    pages = tuple(
        Page(index, "0" * 64, 0, "image/jpeg", 1, 1, None, "a", "", 0, Place.SLOT, 1, slot)
        for index, slot in enumerate(slots)
    )
    absences = (Absence(absent, "没有"),) if absent else ()
    return replace(TEACHER, certificates=(replace(CERTIFICATE, pages=pages, absences=absences),))


ERROR = Finding("sex_missing", Severity.ERROR, "没有性别", teacher_id=1)
GAP = Finding("page_missing", Severity.ERROR, "缺封面", teacher_id=1)
WARNING = Finding("id_legacy", Severity.WARNING, "", teacher_id=1)


@pytest.mark.parametrize(
    ("teacher", "findings", "expected"),
    [
        (with_pages("cover", "text", "remarks"), [], State.DONE),
        (with_pages("cover", "text", "remarks"), [WARNING], State.DONE),
        (with_pages("cover", "text", absent="remarks"), [], State.DONE),
        (with_pages("cover"), [GAP], State.TO_SCAN),
        (with_pages("cover"), [GAP, ERROR], State.PROBLEM),
        (replace(TEACHER, choice="hold"), [ERROR], State.HOLD),
        (replace(TEACHER, choice="out"), [], State.OUT),
        (replace(TEACHER, certificates=()), [], State.OUT),
        (replace(TEACHER, certificates=(replace(CERTIFICATE, issued=""),)), [], State.ASK),
    ],
)
def test_state(quanzhou: Notice, teacher: Teacher, findings: list[Finding], expected: State) -> None:
    assert standing(teacher, quanzhou, findings).state is expected


def test_dots_and_gaps_follow_the_slots(quanzhou: Notice) -> None:
    """cover ●  text ○  remarks 无"""
    seen = standing(with_pages("cover", absent="remarks"), quanzhou, [])
    assert seen.dots == (Dot.FILLED, Dot.MISSING, Dot.ABSENT)
    assert seen.gaps == (Gap(1, "text"),)


def test_who_is_not_submitted_has_neither(quanzhou: Notice) -> None:
    seen = standing(replace(with_pages("cover"), choice="hold"), quanzhou, [])
    assert (seen.dots, seen.gaps) == ((), ())


def test_sums(quanzhou: Notice) -> None:
    teachers = [
        with_pages("cover", "text", "remarks"),
        replace(with_pages("cover"), id=2),
        replace(TEACHER, id=3, choice="out"),
    ]
    standings = [standing(teacher, quanzhou, []) for teacher in teachers]
    total = progress(teachers, standings)
    assert (total.teachers, total.expected, total.pages, total.ratio) == (3, 2, 4, 0.5)
    assert progress([], []).ratio == 0


def test_the_next_gap_goes_round_the_end(quanzhou: Notice) -> None:
    """1 gap, 2 complete, 3 gap"""
    standings = [
        replace(standing(with_pages("cover"), quanzhou, []), teacher_id=1),
        replace(standing(with_pages("cover", "text", "remarks"), quanzhou, []), teacher_id=2),
        replace(standing(with_pages("cover"), quanzhou, []), teacher_id=3),
    ]

    def after(teacher_id: int | None) -> int | None:
        found = next_gap(standings, teacher_id)
        return found.teacher_id if found else None

    assert [after(None), after(1), after(2), after(3)] == [1, 3, 3, 1]
    assert next_gap(standings[1:2], None) is None
