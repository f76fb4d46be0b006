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
    emptying,
    forms,
    health,
    history,
    lineage,
    reads,
    snapshot,
    watched,
)
from certclerk.collection.changes import Change
from certclerk.collection.cipher import composed
from certclerk.collection.claims import Claim, Claims
from certclerk.collection.connection import close, connect, end_journal, faults_as_sentences
from certclerk.collection.emptying import Outlook
from certclerk.collection.history import Changed
from certclerk.collection.reader import Reader
from certclerk.collection.settling import Loss
from certclerk.collection.snapshot import Snapshot
from certclerk.core.errors import UserError
from certclerk.core.form import Form
from certclerk.core.notice import parse_notice
from certclerk.core.watched import WatchedFile
from certclerk.system.lock import FileLock

T = TypeVar("T")


class Collection(Reader):
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
        if not self.read_only:
            lineage.begin(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Folds the journal into the file, so that one file holds everything, and lets go of it."""
        for connection in self._opened[1:]:
            close(connection)
        close(self._connection, folding=bool(self._opened) and not self.read_only)
        self._opened.clear()
        if self._lock:
            self._lock.release()

    @property
    def password(self) -> str:
        """What the file is protected by; empty where it is not. Its backups are protected by the same."""
        return self._password

    @property
    def protected(self) -> bool:
        """Whether the file has a password."""
        return bool(self._password)

    def opened_with(self, password: str) -> bool:
        return composed(password) == composed(self._password)

    def fold(self) -> None:
        """What :meth:`close` does where it can, or a UserError: the file alone is then to be moved elsewhere.

        No other thread is at it any more.
        """
        for connection in self._opened[1:]:
            close(connection)
        with faults_as_sentences(self.path):
            end_journal(self._connection)

    def subscribe(self, listener: Callable[[Changed], None]) -> None:
        """Calls ``listener`` after every change, on the thread that made it."""
        self._listeners.append(listener)

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
        with faults_as_sentences(self.path):
            entry = history.last_done(self._connection)
        return entry.label if entry else ""

    @property
    def undo_end(self) -> str:
        """What ended the history, where undo has come to that; empty while there is something to undo."""
        with faults_as_sentences(self.path):
            return "" if self.undo_label else history.floor(self._connection).label

    @property
    def redo_label(self) -> str:
        with faults_as_sentences(self.path):
            entry = history.next_undone(self._connection)
        return entry.label if entry else ""

    def add_blob(self, data: bytes, media_type: str, thumbnails: Iterable[blobs.Thumbnail] = ()) -> str:
        """Stores page bytes, with small pictures of their frames, and returns their SHA-256 in hex.

        The same bytes are stored once.
        """
        self._check_writable()
        with faults_as_sentences(self.path):
            return blobs.add(self._mine(), data, media_type, thumbnails)

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

    def remember_watched(self, files: Iterable[WatchedFile]) -> None:
        """Those that gave no page; what gives pages is remembered in the change that places them."""
        self._check_writable()
        with faults_as_sentences(self.path), history.part(connection := self._mine()):
            watched.write_watched(connection, files)

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

    def store_thumbnail(self, sha256: str, frame: int, size: int, data: bytes) -> None:
        """Not for bytes that were forgotten while it was drawn."""
        with faults_as_sentences(self.path):
            blobs.store_thumbnail(self._mine(), sha256, frame, size, data)

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """The state of now, to read from for as long as the block lasts, also in a worker."""
        claims = None if self.read_only else self._claims
        return snapshot.taken(self.path, self.notice, self._connect, claims, self._password)

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

    @contextmanager
    def _reading(self) -> Iterator[apsw.Connection]:
        with faults_as_sentences(self.path):
            yield self._mine()

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
