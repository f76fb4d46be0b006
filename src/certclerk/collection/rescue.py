"""A new collection out of a damaged one: every picture that its hash proves, every record that can be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import apsw

from certclerk.collection import blobs
from certclerk.collection.connection import connect, faults_as_sentences
from certclerk.collection.salvage import Picture, Salvage
from certclerk.collection.settling import Loss, settle
from certclerk.collection.tables import BYTES, MADE_ANEW, tables
from certclerk.core.notice import Notice

Progress = Callable[[int, int], None]

# Pictures that go in one transaction.
_AT_ONCE = 100


def write_rescued(
    found: Salvage,
    path: Path,
    fallback: Notice,
    progress: Progress = lambda _done, _total: None,
    check: Callable[[], None] = lambda: None,
) -> tuple[Loss, ...]:
    """Fills the new collection at ``path``, which has the password of the old one; returns what was lost. ``check`` may
    raise to stop. Raises the faults of the disk.
    """
    with faults_as_sentences(path):
        connection = connect(path, password=found.password)
        try:
            # Parents come after their children; what is written keeps the rules all the same.
            connection.execute("PRAGMA foreign_keys = OFF")
            lost = _write_pictures(found, connection, progress, check)
            losses = settle(found.connection, found.gaps, lost, fallback)
            with connection:
                _write_records(found.connection, connection)
        finally:
            connection.close()
    return losses


def unused_pictures(path: Path, password: str = "") -> tuple[str, ...]:
    """The hashes of stored files that no page has and no redo brings back."""
    with faults_as_sentences(path):
        connection = connect(path, read_only=True, password=password)
        try:
            return tuple(blobs.unused(connection))
        finally:
            connection.close()


def _write_pictures(
    found: Salvage, connection: apsw.Connection, progress: Progress, check: Callable[[], None]
) -> list[Picture]:
    """Those that are not what they should be are returned, not written."""
    lost: list[Picture] = []
    pictures = found.pictures
    for start in range(0, len(pictures), _AT_ONCE):
        with connection:
            for done, picture in enumerate(pictures[start : start + _AT_ONCE], start):
                check()
                progress(done, len(pictures))
                data = found.bytes_of(picture)
                if data is None or not _write(found.connection, connection, picture, data):
                    lost.append(picture)
    progress(len(pictures), len(pictures))
    return lost


def _write(source: apsw.Connection, target: apsw.Connection, picture: Picture, data: bytes) -> bool:
    name, sha256, frame = picture
    if name == "rendition":
        where, key = "sha256 = ? AND frame = ?", (sha256, frame)
        media_type, digest = source.execute(
            f"SELECT media_type, digest FROM rendition WHERE {where}", key
        ).get
        if blobs.hash_of(data) != digest:
            return False
        values = (sha256, frame, media_type, digest, data)
        target.execute("INSERT INTO rendition VALUES (?, ?, ?, ?, ?)", values)
        return True
    proven = blobs.hash_of(data)
    if proven != sha256:
        if not source.execute("SELECT 1 FROM page WHERE sha256 = ?", (proven,)).fetchone():
            return False
        # The bytes are a page's; only the name that they were kept under is damaged.
        source.execute("UPDATE OR REPLACE blob SET sha256 = ? WHERE sha256 = ?", (proven, sha256))
    media_type, added_at = source.execute(
        "SELECT media_type, added_at FROM blob WHERE sha256 = ?", (proven,)
    ).get
    target.execute("INSERT OR IGNORE INTO blob VALUES (?, ?, ?, ?)", (proven, media_type, added_at, data))
    return True


def _write_records(source: apsw.Connection, target: apsw.Connection) -> None:
    for name, table in tables().items():
        if name in MADE_ANEW:
            continue
        if name in BYTES:
            kept = set(source.execute(f"SELECT {', '.join(table.key)} FROM {name}"))
            written = set(target.execute(f"SELECT {', '.join(table.key)} FROM {name}"))
            where = " AND ".join(f"{part} = ?" for part in table.key)
            target.executemany(f"DELETE FROM {name} WHERE {where}", list(written - kept))
            continue
        names = [column.name for column in table.columns]
        target.execute(f"DELETE FROM {name}")
        target.executemany(
            f"INSERT INTO {name} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            _all(source, f"SELECT {', '.join(names)} FROM {name}"),
        )


def _all(connection: apsw.Connection, query: str) -> Iterator[tuple[object, ...]]:
    yield from connection.execute(query)
