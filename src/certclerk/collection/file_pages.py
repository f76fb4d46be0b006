"""The pages of an SQLite file as they lie on the disk, read without SQLite: for files that it can no longer follow.

The format is that of https://sqlite.org/fileformat2.html: leaf pages hold the cells of rows, whatever has become of
the pages above them. Nothing is ever written.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from certclerk.collection.file_cipher import Decrypted
from certclerk.collection.file_journal import Before, before
from certclerk.collection.file_wal import frames

MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100
# Collections are made with 16 KiB; the first ones had SQLite's own size.
_SIZES = (16_384, 4_096)
# From which the size is told where the head does not say it.
_PAGES_TRIED = 4_000
TABLE_LEAF, TABLE_INTERIOR = 0x0D, 0x05
INDEX_LEAF, INDEX_INTERIOR = 0x0A, 0x02
_LEAVES = (TABLE_LEAF, INDEX_LEAF)
BTREE = (*_LEAVES, TABLE_INTERIOR, INDEX_INTERIOR)
_NULL, _REAL, _ZERO, _ONE, _FIRST_BLOB = 0, 7, 8, 9, 12
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

# None, int, float, str or bytes.
Value = Any


class UnreadableError(Exception):
    """Bytes that are no page, cell or chain of pages."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A row as a leaf (or, of an index, any page) holds it. ``types`` are the serial types of its columns, ``size`` the
    bytes of its payload, of which ``local`` lies in the page and the rest from page ``overflow`` on.
    """

    rowid: int | None
    types: tuple[int, ...]
    header: int
    size: int
    local: bytes
    overflow: int


class FilePages:
    """An open file, with its ``password`` where it has one; from any thread. ``lacks`` are the ends of the names of
    those logs beside it that cannot be read, all or in part.

    A page that the disk does not give, or that does not fit the password, counts as one of zeros. Raises OSError where
    the file cannot be opened, and apsw.NotADBError where the password opens nothing of it.
    """

    def __init__(self, path: Path, password: str = "") -> None:
        self._file = path.open("rb")
        self._turn = threading.Lock()
        self._bytes = path.stat().st_size
        self._decrypted: Decrypted | None = None
        head = self._read(0, _HEADER_BYTES)
        former = before(_bytes_of(Path(f"{path}-journal")))
        declared = int.from_bytes(head[16:18], "big") if head.startswith(MAGIC) or password else 0
        if former and declared not in _SIZES:
            declared = former.page_bytes
        self.page_bytes = declared if declared in _SIZES else max(_SIZES, key=self._leaves_of)
        # A cipher keeps the proof of each page at its end.
        self._usable = self.page_bytes - (head[20] if password and len(head) > 20 else 0)
        if password:
            with ExitStack() as failing:
                failing.callback(self._file.close)
                self._decrypted = Decrypted(path, password, self.page_bytes)
                failing.pop_all()
        self.count = -(-self._bytes // self.page_bytes)
        # The pages that hold in place of those of the file.
        self._over: dict[int, bytes] = {}
        self.lacks: set[str] = set()
        if former and former.page_bytes == self.page_bytes:
            self._take_back(former)
        self._follow(_bytes_of(Path(f"{path}-wal")))
        self.count = max(self.count, *self._over, 0)
        self.has_header = self.page(1).startswith(MAGIC)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_what: object) -> None:
        self.close()

    def close(self) -> None:
        if self._decrypted:
            self._decrypted.close()
        self._file.close()

    def page(self, number: int) -> bytes:
        """Page ``number`` (from 1) as the last commit left it, always whole: zeros stand for what is not there."""
        if number in self._over:
            return self._over[number]
        if self._decrypted:
            with self._turn:
                return (self._decrypted.page(number) or bytes(self.page_bytes))[: self._usable]
        return self._read((number - 1) * self.page_bytes, self.page_bytes).ljust(self.page_bytes, b"\0")

    def kind(self, number: int) -> int:
        """The first byte of its b-tree header; only those in :data:`BTREE` say something."""
        at = _HEADER_BYTES if number == 1 else 0
        if number in self._over or self._decrypted:
            return self.page(number)[at]
        return (self._read((number - 1) * self.page_bytes + at, 1) or b"\0")[0]

    def children(self, number: int) -> tuple[int, ...]:
        """The pages below an interior page, as far as it can be read."""
        page, at = self.page(number), _HEADER_BYTES if number == 1 else 0
        right = int.from_bytes(page[at + 8 : at + 12], "big")
        pointers = self._pointers(page, at, 12)
        return (*(int.from_bytes(page[cell : cell + 4], "big") for cell in pointers), right)

    def cells(self, number: int) -> Iterator[Cell | None]:
        """Every row in the page; None for one that cannot be read."""
        page, at = self.page(number), _HEADER_BYTES if number == 1 else 0
        kind = page[at]
        for pointer in self._pointers(page, at, 8 if kind in _LEAVES else 12):
            try:
                yield self._cell(page, pointer, kind)
            except (UnreadableError, IndexError):
                yield None

    def payload(self, cell: Cell) -> bytes:
        """The whole of it, from all its pages. Raises UnreadableError where their chain is broken."""
        parts, missing, number = [cell.local], cell.size - len(cell.local), cell.overflow
        while missing > 0:
            if not 1 < number <= self.count:
                raise UnreadableError
            page = self.page(number)
            part = page[4 : 4 + missing]
            parts.append(part)
            missing -= len(part)
            number = int.from_bytes(page[:4], "big")
        return b"".join(parts)

    def _take_back(self, former: Before) -> None:
        """What a change that was broken off has done to the file. In a journal that is encrypted nobody can read it."""
        pages = {} if self._decrypted else former.pages
        if self._decrypted or not former.is_whole:
            self.lacks.add("-journal")
        self._over.update(pages)
        self.count = min(former.count, self.count + len(pages))

    def _follow(self, log: bytes) -> None:
        """What was committed, and is not in the file yet."""
        for number, at in frames(log, self.page_bytes):
            end = at + self.page_bytes
            page = self._decrypted.page_in_log(at) if self._decrypted else log[at:end]
            if page is None:
                self.lacks.add("-wal")
            else:
                self._over[number] = page[: self._usable]

    def _read(self, offset: int, size: int) -> bytes:
        with self._turn:
            try:
                self._file.seek(offset)
                return self._file.read(size)
            except OSError:
                return b""

    def _leaves_of(self, page_bytes: int) -> int:
        offsets = range(0, min(self._bytes, _PAGES_TRIED * page_bytes), page_bytes)
        return sum((self._read(offset, 1) or b"\0")[0] in _LEAVES for offset in offsets) * page_bytes

    def _pointers(self, page: bytes, at: int, header: int) -> tuple[int, ...]:
        most = (len(page) - at - header) // 2
        count = min(int.from_bytes(page[at + 3 : at + 5], "big"), most)
        return struct.unpack_from(f">{count}H", page, at + header)

    def _cell(self, page: bytes, at: int, kind: int) -> Cell:
        if kind == INDEX_INTERIOR:
            at += 4
        size, at = varint(page, at)
        rowid = None
        if kind == TABLE_LEAF:
            rowid, at = varint(page, at)
            rowid = rowid - (1 << 64) if rowid >> 63 else rowid
        usable = len(page)
        most = usable - 35 if kind == TABLE_LEAF else (usable - 12) * 64 // 255 - 23
        local, overflow = size, 0
        if size > most:
            least = (usable - 12) * 32 // 255 - 23
            local = least + (size - least) % (usable - 4)
            local = local if local <= most else least
            overflow = int.from_bytes(page[at + local : at + local + 4], "big")
        if at + local > usable or size > self.page_bytes * self.count:
            raise UnreadableError
        held = page[at : at + local]
        header, cursor = varint(held, 0)
        types = []
        while cursor < header:
            of, cursor = varint(held, cursor)
            types.append(of)
        if cursor != header or header + sum(map(value_bytes, types)) != size:
            raise UnreadableError
        return Cell(rowid, tuple(types), header, size, held, overflow)


def _bytes_of(path: Path) -> bytes:
    """Nothing where it is not there, or cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of 1 to 9 bytes, and where the next begins. Raises IndexError past the end."""
    value = 0
    for index in range(8):
        byte = data[at + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    return value << 8 | data[at + 8], at + 9


def value_bytes(serial_type: int) -> int:
    """How many bytes a value of that type takes. Raises UnreadableError for types that there are not."""
    if serial_type >= _FIRST_BLOB:
        return (serial_type - _FIRST_BLOB) // 2
    if serial_type in (_NULL, _ZERO, _ONE):
        return 0
    if serial_type == _REAL:
        return 8
    if serial_type in _INTEGER_BYTES:
        return _INTEGER_BYTES[serial_type]
    raise UnreadableError


def is_text(serial_type: int) -> bool:
    return serial_type > _FIRST_BLOB and serial_type % 2 == 1


def is_blob(serial_type: int) -> bool:
    return serial_type >= _FIRST_BLOB and serial_type % 2 == 0


def is_integer(serial_type: int) -> bool:
    return serial_type in _INTEGER_BYTES or serial_type in (_ZERO, _ONE)


def is_real(serial_type: int) -> bool:
    """SQLite keeps a whole number in a column of real ones as an integer."""
    return serial_type == _REAL or is_integer(serial_type)


def decoded(serial_type: int, data: bytes) -> Value:
    """Text that is no UTF-8 has U+FFFD in the places that are none."""
    if serial_type == _NULL:
        return None
    if serial_type in (_ZERO, _ONE):
        return serial_type - _ZERO
    if serial_type == _REAL:
        real: float = struct.unpack(">d", data)[0]
        return real
    if is_text(serial_type):
        return data.decode("utf-8", "replace")
    return data if is_blob(serial_type) else int.from_bytes(data, "big", signed=True)
