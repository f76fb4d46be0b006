"""Opening the SQLite file of a collection: settings, identity, migrations, and faults as sentences."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw

from certclerk.collection.schema import APPLICATION_ID, MIGRATIONS, SEEN_AS_NEWEST, VERSION
from certclerk.collection.trust import check_file, guard
from certclerk.core.errors import UserError

BUSY_TIMEOUT_MS = 10_000

# Bytes. Pictures of a megabyte are read five times as fast from pages of 16 KiB as from SQLite's 4 KiB.
PAGE_SIZE = 16_384

_FAULTS: tuple[tuple[type[apsw.Error], str], ...] = (
    (apsw.FullError, "collection_disk_full"),
    (apsw.ReadOnlyError, "collection_read_only"),
    (apsw.BusyError, "collection_busy"),
    (apsw.LockedError, "collection_busy"),
    (apsw.CorruptError, "collection_damaged"),
    (apsw.TooBigError, "collection_damaged"),
    (apsw.NotADBError, "collection_not_one"),
    (apsw.CantOpenError, "collection_cannot_open"),
    (apsw.IOError, "collection_io"),
    (apsw.PermissionsError, "collection_cannot_open"),
)


@contextmanager
def faults_as_sentences(path: Path) -> Iterator[None]:
    """What can go wrong outside the program becomes a UserError; other apsw errors are bugs and pass."""
    try:
        yield
    except tuple(kind for kind, _ in _FAULTS) as error:
        code = next(code for kind, code in _FAULTS if isinstance(error, kind))
        raise UserError(code, file=path.name, reason=str(error)) from error


def connect(path: Path, *, create: bool = False, read_only: bool = False) -> apsw.Connection:
    """A connection with the settings every one of this file has. Raises apsw.Error."""
    flags = apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE
    if create:
        flags |= apsw.SQLITE_OPEN_CREATE
    name = str(path)
    if read_only and not os.access(path.parent, os.W_OK) and not Path(f"{name}-wal").exists():
        # A WAL file on a medium that cannot be written: nobody else can change it either.
        flags |= apsw.SQLITE_OPEN_URI
        name = path.absolute().as_uri() + "?immutable=1"
    connection = apsw.Connection(name, flags=flags)
    connection.set_busy_timeout(BUSY_TIMEOUT_MS)
    guard(connection)
    if create:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        # Emptying the trash makes the file smaller, a piece at a time; VACUUM would write all of it again.
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA foreign_keys = ON")
    if not read_only:
        connection.execute("PRAGMA synchronous = FULL")
    return connection


def prepare(connection: apsw.Connection, path: Path, *, read_only: bool) -> None:
    """Checks that the file is ours and as we make it, and brings its schema up to date.

    Raises UserError ``collection_not_one`` or ``collection_newer``, and apsw.CorruptError.
    """
    version = user_version(connection)
    if application_id(connection) != APPLICATION_ID or version < 1:
        raise UserError("collection_not_one", file=path.name, reason="application_id")
    if version > VERSION:
        raise UserError("collection_newer", file=path.name)
    check_file(connection, version)
    if read_only:
        connection.execute(SEEN_AS_NEWEST.get(version, ""))
    else:
        connection.execute("PRAGMA journal_mode = WAL")
        migrate(connection)


def migrate(connection: apsw.Connection) -> None:
    """Every missing step in one transaction with its version: a killed migration leaves the old file."""
    version = user_version(connection)
    if version == VERSION:
        return
    with connection:
        for step in MIGRATIONS[version:]:
            connection.execute(step)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def end_journal(connection: apsw.Connection) -> None:
    """Folds the WAL into the file and leaves no mark of it: a later reader then needs no files beside it.

    While another program reads, or the file is damaged, the WAL stays; SQLite folds it in at the next opening.
    """
    connection.set_busy_timeout(0)
    with suppress(
        apsw.BusyError, apsw.LockedError, apsw.IOError, apsw.FullError, apsw.CorruptError, apsw.SQLError
    ):
        connection.execute("PRAGMA journal_mode = DELETE")


def user_version(connection: apsw.Connection) -> int:
    return int(connection.pragma("user_version"))


def application_id(connection: apsw.Connection) -> int:
    return int(connection.pragma("application_id"))
