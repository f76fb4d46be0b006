"""One state of a collection to read from, however long that takes and whatever the clerk does meanwhile.

A read transaction on a connection of its own: what others write stays in the WAL, beside the state that is read,
until the snapshot is let go. Pages that are trashed and swept, undone, or given another rendition are still here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from certclerk.collection import blobs, forms, reads, submissions
from certclerk.collection.connection import faults_as_sentences
from certclerk.collection.history import moment
from certclerk.collection.submissions import StoredSubmission
from certclerk.core.errors import UserError
from certclerk.core.form import Form
from certclerk.core.notice import Notice
from certclerk.core.records import Page, Picture, Place, Roster


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
def taken(path: Path, notice: Notice, connect: Callable[[], apsw.Connection]) -> Iterator[Snapshot]:
    """The state of the file now, for as long as the block lasts."""
    with faults_as_sentences(path):
        connection = connect()
    try:
        with faults_as_sentences(path):
            connection.execute("BEGIN")
            # Only the first reading fixes the state.
            reads.filing(connection)
        yield Snapshot(path, connection, notice)
    finally:
        connection.close()
