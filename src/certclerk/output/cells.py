"""What every workbook of ours is made of: cells whose text stays text, shared looks, files without a clock."""

from __future__ import annotations

import io
import re
import zipfile
from copy import copy
from datetime import date, datetime
from typing import TYPE_CHECKING

from certclerk.core.printed_table import CellValue

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.styles import Border
    from openpyxl.styles.cell_style import StyleArray

CHINESE_CHARSET = 134
TEXT_FORMAT = "@"
NUMBER_FORMAT = "0"
SHEET_NAME_LENGTH = 31

_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Workbooks write characters by their code so: what only looks like that has its own underscore written so.
_LIKE_A_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_UNDERSCORE = "_x005F_"
_PROGRAM = "certclerk"


def put(cell: Cell, value: CellValue, look: StyleArray) -> None:
    """Text as text, whatever it begins with; what no workbook can hold is left out of it."""
    cell._style = look
    if isinstance(value, int):
        cell.value = value
    elif value:
        cell.value = _LIKE_A_CODE.sub(_UNDERSCORE, _NOT_IN_XML.sub("", value))
        cell.data_type = "s"


def style(
    scratch: Cell,
    font: tuple[str, float],
    across: str,
    border: Border | None = None,
    number_format: str = TEXT_FORMAT,
) -> StyleArray:
    """A look as the array that cells share (building it per cell is four times slower), tried on ``scratch``."""
    from openpyxl.styles import Alignment, Font

    name, size = font
    scratch.font = Font(name=name, size=size, charset=CHINESE_CHARSET)
    framed_left = border is not None and across == "left"
    scratch.alignment = Alignment(
        horizontal=across, vertical="center", wrap_text=True, indent=int(framed_left)
    )
    if border is not None:
        scratch.border = border
    scratch.number_format = number_format
    return copy(scratch._style)


def box() -> Border:
    """A thin line all round."""
    from openpyxl.styles import Border, Side

    side = Side(style="thin")
    return Border(left=side, right=side, top=side, bottom=side)


def sheet_name(text: str) -> str:
    return _NOT_IN_SHEET_NAMES.sub("", text)[:SHEET_NAME_LENGTH] or "Sheet1"


def file_bytes(book: Workbook, day: date, creator: str | None = _PROGRAM) -> bytes:
    """The file of ``book`` with ``day`` for every time in it, since openpyxl writes the present."""
    from openpyxl.writer.excel import ExcelWriter

    moment = datetime(day.year, day.month, day.day)
    book.properties.creator = creator
    book.properties.created = book.properties.modified = moment
    drafted = io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(drafted, "w", zipfile.ZIP_STORED)).save()
    fixed = io.BytesIO()
    with zipfile.ZipFile(drafted) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (moment.year, moment.month, moment.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return fixed.getvalue()
