"""One state of a collection to read from, however long that takes and whatever the clerk does meanwhile.

A read transaction on a connection of its own: what others write stays in the WAL, beside the state that is read,
until the snapshot is let go. Pages that are trashed and swept, undone, or given another rendition are still here.

With a rollback journal (see connection.begin_journal) whoever reads keeps others from writing. There the tables are
copied into memory at the beginning, and the bytes of pages, which never change, are claimed and read one by one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import apsw

from certclerk.collection import blobs, forms, reads, submissions
from certclerk.collection.cipher import address
from certclerk.collection.claims import Claims
from certclerk.collection.connection import BUSY_TIMEOUT_MS, close, connect, faults_as_sentences
from certclerk.collection.history import moment, transaction
from certclerk.collection.submissions import StoredSubmission
from certclerk.core.errors import UserError
from certclerk.core.form import Form
from certclerk.core.notice import Notice
from certclerk.core.records import Page, Picture, Place, Roster

# Tables of what is large and never changes.
_BYTES = frozenset({"blob", "thumbnail", "rendition"})


class Snapshot:
    """Readable from any thread; they take turns. The methods are those of a Collection."""

    def __init__(self, path: Path, connection: apsw.Connection, notice: Notice) -> None:
        self.path = path
        self.notice = notice
        self._connection = connection
        self._turn = threading.Lock()

    def roster(self) -> Roster:
        with self._reading() as connection:
            return Roster(
                filing=reads.filing(connection),
                teachers=reads.teachers(connection),
                tray=reads.pages_at(connection, Place.TRAY),
            )

    def moment(self) -> int:
        with self._reading() as connection:
            return moment(connection)

    def picture(self, page: Page) -> Picture:
        with self._reading() as connection:
            picture = blobs.picture(connection, page)
        if picture is None:
            raise UserError("blob_damaged", file=self.path.name)
        return picture

    def blob_sizes(self) -> dict[str, int]:
        with self._reading() as connection:
            return blobs.sizes(connection)

    def rendition_sizes(self) -> dict[tuple[str, int], int]:
        with self._reading() as connection:
            return blobs.rendition_sizes(connection)

    def damaged_blobs(self) -> frozenset[str]:
        with self._reading() as connection:
            return blobs.damaged(connection)

    def submissions(self) -> tuple[StoredSubmission, ...]:
        with self._reading() as connection:
            return submissions.stored(connection)

    def forms(self) -> tuple[Form, ...]:
        with self._reading() as connection:
            return forms.read_forms(connection)

    @contextmanager
    def _reading(self) -> Iterator[apsw.Connection]:
        with self._turn, faults_as_sentences(self.path):
            yield self._connection


@contextmanager
def taken(path: Path, notice: Notice, claims: Claims | None = None, password: str = "") -> Iterator[Snapshot]:
    """The state of the file now, for as long as the block lasts.

    ``claims`` are those of the collection that writes the file, None where it is only read.
    """
    with faults_as_sentences(path), ExitStack() as held:
        connection = connect(path, read_only=claims is None, password=password)
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
