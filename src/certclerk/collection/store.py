"""A collection: one open .certclerk file, read by records and changed through one door."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import apsw

from certclerk.collection import (
    blobs,
    counter,
    emptying,
    forms,
    health,
    history,
    reads,
    snapshot,
    submissions,
    watched,
)
from certclerk.collection.changes import Change
from certclerk.collection.cipher import composed
from certclerk.collection.claims import Claim, Claims
from certclerk.collection.connection import connect, end_journal, faults_as_sentences
from certclerk.collection.emptying import Outlook
from certclerk.collection.history import Changed
from certclerk.collection.settling import Loss
from certclerk.collection.snapshot import Snapshot
from certclerk.collection.submissions import StoredSubmission
from certclerk.core.custody import Custody
from certclerk.core.errors import UserError
from certclerk.core.form import Form
from certclerk.core.keying import Keying
from certclerk.core.notice import Appointment, parse_notice
from certclerk.core.records import Filing, Page, Picture, Place, Roster, Teacher, Trashed
from certclerk.core.submission_record import Tick
from certclerk.core.watched import WatchedFile
from certclerk.system.lock import FileLock

T = TypeVar("T")


class Collection:
    """Changes belong to the thread that opened it; blobs may be stored and read from any thread.

    Get one from :func:`create_collection` or :func:`open_collection`; close it or use it in a ``with`` block.
    """

    # See :mod:`certclerk.collection.damaged`.
    is_damaged = False
    losses: tuple[Loss, ...] = ()

    def __init__(
        self, path: Path, connection: apsw.Connection, lock: FileLock | None, password: str = ""
    ) -> None:
        self.path = path
        self.read_only = lock is None
        self.notice = parse_notice(reads.notice_source(connection), path.name)
        self.last_saved: datetime | None = None
        self._connection = connection
        self._lock = lock
        self._password = password
        self._claims = Claims()
        self._home = threading.get_ident()
        self._others = threading.local()
        self._opened: list[apsw.Connection] = [connection]
        self._listeners: list[Callable[[Changed], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Folds the journal into the file, so that one file holds everything, and lets go of it."""
        for connection in self._opened[1:]:
            connection.close()
        if self._opened and not self.read_only:
            end_journal(self._connection)
        self._connection.close()
        self._opened.clear()
        if self._lock:
            self._lock.release()

    @property
    def protected(self) -> bool:
        """Whether the file has a password."""
        return bool(self._password)

    def opened_with(self, password: str) -> bool:
        return composed(password) == composed(self._password)

    def subscribe(self, listener: Callable[[Changed], None]) -> None:
        """Calls ``listener`` after every change, on the thread that made it."""
        self._listeners.append(listener)

    def filing(self) -> Filing:
        with faults_as_sentences(self.path):
            return reads.filing(self._mine())

    def roster(self) -> Roster:
        """Everything but the trash, from one consistent state."""
        connection = self._mine()
        with faults_as_sentences(self.path), reads.consistent(connection):
            return Roster(
                filing=reads.filing(connection),
                teachers=reads.teachers(connection),
                tray=reads.pages_at(connection, Place.TRAY),
            )

    def order(self) -> tuple[int, ...]:
        """The ids of all teachers in roster order."""
        with faults_as_sentences(self.path):
            return reads.order(self._mine())

    def teacher(self, teacher_id: int) -> Teacher | None:
        with faults_as_sentences(self.path):
            return reads.teacher(self._mine(), teacher_id)

    def owner(self, certificate_id: int) -> Teacher:
        """Whose certificate it is. Raises KeyError where it is nobody's."""
        with faults_as_sentences(self.path):
            return reads.owner(self._mine(), certificate_id)

    def tray(self) -> tuple[Page, ...]:
        with faults_as_sentences(self.path):
            return reads.pages_at(self._mine(), Place.TRAY)

    def trash(self) -> tuple[Trashed, ...]:
        """The pages in the trash with where they lay, the last trashed first."""
        with faults_as_sentences(self.path):
            return reads.trash(self._mine())

    def trash_count(self) -> int:
        with faults_as_sentences(self.path):
            return reads.trash_count(self._mine())

    def emptying_outlook(self) -> Outlook:
        """What :meth:`empty_trash` would do now."""
        with faults_as_sentences(self.path):
            return emptying.outlook(self._mine())

    def empty_trash(self) -> Outlook:
        """The pages in the trash go for good, and undo reaches no further back than the last change to one of them.

        Returns what was done. Their bytes are still there until :meth:`sweep`, which takes its time.
        """
        self._check_writable()
        with faults_as_sentences(self.path):
            emptied = emptying.empty(self._connection)
        self._tell(Changed(frozenset()))
        return emptied

    def sweep(self, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Deletes bytes that nothing needs any more and gives their room back; call it in a worker."""
        with faults_as_sentences(self.path):
            emptying.sweep(self._mine(), self._claims, cancelled)

    @contextmanager
    def change(self, label: str) -> Iterator[Change]:
        """One transaction, one history entry named ``label`` (Chinese), one call of each listener.

        Nothing is changed when the block raises. Raises UserError ``collection_open_read_only``.
        """
        self._check_writable()
        with faults_as_sentences(self.path), history.recorded(self._connection, label) as recording:
            yield Change(self._connection, self.notice, recording)
        self._tell(recording.changed())

    def undo(self) -> str | None:
        """Takes the last change back and returns its label; None when there is none."""
        return self._travel(history.last_done, history.undo)

    def redo(self) -> str | None:
        """Does the change again that was undone last and returns its label; None when there is none."""
        return self._travel(history.next_undone, history.redo)

    @property
    def undo_label(self) -> str:
        entry = history.last_done(self._connection)
        return entry.label if entry else ""

    @property
    def undo_end(self) -> str:
        """What ended the history, where undo has come to that; empty while there is something to undo."""
        return "" if self.undo_label else history.floor(self._connection).label

    @property
    def redo_label(self) -> str:
        entry = history.next_undone(self._connection)
        return entry.label if entry else ""

    def moment(self) -> int:
        """Which change the records stand at: equal moments hold equal records, also after undo and redo."""
        with faults_as_sentences(self.path):
            return history.moment(self._mine())

    def add_blob(self, data: bytes, media_type: str, thumbnails: Iterable[blobs.Thumbnail] = ()) -> str:
        """Stores page bytes, with small pictures of their frames, and returns their SHA-256 in hex.

        The same bytes are stored once.
        """
        self._check_writable()
        with faults_as_sentences(self.path):
            return blobs.add(self._mine(), data, media_type, thumbnails)

    def blob(self, sha256: str) -> bytes:
        """The bytes of that hash, proven. Raises UserError ``blob_damaged`` where they no longer fit it."""
        with faults_as_sentences(self.path):
            data = blobs.read(self._mine(), sha256)
        return self._proven(data)

    def claim(self, data: bytes) -> Claim:
        """Whoever stores ``data`` and places a page of it only later claims it first: until :meth:`release`, nobody
        else drops the bytes.
        """
        return self._claims.take(blobs.hash_of(data))

    def release(self, claim: Claim) -> None:
        """A page names the bytes now, or they are not wanted after all; see :meth:`drop`."""
        self._claims.release(claim)

    def drop(self, *claims: Claim) -> None:
        """Releases them, and forgets the bytes that no page, no redo and no other claim needs."""
        self._check_writable()
        for claim in claims:
            self.release(claim)
        with faults_as_sentences(self.path):
            for claim in claims:
                blobs.drop_unused(self._mine(), claim.sha256, self._claims)

    def add_rendition(self, sha256: str, frame: int, data: bytes, media_type: str) -> None:
        """Keeps a picture of a frame whose stored file cannot be read without a password or another program."""
        self._check_writable()
        with faults_as_sentences(self.path):
            blobs.add_rendition(self._mine(), sha256, frame, data, media_type)

    def picture(self, page: Page) -> Picture:
        """What ``page`` is to be read from, proven. Raises UserError ``blob_damaged``."""
        with faults_as_sentences(self.path):
            picture = blobs.picture(self._mine(), page)
        return self._proven(picture)

    def _proven(self, read: T | None) -> T:
        if read is None:
            raise UserError("blob_damaged", file=self.path.name)
        return read

    def watched(self) -> tuple[WatchedFile, ...]:
        """What is remembered of files in watched folders."""
        with faults_as_sentences(self.path):
            return watched.read_watched(self._mine())

    def remember_watched(self, files: Iterable[WatchedFile]) -> None:
        """Those that gave no page; what gives pages is remembered in the change that places them."""
        self._check_writable()
        connection = self._mine()
        with faults_as_sentences(self.path), history.part(connection):
            watched.write_watched(connection, files)

    def forms(self) -> tuple[Form, ...]:
        """The bureau's own forms that stand for annexes."""
        with faults_as_sentences(self.path):
            return forms.read_forms(self._mine())

    def keep_form(self, form: Form) -> None:
        """In place of the one that its annex had."""
        self._check_writable()
        with faults_as_sentences(self.path):
            forms.write_form(self._mine(), form)
        self._tell(Changed(frozenset()))

    def drop_form(self, annex: str) -> None:
        self._check_writable()
        with faults_as_sentences(self.path):
            forms.delete_form(self._mine(), annex)
        self._tell(Changed(frozenset()))

    def holds_page(self, sha256: str) -> bool:
        """Whether a page with these bytes lies in a slot or in the tray."""
        with faults_as_sentences(self.path):
            return watched.holds_page(self._mine(), sha256)

    def blob_sizes(self) -> dict[str, int]:
        """The bytes of every stored page file, by hash; none of them is read."""
        with faults_as_sentences(self.path):
            return blobs.sizes(self._mine())

    def rendition_sizes(self) -> dict[tuple[str, int], int]:
        """The bytes of every rendition, by its file's hash and its frame; none of them is read."""
        with faults_as_sentences(self.path):
            return blobs.rendition_sizes(self._mine())

    def damaged_blobs(self) -> frozenset[str]:
        """The hashes of pages whose bytes, or their rendition's, are missing or no longer fit: every one is read."""
        with faults_as_sentences(self.path):
            return blobs.damaged(self._mine())

    def thumbnail(self, sha256: str, frame: int, size: int) -> bytes | None:
        """A stored small picture of a frame that fits ``size`` px, if there is one."""
        with faults_as_sentences(self.path):
            return blobs.thumbnail(self._mine(), sha256, frame, size)

    def store_thumbnail(self, sha256: str, frame: int, size: int, data: bytes) -> None:
        """Not for bytes that were forgotten while it was drawn."""
        with faults_as_sentences(self.path):
            blobs.store_thumbnail(self._mine(), sha256, frame, size, data)

    def identity(self) -> str:
        """What tells this collection from all others, in its copies too; empty in an old file that is only read."""
        with faults_as_sentences(self.path):
            return counter.read_identity(self._mine())

    def custody(self) -> dict[int, Custody]:
        """Of the certificates whose booklet was handed in, by certificate id."""
        with faults_as_sentences(self.path):
            return counter.read_custody(self._mine())

    def keyings(self) -> dict[int, Keying]:
        """Of the certificates that were keyed in or could not be, by certificate id."""
        with faults_as_sentences(self.path):
            return counter.read_keyings(self._mine())

    def own_appointment(self) -> Appointment | None:
        """The days at the counter that the clerk entered in place of the notice's."""
        with faults_as_sentences(self.path):
            return counter.read_appointment(self._mine())

    def submissions(self) -> tuple[StoredSubmission, ...]:
        """Newest first."""
        with faults_as_sentences(self.path):
            return submissions.stored(self._mine())

    def last_submission_id(self) -> int | None:
        """For those who ask after every change."""
        with faults_as_sentences(self.path):
            return submissions.last_id(self._mine())

    def submission_ticks(self) -> dict[int, tuple[Tick, ...]]:
        """What the clerk ticked, by submission, in the order of the steps."""
        with faults_as_sentences(self.path):
            return submissions.ticks(self._mine())

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """The state of now, to read from for as long as the block lasts, also in a worker."""
        return snapshot.taken(self.path, self.notice, self._connect)

    def examine(self, watched: health.Watched = health.UNWATCHED) -> tuple[health.Damage, ...]:
        """The whole health check, every stored byte; call it in a worker."""
        with faults_as_sentences(self.path):
            return tuple(health.examine(self._mine(), self.notice, *watched))

    def _connect(self) -> apsw.Connection:
        return connect(self.path, read_only=self.read_only, password=self._password)

    def _travel(
        self,
        find: Callable[[apsw.Connection], history.Entry | None],
        go: Callable[[apsw.Connection, history.Entry], None],
    ) -> str | None:
        self._check_writable()
        with faults_as_sentences(self.path):
            entry = find(self._connection)
            if entry is None:
                return None
            go(self._connection, entry)
        self._tell(entry.changed)
        return entry.label

    def _tell(self, changed: Changed) -> None:
        self.last_saved = datetime.now()
        for listener in self._listeners:
            listener(changed)

    def _mine(self) -> apsw.Connection:
        """This thread's connection: readers and blob writers never wait for one another's statements."""
        if threading.get_ident() == self._home:
            return self._connection
        connection: apsw.Connection | None = getattr(self._others, "connection", None)
        if connection is None:
            connection = self._connect()
            self._others.connection = connection
            self._opened.append(connection)
        return connection

    def _check_writable(self) -> None:
        if self.read_only:
            raise UserError("collection_open_read_only", file=self.path.name)
