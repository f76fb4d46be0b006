"""ZIP archives written straight through, entry by entry, so that each byte is hashed as it passes.

Entries are stored: JPEG data does not shrink. Python's zipfile goes back to fill in checksums, which
rules hashing on the way out, and cannot write a Unicode Path field; the format is simple enough.
Field names and numbers are those of PKWARE's APPNOTE 6.3.10 and Info-ZIP's extra field list.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from certclerk.core.errors import UserError

VERSION_NEEDED = 20
VERSION_NEEDED_64 = 45
STORED = 0
MADE_BY_UNIX = 3 << 8
EXTERNAL_ATTRIBUTES = 0o100600 << 16
UTF8_NAME = 1 << 11
LIMIT_16 = 0xFFFF
LIMIT_32 = 0xFFFFFFFF

LOCAL_HEADER = struct.Struct("<4s5H3L2H")
CENTRAL_HEADER = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR_64 = struct.Struct("<4sLQL")
EXTRA_HEADER = struct.Struct("<2H")
UNICODE_PATH = 0x7075
ZIP64_EXTRA = 0x0001


class Sink(Protocol):
    def write(self, data: bytes | memoryview, /) -> object: ...


@dataclass(frozen=True, slots=True)
class EntryName:
    """A name as it stands in the archive, with what tells a reader how to read it."""

    raw: bytes
    flags: int
    extra: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """``size`` bytes that take ``packed`` in the archive, by a ``method`` of the format's list."""

    name: EntryName
    crc: int
    size: int
    offset: int
    packed: int
    method: int = STORED
    version: int = VERSION_NEEDED


def entry_name(name: str, *, legacy: bool) -> EntryName:
    """``name`` as UTF-8 with its flag, or for ``legacy`` as GBK with the UTF-8 beside it.

    The Explorer of Windows 7 takes every name for GBK; newer programs read the Unicode Path field.
    Raises UserError ``name_not_gbk``.
    """
    if name.isascii():
        return EntryName(name.encode("ascii"), 0, b"")
    if not legacy:
        return EntryName(name.encode(), UTF8_NAME, b"")
    try:
        raw = name.encode("gbk")
    except UnicodeEncodeError as error:
        names = f"{name}（{name[error.start : error.end]}）"
        raise UserError("name_not_gbk", names=names) from error
    field = struct.pack("<BL", 1, zlib.crc32(raw)) + name.encode()
    return EntryName(raw, 0, EXTRA_HEADER.pack(UNICODE_PATH, len(field)) + field)


def entry_cost(name: EntryName, size: int) -> int:
    """Bytes that an entry of ``size`` bytes adds to an archive (below 4 GiB)."""
    return LOCAL_HEADER.size + CENTRAL_HEADER.size + 2 * (len(name.raw) + len(name.extra)) + size


EMPTY_COST = END.size


class ArchiveWriter:
    """Writes entries to a stream that only goes forward; all bear ``day`` as their date."""

    def __init__(self, sink: Sink, day: date) -> None:
        self._sink = sink
        self._day = day
        self._offset = 0
        self._entries: list[Entry] = []

    def add(self, name: EntryName, pieces: Sequence[bytes | memoryview], crc: int) -> None:
        """``crc`` is the CRC-32 of all ``pieces`` together."""
        size = sum(map(len, pieces))
        self._add(Entry(name, crc, size, self._offset, size), pieces)

    def add_packed(
        self, name: EntryName, pieces: Sequence[bytes], size: int, *, method: int, version: int
    ) -> None:
        """``pieces`` are what ``method`` made of ``size`` bytes, with a checksum of its own."""
        packed = sum(map(len, pieces))
        self._add(Entry(name, 0, size, self._offset, packed, method, version), pieces)

    def _add(self, entry: Entry, pieces: Iterable[bytes | memoryview]) -> None:
        self._write(local_header(entry, self._day))
        for piece in pieces:
            self._write(piece)
        self._entries.append(entry)

    def finish(self) -> None:
        start = self._offset
        for entry in self._entries:
            self._write(central_header(entry, self._day))
        self._write(end_records(len(self._entries), self._offset - start, start))

    def _write(self, data: bytes | memoryview) -> None:
        self._sink.write(data)
        self._offset += len(data)


def local_header(entry: Entry, day: date) -> bytes:
    name = entry.name
    fixed = LOCAL_HEADER.pack(
        b"PK\3\4",
        entry.version,
        name.flags,
        entry.method,
        0,
        _dos_date(day),
        entry.crc,
        entry.packed,
        entry.size,
        len(name.raw),
        len(name.extra),
    )
    return fixed + name.raw + name.extra


def central_header(entry: Entry, day: date) -> bytes:
    name, far = entry.name, entry.offset >= LIMIT_32
    extra = name.extra
    if far:
        extra += EXTRA_HEADER.pack(ZIP64_EXTRA, 8) + struct.pack("<Q", entry.offset)
    version = max(entry.version, VERSION_NEEDED_64) if far else entry.version
    fixed = CENTRAL_HEADER.pack(
        b"PK\1\2",
        MADE_BY_UNIX | version,
        version,
        name.flags,
        entry.method,
        0,
        _dos_date(day),
        entry.crc,
        entry.packed,
        entry.size,
        len(name.raw),
        len(extra),
        0,
        0,
        0,
        EXTERNAL_ATTRIBUTES,
        LIMIT_32 if far else entry.offset,
    )
    return fixed + name.raw + extra


def end_records(count: int, size: int, start: int) -> bytes:
    """What ends an archive of ``count`` entries whose directory of ``size`` bytes begins at ``start``."""
    end = END.pack(
        b"PK\5\6",
        0,
        0,
        min(count, LIMIT_16),
        min(count, LIMIT_16),
        min(size, LIMIT_32),
        min(start, LIMIT_32),
        0,
    )
    if count < LIMIT_16 and size < LIMIT_32 and start < LIMIT_32:
        return end
    version = MADE_BY_UNIX | VERSION_NEEDED_64
    end_64 = END_64.pack(
        b"PK\6\6", END_64.size - 12, version, VERSION_NEEDED_64, 0, 0, count, count, size, start
    )
    return end_64 + LOCATOR_64.pack(b"PK\6\7", 0, start + size, 1) + end


def _dos_date(day: date) -> int:
    """Midnight of ``day``; the format begins in 1980."""
    return (max(day.year, 1980) - 1980) << 9 | day.month << 5 | day.day
