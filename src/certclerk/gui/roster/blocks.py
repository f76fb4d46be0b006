"""Blocks of cells of the full table: what copying gives, and which edits pasting, filling and clearing are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from certclerk.core import fields
from certclerk.core.normalise import has_lost_digits, is_month_or_tenth
from certclerk.core.records import ProposedCertificate, ProposedTeacher
from certclerk.gui.roster.model import RosterModel
from certclerk.jobs.acts import Edit

_LINE_END = re.compile(r"\r\n|\r|\n")


class At(NamedTuple):
    """Where a cell stands, both from 0."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Pasted:
    """``skipped`` cells fell on columns that cannot be edited or beyond the last column.

    ``lost`` are values whose digits a spreadsheet has lost, as an import refuses them: not taken either.
    """

    edits: tuple[Edit, ...]
    added: tuple[ProposedTeacher, ...]
    skipped: int
    lost: int


def _quoted(text: str) -> str:
    """A cell that a reader would take for a quoted one, or for several lines, as spreadsheets write it."""
    if text.startswith('"') or "\n" in text or "\t" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def copied(model: RosterModel, cells: Iterable[At]) -> str:
    """As spreadsheets take it: the smallest block around the cells, blank where none was chosen."""
    chosen = set(cells)
    columns = sorted({at.column for at in chosen})
    return "\n".join(
        "\t".join(
            _quoted(_text(model, At(row, column))) if (row, column) in chosen else "" for column in columns
        )
        for row in sorted({at.row for at in chosen})
    )


def block(text: str) -> list[list[str]]:
    """The rows of what a spreadsheet puts on the clipboard; quoted cells may hold line ends."""
    # Imported here: only a paste needs it.
    import csv

    # Lines as the clipboard has them: str.splitlines would also break at a soft line end within a cell.
    lines = _LINE_END.split(text.rstrip("\r\n"))
    # A quote that nobody closes is a character like any other, not the beginning of a cell without end.
    if '"' in text and text.count('"') % 2 == 0:
        csv.field_size_limit(max(csv.field_size_limit(), len(text)))
        return [list(row) or [""] for row in csv.reader([f"{line}\n" for line in lines], delimiter="\t")]
    return [line.split("\t") for line in lines]


def pasted(
    rows: Sequence[Sequence[str]], model: RosterModel, cells: Sequence[At], columns: Sequence[int]
) -> Pasted:
    """``rows`` laid on the table from the first of the chosen ``cells`` on, over ``columns`` as they are seen.

    A single value goes into all of them, and a block that fits into them several times is repeated. Rows beyond
    the table are teachers to add; unchanged cells are no edits.
    """
    lost = 0

    def sound(column: int, value: str) -> str | None:
        nonlocal lost
        field = model.columns[column].field
        if has_lost_digits(field, value) or is_month_or_tenth(field, value):
            lost += 1
            return None
        return value

    top, left = min(at.row for at in cells), min(columns.index(at.column) for at in cells)
    if len(rows) == 1 and len(rows[0]) == 1 and len(cells) > 1:
        only = rows[0][0]
        wanted = [(at, only) for at in cells if sound(at.column, only) is not None]
        edits, skipped = _edits(model, wanted)
        return Pasted(edits, (), skipped, lost)
    tall = max(at.row for at in cells) - top + 1
    wide = max(columns.index(at.column) for at in cells) - left + 1
    width = max(len(row) for row in rows)
    if tall * wide == len(cells) and tall % len(rows) == 0 and wide % width == 0:
        even = [[*row, *[""] * (width - len(row))] for row in rows]
        rows = [row * (wide // width) for row in even] * (tall // len(rows))
    there = columns[left:]
    inside = model.rowCount() - top
    targets = [
        (At(top + down, there[right]), value)
        for down, row in enumerate(rows[:inside])
        for right, value in enumerate(row[: len(there)])
        if sound(there[right], value) is not None
    ]
    edits, skipped = _edits(model, targets)
    skipped += sum(bool(value.strip()) for row in rows for value in row[len(there) :])
    beyond = [
        [sound(column, value) or "" for column, value in zip(there, row, strict=False)]
        for row in rows[inside:]
        if any(cell.strip() for cell in row)
    ]
    added = [_new_teacher(row, model, there) for row in beyond]
    return Pasted(edits, tuple(added), skipped, lost)


def filled(model: RosterModel, cells: Iterable[At], text: str) -> tuple[Edit, ...]:
    """``text`` in every one of these cells that takes it."""
    return _edits(model, ((at, text) for at in cells))[0]


def filled_down(model: RosterModel, cells: Iterable[At]) -> tuple[Edit, ...]:
    """Each column's first chosen cell into those under it; a single row takes what stands above it."""
    by_column: dict[int, list[int]] = {}
    for at in sorted(cells):
        by_column.setdefault(at.column, []).append(at.row)
    targets: list[tuple[At, str]] = []
    for column, rows in by_column.items():
        source, below = (rows[0], rows[1:]) if len(rows) > 1 else (rows[0] - 1, rows)
        while source >= 0 and model.cell(source, column) is None:
            source -= 1
        if source >= 0:
            text = _text(model, At(source, column))
            targets += [(At(row, column), text) for row in below]
    return _edits(model, targets)[0]


def _edits(model: RosterModel, targets: Iterable[tuple[At, str]]) -> tuple[tuple[Edit, ...], int]:
    """Those that change something, and how many texts have no cell that takes them."""
    edits: list[Edit] = []
    skipped = 0
    for at, text in targets:
        edit = model.edit_of(model.index(*at), text)
        if edit is None:
            skipped += bool(text.strip())
        elif text != _text(model, at):
            edits.append(edit)
    return tuple(edits), skipped


def _text(model: RosterModel, at: At) -> str:
    cell = model.cell(*at)
    return cell.text if cell else ""


def _new_teacher(row: Sequence[str], model: RosterModel, columns: Sequence[int]) -> ProposedTeacher:
    named = [model.columns[column] for column in columns[: len(row)]]
    values = {column.field: cell for column, cell in zip(named, row, strict=False) if column.field}
    own: dict[str, Any] = {field: value for field, value in values.items() if field in fields.TEACHER_FIELDS}
    held: dict[str, Any] = {
        field: value for field, value in values.items() if field in fields.CERTIFICATE_FIELDS
    }
    return replace(ProposedTeacher(certificates=(replace(ProposedCertificate(), **held),)), **own)
