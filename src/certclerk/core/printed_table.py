"""Tables to print: computed once as cells, then shown, written as a workbook and painted on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CellValue = str | int

# What the labels of facts say that are stamped, and how many of the others share a line.
SEAL_WORDS = ("盖章", "公章", "签章", "印章")
FACTS_PER_LINE = 3


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A cell of the table head; ``row`` and ``column`` from 0, spanning ``rows`` × ``columns``."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """The table itself: ``widths`` in characters, ``rows`` of equal length; ints are numbers, all else text.

    ``left`` are the columns whose text stands at the left, not centred; ``least_lines``: how high a row is at
    least, for those who write in it by hand.
    """

    columns: tuple[HeadCell, ...]
    head_rows: int
    widths: tuple[float, ...]
    rows: tuple[tuple[CellValue, ...], ...]
    left: frozenset[int] = frozenset()
    least_lines: int = 1


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """One table on A4. ``head`` are the labelled facts above the grid; ``file_stem`` is the file without suffix."""

    label: str
    title: str
    file_stem: str
    landscape: bool
    head: tuple[tuple[str, str], ...]
    grid: Grid
    foot: str


def is_sealed(label: str) -> bool:
    """Whether a seal goes beside the fact of that label."""
    return any(word in label for word in SEAL_WORDS)


def fact_lines(
    head: Sequence[tuple[str, str]], per_line: int = FACTS_PER_LINE
) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The facts above the grid in lines: a sealed one has its line to itself, room for the seal beside it."""
    lines: list[list[tuple[str, str]]] = []
    for fact in head:
        fresh = not lines or len(lines[-1]) >= per_line
        if fresh or is_sealed(fact[0]) or is_sealed(lines[-1][-1][0]):
            lines.append([])
        lines[-1].append(fact)
    return tuple(tuple(line) for line in lines)
