"""The compound file (OLE) around .xls, .doc and encrypted workbooks: names of its streams, and their bytes.

Source: Microsoft's [MS-CFB]. Every chain is followed at most once around, and what the header claims is held
against the file's size: the workbook reader allocates what is claimed, and ends the program where it cannot.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_LAST_SECTOR = 0xFFFFFFFA
_FREE = 0xFFFFFFFF
_HEADER_TABLE_ENTRIES = 109
# Where the header counts sectors: directory, table, mini table, more of the table.
_SECTOR_COUNTS = (40, 44, 64, 72)
_ENTRY = 128
_STREAM = 2
_ROOT = 5


class CompoundError(Exception):
    """The bytes do not make a compound file."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class _Sectors:
    """Sectors of one size in one run of bytes, chained by a table."""

    data: bytes
    size: int
    offset: int
    table: Sequence[int]

    def read(self, start: int) -> bytes:
        pieces: list[bytes] = []
        sector = start
        while sector < _LAST_SECTOR:
            if sector >= len(self.table) or len(pieces) > len(self.table):
                raise CompoundError("broken chain")
            begin = self.offset + sector * self.size
            pieces.append(self.data[begin : begin + self.size])
            sector = self.table[sector]
        return b"".join(pieces)


def streams(data: bytes) -> dict[str, bytes]:
    """All streams by name (of equal names the first). Raises CompoundError."""
    try:
        return _streams(data)
    except (struct.error, IndexError, OverflowError, MemoryError) as error:
        raise CompoundError(str(error)) from error


def _streams(data: bytes) -> dict[str, bytes]:
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if not data.startswith(SIGNATURE) or shift not in (9, 12) or mini_shift != 6:
        raise CompoundError("no header")
    size = 1 << shift
    claims = (struct.unpack_from("<I", data, at)[0] for at in _SECTOR_COUNTS)
    if any(claim * size > len(data) for claim in claims):
        raise CompoundError("more sectors than the file has")
    directory_start, mini_cutoff = struct.unpack_from("<I4xI", data, 48)
    mini_table_start, _, more_start = struct.unpack_from("<III", data, 60)
    table = _sector_table(data, size, more_start)
    sectors = _Sectors(data, size, size, table)
    directory = sectors.read(directory_start)
    if len(directory) % size:
        raise CompoundError("directory cut short")
    entries = _entries(directory)
    if any(entry.size > len(data) for entry in entries):
        raise CompoundError("a stream larger than the file")
    root = next((entry for entry in entries if entry.kind == _ROOT), None)
    if root is None:
        raise CompoundError("no root entry")
    mini = _Sectors(
        sectors.read(root.start)[: root.size] if root.size else b"",
        1 << mini_shift,
        0,
        _numbers(sectors.read(mini_table_start)) if mini_table_start < _LAST_SECTOR else (),
    )
    found: dict[str, bytes] = {}
    for entry in entries:
        if entry.kind == _STREAM and entry.name not in found:
            source = mini if entry.size < mini_cutoff else sectors
            found[entry.name] = source.read(entry.start)[: entry.size] if entry.size else b""
    return found


def _sector_table(data: bytes, size: int, more_start: int) -> tuple[int, ...]:
    places = list(struct.unpack_from(f"<{_HEADER_TABLE_ENTRIES}I", data, 76))
    sector, seen = more_start, 0
    while sector < _LAST_SECTOR:
        more = _numbers(data[size + sector * size : size + (sector + 1) * size])
        seen += 1
        if not more or seen * size > len(data):
            raise CompoundError("broken table")
        places.extend(more[:-1])
        sector = more[-1]
    table: list[int] = []
    for place in places:
        if place == _FREE:
            continue
        if place * size > len(data) or len(table) * 4 > len(data):
            raise CompoundError("table beyond the file")
        table.extend(_numbers(data[size + place * size : size + (place + 1) * size]))
    return tuple(table)


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _entries(directory: bytes) -> list[_Entry]:
    entries = []
    for begin in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        length, kind = struct.unpack_from("<HB", directory, begin + 64)
        start, size = struct.unpack_from("<II", directory, begin + 116)
        name = directory[begin : begin + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        entries.append(_Entry(name, kind, start, size))
    return entries
