"""Who files and when, written where a form's own labels ask for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from certclerk.core.form import FACT_LABELS
from certclerk.core.notice import Notice
from certclerk.output.cells import put

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

# Longer cells are paragraphs, not labels.
_LONGEST = 200
_BLANK = r"[\s_＿]*"
_BRACKETS = r"(?:\s*[（(][^（()）]*[)）])?"
_DATE_TO_FILL = rf"(?:{_BLANK}年{_BLANK}月{_BLANK}日)?"
_GAP = "　　"
_BRACKETED = re.compile(r"[（(].*?[)）]")

Fact = tuple[str, tuple[str, ...], str]


def fill_facts(
    sheet: Worksheet, head: Sequence[tuple[str, str]], notice: Notice, outside: Iterable[int]
) -> None:
    """``head`` are the annex' labelled facts, in the order of the notice's; ``outside``: the rows beside the table.

    Each goes to the first place that asks for it: behind the colon of its label, or into the empty cell beside it.
    """
    fields = [field.field for field in notice.head]
    labels = {
        field: (_BRACKETED.sub("", label), *FACT_LABELS[field])
        for field, (label, _) in zip(fields, head, strict=True)
    }
    every = tuple(label for each in labels.values() for label in each)
    waiting = {field: value for field, (_, value) in zip(fields, head, strict=True) if value}
    for cell in _texts(sheet, outside):
        for field in list(waiting):
            if _write(sheet, cell, labels[field], waiting[field], every):
                del waiting[field]


def _texts(sheet: Worksheet, rows: Iterable[int]) -> Iterator[Cell]:
    for row in rows:
        for cell in sheet[row]:
            if cell.data_type == "s" and 0 < len(str(cell.value)) <= _LONGEST:
                yield cell


def _write(sheet: Worksheet, cell: Cell, labels: Sequence[str], value: str, every: Sequence[str]) -> bool:
    text = str(cell.value)
    words = "|".join(map(_spaced, labels))
    asked = re.search(
        rf"(?:^|(?<=[\s_＿，,；;、])){_BLANK}((?:{words}){_BRACKETS}\s*[:：])({_BLANK}{_DATE_TO_FILL}{_BLANK})",
        text,
    )
    beside = _beside(sheet, cell)
    alone = re.fullmatch(rf"\s*(?:{words}){_BRACKETS}\s*[:：]?\s*", text)
    if alone and beside is not None and (asked is None or _is_to_fill(beside)):
        put(beside, value, beside._style)
        return True
    if asked is None:
        return False
    rest = text[asked.end() :]
    if rest and not re.match("|".join(map(_spaced, every)), rest):
        return False
    put(cell, f"{text[: asked.end(1)]}{value}{_GAP if rest else ''}{rest}", cell._style)
    return True


def _spaced(label: str) -> str:
    return r"\s*".join(map(re.escape, label))


def _beside(sheet: Worksheet, cell: Cell) -> Cell | None:
    """The empty cell at the right of ``cell``, behind what it is merged with."""
    from openpyxl.cell import Cell

    right = cell.column
    for merged in sheet.merged_cells.ranges:
        if merged.min_row <= cell.row <= merged.max_row and merged.min_col <= cell.column <= merged.max_col:
            right = merged.max_col
    if right >= sheet.max_column:
        return None
    found = sheet.cell(cell.row, right + 1)
    return found if isinstance(found, Cell) and found.value is None else None


def _is_to_fill(cell: Cell) -> bool:
    return any(side is not None and side.style for side in (cell.border.bottom, cell.border.top))
