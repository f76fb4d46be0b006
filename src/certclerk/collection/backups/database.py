"""The SQLite files of a backup: made aside without a journal, since they count only once they are named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import apsw

from certclerk.collection.cipher import apply_key
from certclerk.collection.connection import PAGE_SIZE
from certclerk.core.errors import UserError
from certclerk.system.files import explaining, open_private, retried, sync, sync_folder

# What a disk can do to a file that is being made; see connection.faults_as_sentences for a collection's own.
_FAULTS: tuple[tuple[type[apsw.Error], str], ...] = (
    (apsw.FullError, "disk_full"),
    (apsw.IOError, "device_gone"),
    (apsw.CantOpenError, "access_denied"),
    (apsw.ReadOnlyError, "access_denied"),
)


@contextmanager
def fresh(path: Path, password: str, *, page_size: int = PAGE_SIZE) -> Iterator[apsw.Connection]:
    """A database to fill, new or not named yet. A killed run leaves it to be swept with the folder it is made in.

    Raises UserError where the disk does not take it.
    """
    if not path.exists():
        with explaining(path):
            open_private(path).close()
    try:
        with closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)) as connection:
            apply_key(connection, password)
            # The size first: any other question makes the file's first page.
            connection.execute(
                f"PRAGMA page_size = {page_size}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"
            )
            yield connection
    except tuple(kind for kind, _ in _FAULTS) as error:
        code = next(code for kind, code in _FAULTS if isinstance(error, kind))
        raise UserError(code, path=path) from error


@contextmanager
def opened(path: Path, password: str) -> Iterator[apsw.Connection]:
    """A finished one, to read only. Raises apsw.Error."""
    with closing(connect(path, password)) as connection:
        yield connection


def connect(path: Path, password: str) -> apsw.Connection:
    """For those who close it themselves; see :func:`opened`."""
    # Nobody changes it, so it needs no lock. Written out, because pathlib takes a server's name for the URI's host.
    posix = path.absolute().as_posix()
    name = f"file://{'' if posix.startswith('/') else '/'}{quote(posix)}?immutable=1"
    connection = apsw.Connection(name, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
    apply_key(connection, password)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def settle(aside: Path, final: Path) -> None:
    """Gives a finished file the name under which it counts, with all of it on the disk. Raises UserError."""
    with explaining(final):
        with aside.open("r+b") as stream:
            sync(stream)
        retried(lambda: aside.rename(final))
        sync_folder(final.parent)
