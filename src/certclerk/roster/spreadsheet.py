"""The sheets of a spreadsheet file, read by python-calamine and completed with what it leaves out."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

from certclerk.core.dates import parse_date
from certclerk.core.errors import UserError
from certclerk.roster.cells import (
    BLANK,
    DAYS_1900_TO_1904,
    ERROR_TEXTS,
    KEPT_DIGITS,
    Cell,
    CellKind,
    Merge,
    Sheet,
    Workbook,
)
from certclerk.roster.marks import MOST_CELLS, MOST_SHEETS, Marks

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

# Of the 1900 system, as spreadsheets count; and its last one, 9999-12-31.
_DAY_0 = datetime.date(1899, 12, 30)
_LAST_DAY = 2_958_465


def read_spreadsheet(data: bytes, file: str, marks: tuple[Marks, ...]) -> Workbook:
    """``marks`` are its sheets', in their order. Raises UserError."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    if len(marks) > MOST_SHEETS:
        raise UserError("roster_too_many_sheets", file=file, count=len(marks), most=MOST_SHEETS)
    if sum(mark.height * mark.width for mark in marks) > MOST_CELLS:
        raise UserError("roster_sheets_too_big", file=file, most=MOST_CELLS // 10_000)
    with _calamine_failures(file), CalamineWorkbook.from_filelike(BytesIO(data)) as workbook:
        metadata = workbook.sheets_metadata
        if len(metadata) != len(marks):
            raise UserError("roster_damaged", file=file)
        sheets = tuple(
            _sheet(
                workbook.get_sheet_by_index(index),
                marks[index],
                file,
                hidden=about.visible != SheetVisibleEnum.Visible,
            )
            for index, about in enumerate(metadata)
            if about.typ == SheetTypeEnum.WorkSheet
        )
    if not sheets:
        raise UserError("roster_no_sheet", file=file)
    return Workbook(file, sheets)


@contextmanager
def _calamine_failures(file: str) -> Iterator[None]:
    """A panic in Rust arrives as an exception that is no Exception, of a module that cannot be imported."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError as error:
        raise UserError("roster_password", file=file) from error
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise UserError("roster_damaged", file=file) from error
    except BaseException as error:
        kind = type(error)
        if (kind.__module__, kind.__name__) != ("pyo3_runtime", "PanicException"):
            raise
        raise UserError("roster_damaged", file=file) from error


def _sheet(sheet: CalamineSheet, marks: Marks, file: str, *, hidden: bool) -> Sheet:
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), text in marks.errors.items():
        _put(rows, row, column, Cell(CellKind.ERROR, text))
    for (row, column), text in marks.texts.items():
        _put(rows, row, column, _cell(text))
    for places, dated in ((marks.days, _day), (marks.months, _month)):
        for row, column in places:
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = dated(rows[row][column], since_1904=marks.since_1904)
    merges = marks.merges
    if merges is None:
        ranges = sheet.merged_cell_ranges or ()
        merges = [Merge(top, left, bottom, right) for (top, left), (bottom, right) in ranges]
    if sum(min(merge.bottom + 1, len(rows)) - merge.top for merge in merges) > MOST_CELLS:
        # Merged ranges do not overlap, so there cannot be as much of them.
        raise UserError("roster_damaged", file=file)
    return Sheet(
        name=sheet.name,
        rows=tuple(map(tuple, rows)),
        hidden=hidden,
        merges=tuple(merges),
        since_1904=marks.since_1904,
    )


def _put(rows: list[list[Cell]], row: int, column: int, cell: Cell) -> None:
    while len(rows) <= row:
        rows.append([])
    rows[row].extend([BLANK] * (column + 1 - len(rows[row])))
    rows[row][column] = cell


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        if value in ERROR_TEXTS:
            return Cell(CellKind.ERROR, value)
        return Cell(CellKind.TEXT, value) if value.strip() else BLANK
    if isinstance(value, bool):
        return Cell(CellKind.BOOL, str(value).upper())
    if isinstance(value, int | float):
        return Cell(CellKind.NUMBER, _number(value))
    if isinstance(value, datetime.datetime):
        return Cell(CellKind.DATE, value.isoformat(" "))
    if isinstance(value, datetime.date):
        return Cell(CellKind.DATE, value.isoformat())
    return Cell(CellKind.TEXT, str(value))


def _number(value: int | float) -> str:
    """As the spreadsheet program shows it at most: 3, 2010.9, and zeros where digits are lost."""
    if not math.isfinite(value):
        return str(value)
    shown = f"{value:.{KEPT_DIGITS}g}"
    return f"{Decimal(shown):f}" if float(value).is_integer() else shown


def _day(cell: Cell, *, since_1904: bool) -> Cell:
    """A count of days as the date that it is shown as."""
    if cell.kind is not CellKind.NUMBER or not cell.text.isdecimal():
        return cell
    days = int(cell.text) + (DAYS_1900_TO_1904 if since_1904 else 0)
    if days > _LAST_DAY:
        return cell
    return Cell(CellKind.DATE, (_DAY_0 + datetime.timedelta(days=days)).isoformat())


def _month(cell: Cell, *, since_1904: bool) -> Cell:
    """Where only year and month are shown, the first of the month is the program's, not the clerk's.

    A date that a formula yields arrives as a count of days.
    """
    day = _day(cell, since_1904=since_1904)
    date = parse_date(day.text) if day.kind is CellKind.DATE else None
    return Cell(CellKind.DATE, date.iso[:-3]) if date and date.day == 1 else day
