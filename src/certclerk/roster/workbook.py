"""A table file, whatever it is called and whatever it really is, as a :class:`Workbook`."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from certclerk.core.dates import parse_date
from certclerk.core.errors import UserError
from certclerk.roster import compound, marks_xlsb
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
from certclerk.roster.decoding import decoded
from certclerk.roster.delimited import read_delimited
from certclerk.roster.marks import MOST_CELLS, Marks
from certclerk.roster.marks_ods import CONTENT, marks_of_ods
from certclerk.roster.marks_xls import marks_of_xls
from certclerk.roster.marks_xlsx import WORKBOOK, marks_of_xlsx
from certclerk.roster.packed import Packed, open_packed

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

# 10⁶ bytes.
MOST_FILE_MB = 100

# Of the 1900 system, as spreadsheets count; and its last one, 9999-12-31.
_DAY_0 = datetime.date(1899, 12, 30)
_LAST_DAY = 2_958_465

_TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
# What other files begin with, and what to call them.
_OTHERS = (
    (b"%PDF-", "PDF 文件"),
    (b"\xff\xd8\xff", "图片"),
    (b"\x89PNG", "图片"),
    (b"{\\rtf", "Word 文档（RTF）"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
)
_MARKUP = (("<html", "网页（HTML）"), ("<table", "网页（HTML）"), ("mso-application", "XML 2003 表格"))
_MARKUP_HEAD = 4096


def read_workbook(path: Path) -> Workbook:
    """The sheets of an .xlsx, .xlsb, .xls, .ods or text table. What a file is, its bytes decide, not its name.

    Raises UserError (``roster_…``) with a sentence naming the file for whatever cannot be read.
    """
    return parse_workbook(_bytes_of(path), path.name)


def parse_workbook(data: bytes, file: str) -> Workbook:
    """As :func:`read_workbook`, from bytes; touches no file, so that a child process can run it."""
    if not data:
        raise UserError("roster_empty", file=file)
    if data.startswith(b"PK\x03\x04"):
        packed = open_packed(data, file)
        return _read_spreadsheet(data, file, _marks_of_packed(packed))
    if data.startswith(compound.SIGNATURE):
        return _read_spreadsheet(data, file, _marks_of_compound(data, file))
    for signature, what in _OTHERS:
        if data.startswith(signature):
            raise UserError("roster_not_workbook", file=file, what=what)
    return _read_text(data, file)


def _bytes_of(path: Path) -> bytes:
    file = path.name
    try:
        if path.is_dir():
            raise UserError("roster_is_folder", file=file)
        with path.open("rb") as stream:
            data = stream.read(MOST_FILE_MB * 1_000_000 + 1)
            size = path.stat().st_size
    except FileNotFoundError as error:
        raise UserError("roster_missing", file=file) from error
    except PermissionError as error:
        raise UserError("roster_no_permission", file=file) from error
    except (OSError, ValueError) as error:
        raise UserError("roster_io", file=file, reason=getattr(error, "strerror", None) or error) from error
    if len(data) > MOST_FILE_MB * 1_000_000:
        raise UserError("roster_too_big", file=file, size=size // 1_000_000, most=MOST_FILE_MB)
    return data


def _read_text(data: bytes, file: str) -> Workbook:
    path = Path(file)
    expected = path.suffix.lower() in _TEXT_SUFFIXES
    try:
        text = decoded(data, file)
    except UserError as error:
        raise error if expected else UserError("roster_unknown", file=file) from error
    head = text[:_MARKUP_HEAD].lstrip().lower()
    if head.startswith("<"):
        what = next((what for sign, what in _MARKUP if sign in head), "XML 文件")
        raise UserError("roster_not_workbook", file=file, what=what)
    if not expected:
        raise UserError("roster_is_text", file=file)
    return Workbook(file, (read_delimited(text, file, path.stem),))


def _marks_of_packed(packed: Packed) -> tuple[Marks, ...]:
    if WORKBOOK in packed:
        return marks_of_xlsx(packed)
    if marks_xlsb.WORKBOOK in packed:
        return marks_xlsb.marks_of_xlsb(packed)
    if "word/document.xml" in packed:
        raise UserError("roster_not_workbook", file=packed.file, what="Word 文档")
    if CONTENT not in packed:
        raise UserError("roster_not_workbook", file=packed.file, what="压缩包")
    mimetype = b"".join(packed.chunks("mimetype")) if "mimetype" in packed else b""
    if mimetype and b"spreadsheet" not in mimetype:
        raise UserError("roster_not_workbook", file=packed.file, what="其他类型的 OpenDocument 文档")
    return marks_of_ods(packed)


def _marks_of_compound(data: bytes, file: str) -> tuple[Marks, ...]:
    try:
        streams = compound.streams(data)
    except compound.CompoundError as error:
        raise UserError("roster_damaged", file=file) from error
    if "EncryptedPackage" in streams:
        raise UserError("roster_password", file=file)
    for name in ("Workbook", "Book", "WORKBOOK", "BOOK"):
        if name in streams:
            return marks_of_xls(streams[name], file)
    what = "Word 文档" if "WordDocument" in streams else "其他程序的文件"
    raise UserError("roster_not_workbook", file=file, what=what)


def _read_spreadsheet(data: bytes, file: str, marks: tuple[Marks, ...]) -> Workbook:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

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


def _sheet(sheet: CalamineSheet, marks: Marks, *, hidden: bool) -> Sheet:
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
