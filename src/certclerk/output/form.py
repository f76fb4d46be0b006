"""The bureau's own form filled in: its looks, formulas and notes stay, and text stays text."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from typing import TYPE_CHECKING

from certclerk.core.column_widths import text_width
from certclerk.core.errors import UserError
from certclerk.core.form import SERIAL, UNIT, Form, annex_columns
from certclerk.core.names import without_spaces
from certclerk.core.notice import Annex, Notice
from certclerk.core.printed_table import CellValue, PrintedTable
from certclerk.output.cells import TEXT_FORMAT, file_bytes, put
from certclerk.output.form_facts import fill_facts
from certclerk.output.form_rows import Insertion, insert_rows
from certclerk.output.workbook import line_count, row_height

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

DEFAULT_WIDTH = 8.43
DEFAULT_SIZE = 11.0

# What begins a row that stands below a table and is none of it.
_BELOW = re.compile(
    r"\s*(合\s*计|总\s*计|小\s*计|注|备\s*注\s*[:：]|说\s*明|填\s*[表报]|审\s*核|单\s*位|负\s*责|经\s*办|制\s*表|校\s*长|领\s*导)"
)
# Cells of a row that show it to be an example to write over.
_EXAMPLE_CELLS = 3

# Rows times columns of the sheet to be filled, formatted emptiness included.
MOST_AREA = 5_000_000

# All that openpyxl lets through where a workbook is not as it should be.
_UNFILLABLE = (
    zipfile.BadZipFile,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zlib.error,
)


def filled_form(form: Form, table: PrintedTable, annex: Annex, notice: Notice, day: date) -> bytes:
    """``form`` with the rows and facts of ``table``, as an .xlsx; equal bytes for equal arguments.

    Raises UserError ``form_unfillable`` where its workbook is beyond us.
    """
    try:
        book = _load(form)
        sheet = book[form.mapping.sheet]
        keys = [key for key, _ in annex_columns(annex, notice)]
        rows = [dict(zip(keys, values, strict=True)) for values in table.grid.rows]
        fill = _fill_roster if annex.kind == "roster" else _fill_counts
        last = fill(book, sheet, form, rows, notice)
        outside = (*range(1, form.mapping.header_row), *range(last + 1, sheet.max_row + 1))
        fill_facts(sheet, table.head, notice, outside)
        return file_bytes(book, day, creator=book.properties.creator)
    except _UNFILLABLE as error:
        raise UserError(
            "form_unfillable", file=form.file_name, reason=f"{type(error).__name__}: {error}"
        ) from error


def form_differences(
    data: bytes, form: Form, table: PrintedTable, annex: Annex, notice: Notice
) -> tuple[str, ...]:
    """Where the filled form ``data``, read back, does not hold what ``table`` says: 工作表的单元格, each in words.

    Raises UserError ``form_unfillable`` where it cannot be read.
    """
    try:
        sheet = _load(Form(form.annex, form.file_name, form.mapping, data))[form.mapping.sheet]
        keys = [key for key, _ in annex_columns(annex, notice)]
        rows = [dict(zip(keys, values, strict=True)) for values in table.grid.rows]
        expected = (
            _roster_cells(form, rows) if annex.kind == "roster" else _counts_cells(sheet, form, rows, notice)
        )
        return tuple(
            f"{sheet.cell(row, column).coordinate}应为“{wanted}”，读到“{read}”"
            for row, column, wanted in expected
            if (read := _shown(sheet.cell(row, column).value)) != str(wanted)
        )
    except _UNFILLABLE as error:
        raise UserError(
            "form_unfillable", file=form.file_name, reason=f"{type(error).__name__}: {error}"
        ) from error


def _load(form: Form) -> Workbook:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(form.data), rich_text=True)
    sheet = book[form.mapping.sheet]
    if sheet.max_row * sheet.max_column > MOST_AREA:
        raise ValueError(f"{sheet.max_row} × {sheet.max_column}")
    return book


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _own_units(notice: Notice, unit: str) -> frozenset[str]:
    """Every name that means ``unit``, without spaces."""
    listed = notice.unit(unit)
    names = (listed.name, *listed.aliases) if listed else (unit,)
    return frozenset(map(without_spaces, names))


# ---- the roster: one row after another ---------------------------------------------------------


def _fill_roster(
    book: Workbook, sheet: Worksheet, form: Form, rows: Sequence[Mapping[str, CellValue]], _notice: Notice
) -> int:
    """Returns the table's last row."""
    columns = dict(form.mapping.columns)
    first = form.mapping.first_row
    last = _room(sheet, form)
    template = first if last >= first else first - 1
    missing = len(rows) - (last - first + 1)
    if missing > 0:
        insert_rows(book, Insertion(sheet.title, max(last, first - 1), missing))
    width = sheet.max_column
    _clear(sheet, columns, first, last)
    looks = [copy(sheet.cell(template, column)._style) for column in range(1, width + 1)]
    height = sheet.row_dimensions[template].height
    writer = _Writer(sheet)
    for row in range(last + 1, first + len(rows)):
        for column in range(1, width + 1):
            sheet.cell(row, column)._style = looks[column - 1]
            if template >= first:
                _copy_formula(sheet.cell(template, column), sheet.cell(row, column))
        sheet.row_dimensions[row].height = height
    for row, values in enumerate(rows, start=first):
        writer.write_row(row, {column + 1: values[key] for column, key in columns.items()})
    return max(last, first + len(rows) - 1)


def _room(sheet: Worksheet, form: Form) -> int:
    """The last of the form's rows for data; the one above the first where there are none."""
    columns = dict(form.mapping.columns)
    row = form.mapping.first_row
    framed = _is_framed(sheet, row, columns)
    while row <= sheet.max_row and _is_room(sheet, row, columns, framed=framed):
        row += 1
    return row - 1


def _is_room(sheet: Worksheet, row: int, columns: Mapping[int, str], *, framed: bool) -> bool:
    mapped = [column + 1 for column in columns]
    for merged in sheet.merged_cells.ranges:
        across = sum(merged.min_col <= column <= merged.max_col for column in mapped)
        if merged.min_row <= row <= merged.max_row and across > 1:
            return False
    serials = {column + 1 for column, key in columns.items() if key == SERIAL}
    texts = [
        (cell.column, str(cell.value))
        for cell in sheet[row]
        if cell.value is not None
        and cell.data_type != "f"
        and not (cell.column in serials and _is_count(cell))
    ]
    if not texts:
        return not framed or _is_framed(sheet, row, columns)
    example = sum(column in mapped for column, _ in texts) >= _EXAMPLE_CELLS
    return example and not any(_BELOW.match(text) for _, text in texts[:2])


def _is_count(cell: Cell) -> bool:
    return str(cell.value).strip().isdecimal()


def _is_framed(sheet: Worksheet, row: int, columns: Mapping[int, str]) -> bool:
    borders = (sheet.cell(row, column + 1).border for column in columns)
    return any(
        side is not None and side.style
        for border in borders
        for side in (border.left, border.right, border.bottom)
    )


def _clear(sheet: Worksheet, columns: Mapping[int, str], first: int, last: int) -> None:
    """Examples go; numbers printed beforehand and formulas stay."""
    serials = {column + 1 for column, key in columns.items() if key == SERIAL}
    for row in sheet.iter_rows(min_row=first, max_row=last):
        for cell in row:
            if cell.column not in serials and cell.data_type != "f" and cell.value is not None:
                cell.value = None


def _copy_formula(source: Cell, target: Cell) -> None:
    from openpyxl.formula.translate import Translator

    if source.data_type == "f" and isinstance(source.value, str):
        target.value = Translator(source.value, source.coordinate).translate_formula(target.coordinate)


def _roster_cells(
    form: Form, rows: Sequence[Mapping[str, CellValue]]
) -> Iterator[tuple[int, int, CellValue]]:
    for row, values in enumerate(rows, start=form.mapping.first_row):
        for column, key in form.mapping.columns:
            yield row, column + 1, values[key]


# ---- the counts: the own unit's row ------------------------------------------------------------


def _fill_counts(
    book: Workbook, sheet: Worksheet, form: Form, rows: Sequence[Mapping[str, CellValue]], notice: Notice
) -> int:
    """Returns the table's last row."""
    columns = dict(form.mapping.columns)
    own = _own_row(rows)
    first = form.mapping.first_row
    unit_column = next(column + 1 for column, key in columns.items() if key == UNIT)
    names = _own_units(notice, str(own[UNIT]))
    last = _last_unit(sheet, first, unit_column)
    row = _row_of(sheet, names, unit_column, first)
    values = {column + 1: own[key] for column, key in columns.items() if key not in (SERIAL, UNIT)}
    if row is None:
        row = last + 1
        if not _is_room(sheet, row, columns, framed=_is_framed(sheet, first, columns)) or row > sheet.max_row:
            insert_rows(book, Insertion(sheet.title, last, 1))
            template = max(last, first - 1)
            for column in range(1, sheet.max_column + 1):
                sheet.cell(row, column)._style = copy(sheet.cell(template, column)._style)
                _copy_formula(sheet.cell(template, column), sheet.cell(row, column))
            sheet.row_dimensions[row].height = sheet.row_dimensions[template].height
        values[unit_column] = own[UNIT]
        for column in (column + 1 for column, key in columns.items() if key == SERIAL):
            values[column] = row - first + 1
        last = row
    _Writer(sheet).write_row(row, values)
    return last


def _own_row(rows: Sequence[Mapping[str, CellValue]]) -> Mapping[str, CellValue]:
    """The one row of the counts that is filled."""
    return next(
        row for row in rows if any(value != "" for key, value in row.items() if key not in (SERIAL, UNIT))
    )


def _last_unit(sheet: Worksheet, first: int, column: int) -> int:
    row = first
    while row <= sheet.max_row:
        text = _shown(sheet.cell(row, column).value)
        line = "".join(_shown(cell.value) for cell in sheet[row][:column])
        if not text.strip() or _BELOW.match(text) or _BELOW.match(line):
            break
        row += 1
    return row - 1


def _row_of(sheet: Worksheet, names: frozenset[str], column: int, first: int) -> int | None:
    return next(
        (
            row
            for row in range(first, sheet.max_row + 1)
            if without_spaces(_shown(sheet.cell(row, column).value)) in names
        ),
        None,
    )


def _counts_cells(
    sheet: Worksheet, form: Form, rows: Sequence[Mapping[str, CellValue]], notice: Notice
) -> Iterator[tuple[int, int, CellValue]]:
    own = _own_row(rows)
    columns = dict(form.mapping.columns)
    unit_column = next(column + 1 for column, key in columns.items() if key == UNIT)
    row = _row_of(sheet, _own_units(notice, str(own[UNIT])), unit_column, form.mapping.first_row)
    if row is None:
        # Nowhere: the first row is where it is missed.
        yield form.mapping.first_row, unit_column, own[UNIT]
        return
    for column, key in columns.items():
        if key not in (SERIAL, UNIT):
            yield row, column + 1, own[key]


# ---- one row -----------------------------------------------------------------------------------


class _Writer:
    """Values into cells as they look; a text that has no room wraps, and its row grows."""

    def __init__(self, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._widths = _widths(sheet)
        self._text_looks: dict[tuple[tuple[int, ...], bool], object] = {}

    def write_row(self, row: int, values: Mapping[int, CellValue]) -> None:
        sheet = self._sheet
        needed = 0.0
        for column, value in values.items():
            cell = sheet.cell(row, column)
            if isinstance(value, int):
                put(cell, value, cell._style)
                continue
            width = self._widths.get(column, DEFAULT_WIDTH)
            size = cell.font.sz or DEFAULT_SIZE
            long = text_width(value) > width * DEFAULT_SIZE / size - 1
            cell._style = self._text_look(cell, wrapped=long)
            cell.value = None
            put(cell, value, cell._style)
            if long:
                needed = max(needed, row_height(line_count(value, width, size), size))
        height = sheet.row_dimensions[row].height
        if height is not None and needed > height:
            sheet.row_dimensions[row].height = needed

    def _text_look(self, cell: Cell, *, wrapped: bool) -> object:
        """The cell's own, as text, wrapping where it must; made once for all cells that share it."""
        key = (tuple(cell._style), wrapped)
        if key not in self._text_looks:
            cell.number_format = TEXT_FORMAT
            if wrapped and not cell.alignment.wrap_text:
                alignment = copy(cell.alignment)
                alignment.wrap_text = True
                cell.alignment = alignment
            self._text_looks[key] = copy(cell._style)
        return self._text_looks[key]


def _widths(sheet: Worksheet) -> dict[int, float]:
    """In characters, by column from 1; where it is set."""
    widths: dict[int, float] = {}
    for dimension in sheet.column_dimensions.values():
        dimension.reindex()
        if dimension.width:
            for column in range(dimension.min or 1, min(dimension.max or 1, sheet.max_column) + 1):
                widths[column] = dimension.width
    return widths
