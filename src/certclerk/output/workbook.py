"""An annex as a workbook: text that stays text, set up to be printed, sealed and handed in."""

from __future__ import annotations

import io
import math
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from certclerk.core.annexes import AnnexTable, CellValue, fact_lines, is_sealed

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

# Fonts by the names that Windows and WPS know; where one is missing they put their own in its place.
LABEL_FONT = ("黑体", 16.0)
TITLE_FONT = ("方正小标宋简体", 22.0)
FACT_FONT = ("仿宋", 16.0)
HEAD_FONT = ("黑体", 10.5)
CELL_FONT = ("仿宋", 10.5)
FOOT_FONT = ("仿宋", 12.0)
CHINESE_CHARSET = 134

# Points: a character of column width, what a row adds to its lines, what a workbook allows, a seal's half.
CHARACTER_WIDTH = 5.25
LINE_SPACING = 1.35
ROW_PADDING = 8.0
HIGHEST_ROW = 409.0
SEAL_ROW = 56.0

TEXT_FORMAT = "@"
NUMBER_FORMAT = "0"
PAPER_A4 = 9
FOOTER = "第 &P 页，共 &N 页"
MARGIN_INCHES = 0.6
BOTTOM_INCHES = 0.8
SHEET_NAME_LENGTH = 31

_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_PROGRAM = "certclerk"


def workbook_bytes(table: AnnexTable, day: date) -> bytes:
    """``table`` as an .xlsx file; equal bytes for an equal table and ``day``."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = _sheet_name(table.label or table.title)
    styles = _Styles(sheet)
    _set_up(sheet, table)
    row = _write_top(sheet, table, styles)
    head_row = row
    row = _write_head(sheet, table, styles, row)
    sheet.freeze_panes = sheet.cell(row, 1)
    sheet.print_title_rows = f"{head_row}:{row - 1}"
    row = _write_rows(sheet, table, styles, row)
    if table.foot:
        _write_line(sheet, row, [((1, len(table.grid.widths)), table.foot)], styles.foot, table, FOOT_FONT[1])
        row += 1
    sheet.print_area = f"A1:{sheet.cell(row - 1, len(table.grid.widths)).coordinate}"
    return _fixed(book, datetime(day.year, day.month, day.day))


class _Styles:
    """Each look once, as the style array that cells share: building it per cell is four times slower."""

    def __init__(self, sheet: Worksheet) -> None:
        from openpyxl.styles import Border, Side

        side = Side(style="thin")
        box = Border(left=side, right=side, top=side, bottom=side)
        self._scratch = sheet.cell(1, 1)
        self.label = self._style(LABEL_FONT, "left")
        self.title = self._style(TITLE_FONT, "center")
        self.fact = self._style(FACT_FONT, "left")
        self.foot = self._style(FOOT_FONT, "left")
        self.head = self._style(HEAD_FONT, "center", border=box)
        self.text = self._style(CELL_FONT, "center", border=box)
        self.number = self._style(CELL_FONT, "center", border=box, number_format=NUMBER_FORMAT)

    def _style(
        self, font: tuple[str, float], across: str, *, border: Any = None, number_format: str = TEXT_FORMAT
    ) -> StyleArray:
        from copy import copy

        from openpyxl.styles import Alignment, Font

        name, size = font
        self._scratch.font = Font(name=name, size=size, charset=CHINESE_CHARSET)
        self._scratch.alignment = Alignment(horizontal=across, vertical="center", wrap_text=True)
        if border is not None:
            self._scratch.border = border
        self._scratch.number_format = number_format
        return copy(self._scratch._style)


def _set_up(sheet: Worksheet, table: AnnexTable) -> None:
    from openpyxl.utils import get_column_letter

    for number, width in enumerate(table.grid.widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.page_setup.paperSize = PAPER_A4
    sheet.page_setup.orientation = "landscape" if table.landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = FOOTER
    for edge in ("left", "right", "top"):
        setattr(sheet.page_margins, edge, MARGIN_INCHES)
    sheet.page_margins.bottom = BOTTOM_INCHES
    sheet.page_margins.footer = MARGIN_INCHES / 2


def _write_top(sheet: Worksheet, table: AnnexTable, styles: _Styles) -> int:
    """Label, title and facts; returns the row below them."""
    columns = len(table.grid.widths)
    row = 1
    if table.label:
        _write_line(sheet, row, [((1, columns), table.label)], styles.label, table, LABEL_FONT[1])
        row += 1
    _write_line(sheet, row, [((1, columns), table.title)], styles.title, table, TITLE_FONT[1])
    row += 1
    for line in fact_lines(table.head, min(3, columns)):
        texts = [f"{label}：{value}" for label, value in line]
        spans = _shares(table.grid.widths, len(texts))
        _write_line(sheet, row, list(zip(spans, texts, strict=True)), styles.fact, table, FACT_FONT[1])
        if any(is_sealed(label) for label, _ in line):
            height = sheet.row_dimensions[row].height
            sheet.row_dimensions[row].height = max(height, SEAL_ROW)
        row += 1
    return row


def _write_line(
    sheet: Worksheet,
    row: int,
    parts: Sequence[tuple[tuple[int, int], str]],
    style: StyleArray,
    table: AnnexTable,
    size: float,
) -> None:
    """One row of merged cells, ``parts`` being (first and last column, text), as high as its text needs."""
    lines = 1
    for (first, last), text in parts:
        _put(sheet.cell(row, first), text, style)
        if last > first:
            sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
        lines = max(lines, _lines(text, sum(table.grid.widths[first - 1 : last]), size))
    sheet.row_dimensions[row].height = _height(lines, size)


def _shares(widths: Sequence[float], count: int) -> list[tuple[int, int]]:
    """First and last column (from 1) of ``count`` neighbours of about the same width."""
    ends: list[int] = []
    for part in range(1, count):
        wanted = sum(widths) * part / count
        least, most = (ends[-1] if ends else 0) + 1, len(widths) - (count - part)
        ends.append(min(range(least, most + 1), key=lambda end: abs(sum(widths[:end]) - wanted)))
    return list(zip([1, *(end + 1 for end in ends)], [*ends, len(widths)], strict=True))


def _write_head(sheet: Worksheet, table: AnnexTable, styles: _Styles, top: int) -> int:
    grid = table.grid
    for row in range(top, top + grid.head_rows):
        for column in range(1, len(grid.widths) + 1):
            sheet.cell(row, column)._style = styles.head
        sheet.row_dimensions[row].height = _height(1, HEAD_FONT[1])
    for cell in grid.columns:
        first_row, first_column = top + cell.row, 1 + cell.column
        _put(sheet.cell(first_row, first_column), cell.text, styles.head)
        if cell.rows > 1 or cell.columns > 1:
            sheet.merge_cells(
                start_row=first_row,
                end_row=first_row + cell.rows - 1,
                start_column=first_column,
                end_column=first_column + cell.columns - 1,
            )
        width = sum(grid.widths[cell.column : cell.column + cell.columns])
        height = _height(_lines(cell.text, width, HEAD_FONT[1]), HEAD_FONT[1]) / cell.rows
        for row in range(first_row, first_row + cell.rows):
            sheet.row_dimensions[row].height = max(sheet.row_dimensions[row].height, height)
    return top + grid.head_rows


def _write_rows(sheet: Worksheet, table: AnnexTable, styles: _Styles, top: int) -> int:
    widths = table.grid.widths
    size = CELL_FONT[1]
    for row, values in enumerate(table.grid.rows, start=top):
        lines = 1
        for column, value in enumerate(values, start=1):
            _put(sheet.cell(row, column), value, styles.number if isinstance(value, int) else styles.text)
            lines = max(lines, _lines(str(value), widths[column - 1], size))
        sheet.row_dimensions[row].height = _height(lines, size)
    return top + len(table.grid.rows)


def _put(cell: Cell, value: CellValue, style: StyleArray) -> None:
    cell._style = style
    if isinstance(value, int):
        cell.value = value
    elif value:
        cell.value = _NOT_IN_XML.sub("", value)
        cell.data_type = "s"


def _lines(text: str, width: float, size: float) -> int:
    """How many lines ``text`` takes in a column of ``width`` characters, set in ``size`` points."""
    room = max(width * CHARACTER_WIDTH, size)
    return sum(max(1, math.ceil(_points(line, size) / room)) for line in text.split("\n"))


def _points(text: str, size: float) -> float:
    wide = sum(unicodedata.east_asian_width(char) in "WFA" for char in text)
    return (wide + (len(text) - wide) / 2) * size


def _height(lines: int, size: float) -> float:
    return min(lines * size * LINE_SPACING + ROW_PADDING, HIGHEST_ROW)


def _sheet_name(text: str) -> str:
    return _NOT_IN_SHEET_NAMES.sub("", text)[:SHEET_NAME_LENGTH] or "Sheet1"


def _fixed(book: Workbook, moment: datetime) -> bytes:
    """The file of ``book`` with ``moment`` for every time in it, since openpyxl writes the present."""
    from openpyxl.writer.excel import ExcelWriter

    book.properties.creator = _PROGRAM
    book.properties.created = book.properties.modified = moment
    drafted = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(drafted, "w", zipfile.ZIP_DEFLATED)).save()
    fixed = io.BytesIO()
    with zipfile.ZipFile(drafted) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (moment.year, moment.month, moment.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return fixed.getvalue()
