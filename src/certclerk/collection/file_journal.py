"""The pages of a file as they were before a change that was broken off, from the rollback journal beside it.

The format is that of https://sqlite.org/fileformat2.html#the_rollback_journal; read as SQLite itself reads it, only that
nothing is written.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

_MAGIC = bytes.fromhex("d9d505f920a163d7")
# Records, nonce of their sums, pages of the file, bytes of a sector and of a page.
_HEADER = struct.Struct(">5I")
_TO_THE_END = 0xFFFFFFFF
# Of each page, one byte in so many is summed.
_SUMMED = 200
_SIZES = tuple(1 << power for power in range(9, 17))


@dataclass(frozen=True, slots=True)
class Before:
    """``pages`` by number, as they were when the file had ``count`` of them; not ``is_whole`` where some cannot be read."""

    page_bytes: int
    count: int
    pages: Mapping[int, bytes]
    is_whole: bool


def before(journal: bytes) -> Before | None:
    """None where there is no change to take back: the head of a journal is there until its change is done."""
    head = _head(journal, 0)
    if head is None:
        return None
    _, _, count, sector, page_bytes = head
    if page_bytes not in _SIZES or sector not in (*_SIZES, 32, 64, 128, 256):
        return None
    pages: dict[int, bytes] = {}
    at = 0
    while (head := _head(journal, at)) is not None:
        records, nonce, *_ = head
        at += sector
        if records == _TO_THE_END:
            records = (len(journal) - at) // (page_bytes + 8)
        for _ in range(records):
            page = journal[at + 4 : at + 4 + page_bytes]
            number, told = (
                int.from_bytes(journal[place : place + 4], "big") for place in (at, at + 4 + page_bytes)
            )
            if len(page) < page_bytes or not number or told != _sum(page, nonce):
                return Before(page_bytes, count, pages, is_whole=False)
            if number <= count:
                pages[number] = page
            at += page_bytes + 8
        at = -(-at // sector) * sector
    return Before(page_bytes, count, pages, is_whole=True)


def _head(journal: bytes, at: int) -> tuple[int, ...] | None:
    start = at + len(_MAGIC)
    if journal[at:start] != _MAGIC or len(journal) < start + _HEADER.size:
        return None
    return _HEADER.unpack_from(journal, start)


def _sum(page: bytes, nonce: int) -> int:
    return (nonce + sum(page[len(page) - _SUMMED : 0 : -_SUMMED])) & 0xFFFFFFFF
