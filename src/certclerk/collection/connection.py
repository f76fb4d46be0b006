"""Opening the SQLite file of a collection: settings, identity, migrations, and faults as sentences."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw

from certclerk.collection.cipher import apply_key
from certclerk.collection.history import transaction
from certclerk.collection.schema import APPLICATION_ID, MIGRATIONS, SEEN_AS_NEWEST, VERSION
from certclerk.collection.trust import check_file, guard
from certclerk.collection.upgrading import keep_former
from certclerk.core.errors import UserError
from certclerk.system.places import Kind, place_of

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
_UNSUPPORTED = "unsupported file format"
_KINDS = tuple(kind for kind, _ in _FAULTS)


@contextmanager
def faults_as_sentences(path: Path) -> Iterator[None]:
    """What can go wrong outside the program becomes a UserError; other apsw errors are bugs and pass."""
    try:
        yield
    except _KINDS as error:
        kind = type(error)
        if getattr(error, "extendedresult", 0) == apsw.SQLITE_READONLY_ROLLBACK:
            raise UserError("collection_unfinished", file=path.name) from error
        if issubclass(kind, apsw.CorruptError) and not _is_there(path):
            # Where reading fails, SQLite says that the file is damaged, also of a stick that was pulled out.
            kind = apsw.IOError
        elif issubclass(kind, apsw.ReadOnlyError) and os.access(path, os.W_OK):
            # So it says too where it could not make its files beside one that may be written.
            kind = apsw.CantOpenError
        code = next(code for known, code in _FAULTS if issubclass(kind, known))
        raise UserError(code, file=path.name, reason=str(error)) from error
    except apsw.SQLError as error:
        # Of a damaged head SQLite says so as it does of a wrong statement.
        if str(error) != _UNSUPPORTED:
            raise
        raise UserError("collection_damaged", file=path.name, reason=str(error)) from error


def _is_there(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return bool(stream.read(1))
    except OSError:
        return False


def connect(
    path: Path, *, create: bool = False, read_only: bool = False, password: str = ""
) -> apsw.Connection:
    """A connection with the settings every one of this file has. Raises apsw.Error.

    Whether the password fits shows at the first reading.
    """
    flags = apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE
    if create:
        flags |= apsw.SQLITE_OPEN_CREATE
    flags |= apsw.SQLITE_OPEN_URI
    name = str(path.absolute())
    if read_only and not os.access(path.parent, os.W_OK) and not _has_logs(name):
        # A WAL file on a medium that cannot be written: nobody else can change it either.
        name = path.absolute().as_uri() + "?immutable=1"
    connection = apsw.Connection(name, flags=flags)
    with closing_if_it_fails(connection):
        if create and connection.readonly("main"):
            # SQLite's way out where it could not open for writing what is there.
            raise apsw.CantOpenError("unable to open database file for writing")
        connection.set_busy_timeout(BUSY_TIMEOUT_MS)
        apply_key(connection, password)
        guard(connection)
        if create:
            connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
            # Emptying the trash makes the file smaller, a piece at a time; VACUUM would write all of it again.
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA foreign_keys = ON")
        # What is sorted on the way would else lie in a file that no password protects.
        connection.execute("PRAGMA temp_store = MEMORY")
        if not read_only:
            connection.execute("PRAGMA synchronous = FULL")
            # What is deleted within a page is overwritten with it, at no cost; whole free pages only by emptying the trash.
            connection.execute("PRAGMA secure_delete = FAST")
    return connection


def _has_logs(name: str) -> bool:
    return any(Path(f"{name}{log}").exists() for log in ("-wal", "-journal"))


def prepare(connection: apsw.Connection, path: Path, *, read_only: bool) -> None:
    """Checks that the file is ours and as we make it, and brings its schema up to date.

    A file of an earlier version is kept as it was first. Raises UserError ``collection_not_one``, ``collection_newer``
    and what :func:`keep_former` raises, and apsw.CorruptError.
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
        if version < VERSION:
            connection.execute("PRAGMA journal_mode = DELETE")
            keep_former(connection, path)
        begin_journal(connection, path)
        migrate(connection)


def migrate(connection: apsw.Connection) -> None:
    """Every missing step in one transaction with its version: a killed migration leaves the old file."""
    version = user_version(connection)
    if version == VERSION:
        return
    with transaction(connection):
        for step in MIGRATIONS[version:]:
            connection.execute(step)
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


@contextmanager
def closing_if_it_fails(connection: apsw.Connection) -> Iterator[None]:
    """Left to the garbage collector, it would hold the files beside the collection for as long as the error is shown."""
    try:
        yield
    except BaseException:
        close(connection)
        raise


def close(connection: apsw.Connection, *, folding: bool = False) -> None:
    """On a disk that fails too: what was saved is in the journal at least, which the next opening folds in."""
    if folding:
        # SQLError: what failed in a damaged file before has left its transaction open.
        with suppress(*_KINDS, apsw.SQLError):
            end_journal(connection)
    with suppress(*_KINDS):
        connection.close()


def begin_journal(connection: apsw.Connection, path: Path) -> None:
    """The WAL on a disk of this computer's own. Elsewhere a rollback journal: a WAL's index is memory that computers
    cannot share, and beside the file there is nothing between changes that a sync program or a pulled stick can part
    from it.
    """
    mode = "WAL" if place_of(path).kind is Kind.LOCAL else "DELETE"
    connection.execute(f"PRAGMA journal_mode = {mode}")


def end_journal(connection: apsw.Connection) -> None:
    """Folds the WAL into the file and leaves no mark of it: a later reader then needs no files beside it.

    Raises apsw.Error while another program reads, or on a disk that fails: the WAL stays then, and SQLite folds it in
    at the next opening.
    """
    connection.set_busy_timeout(0)
    connection.execute("PRAGMA journal_mode = DELETE")


def user_version(connection: apsw.Connection) -> int:
    return int(connection.pragma("user_version"))


def application_id(connection: apsw.Connection) -> int:
    return int(connection.pragma("application_id"))
