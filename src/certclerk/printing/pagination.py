"""Rows onto pages: a row stays whole unless it is higher than a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines ``start`` to before ``end`` of a row; nearly always all of them."""

    row: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Room:
    """Heights in one unit: rows' room on the first page and on further ones, a line, a row's padding."""

    first: float
    further: float
    line: float
    padding: float

    def height(self, lines: int) -> float:
        return lines * self.line + self.padding


def paginate(lines: Sequence[int], room: Room, foot: float = 0.0) -> tuple[tuple[Piece, ...], ...]:
    """The pieces on each page, ``lines`` being each row's; ``foot`` is the height needed below the last."""
    pages: list[list[Piece]] = [[]]
    left = room.first
    for row, count in enumerate(lines):
        start = 0
        while start < count:
            fitting = int((left - room.padding) / room.line)
            whole = room.height(count - start) <= room.further
            if fitting < count - start and left < room.further and (whole or fitting < 1):
                pages.append([])
                left = room.further
                continue
            end = min(count, start + max(fitting, 1))
            pages[-1].append(Piece(row, start, end))
            left -= room.height(end - start)
            start = end
            if start < count:
                pages.append([])
                left = room.further
    if foot > left and pages[-1]:
        pages.append([])
    return tuple(tuple(page) for page in pages)
