"""A printed table as a workbook: text that stays text, set up to be printed, sealed and handed in."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from certclerk.core.column_widths import text_width
from certclerk.core.printed_table import FACTS_PER_LINE, PrintedTable, fact_lines, is_sealed
from certclerk.output.cells import NUMBER_FORMAT, box, file_bytes, put, sheet_name, style

if TYPE_CHECKING:
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

# Fonts by the names that Windows and WPS know; where one is missing they put their own in its place.
LABEL_FONT = ("黑体", 16.0)
TITLE_FONT = ("方正小标宋简体", 22.0)
FACT_FONT = ("仿宋", 16.0)
HEAD_FONT = ("黑体", 10.5)
CELL_FONT = ("仿宋", 10.5)
FOOT_FONT = ("仿宋", 12.0)

# Points: a character of column width, what a cell keeps free beside its text, what a row adds to its lines,
# what a workbook allows, a seal's half.
CHARACTER_WIDTH = 5.25
CELL_PADDING = 4.0
LINE_SPACING = 1.35
ROW_PADDING = 8.0
HIGHEST_ROW = 409.0
# Sizes of type for a text that a row of the highest cannot hold in the usual one.
SMALL_SIZES = (9.0, 7.5, 6.0, 4.5)
SEAL_ROW = 56.0

PAPER_A4 = 9
FOOTER = "第 &P 页，共 &N 页"
MARGIN_INCHES = 0.6
BOTTOM_INCHES = 0.8


def workbook_bytes(table: PrintedTable, day: date) -> bytes:
    """``table`` as an .xlsx file; equal bytes for an equal table and ``day``."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = sheet_name(table.label or table.title)
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
    return file_bytes(book, day)


class _Styles:
    """Each look once, for cells to share."""

    def __init__(self, sheet: Worksheet) -> None:
        scratch, lines = sheet.cell(1, 1), box()
        self.label = style(scratch, LABEL_FONT, "left")
        self.title = style(scratch, TITLE_FONT, "center")
        self.fact = style(scratch, FACT_FONT, "left")
        self.foot = style(scratch, FOOT_FONT, "left")
        self.head = style(scratch, HEAD_FONT, "center", lines)
        self.left = style(scratch, CELL_FONT, "left", lines)
        self.text = style(scratch, CELL_FONT, "center", lines)
        self.number = style(scratch, CELL_FONT, "center", lines, NUMBER_FORMAT)
        # For texts that are too long even for the highest row there can be.
        self.small = {size: style(scratch, (CELL_FONT[0], size), "left", lines) for size in SMALL_SIZES}


def _set_up(sheet: Worksheet, table: PrintedTable) -> None:
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


def _write_top(sheet: Worksheet, table: PrintedTable, styles: _Styles) -> int:
    """Label, title and facts; returns the row below them."""
    columns = len(table.grid.widths)
    row = 1
    if table.label:
        _write_line(sheet, row, [((1, columns), table.label)], styles.label, table, LABEL_FONT[1])
        row += 1
    _write_line(sheet, row, [((1, columns), table.title)], styles.title, table, TITLE_FONT[1])
    row += 1
    for line in _fitting_lines(table):
        texts = [f"{label}：{value}" for label, value in line]
        spans = _shares(table.grid.widths, len(texts))
        _write_line(sheet, row, list(zip(spans, texts, strict=True)), styles.fact, table, FACT_FONT[1])
        if any(is_sealed(label) for label, _ in line):
            height = sheet.row_dimensions[row].height
            sheet.row_dimensions[row].height = max(height, SEAL_ROW)
        row += 1
    return row


def _fitting_lines(table: PrintedTable) -> tuple[tuple[tuple[str, str], ...], ...]:
    """As many facts beside one another as stay on one line: a column may be too narrow for one."""
    widths = table.grid.widths
    for per_line in range(min(FACTS_PER_LINE, len(widths)), 1, -1):
        lines = fact_lines(table.head, per_line)
        if all(
            line_count(f"{label}：{value}", sum(widths[first - 1 : last]), FACT_FONT[1]) == 1
            for line in lines
            if len(line) > 1
            for (label, value), (first, last) in zip(line, _shares(widths, len(line)), strict=True)
        ):
            return lines
    return fact_lines(table.head, 1)


def _write_line(
    sheet: Worksheet,
    row: int,
    parts: Sequence[tuple[tuple[int, int], str]],
    style: StyleArray,
    table: PrintedTable,
    size: float,
) -> None:
    """One row of merged cells, ``parts`` being (first and last column, text), as high as its text needs."""
    lines = 1
    for (first, last), text in parts:
        put(sheet.cell(row, first), text, style)
        if last > first:
            sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
        lines = max(lines, line_count(text, sum(table.grid.widths[first - 1 : last]), size))
    sheet.row_dimensions[row].height = row_height(lines, size)


def _shares(widths: Sequence[float], count: int) -> list[tuple[int, int]]:
    """First and last column (from 1) of ``count`` neighbours of about the same width."""
    ends: list[int] = []
    for part in range(1, count):
        wanted = sum(widths) * part / count
        least, most = (ends[-1] if ends else 0) + 1, len(widths) - (count - part)
        ends.append(min(range(least, most + 1), key=lambda end: abs(sum(widths[:end]) - wanted)))
    return list(zip([1, *(end + 1 for end in ends)], [*ends, len(widths)], strict=True))


def _write_head(sheet: Worksheet, table: PrintedTable, styles: _Styles, top: int) -> int:
    grid = table.grid
    for row in range(top, top + grid.head_rows):
        for column in range(1, len(grid.widths) + 1):
            sheet.cell(row, column)._style = styles.head
        sheet.row_dimensions[row].height = row_height(1, HEAD_FONT[1])
    for cell in grid.columns:
        first_row, first_column = top + cell.row, 1 + cell.column
        put(sheet.cell(first_row, first_column), cell.text, styles.head)
        if cell.rows > 1 or cell.columns > 1:
            sheet.merge_cells(
                start_row=first_row,
                end_row=first_row + cell.rows - 1,
                start_column=first_column,
                end_column=first_column + cell.columns - 1,
            )
        width = sum(grid.widths[cell.column : cell.column + cell.columns])
        height = row_height(line_count(cell.text, width, HEAD_FONT[1]), HEAD_FONT[1]) / cell.rows
        for row in range(first_row, first_row + cell.rows):
            sheet.row_dimensions[row].height = max(sheet.row_dimensions[row].height, height)
    return top + grid.head_rows


def _write_rows(sheet: Worksheet, table: PrintedTable, styles: _Styles, top: int) -> int:
    grid, size = table.grid, CELL_FONT[1]
    texts = [styles.left if column in grid.left else styles.text for column in range(len(grid.widths))]
    for row, values in enumerate(grid.rows, start=top):
        lines = grid.least_lines
        for column, value in enumerate(values):
            look = styles.number if isinstance(value, int) else texts[column]
            needed = line_count(str(value), grid.widths[column], size)
            if row_height(needed, size) == HIGHEST_ROW:
                look = styles.small[_fitting_size(str(value), grid.widths[column])]
            put(sheet.cell(row, column + 1), value, look)
            lines = max(lines, needed)
        sheet.row_dimensions[row].height = row_height(lines, size)
    return top + len(table.grid.rows)


def _fitting_size(text: str, width: float) -> float:
    fitting = (size for size in SMALL_SIZES if row_height(line_count(text, width, size), size) < HIGHEST_ROW)
    return next(fitting, SMALL_SIZES[-1])


def line_count(text: str, width: float, size: float) -> int:
    """How many lines ``text`` takes in a column of ``width`` characters, set in ``size`` points."""
    room = max(width * CHARACTER_WIDTH - CELL_PADDING, size)
    # A broken line may end a character early, since none begins with a full stop.
    broken = max(room - size, size)
    lines = 0
    for line in text.split("\n"):
        points = text_width(line) * size / 2
        lines += 1 if points <= room else math.ceil(points / broken)
    return lines


def row_height(lines: int, size: float) -> float:
    """Points for ``lines`` of ``size`` points, as high as a workbook allows."""
    return min(lines * size * LINE_SPACING + ROW_PADDING, HIGHEST_ROW)
