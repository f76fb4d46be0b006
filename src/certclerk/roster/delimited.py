"""Text tables (.csv, .tsv, a pasted block): delimiter found out, every cell text."""

from __future__ import annotations

import csv
import re
from collections import Counter
from io import StringIO
from itertools import chain

from certclerk.core.errors import UserError
from certclerk.roster.cells import BLANK, ERROR_TEXTS, Cell, CellKind, Sheet, Workbook, column_letters
from certclerk.roster.marks import MOST_CELLS, MOST_ROWS

_DELIMITERS = (",", "\t", ";", "|", "，")
_SAMPLE_ROWS = 50
# Excel's own first line that names the delimiter; it is no row of the sheet.
_DECLARED = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
# How exporting programs keep a spreadsheet from taking a long number for a number.
_GUARDED = re.compile(r'="([^"]*)"')
# A line after the last one: a quote that is never closed swallows it.
_END = "\0"
PASTED = "粘贴的内容"


def read_pasted(text: str) -> Workbook:
    """A block copied from a spreadsheet program, or from a text table. Raises UserError."""
    if not text.strip():
        raise UserError("roster_nothing_pasted")
    return Workbook(PASTED, (read_delimited(text, PASTED, PASTED),))


def read_delimited(text: str, file: str, name: str) -> Sheet:
    """Raises UserError ``roster_text_damaged`` or ``roster_too_many_cells``."""
    declared = _DECLARED.match(text)
    delimiter = declared[1] if declared else _delimiter(text)
    lines = StringIO(text[declared.end() :] if declared else text, newline="")
    reader = csv.reader(chain(lines, [_END]), delimiter=delimiter)
    rows: list[tuple[Cell, ...]] = []
    count = 0
    begun = 1
    try:
        for texts in reader:
            if texts == [_END]:
                return Sheet(name, tuple(rows), typed=False)
            count += len(texts)
            if count > MOST_CELLS or len(rows) >= MOST_ROWS:
                raise UserError(
                    "roster_too_many_cells",
                    file=file,
                    sheet=name,
                    row=len(rows) + 1,
                    column=column_letters(len(texts) - 1),
                )
            if texts and texts[-1].endswith(_END):
                break
            rows.append(tuple(map(_cell, texts)))
            begun = reader.line_num + 1
    except csv.Error:
        pass
    raise UserError("roster_text_damaged", file=file, line=begun + (declared is not None))


def _cell(text: str) -> Cell:
    stripped = text.strip()
    guarded = _GUARDED.fullmatch(stripped)
    if guarded:
        text = stripped = guarded[1]
    if not stripped:
        return BLANK
    return Cell(CellKind.ERROR if stripped in ERROR_TEXTS else CellKind.TEXT, text)


def _delimiter(text: str) -> str:
    """The one that gives most rows the same number of cells; of equals, the one giving more cells."""
    return max(_DELIMITERS, key=lambda delimiter: _regularity(text, delimiter))


def _regularity(text: str, delimiter: str) -> tuple[int, int]:
    widths: Counter[int] = Counter()
    try:
        for row, cells in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter)):
            if row >= _SAMPLE_ROWS:
                break
            if len(cells) > 1:
                widths[len(cells)] += 1
    except csv.Error:
        return (0, 0)
    if not widths:
        return (0, 0)
    width, rows = widths.most_common(1)[0]
    return (rows, width)
