"""What the clerk sees of a table before it becomes part of the roster: everything the import wizard works with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from certclerk.core.records import Teacher
from certclerk.jobs.import_roster import add_proposal, complaints, read, summary
from certclerk.roster import (
    Layout,
    Problem,
    Proposal,
    ProposedRow,
    Sheet,
    Skip,
    Status,
    Value,
    Workbook,
    best_sheet,
    column_letters,
    detect,
    propose,
)

__all__ = [
    "Layout",
    "Problem",
    "Proposal",
    "ProposedRow",
    "Remark",
    "Sheet",
    "Skip",
    "Status",
    "Value",
    "Workbook",
    "add_proposal",
    "already_there",
    "best_sheet",
    "column_letters",
    "complaints",
    "detect",
    "propose",
    "read",
    "remarks",
    "summary",
]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a row, or about its cell in ``column``; ``row`` as the spreadsheet program counts."""

    row: int
    column: int | None
    text: str


def remarks(proposal: Proposal) -> tuple[Remark, ...]:
    """Every row that is not taken in, but blank ones, and every cell not taken as it stood, from top to bottom."""
    rows = [
        Remark(row.number, None, f"{_place(row.number, row.serial)}：{row.status.label}，{row.reason}")
        for row in proposal.rows
        if row.status is not Status.ACCEPTED and row.skip is not Skip.BLANK
    ]
    cells = [
        Remark(cell.row, cell.column, f"{_place(cell.row, cell.serial)}　{cell.title}：{cell.reason}")
        for cell in proposal.problems
    ]
    return tuple(sorted([*rows, *cells], key=lambda remark: remark.row))


def already_there(teachers: Iterable[Teacher], proposal: Proposal) -> int:
    """How many proposed teachers have an identity number that the roster holds."""
    known = {teacher.id_number for teacher in teachers} - {""}
    return sum(proposed.id_number in known for proposed in proposal.teachers)


def _place(row: int, serial: str) -> str:
    # What stands under 序号 in a total or a note is not a number.
    return f"第 {row} 行" + (f"（序号 {serial}）" if serial.isdecimal() else "")
