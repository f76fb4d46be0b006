"""Marks of an .ods: one walk through content.xml."""

from __future__ import annotations

import re

from certclerk.core.dates import parse_date
from certclerk.core.errors import UserError
from certclerk.roster.cells import ERROR_TEXTS, Merge
from certclerk.roster.marks import Marks
from certclerk.roster.packed import Packed
from certclerk.roster.xml_scan import scan

CONTENT = "content.xml"
# What LibreOffice 24.8 and later put everything else into under a password.
ENCRYPTED = "encrypted-package"
MANIFEST = "META-INF/manifest.xml"

_CELLS = ("table:table-cell", "table:covered-table-cell")
_LIBREOFFICE_ERROR = re.compile(r"Err:[0-9]{3}")
_MONTH_BY_WORD = re.compile(r"[A-Za-z]{3,9}[- ][0-9]{2,4}")


def marks_of_ods(packed: Packed) -> tuple[Marks, ...]:
    """One for each sheet. Raises UserError, ``roster_password`` where the parts are encrypted."""
    if MANIFEST in packed:
        scan(packed.chunks(MANIFEST), packed.file, lambda name, _: _refuse_encrypted(name, packed.file))
    walk = _Walk(packed.file)
    scan(packed.chunks(CONTENT), packed.file, walk.start, walk.end, walk.text)
    return tuple(walk.found)


def _refuse_encrypted(name: str, file: str) -> None:
    if name == "manifest:encryption-data":
        raise UserError("roster_password", file=file)


class _Walk:
    """Where the parser stands: row and column with repetitions, and the text that the cell shows."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Marks] = []
        self.since_1904 = False
        self.tables = 0
        self.notes = 0
        self.row = self.next_row = 0
        self.column = self.next_column = 0
        self.cell: dict[str, str] = {}
        self.shown: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.tables += 1
            if self.tables == 1:
                marks = Marks(attributes.get("table:name", ""), merges=[], since_1904=self.since_1904)
                self.found.append(marks)
                self.row = self.next_row = 0
        elif name == "table:null-date":
            self.since_1904 = attributes.get("table:date-value", "").startswith("1904")
        elif self.tables != 1:
            return
        elif name == "table:table-row":
            self.row = self.next_row
            self.next_row += int(attributes.get("table:number-rows-repeated", "1"))
            self.next_column = 0
        elif name in _CELLS:
            self._cell(attributes)
        elif name == "office:annotation":
            self.notes += 1

    def _cell(self, attributes: dict[str, str]) -> None:
        self.column = self.next_column
        self.next_column += int(attributes.get("table:number-columns-repeated", "1"))
        self.cell = attributes
        marks = self.found[-1]
        if "office:value-type" in attributes:
            marks.reach(self.next_row - 1, self.next_column - 1, self.file)
        # Only these need the text as shown; collecting every cell's would double the time.
        date = attributes.get("office:value-type") == "date"
        self.shown = [] if date or "table:formula" in attributes else None
        height = int(attributes.get("table:number-rows-spanned", "1"))
        width = int(attributes.get("table:number-columns-spanned", "1"))
        if height > 1 or width > 1:
            merge = Merge(self.row, self.column, self.row + height - 1, self.column + width - 1)
            assert marks.merges is not None
            marks.merges.append(merge)

    def text(self, piece: str) -> None:
        if self.shown is not None and not self.notes:
            self.shown.append(piece)

    def end(self, name: str) -> None:
        if name == "table:table":
            self.tables -= 1
        elif name == "office:annotation":
            self.notes = max(0, self.notes - 1)
        elif name in _CELLS and self.tables == 1 and self.shown is not None:
            self._shown("".join(self.shown).strip())
            self.shown = None

    def _shown(self, text: str) -> None:
        marks, places = self.found[-1], self._places()
        if self.cell.get("office:value-type") == "date":
            if _month_only(text):
                marks.months.update(places)
        elif text in ERROR_TEXTS or _LIBREOFFICE_ERROR.fullmatch(text):
            marks.reach(self.next_row - 1, self.next_column - 1, self.file)
            marks.errors.update(dict.fromkeys(places, text))

    def _places(self) -> list[tuple[int, int]]:
        return [
            (row, column)
            for row in range(self.row, self.next_row)
            for column in range(self.column, self.next_column)
        ]


def _month_only(shown: str) -> bool:
    date = parse_date(shown)
    if date is not None:
        return date.day is None
    by_sign = "月" in shown and "日" not in shown and "号" not in shown
    return by_sign or _MONTH_BY_WORD.fullmatch(shown) is not None
