"""Setting, changing and removing a collection's password: a proven copy takes the file's place.

Not SQLite's own rekeying in place, which leaves pages of both keys in the file and its journal when it is killed: here
the name holds either the old file or the new one, whole. What is unfinished lies in one hidden file, which goes with
the next opening.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import apsw

from certclerk.collection.cipher import address
from certclerk.collection.connection import connect, end_journal
from certclerk.core.errors import UserError
from certclerk.system.files import open_private, require_space, retried, seal, sync, sync_folder

# Virtual machine steps of SQLite between two looks at whether to stop: some milliseconds.
STEPS_BETWEEN_LOOKS = 20_000
_WIPED_AT_ONCE = 1 << 20  # bytes

Progress = Callable[[int, int], None]


def aside_path(path: Path) -> Path:
    """Where the copy with the other password grows."""
    return path.with_name(f".{path.name}.rekeyed")


def sweep_aside(path: Path) -> None:
    """What a killed change of password left; for those who hold the file's lock. Raises OSError."""
    aside = aside_path(path)
    for leftover in (aside, aside.with_name(f"{aside.name}-journal")):
        leftover.unlink(missing_ok=True)


def rekey(path: Path, old: str, new: str, progress: Progress, cancelled: Callable[[], bool]) -> None:
    """Needs the file's lock, and nobody who has it open. Bytes done and in all are told to ``progress``.

    An empty password is none. Raises UserError ``rekey_cancelled``, ``rekey_differs``, ``collection_busy`` (another
    program reads it), apsw.Error and OSError, each with the file as it was.
    """
    aside = aside_path(path)
    sweep_aside(path)
    size = path.stat().st_size
    require_space(path.parent, size)
    open_private(aside).close()
    try:
        with closing(connect(path, password=old)) as source:
            end_journal(source)
            with _watched(source, lambda: progress(aside.stat().st_size, 2 * size), cancelled):
                source.execute(f"VACUUM INTO {apsw.format_sql_value(address(aside, new))}")
            with closing(connect(aside, password=new)) as copy:
                _compare(source, copy, size, progress, cancelled)
        seal(aside)
        _take_place(aside, path, wiping=not old)
    finally:
        with suppress(OSError):
            sweep_aside(path)


@contextmanager
def _watched(
    connection: apsw.Connection, look: Callable[[], None], cancelled: Callable[[], bool]
) -> Iterator[None]:
    def step() -> bool:
        look()
        return cancelled()

    connection.set_progress_handler(step, STEPS_BETWEEN_LOOKS)
    try:
        yield
    except apsw.InterruptError as error:
        raise UserError("rekey_cancelled") from error
    finally:
        connection.set_progress_handler(None)


def _compare(
    source: apsw.Connection,
    copy: apsw.Connection,
    size: int,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> None:
    """Every row of every table against its like."""
    done = size
    try:
        for query in _queries(source):
            for mine, other in zip(source.execute(query), copy.execute(query), strict=True):
                if cancelled():
                    raise UserError("rekey_cancelled")
                if mine != other:
                    raise UserError("rekey_differs")
                done += sum(len(value) for value in mine if isinstance(value, bytes))
                progress(min(done, 2 * size), 2 * size)
    except (ValueError, apsw.SQLError) as error:
        raise UserError("rekey_differs") from error


def _queries(connection: apsw.Connection) -> list[str]:
    """The rows of each table in the order of its key."""
    found = []
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        keys = [str(row[1]) for row in connection.execute(f"PRAGMA table_info({name})") if row[5]]
        found.append(f"SELECT * FROM {name} ORDER BY {', '.join(keys)}")
    return found


def _take_place(aside: Path, path: Path, *, wiping: bool) -> None:
    """``wiping``: what could be read of the former file is overwritten where it lay, unless it has another name too."""
    with ExitStack() as held:
        former = None
        if wiping and os.name == "posix" and path.stat().st_nlink == 1:  # Windows replaces no open file
            former = held.enter_context(path.open("r+b"))
        retried(lambda: aside.replace(path))
        sync_folder(path.parent)
        if former is not None:
            _wipe(former)


def _wipe(former: BinaryIO) -> None:
    left = former.seek(0, os.SEEK_END)
    former.seek(0)
    while left:
        left -= former.write(bytes(min(_WIPED_AT_ONCE, left)))
    sync(former)
