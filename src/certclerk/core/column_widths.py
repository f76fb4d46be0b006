"""How wide a table's columns are: as the notice wishes while the content fits, else as the content needs."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

from certclerk.core.printed_table import Grid

# Characters of a workbook's default font across A4, between margins of 15 mm: what prints at its own size.
PORTRAIT_WIDTH = 97.0
LANDSCAPE_WIDTH = 142.0
# A character of the tables' type (10.5 points) is as wide as one of the default font; this frames the text.
PADDING = 2.0
# Digits and Latin letters, on the average of the fonts that print them.
LATIN_WIDTH = 1.12
# What is not broken over lines: numbers, dates, Latin words.
_WORD = re.compile("[!-~]+")
# A wrapped word of Han is no narrower than this.
_LEAST = 6.0
_SHORT_HEAD = 8.0


def text_width(text: str) -> float:
    """Half-width characters that ``text`` takes on one line: 2 for Han and everything as wide."""
    wide = 0 if text.isascii() else sum(unicodedata.east_asian_width(char) in "WFA" for char in text)
    return 2 * wide + LATIN_WIDTH * (len(text) - wide)


def fitted(grid: Grid, *, landscape: bool) -> Grid:
    """``grid`` as it is where each cell has room on one line; else no column is wider than it needs.

    What one column does not need goes to those that want more, within the width of the paper.
    Numbers and dates are never broken, and columns under one head keep one width.
    """
    needed = _needed(grid)
    if all(need.natural <= width for need, width in zip(needed, grid.widths, strict=True)):
        return grid
    room = max(sum(grid.widths), LANDSCAPE_WIDTH if landscape else PORTRAIT_WIDTH)
    return replace(grid, widths=_shared(needed, grid.widths, room))


@dataclass(frozen=True, slots=True)
class _Need:
    """``natural``: what the longest text takes on one line; ``usual``: what its texts take on the average;
    ``least``: what breaks no number or word.
    """

    natural: float
    usual: float
    least: float


def _needed(grid: Grid) -> list[_Need]:
    needs = [_need(Counter(str(row[column]) for row in grid.rows)) for column in range(len(grid.widths))]
    for head in grid.columns:
        if head.columns == 1:
            need = needs[head.column]
            needs[head.column] = replace(need, natural=max(need.natural, _head_width(head.text)))
    for head in grid.columns:
        span = slice(head.column, head.column + head.columns)
        needs[span] = [_Need(*map(max, zip(*map(astuple, needs[span]), strict=True)))] * head.columns
    return needs


def _need(texts: Counter[str]) -> _Need:
    widths = {text: max(map(text_width, text.split("\n"))) for text in texts}
    natural = max(widths.values(), default=0.0) + PADDING
    usual = sum(width * texts[text] for text, width in widths.items()) / max(1, texts.total()) + PADDING
    word = max((len(word) for text in texts for word in _WORD.findall(text)), default=0) * LATIN_WIDTH
    return _Need(natural, usual, max(min(_LEAST, natural), word + PADDING))


def _head_width(text: str) -> float:
    """A long head reads well in three lines."""
    width = text_width(text)
    return max(min(width, _SHORT_HEAD), width / 3) + PADDING


def _shared(needed: Sequence[_Need], wished: Sequence[float], room: float) -> tuple[float, ...]:
    """No more for each than it needs; where that is not to be had, so that all texts together take the fewest
    lines: as the square roots of what is usual.
    """

    def widths(level: float) -> list[float]:
        return [min(need.natural, max(need.least, level * math.sqrt(need.usual))) for need in needed]

    low, high = 0.0, max(need.natural for need in needed)
    if sum(widths(high)) <= room:
        spare = room - sum(widths(high))
        return tuple(
            width + spare * wish / sum(wished) for width, wish in zip(widths(high), wished, strict=True)
        )
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (low, middle) if sum(widths(middle)) > room else (middle, high)
    return tuple(round(width, 2) for width in widths(low))
