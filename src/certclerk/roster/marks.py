"""What the workbook reader does not tell of a sheet: errors, months shown without a day, true extent.

python-calamine gives an error cell as blank (in an .xlsb a rich text too, and a whole day as a number), a date without its format (2010年9月
and 2010-09-01 are both the first of September), no merged ranges for .ods and .xlsb, and it allocates every
cell up to the last one used. So each format is looked through once before.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from certclerk.core.errors import UserError
from certclerk.roster.cells import Merge, column_letters

# Cells of a workbook, in each sheet up to the last one used: 10 000 teachers in 30 columns. As many are read in
# a few of the child's 10 seconds even where everything else is busy.
MOST_CELLS = 300_000
MOST_ROWS = 20_000
MOST_SHEETS = 255

# How Excel's binary formats write an error.
ERROR_CODES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
# Formats that spreadsheet programs in Chinese know by number alone: year and month.
_MONTH_FORMATS = frozenset({17, 27, 36, 50, 52, 57})
# Those that everybody knows, with a day in them or a month.
_DATE_FORMATS = frozenset({*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)})
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


@dataclass(slots=True)
class Marks:
    """Of one sheet; places are 0-based (row, column). ``merges`` None: the workbook reader knows them.

    ``errors`` and ``texts`` stand where the reader sees nothing, ``days`` where it sees a number.
    """

    sheet: str
    most_columns: int = 16384
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    months: set[tuple[int, int]] = field(default_factory=set)
    days: set[tuple[int, int]] = field(default_factory=set)
    merges: list[Merge] | None = None
    since_1904: bool = False
    height: int = 0
    width: int = 0

    def dated(self, row: int, column: int, *, month_only: bool) -> None:
        (self.months if month_only else self.days).add((row, column))

    def reach(self, row: int, column: int, file: str) -> None:
        """Widen the extent; raises UserError ``roster_too_many_cells`` beyond what is read,
        ``roster_damaged`` beyond what the format has."""
        if column >= self.most_columns:
            raise UserError("roster_damaged", file=file)
        self.height = max(self.height, row + 1)
        self.width = max(self.width, column + 1)
        if self.height * self.width > MOST_CELLS or self.height > MOST_ROWS:
            raise UserError(
                "roster_too_many_cells",
                file=file,
                sheet=self.sheet,
                row=self.height,
                column=column_letters(self.width - 1),
            )


def date_styles(formats: Sequence[int], codes: Mapping[int, str]) -> dict[int, bool]:
    """Of the styles with these number formats those that show dates, by index, and whether without a day."""
    return {
        index: shows_month_only(number, codes.get(number))
        for index, number in enumerate(formats)
        if _shows_date(number, codes.get(number))
    }


def shows_month_only(number: int, code: str | None) -> bool:
    """Whether a number format shows year and month but no day; ``code`` None: only its number is known."""
    if code is None:
        return number in _MONTH_FORMATS
    letters = _letters(code)
    return "m" in letters and ("y" in letters or "e" in letters) and "d" not in letters


def _shows_date(number: int, code: str | None) -> bool:
    """Whether a number format shows a day or a month."""
    if code is None:
        return number in _DATE_FORMATS
    letters = _letters(code)
    return "d" in letters or "y" in letters or shows_month_only(number, code)


def _letters(code: str) -> str:
    """What counts in a format's code."""
    return _NOT_FORMAT.sub("", code.split(";")[0]).lower()
