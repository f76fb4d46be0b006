"""What the clerk sees of a table before it becomes part of the roster: everything the import wizard works with."""

from __future__ import annotations

from collections.abc import Iterable

from certclerk.core.records import Teacher
from certclerk.jobs.import_roster import Remark, add_proposal, complaints, read, remarks, summary
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


def already_there(teachers: Iterable[Teacher], proposal: Proposal) -> int:
    """How many proposed teachers have an identity number that the roster holds."""
    known = {teacher.id_number for teacher in teachers} - {""}
    return sum(proposed.id_number in known for proposed in proposal.teachers)
