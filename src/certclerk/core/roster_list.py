"""What comes out of the roster besides a submission: a list to look at, print, save and paste."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from certclerk.core.dates import chinese
from certclerk.core.names import safe_file_name
from certclerk.core.printed_table import CellValue, Grid, HeadCell, PrintedTable
from certclerk.core.records import Filing


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in characters. ``left``: its text stands at the left, not centred."""

    title: str
    width: float
    left: bool = False


@dataclass(frozen=True, slots=True)
class RosterList:
    """``summary`` is a sentence for the clerk, ``text`` all of it for a chat or a mail, empty where it is a
    table only. ``owners`` are the teachers' ids row by row, empty where rows are not of one teacher each.
    """

    table: PrintedTable
    summary: str
    text: str = ""
    owners: tuple[int, ...] = ()


def list_table(
    title: str,
    facts: Sequence[tuple[str, str]],
    columns: Sequence[Column],
    rows: Iterable[Sequence[CellValue]],
    *,
    unit: str,
    landscape: bool = False,
    least_lines: int = 1,
    foot: str = "",
    file: str = "",
) -> PrintedTable:
    """``rows`` under one line of heads. The file is called ``file``, or ``title``, with the unit."""
    return PrintedTable(
        label="",
        title=title,
        file_stem=safe_file_name(f"{file or title}_{unit}"),
        landscape=landscape,
        head=tuple(facts),
        grid=Grid(
            columns=tuple(HeadCell(column.title, 0, index) for index, column in enumerate(columns)),
            head_rows=1,
            widths=tuple(column.width for column in columns),
            rows=tuple(map(tuple, rows)),
            left=frozenset(index for index, column in enumerate(columns) if column.left),
            least_lines=least_lines,
        ),
        foot=foot,
    )


def unit_and_day(filing: Filing) -> tuple[tuple[str, str], ...]:
    """The head of a list that stays in the school. ``filing.filled_on`` is the day of the list."""
    day = chinese(filing.filled_on) if filing.filled_on else ""
    return (("单位", filing.unit), ("制表时间", day))
