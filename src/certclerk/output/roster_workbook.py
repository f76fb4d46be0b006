"""The roster as a workbook to go on typing in: text columns, drop-downs, a sheet that says how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from certclerk.core.fields import title
from certclerk.core.roster_sheet import COLUMNS, WIDTHS
from certclerk.output.cells import box, file_bytes, put, style

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

# Above the first teacher.
HEAD_ROWS = 1
ROSTER_SHEET = "名册"
GUIDE_SHEET = "填写说明"
CHOICES_TITLE = "可选的内容"
CELL_FONT = ("宋体", 11.0)
HEAD_FONT = ("黑体", 11.0)
HEAD_HEIGHT = 24.0
HEAD_GROUND = "DFECFA"
GUIDE_WIDTH = 96.0
CHOICE_WIDTH = 28.0
# Rows below the last that still offer the drop-downs.
SPARE_ROWS = 2000
# A cell may hold something else too: a doubt is for the clerk to settle, not for the sheet to refuse.
STRICT = ("sex",)


def roster_workbook(
    rows: Iterable[Sequence[str]], choices: Mapping[str, Sequence[str]], guide: Sequence[str], day: date
) -> bytes:
    """An .xlsx of ``rows`` below the titles of :data:`COLUMNS`; without rows a template to be filled in.

    Equal bytes for equal arguments.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet, guiding = book.active, book.create_sheet(GUIDE_SHEET)
    sheet.title = ROSTER_SHEET
    text = style(sheet.cell(1, 1), CELL_FONT, "left", box())
    _write_head(sheet)
    last = HEAD_ROWS
    for last, values in enumerate(rows, start=HEAD_ROWS + 1):
        for column, value in enumerate(values, start=1):
            put(sheet.cell(last, column), value, text)
    for field, offered in _write_guide(guiding, guide, choices).items():
        _offer(sheet, field, offered, last + SPARE_ROWS)
    return file_bytes(book, day)


def _write_head(sheet: Worksheet) -> None:
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter

    head = style(sheet.cell(1, 1), HEAD_FONT, "center", box())
    ground = PatternFill("solid", fgColor=HEAD_GROUND)
    for number, column in enumerate(COLUMNS, start=1):
        whole = sheet.column_dimensions[get_column_letter(number)]
        whole.width = WIDTHS[column]
        style(whole, CELL_FONT, "left")
        put(sheet.cell(1, number), title(column), head)
        sheet.cell(1, number).fill = ground
    sheet.row_dimensions[1].height = HEAD_HEIGHT
    sheet.freeze_panes = sheet.cell(2, COLUMNS.index("name") + 2)
    sheet.print_title_rows = "1:1"
    _fit(sheet)


def _fit(sheet: Worksheet) -> None:
    """One A4 page wide, should it be printed."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _write_guide(
    sheet: Worksheet, guide: Sequence[str], choices: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Returns where the choices of each column stand, as a formula has it."""
    from openpyxl.utils import get_column_letter

    head = style(sheet.cell(1, 1), HEAD_FONT, "left")
    text = style(sheet.cell(1, 1), CELL_FONT, "left")
    sheet.column_dimensions["A"].width = GUIDE_WIDTH
    sheet.row_dimensions[1].height = HEAD_HEIGHT
    _fit(sheet)
    put(sheet.cell(1, 1), GUIDE_SHEET, head)
    for row, line in enumerate(guide, start=2):
        put(sheet.cell(row, 1), line, text)
    ranges: dict[str, str] = {}
    for number, (column, offered) in enumerate(choices.items(), start=3):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = CHOICE_WIDTH
        put(sheet.cell(1, number), f"{title(column)}：{CHOICES_TITLE}", head)
        for row, choice in enumerate(offered, start=2):
            put(sheet.cell(row, number), choice, text)
        ranges[column] = f"'{GUIDE_SHEET}'!${letter}$2:${letter}${len(offered) + 1}"
    return ranges


def _offer(sheet: Worksheet, column: str, choices: str, last: int) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    offer = DataValidation("list", formula1=choices, allow_blank=True)
    offer.showErrorMessage = column in STRICT
    offer.errorTitle, offer.error = title(column), "请从列表中选择。"
    letter = get_column_letter(COLUMNS.index(column) + 1)
    offer.add(f"{letter}2:{letter}{last}")
    sheet.add_data_validation(offer)
