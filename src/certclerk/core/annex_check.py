"""An annex as it was read back from a workbook, against what it should say: row by row, count by count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from certclerk.core.printed_table import CellValue, Grid, PrintedTable

# What no workbook can hold is not missed in one; line ends come back in either manner.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")

Row = tuple[str, ...]


def annex_differences(table: PrintedTable, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Clauses on what ``rows``, all of a sheet from its first cell on, say other than ``table``; none if they agree."""
    width = len(table.grid.widths)
    found = [(*map(_plain, row), *[""] * (width - len(row))) for row in rows]
    while found and not any(found[-1]):
        found.pop()
    head = _head_row(table.grid, found)
    if head is None:
        yield "找不到表头"
        return
    yield from _outside("表的上方", _above(table), found[:head])
    first = head + table.grid.head_rows
    end = len(found) - bool(table.foot)
    yield from _outside("表的下方", {_plain(table.foot)} - {""}, found[max(first, end) :])
    yield from _body(table.grid, found[first : max(first, end)], first + 1)


def _plain(value: CellValue) -> str:
    return _UNSEEN.sub("", str(value)).strip()


def _head_row(grid: Grid, rows: Sequence[Row]) -> int | None:
    for top in range(len(rows) - grid.head_rows + 1):
        if all(rows[top + cell.row][cell.column] == _plain(cell.text) for cell in grid.columns):
            return top
    return None


def _above(table: PrintedTable) -> set[str]:
    facts = {_plain(f"{label}：{value}") for label, value in table.head}
    return ({_plain(table.label), _plain(table.title)} | facts) - {""}


def _outside(where: str, wanted: set[str], rows: Sequence[Row]) -> Iterator[str]:
    there = {text for row in rows for text in row if text}
    for text in sorted(wanted - there):
        yield f"{where}没有“{text}”"
    for text in sorted(there - wanted):
        yield f"{where}多出“{text}”"


def _body(grid: Grid, found: Sequence[Row], first: int) -> Iterator[str]:
    """``first`` is the number of the first of ``found`` as the spreadsheet program counts."""
    wanted = [tuple(map(_plain, row)) for row in grid.rows]
    cut = [row[: len(grid.widths)] for row in found]
    spans = [("", 0, len(wanted), 0, len(found))]
    if len(wanted) != len(found):
        spans = list(SequenceMatcher(None, wanted, cut, autojunk=False).get_opcodes())
    for _, start, end, there, there_end in spans:
        same = min(end - start, there_end - there)
        for index in range(same):
            yield from _cells(grid, wanted[start + index], found[there + index], first + there + index)
        for row in wanted[start + same : end]:
            yield f"缺少{_who(row)}的一行"
        for index in range(there + same, there_end):
            yield f"第{first + index}行{_who(found[index])}是多出来的"


def _cells(grid: Grid, wanted: Row, found: Row, number: int) -> Iterator[str]:
    if wanted == found[: len(wanted)] and not any(found[len(wanted) :]):
        return
    for column, (text, there) in enumerate(zip(wanted, found, strict=False)):
        if text != there:
            told = f"是“{there}”" if there else "是空的"
            yield f"第{number}行{_who(wanted)}的“{_title(grid, column)}”{told}，应为“{text}”"
    for there in filter(None, found[len(wanted) :]):
        yield f"第{number}行{_who(wanted)}右边多出“{there}”"


def _who(row: Row) -> str:
    """The row's name: what stands beside its 序号."""
    name = next((text for text in row if text and not text.isdecimal()), "")
    return f"（{name}）" if name else ""


def _title(grid: Grid, column: int) -> str:
    """What stands right above a column's cells."""
    over = [cell for cell in grid.columns if cell.column <= column < cell.column + cell.columns]
    return max(over, key=lambda cell: cell.row).text if over else str(column + 1)
