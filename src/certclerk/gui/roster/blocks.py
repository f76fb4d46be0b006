"""Blocks of cells of the full table: what copying gives, and which edits pasting, filling and clearing are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
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
    top, left = min(at.row for at in cells), min(columns.index(at.column) for at in cells)
    there = columns[left:]
    if len(rows) == 1 and len(rows[0]) == 1 and len(cells) > 1:
        targets, beyond, outside = [(at, rows[0][0]) for at in cells], [], 0
    else:
        rows = _repeated(rows, cells, columns)
        inside = model.rowCount() - top
        targets = [
            (At(top + down, column), value)
            for down, row in enumerate(rows[:inside])
            for column, value in zip(there, row, strict=False)
        ]
        beyond = [dict(zip(there, row, strict=False)) for row in rows[inside:] if any(map(str.strip, row))]
        outside = sum(bool(value.strip()) for row in rows for value in row[len(there) :])
    sound = [(at, value) for at, value in targets if not _is_lost(model, at.column, value)]
    edits, skipped = _edits(model, sound)
    added = tuple(_new_teacher(row, model) for row in beyond)
    lost = len(targets) - len(sound)
    lost += sum(_is_lost(model, column, value) for row in beyond for column, value in row.items())
    return Pasted(edits, added, skipped + outside, lost)


def _repeated(
    rows: Sequence[Sequence[str]], cells: Sequence[At], columns: Sequence[int]
) -> Sequence[Sequence[str]]:
    """The block as often as it fits into the chosen cells, where these are one too and it does so evenly."""
    width = max(len(row) for row in rows)
    downs, rights = [at.row for at in cells], [columns.index(at.column) for at in cells]
    tall, wide = max(downs) - min(downs) + 1, max(rights) - min(rights) + 1
    if tall * wide != len(cells) or tall % len(rows) or wide % width:
        return rows
    even = [[*row, *[""] * (width - len(row))] for row in rows]
    return [row * (wide // width) for row in even] * (tall // len(rows))


def _is_lost(model: RosterModel, column: int, value: str) -> bool:
    field = model.columns[column].field
    return has_lost_digits(field, value) or is_month_or_tenth(field, value)


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


def _new_teacher(row: Mapping[int, str], model: RosterModel) -> ProposedTeacher:
    """``row``: values by column; those that are lost are left out."""
    values = {
        field: value
        for column, value in row.items()
        if (field := model.columns[column].field) and not _is_lost(model, column, value)
    }
    own: dict[str, Any] = {field: value for field, value in values.items() if field in fields.TEACHER_FIELDS}
    held: dict[str, Any] = {
        field: value for field, value in values.items() if field in fields.CERTIFICATE_FIELDS
    }
    return replace(ProposedTeacher(certificates=(replace(ProposedCertificate(), **held),)), **own)
