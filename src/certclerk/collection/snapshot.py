"""One state of a collection to read from, however long that takes and whatever the clerk does meanwhile.

A read transaction on a connection of its own: what others write stays in the WAL, beside the state that is read,
until the snapshot is let go. Pages that are trashed and swept, undone, or given another rendition are still here.

With a rollback journal (see connection.begin_journal) whoever reads keeps others from writing. There the tables are
copied into memory at the beginning, and the bytes of pages, which never change, are claimed and read one by one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import apsw

from certclerk.collection import reads
from certclerk.collection.cipher import address
from certclerk.collection.claims import Claims
from certclerk.collection.connection import BUSY_TIMEOUT_MS, close, faults_as_sentences
from certclerk.collection.history import transaction
from certclerk.collection.reader import Reader
from certclerk.core.notice import Notice

# Tables of what is large and never changes.
_BYTES = frozenset({"blob", "thumbnail", "rendition"})


class Snapshot(Reader):
    """Readable from any thread; they take turns. The methods are those of a Collection."""

    def __init__(self, path: Path, connection: apsw.Connection, notice: Notice) -> None:
        self.path = path
        self.notice = notice
        self._connection = connection
        self._turn = threading.Lock()

    @contextmanager
    def _reading(self) -> Iterator[apsw.Connection]:
        with self._turn, faults_as_sentences(self.path):
            yield self._connection


@contextmanager
def taken(
    path: Path,
    notice: Notice,
    connect: Callable[[], apsw.Connection],
    claims: Claims | None = None,
    password: str = "",
) -> Iterator[Snapshot]:
    """The state of the file now, for as long as the block lasts.

    ``claims`` are those of the collection that writes the file, None where it is only read.
    """
    with faults_as_sentences(path), ExitStack() as held:
        connection = connect()
        held.callback(close, connection)
        if claims is not None and connection.pragma("journal_mode") != "wal":
            connection = held.enter_context(_in_memory(connection, path, password, claims))
        else:
            connection.execute("BEGIN")
            # Only the first reading fixes the state.
            reads.filing(connection)
        yield Snapshot(path, connection, notice)


@contextmanager
def _in_memory(
    source: apsw.Connection, path: Path, password: str, claims: Claims
) -> Iterator[apsw.Connection]:
    """All tables but those of bytes, which stay in the file: a name that memory does not have is looked up there."""
    with ExitStack() as held:
        copy = apsw.Connection(":memory:", flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI)
        held.callback(copy.close)
        copy.set_busy_timeout(BUSY_TIMEOUT_MS)
        copy.execute("ATTACH ? AS file", (address(path, password),))
        tables = [row[0] for row in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        with transaction(copy):
            for table in tables:
                if table not in _BYTES and not table.startswith("sqlite_"):
                    copy.execute(f"CREATE TABLE main.{table} AS SELECT * FROM file.{table}")
            # Nobody sweeps what a page of this state shows; until here nobody could write at all.
            for (sha256,) in copy.execute("SELECT DISTINCT sha256 FROM main.page").fetchall():
                held.callback(claims.release, claims.take(str(sha256)))
        yield copy
