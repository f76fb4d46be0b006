"""The annexes of an earlier submission as they were, from what its record keeps."""

from __future__ import annotations

from dataclasses import replace

from certclerk.core.annexes import Rows, tables_of
from certclerk.core.counts import teachers_per_kind
from certclerk.core.notice import Annex, Notice
from certclerk.core.printed_table import PrintedTable
from certclerk.core.submission_record import Content, SubmissionRecord, notice_digest


def recorded_annexes(record: SubmissionRecord, notice: Notice) -> tuple[PrintedTable, ...]:
    """None at all where the record does not hold enough: it is of an earlier version, or of another notice."""
    content = record.content
    if content is None or content.notice != notice_digest(notice):
        return ()
    fields = {column.field for annex in notice.annexes for column in annex.columns} - {"serial"}
    if not fields <= set(content.columns):
        return ()
    return tables_of(
        lambda annex: _rows(annex, content),
        teachers_per_kind((teacher.certificates for teacher in content.teachers), notice),
        replace(content.filing, filled_on=record.day),
        notice,
        record.supplement.number if record.supplement else 0,
    )


def _rows(annex: Annex, content: Content) -> Rows:
    return tuple(
        tuple(
            teacher.serial if column.field == "serial" else values[column.field] for column in annex.columns
        )
        for teacher in content.teachers
        for certificate in teacher.certificates
        for values in [dict(zip(content.columns, certificate.values, strict=True))]
    )
