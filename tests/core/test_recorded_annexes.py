"""The annexes of an earlier submission, printed again: as they were, whatever the roster says now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from certclerk.core.notice import Notice
from certclerk.core.recorded_annexes import recorded_annexes
from certclerk.core.records import Certificate, Filing, Roster, Teacher
from certclerk.core.submission import Submission, Supplement, plan
from certclerk.core.submission_json import as_json, from_json
from certclerk.core.submission_record import SubmissionRecord, Terms, content_of

DAY = date(2032, 3, 1)


def submitted(notice: Notice, supplement: Supplement | None = None) -> Submission:
    """王芳 with two certificates, 李娜 with one and a note."""

    def certificate(number: int, kind: int) -> Certificate:
        return Certificate(
            number, number // 10, notice.collected_kinds[kind].name, "语文", "20313500000000001",
            notice.authorities[0], "2031-07-01",
        )  # fmt: skip

    teachers = (
        Teacher(1, 1, "王芳", "女", certificates=(certificate(10, 0), certificate(11, 1))),
        Teacher(2, 2, "李娜", "女", note="原件在外地", certificates=(certificate(20, 0),)),
    )
    roster = Roster(Filing(notice.units[0].name, "陈小明", "22138813"), teachers)
    return plan(roster, notice, DAY, supplement=supplement)


def record_of(made: Submission, chosen: date | None = None) -> SubmissionRecord:
    return SubmissionRecord(
        moment=1,
        day=made.day,
        folder="",
        teachers=len(made.documents),
        mails=1,
        terms=Terms("original", 30, False, False, {}),
        files=(),
        left_out=made.left_out,
        supplement=made.supplement,
        content=content_of(made, chosen),
    )


@pytest.mark.parametrize("supplement", [None, Supplement(of=1, number=2, teacher_ids=frozenset({2}))])
@pytest.mark.parametrize("chosen", [None, DAY])
def test_they_are_what_they_were(
    quanzhou: Notice, supplement: Supplement | None, chosen: date | None
) -> None:
    made = submitted(quanzhou, supplement)
    kept = from_json(as_json(record_of(made, chosen)))
    assert recorded_annexes(kept, quanzhou) == made.annexes


def test_there_are_none_of_another_notice_or_an_earlier_version(quanzhou: Notice) -> None:
    record = record_of(submitted(quanzhou))
    assert recorded_annexes(record, replace(quanzhou, source=quanzhou.source + "# 改过\n")) == ()
    assert recorded_annexes(replace(record, content=None), quanzhou) == ()


def test_another_notice_gets_its_own(invented: Notice) -> None:
    made = submitted(invented)
    assert recorded_annexes(record_of(made), invented) == made.annexes


def test_there_are_none_where_a_column_was_not_kept(quanzhou: Notice) -> None:
    """Of two rosters the record keeps the columns of the first."""
    full = next(annex for annex in quanzhou.annexes if annex.kind == "roster")
    short = replace(full, columns=full.columns[:2])
    two = replace(quanzhou, annexes=(short, full))
    assert recorded_annexes(record_of(submitted(two)), two) == ()
    assert recorded_annexes(record_of(submitted(two)), replace(two, annexes=(short,))) != ()
