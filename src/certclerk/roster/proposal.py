"""What an import would add: every row of the sheet accounted for, before anything is changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from certclerk.core.records import ProposedTeacher
from certclerk.roster.skips import Skip
from certclerk.roster.values import Problem, Value


class Status(StrEnum):
    ACCEPTED = "accepted"
    SKIPPED = "skipped"
    REFUSED = "refused"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {Status.ACCEPTED: "导入", Status.SKIPPED: "跳过", Status.REFUSED: "无法导入"}


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """A row below the head. ``number`` is the spreadsheet program's, ``serial`` the 序号 as written.

    ``reason`` says why it is passed over or refused, or that it joins a teacher above. ``values`` stand by
    column; ``teacher`` is the index in :attr:`Proposal.teachers` of the teacher it belongs to.
    """

    number: int
    serial: str
    status: Status
    reason: str
    values: tuple[Value, ...]
    skip: Skip | None = None
    teacher: int | None = None


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A cell that was emptied (``problem.refused``), kept though not understood, or contradicts one above."""

    sheet: str
    row: int
    serial: str
    column: int
    title: str
    field: str
    problem: Problem
    reason: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """``rows`` are all rows from below the head to the last one with content."""

    sheet: str
    rows: tuple[ProposedRow, ...]
    teachers: tuple[ProposedTeacher, ...]
    problems: tuple[CellProblem, ...]

    @property
    def read(self) -> int:
        return len(self.rows)

    @property
    def accepted(self) -> tuple[ProposedRow, ...]:
        return self._of(Status.ACCEPTED)

    @property
    def skipped(self) -> tuple[ProposedRow, ...]:
        return self._of(Status.SKIPPED)

    @property
    def refused(self) -> tuple[ProposedRow, ...]:
        return self._of(Status.REFUSED)

    @property
    def refused_cells(self) -> tuple[CellProblem, ...]:
        return tuple(problem for problem in self.problems if problem.problem.refused)

    def _of(self, status: Status) -> tuple[ProposedRow, ...]:
        return tuple(row for row in self.rows if row.status is status)
