"""A collection made or opened: its lock first, then its file as this version has it."""

from __future__ import annotations

from pathlib import Path

from certclerk.collection.changes import filing_row
from certclerk.collection.connection import connect, faults_as_sentences, migrate, prepare
from certclerk.collection.health import look
from certclerk.collection.salvage import salvage
from certclerk.collection.settling import settle
from certclerk.collection.store import Collection
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
            damage = None if read_only else next(look(connection), None)
            if damage:
                connection.close()
                raise UserError("collection_damaged", file=path.name, reason=damage.message)
            return Collection(path, connection, lock)
    except UserError:
        if lock:
            lock.release()
        raise


def open_damaged(path: Path, fallback: Notice) -> Collection:
    """What can be read of a damaged collection, for reading only, as a rescue would keep it; see its ``losses``.

    ``fallback`` stands for a notice that is gone. Raises UserError: ``collection_missing``, ``collection_not_one``
    (nothing of a collection is in it), ``collection_cannot_open``.
    """
    if not path.is_file():
        raise UserError("collection_missing", file=str(path))
    found = salvage(path)
    losses = settle(found.connection, found.gaps, (), fallback)
    return Collection(path, found.connect(), None, found, losses)


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
