"""A collection made or opened: its lock first, then its file as this version has it."""

from __future__ import annotations

from pathlib import Path

from certclerk.collection.changes import filing_row
from certclerk.collection.connection import connect, faults_as_sentences, migrate, prepare
from certclerk.collection.store import Collection
from certclerk.collection.trust import check_slots
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.records import Filing
from certclerk.system.lock import FileLock, acquire


def create_collection(path: Path, notice: Notice, filing: Filing) -> Collection:
    """A new, empty collection at ``path``, which must not exist.

    Raises UserError ``collection_exists`` and what :func:`open_collection` raises.
    """
    if path.exists():
        raise UserError("collection_exists", file=path.name)
    lock = _lock(path)
    try:
        with faults_as_sentences(path):
            connection = connect(path, create=True)
            path.chmod(0o600)
            migrate(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            with connection:
                connection.execute("INSERT INTO notice (id, source) VALUES (1, ?)", (notice.source,))
                connection.execute(
                    "INSERT INTO filing (id, unit, clerk, phone, filled_on) VALUES (1, ?, ?, ?, ?)",
                    filing_row(filing, notice),
                )
        return Collection(path, connection, lock)
    except UserError:
        lock.release()
        raise


def open_collection(path: Path, *, read_only: bool = False) -> Collection:
    """An existing collection; writing takes its lock, reading does not ask for it.

    Raises UserError: ``collection_missing``, ``collection_locked`` (another window has it),
    ``collection_not_one``, ``collection_newer``, ``collection_damaged`` and the faults of its disk.
    """
    if not path.is_file():
        raise UserError("collection_missing", file=str(path))
    lock = None if read_only else _lock(path)
    try:
        with faults_as_sentences(path):
            connection = connect(path, read_only=read_only)
            prepare(connection, path, read_only=read_only)
            opened = Collection(path, connection, lock)
            check_slots(connection, opened.notice)
            return opened
    except UserError:
        if lock:
            lock.release()
        raise


def lock_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _lock(path: Path) -> FileLock:
    try:
        lock = acquire(lock_path(path))
    except FileNotFoundError as error:
        raise UserError("folder_missing", folder=str(path.parent)) from error
    except OSError as error:
        raise UserError("folder_not_writable", folder=str(path.parent)) from error
    if lock is None:
        raise UserError("collection_locked", file=path.name)
    return lock
