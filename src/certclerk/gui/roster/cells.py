"""What a cell of the roster shows, worked out of the records once for all that ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from certclerk.core.progress import Dot, State
from certclerk.core.records import Certificate, Finding, Severity, Teacher
from certclerk.gui.roster.columns import Column, Seen
from certclerk.gui.roster.rows import Row

# Those that colour a cell, the worst first.
SEVERITIES = (Severity.ERROR, Severity.WARNING)
_ASIDE = frozenset({State.OUT, State.HOLD})


@dataclass(frozen=True, slots=True)
class Cell:
    """What is seen in a cell. ``dots`` stand in for the text of pages, ``state`` for that of a state."""

    text: str
    severity: Severity | None = None
    quiet: bool = False
    dots: tuple[Dot, ...] | None = None
    state: State | None = None


def held_in(teacher: Teacher, row: Row) -> Certificate | None:
    if row.certificate_id is None or row.place >= len(teacher.certificates):
        return None
    return teacher.certificates[row.place]


def cell_of(seen: Seen, findings: Sequence[Finding], column: Column, row: Row) -> Cell | None:
    """None where the teacher's first row speaks for this one."""
    if column.teacher_only and row.place:
        return None
    present = {finding.severity for finding in findings_at(findings, seen, column)}
    standing = seen.standing
    return Cell(
        column.read(seen),
        severity=next((severity for severity in SEVERITIES if severity in present), None),
        quiet=standing.state in _ASIDE or column.id == "serial",
        dots=standing.dots if column.id == "pages" else None,
        state=standing.state if column.id == "state" else None,
    )


def findings_at(findings: Sequence[Finding], seen: Seen, column: Column) -> list[Finding]:
    if not findings or not column.field:
        return []
    of_row = seen.certificate.id if seen.certificate else None
    return [
        finding
        for finding in findings
        if finding.field == column.field and (column.teacher_only or finding.certificate_id == of_row)
    ]
