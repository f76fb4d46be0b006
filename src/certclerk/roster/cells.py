"""What was read from a table: cells that remember how they were stored, in sheets, in a workbook."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# Spreadsheets keep 15 significant digits: a longer number in a number cell has lost its last ones.
KEPT_DIGITS = 15
# Between the two dates from which spreadsheets count days.
DAYS_1900_TO_1904 = 1462

ERROR_TEXTS = frozenset(
    {
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
    }
)


class CellKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOL = "bool"
    ERROR = "error"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Cell:
    """``text`` is what the clerk sees or means: 3 for 3.0, ISO for a date (a month where only that is shown)."""

    kind: CellKind
    text: str

    @property
    def blank(self) -> bool:
        return self.kind is CellKind.BLANK

    @property
    def lost_digits(self) -> bool:
        """Whether it is a number with more digits than a number cell keeps."""
        if self.kind is not CellKind.NUMBER:
            return False
        digits = self.text.lstrip("-")
        return digits.isdecimal() and len(digits) > KEPT_DIGITS


BLANK = Cell(CellKind.BLANK, "")


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; rows and columns count from 0, both ends inside."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows[0]`` is row 1 of the spreadsheet program; rows may be of unequal length.

    ``typed`` is False for text files, which do not say whether a cell was a number.
    ``since_1904``: numbers that stand for days count from 1904-01-01, not from 1899-12-30.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    hidden: bool = False
    merges: tuple[Merge, ...] = ()
    typed: bool = True
    since_1904: bool = False

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    def cell(self, row: int, column: int) -> Cell:
        """The cell at 0-based ``row`` and ``column``; blank outside."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return BLANK


@dataclass(frozen=True, slots=True)
class Workbook:
    """``file`` is the file's name, for messages."""

    file: str
    sheets: tuple[Sheet, ...]


def column_letters(column: int) -> str:
    """A for 0, AA for 26: a column's name in the spreadsheet program."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
