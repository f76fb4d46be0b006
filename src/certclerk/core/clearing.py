"""What stays of a submission's record when people are cleared from a collection: days, files, figures; no names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath

from certclerk.core.counts import teachers_per_kind
from certclerk.core.notice import Notice
from certclerk.core.submission import LeftOut
from certclerk.core.submission_record import SubmissionRecord, Tick


def without_people(record: SubmissionRecord, notice: Notice, ids: Mapping[int, int]) -> SubmissionRecord:
    """``ids`` has by former id the present one of submissions."""
    supplement = record.supplement
    held = [teacher.certificates for teacher in record.content.teachers] if record.content else []
    return replace(
        record,
        # Where it lay can name the person whose computer it is.
        folder=PurePath(record.folder).name,
        terms=replace(record.terms, held={}, forms={}),
        left_out=tuple(LeftOut(0, 0, "", left.scope, "") for left in record.left_out),
        undecided=(),
        supplement=supplement
        and replace(
            supplement,
            of=ids.get(supplement.of, supplement.of),
            teacher_ids=frozenset(),
            withdrawn=(),
            moved={},
        ),
        content=None,
        counts=teachers_per_kind(held, notice) if held else {},
    )


def without_reason(tick: Tick) -> Tick:
    """Why it was returned may name somebody."""
    return replace(tick, reason="")
