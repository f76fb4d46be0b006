"""A block from a spreadsheet onto the full table: which cells it changes and which teachers it adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from certclerk.core import fields
from certclerk.core.records import ProposedCertificate, ProposedTeacher
from certclerk.gui.roster_model import RosterModel
from certclerk.jobs.acts import Edit


@dataclass(frozen=True, slots=True)
class Pasted:
    """``skipped`` cells fell on columns that cannot be edited or beyond the last column."""

    edits: tuple[Edit, ...]
    added: tuple[ProposedTeacher, ...]
    skipped: int


def block(text: str) -> list[list[str]]:
    """The rows of what a spreadsheet puts on the clipboard; quoted cells may hold line ends."""
    # Imported here: only a paste needs it.
    import csv

    lines = text.rstrip("\r\n").splitlines(keepends=True)
    if '"' in text:
        csv.field_size_limit(max(csv.field_size_limit(), len(text)))
        return [list(row) for row in csv.reader(lines, delimiter="\t")]
    return [line.rstrip("\r\n").split("\t") for line in lines]


def pasted(rows: Sequence[Sequence[str]], model: RosterModel, top: int, left: int) -> Pasted:
    """``rows`` laid on the table with their first cell at row ``top``, column ``left``.

    Rows beyond the table are teachers to add; unchanged cells are no edits.
    """
    edits: list[Edit] = []
    added: list[ProposedTeacher] = []
    skipped = 0
    for down, row in enumerate(rows):
        if top + down >= model.rowCount():
            if any(cell.strip() for cell in row):
                added.append(_new_teacher(row, model, left))
            continue
        for right, cell in enumerate(row):
            index = model.index(top + down, left + right)
            edit = model.edit_of(index, cell)
            if edit is None:
                skipped += bool(cell.strip())
            elif cell != (index.data() or ""):
                edits.append(edit)
    return Pasted(tuple(edits), tuple(added), skipped)


def _new_teacher(row: Sequence[str], model: RosterModel, left: int) -> ProposedTeacher:
    columns = model.columns[left : left + len(row)]
    values = {column.field: cell for column, cell in zip(columns, row, strict=False) if column.field}
    own: dict[str, Any] = {field: value for field, value in values.items() if field in fields.TEACHER_FIELDS}
    held: dict[str, Any] = {
        field: value for field, value in values.items() if field in fields.CERTIFICATE_FIELDS
    }
    return replace(ProposedTeacher(certificates=(replace(ProposedCertificate(), **held),)), **own)
