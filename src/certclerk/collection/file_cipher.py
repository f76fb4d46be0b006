"""The bytes of a protected file, decrypted a page at a time: also of one that SQLite can no longer follow.

SQLite3 Multiple Ciphers decrypts in its VFS, below everything that makes sense of pages. So a connection is opened for
its key alone, and its files are read through the methods that SQLite documents for every VFS (sqlite3_io_methods): what
is damaged in one page keeps no other from being read. Nothing that is decrypted is written anywhere.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import apsw

from certclerk.collection.cipher import apply_key
from certclerk.collection.connection import closing_if_it_fails

_OK = 0
# Pages that a password is tried on: where all of these are damaged, so is the salt before them.
_TRIED = 256
# int xRead(sqlite3_file*, void*, int iAmt, sqlite3_int64 iOfst), the third word of sqlite3_io_methods; the first word of
# an sqlite3_file points to those.
_READ = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64)
_READ_PLACE = 2

Read = Callable[[int, int], bytes | None]


class Decrypted:
    """A protected file and its write-ahead log. Not from two threads at once.

    ``page_bytes`` is what the file's own head says. Raises apsw.NotADBError where the password opens not one of the
    file's pages, which is also so where the salt in its first 16 bytes is damaged.
    """

    def __init__(self, path: Path, password: str, page_bytes: int) -> None:
        self._page_bytes = page_bytes
        self._connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        with closing_if_it_fails(self._connection):
            apply_key(self._connection, password)
            with suppress(apsw.Error):
                # Makes the key, and opens the log, where the first page can be read.
                self._connection.execute("PRAGMA schema_version").fetchall()
            self._file = _reader(self._connection, apsw.SQLITE_FCNTL_FILE_POINTER)
            count = path.stat().st_size // page_bytes
            if all(self.page(number) is None for number in range(1, min(count, _TRIED) + 1)):
                raise apsw.NotADBError("no page fits the password")
            self._log = _reader(self._connection, apsw.SQLITE_FCNTL_JOURNAL_POINTER)

    def close(self) -> None:
        self._connection.close()

    def page(self, number: int) -> bytes | None:
        """Page ``number`` (from 1) of the file; None where it does not prove to be what was written."""
        return self._file((number - 1) * self._page_bytes, self._page_bytes) if self._file else None

    def page_in_log(self, offset: int) -> bytes | None:
        """The page whose content begins there in the write-ahead log; None where the log is not open."""
        return self._log(offset, self._page_bytes) if self._log else None


def _reader(connection: apsw.Connection, which: int) -> Read | None:
    """None where the connection has no such file open."""
    file = ctypes.c_void_p()
    if not connection.file_control("main", which, ctypes.addressof(file)) or not file.value:
        return None
    methods = ctypes.cast(file, ctypes.POINTER(ctypes.c_void_p))[0]
    if not methods:
        return None
    read = _READ(ctypes.cast(methods, ctypes.POINTER(ctypes.c_void_p))[_READ_PLACE])

    def bytes_at(offset: int, size: int) -> bytes | None:
        room = ctypes.create_string_buffer(size)
        return room.raw if read(file, room, size, offset) == _OK else None

    return bytes_at
