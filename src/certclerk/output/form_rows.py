"""Rows put into the middle of a sheet: whatever stands below, or reaches over them, goes along."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.cell_range import CellRange
    from openpyxl.worksheet.worksheet import Worksheet

_CORNER = re.compile(r"(\$?(?:[A-Za-z]{1,3})?\$?)([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Insertion:
    """``count`` rows below row ``after``, the last one of a table: what ends there reaches over them."""

    sheet: str
    after: int
    count: int

    def start(self, row: int) -> int:
        return row + self.count if row > self.after else row

    def end(self, row: int) -> int:
        return row + self.count if row >= self.after else row


def insert_rows(book: Workbook, insertion: Insertion) -> None:
    """openpyxl's own moves cells alone, and leaves merges, heights, formulas and print areas behind."""
    sheet = book[insertion.sheet]
    heights = {
        row: sheet.row_dimensions.pop(row) for row in sorted(sheet.row_dimensions) if row > insertion.after
    }
    if sheet.max_row > insertion.after:
        below = f"A{insertion.after + 1}:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
        sheet.move_range(below, rows=insertion.count)
    for row, dimension in heights.items():
        dimension.index = row + insertion.count
        sheet.row_dimensions[dimension.index] = dimension
    _move_ranges(sheet.merged_cells.ranges, insertion)
    for validation in sheet.data_validations.dataValidation:
        _move_ranges(validation.sqref.ranges, insertion)
    _move_conditional_formats(sheet, insertion)
    for mark in sheet.row_breaks.brk:
        mark.id = insertion.start(mark.id)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = _moved_reference(sheet.auto_filter.ref, insertion)
    if sheet.print_area:
        areas = [area.rpartition("!")[2] for area in str(sheet.print_area).split(",")]
        sheet.print_area = ",".join(_moved_reference(area, insertion) for area in areas)
    _move_links(sheet, insertion)
    for other in book.worksheets:
        _move_formulas(other, insertion)


def _move_ranges(ranges: Iterable[CellRange], insertion: Insertion) -> None:
    for each in ranges:
        # The end first: a range may not end above its start.
        each.max_row = (
            insertion.end(each.max_row) if each.min_row <= insertion.after else each.max_row + insertion.count
        )
        each.min_row = insertion.start(each.min_row)


def _move_conditional_formats(sheet: Worksheet, insertion: Insertion) -> None:
    from openpyxl.formatting.formatting import ConditionalFormattingList

    moved = ConditionalFormattingList()
    for each in sheet.conditional_formatting:
        where = " ".join(_moved_reference(part, insertion) for part in str(each.sqref).split())
        for rule in each.rules:
            moved.add(where, rule)
    sheet.conditional_formatting = moved


def _move_links(sheet: Worksheet, insertion: Insertion) -> None:
    for row in sheet.iter_rows(min_row=insertion.after + insertion.count + 1):
        for cell in row:
            link = getattr(cell, "hyperlink", None)
            if link is not None:
                link.ref = cell.coordinate


def _move_formulas(sheet: Worksheet, insertion: Insertion) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f" and isinstance(cell.value, str):
                cell.value = _moved_formula(cell.value, sheet.title, insertion)


def _moved_formula(formula: str, sheet: str, insertion: Insertion) -> str:
    from openpyxl.formula import Tokenizer
    from openpyxl.formula.tokenizer import Token

    tokens = Tokenizer(formula).items
    return "=" + "".join(
        _moved_operand(token.value, sheet, insertion)
        if token.type == Token.OPERAND and token.subtype == Token.RANGE
        else token.value
        for token in tokens
    )


def _moved_operand(operand: str, sheet: str, insertion: Insertion) -> str:
    prefix, mark, reference = operand.rpartition("!")
    named = prefix.strip("'").replace("''", "'") if mark else sheet
    return f"{prefix}{mark}{_moved_reference(reference, insertion)}" if named == insertion.sheet else operand


def _moved_reference(reference: str, insertion: Insertion) -> str:
    """A1, $A$1:$B$9 or 3:5; names and whole columns stay."""
    matches = [_CORNER.fullmatch(corner) for corner in reference.split(":")]
    if None in matches or len(matches) > 2:
        return reference
    corners = [(match[1], int(match[2])) for match in matches if match]
    (column, row), (last_column, last_row) = corners[0], corners[-1]
    # Along one row, as =SUM(C5:F5): that row's own matter, also where it is the last one.
    along = row == last_row and column.strip("$") != last_column.strip("$")
    moves = (insertion.start, insertion.start if along else insertion.end)
    return ":".join(f"{name}{move(at)}" for (name, at), move in zip(corners, moves, strict=False))
