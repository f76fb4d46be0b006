"""Text tables (.csv, .tsv): encoding and delimiter found out, every cell text."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from io import StringIO

from certclerk.core.errors import UserError
from certclerk.roster.cells import BLANK, ERROR_TEXTS, Cell, CellKind, Sheet, column_letters
from certclerk.roster.marks import MOST_CELLS

_DELIMITERS = (",", "\t", ";", "|", "，")
_SAMPLE_ROWS = 50
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# GB18030, never the gb2312 codec: that one reads A1A4 as U+30FB.
_ENCODINGS = ("utf-8-sig", "gb18030")
# How exporting programs keep a spreadsheet from taking a long number for a number.
_GUARDED = re.compile(r'="([^"]*)"')


def decoded(data: bytes, file: str) -> str:
    """Raises UserError ``roster_encoding``."""
    for encoding in ("utf-16",) if data.startswith(_UTF_16) else _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UserError("roster_encoding", file=file)


def read_delimited(text: str, file: str, name: str) -> Sheet:
    """Raises UserError ``roster_text_damaged`` or ``roster_too_many_cells``."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text))
    rows: list[tuple[Cell, ...]] = []
    count = 0
    try:
        for texts in reader:
            count += len(texts)
            if count > MOST_CELLS:
                raise UserError(
                    "roster_too_many_cells",
                    file=file,
                    sheet=name,
                    row=len(rows) + 1,
                    column=column_letters(len(texts) - 1),
                )
            rows.append(tuple(map(_cell, texts)))
    except csv.Error as error:
        raise UserError("roster_text_damaged", file=file, line=reader.line_num) from error
    return Sheet(name, tuple(rows), typed=False)


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
