"""A whole copy of a collection, and the proof that it is one: row by row and byte by byte.

The proof reads both files again each time: whoever destroys the one relies on nothing but what the other holds then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import apsw

from certclerk.collection.blobs import hash_of
from certclerk.collection.connection import connect, end_journal, faults_as_sentences
from certclerk.collection.opening import hold
from certclerk.core.errors import UserError
from certclerk.system.files import ASIDE_SUFFIX, explaining, seal, sync_folder

# Done, of how many, what: as the clerk reads it.
Progress = Callable[[int, int, str], None]

# Database pages between two looks at the clock: 16 MB.
_COPIED_AT_ONCE = 1_024
# The column with the hash that the bytes of a table must have.
_PROVEN_BY = {"blob": "sha256", "rendition": "digest"}


@dataclass(frozen=True, slots=True)
class Contents:
    """``digests``: SHA-256 over every row, by table; ``damaged`` counts pictures that no longer fit their hash."""

    digests: dict[str, str]
    rows: dict[str, int]
    damaged: int


def write_archive(source: Path, target: Path, progress: Progress, *, password: str = "") -> Contents:
    """Copies ``source``, also while it is open, to ``target``, which must not exist, and proves it. It has the
    same password.

    ``target`` appears whole or not at all. ``progress`` may raise to stop it. Raises UserError as :func:`prove` does,
    ``collection_exists`` and the faults of the disks.
    """
    with explaining(target):
        if target.exists():
            raise UserError("collection_exists", file=target.name)
        with _aside(target) as aside:
            _copy(source, aside, progress, password)
            contents = prove(source, aside, progress, password=password)
            seal(aside)
            aside.rename(target)
        sync_folder(target.parent)
    return contents


def prove(source: Path, archive: Path, progress: Progress, *, password: str = "") -> Contents:
    """Raises UserError ``archive_unlike`` unless ``archive`` is sound and holds every row and byte of ``source``,
    ``archive_of_damaged`` where both hold pictures that are no longer what they were.
    """
    if not archive.is_file():
        raise UserError("path_missing", path=archive)
    if archive.samefile(source):
        raise UserError("archive_unlike", file=archive.name, reason="它就是采集文件本身")
    with (
        faults_as_sentences(archive),
        closing(connect(archive, read_only=True, password=password)) as connection,
    ):
        if _problems(connection):
            raise UserError("archive_unlike", file=archive.name, reason="文件结构已损坏")
        held = _contents(connection, "核对归档", progress)
    with (
        faults_as_sentences(source),
        closing(connect(source, read_only=True, password=password)) as connection,
    ):
        wanted = _contents(connection, "核对采集", progress)
    if held != wanted:
        raise UserError("archive_unlike", file=archive.name, reason="写好以后，采集有改动")
    if held.damaged:
        raise UserError("archive_of_damaged", count=held.damaged)
    return held


@contextmanager
def held_alone(path: Path, password: str = "") -> Iterator[None]:
    """Within it nobody else opens the collection for writing, and no journal stands beside it.

    Raises UserError as :func:`hold` does, ``collection_busy`` (somebody reads it) and the faults of its disk.
    """
    lock = hold(path)
    try:
        with faults_as_sentences(path), closing(connect(path, password=password)) as connection:
            end_journal(connection)
        yield
    finally:
        lock.release()


@contextmanager
def _aside(target: Path) -> Iterator[Path]:
    """A file beside ``target``; what is left of it, or was left by a killed run, goes."""
    aside = target.with_name(f".{target.name[:40]}{ASIDE_SUFFIX}")
    leftovers = [aside, *(aside.with_name(aside.name + tail) for tail in ("-journal", "-wal", "-shm"))]
    try:
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)
        yield aside
    finally:
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)


def _copy(source: Path, target: Path, progress: Progress, password: str) -> None:
    with (
        faults_as_sentences(target),
        closing(connect(source, read_only=True, password=password)) as read,
        closing(connect(target, create=True, password=password)) as written,
    ):
        target.chmod(0o600)
        with written.backup("main", read, "main") as backup:
            while not backup.done:
                backup.step(_COPIED_AT_ONCE)
                progress(backup.page_count - backup.remaining, backup.page_count, "写归档")
        end_journal(written)


def _problems(connection: apsw.Connection) -> list[str]:
    found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
    return [*found, *(str(row[0]) for row in connection.execute("PRAGMA foreign_key_check"))]


def _contents(connection: apsw.Connection, what: str, progress: Progress) -> Contents:
    """Of one consistent state. Rows come in the order of their key, since nothing narrower holds every column."""
    connection.execute("BEGIN")
    names = [
        str(row[0])
        for row in connection.execute(
            "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
            " ORDER BY name"
        )
    ]
    rows = {name: int(connection.execute(f"SELECT count(*) FROM main.{name}").get) for name in names}
    total, done, damaged, digests = sum(rows.values()), 0, 0, {}
    for name in names:
        digest = hashlib.sha256()
        columns = [str(row[1]) for row in connection.execute(f"PRAGMA main.table_info({name})")]
        for row in connection.execute(f"SELECT * FROM main.{name}"):
            values = dict(zip(columns, row, strict=True))
            for value in row:
                data = value if isinstance(value, bytes) else repr(value).encode()
                digest.update(b"%s %d " % (type(value).__name__.encode(), len(data)))
                digest.update(data)
            if name in _PROVEN_BY:
                damaged += hash_of(values["data"]) != values[_PROVEN_BY[name]]
            done += 1
            progress(done, total, what)
        digests[name] = digest.hexdigest()
    return Contents(digests, rows, damaged)
