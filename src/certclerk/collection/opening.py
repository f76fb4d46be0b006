"""A collection made or opened: its lock first, then its file as this version has it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from certclerk.collection.changes import filing_row
from certclerk.collection.cipher import is_encrypted, lacks_first_page
from certclerk.collection.connection import (
    begin_journal,
    closing_if_it_fails,
    connect,
    faults_as_sentences,
    migrate,
    prepare,
)
from certclerk.collection.health import look
from certclerk.collection.history import transaction
from certclerk.collection.rekey import Progress, rekey, sweep_aside
from certclerk.collection.store import Collection
from certclerk.collection.trust import check_slots
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.records import Filing
from certclerk.system.files import explaining, open_private
from certclerk.system.lock import FileLock, HeldElsewhere, acquire
from certclerk.system.places import place_of


def create_collection(path: Path, notice: Notice, filing: Filing, *, password: str = "") -> Collection:
    """A new, empty collection at ``path``, which must not exist; with a password, if one is given.

    Raises UserError ``collection_exists`` and what :func:`open_collection` raises.
    """
    if path.exists():
        raise UserError("collection_exists", file=path.name)
    lock = hold(path)
    try:
        with explaining(path), faults_as_sentences(path):
            open_private(path).close()
            connection = connect(path, create=True, password=password)
            with closing_if_it_fails(connection):
                migrate(connection)
                begin_journal(connection, path)
                with transaction(connection):
                    connection.execute("INSERT INTO notice (id, source) VALUES (1, ?)", (notice.source,))
                    connection.execute(
                        "INSERT INTO filing (id, unit, clerk, phone, filled_on) VALUES (1, ?, ?, ?, ?)",
                        filing_row(filing, notice),
                    )
                return Collection(path, connection, lock, password)
    except BaseException:
        lock.release()
        raise


def open_collection(
    path: Path, *, read_only: bool = False, password: str = "", taking_over: bool = False
) -> Collection:
    """An existing collection; writing takes its lock, reading does not ask for it.

    ``password`` is not looked at where the file has none. ``taking_over``: the clerk knows that the other computer,
    which the lock says has it, is done with it. Raises UserError: ``collection_missing``,
    ``collection_locked`` (another window has it), ``collection_locked_elsewhere``, ``collection_password_needed``, ``collection_password_wrong``,
    ``collection_not_one``, ``collection_newer``, ``collection_damaged`` and the faults of its disk.
    """
    if not path.is_file():
        raise UserError("collection_missing", file=str(path))
    password = _fitting(path, password)
    lock = None if read_only else hold(path, taking_over=taking_over)
    try:
        with explaining(path), faults_as_sentences(path):
            if lock:
                sweep_aside(path)
                _drop_former_name(path)
            connection = connect(path, read_only=read_only, password=password)
            with closing_if_it_fails(connection):
                prepare(connection, path, read_only=read_only)
                damage = None if read_only else next(look(connection), None)
                if damage:
                    raise UserError("collection_damaged", file=path.name, reason=damage.message)
                opened = Collection(path, connection, lock, password)
                check_slots(connection, opened.notice)
                return opened
    except BaseException as error:
        if lock:
            lock.release()
        if password and isinstance(error, UserError) and error.code == "collection_not_one":
            # The same to SQLite: a first page that this password does not open, and one that is not all there.
            code = "collection_damaged" if lacks_first_page(path) else "collection_password_wrong"
            raise UserError(code, file=path.name, reason=error.facts["reason"]) from error
        raise


def _fitting(path: Path, password: str) -> str:
    with explaining(path):
        if not is_encrypted(path):
            return ""
    if not password:
        raise UserError("collection_password_needed", file=path.name)
    return password


def change_password(
    path: Path,
    old: str,
    new: str,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Sets, changes or, with an empty ``new``, removes the password of a collection that nobody has open.

    It takes the time and the room of writing all of it once; ``progress(bytes done, bytes in all)``. Raises UserError,
    each with the file as it was: ``rekey_cancelled``, ``rekey_differs``, ``no_space`` and what
    :func:`open_collection` raises.
    """
    # Proves the password, ends what a crash left open, and brings the file to this version.
    open_collection(path, password=old).close()
    lock = hold(path)
    try:
        with explaining(path), faults_as_sentences(path):
            rekey(path, _fitting(path, old), new, progress, cancelled)
    finally:
        lock.release()


def unfinished_path(path: Path) -> Path:
    """Where a new collection grows until it is whole."""
    return path.with_name(f".{path.name}.new")


def _drop_former_name(path: Path) -> None:
    """Whoever was killed in naming a new collection left it under both names."""
    former = unfinished_path(path)
    if former.exists() and former.samefile(path):
        former.unlink()


def lock_path(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def hold(path: Path, *, taking_over: bool = False) -> FileLock:
    """The right to write the collection. Raises UserError ``collection_locked`` and ``collection_locked_elsewhere``."""
    try:
        lock = acquire(lock_path(path), shared=place_of(path).shared, taking_over=taking_over)
    except HeldElsewhere as error:
        since = datetime.fromisoformat(error.holder.since).astimezone()
        raise UserError(
            "collection_locked_elsewhere",
            file=path.name,
            computer=error.holder.host,
            since=f"{since:%Y-%m-%d %H:%M}",
        ) from error
    except FileNotFoundError as error:
        raise UserError("folder_missing", folder=str(path.parent)) from error
    except OSError as error:
        raise UserError("folder_not_writable", folder=str(path.parent)) from error
    if lock is None:
        raise UserError("collection_locked", file=path.name)
    return lock
