"""The table of what a watched folder gave. Not part of the history: who takes a page back does not want it again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import apsw

from certclerk.collection.history import now
from certclerk.collection.trust import understood
from certclerk.core.watched import Stamp, WatchedFile, WatchedOutcome


@understood()
def read_watched(connection: apsw.Connection) -> tuple[WatchedFile, ...]:
    rows = connection.execute("SELECT path, size, modified_ns, sha256, outcome FROM watched")
    return tuple(_file(*row) for row in rows)


def write_watched(connection: apsw.Connection, files: Iterable[WatchedFile]) -> None:
    """In place of what was remembered of the same paths, within the caller's transaction."""
    seen_at = now()
    connection.executemany(
        "INSERT OR REPLACE INTO watched (path, size, modified_ns, sha256, outcome, seen_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [(_kept(file.path), *file.stamp, file.sha256, file.outcome.value, seen_at) for file in files],
    )


def holds_page(connection: apsw.Connection, sha256: str) -> bool:
    """Whether a page with these bytes lies in a slot or in the tray."""
    query = "SELECT 1 FROM page WHERE sha256 = ? AND place <> 'trash'"
    return connection.execute(query, (sha256,)).fetchone() is not None


def _file(path: Any, size: Any, modified_ns: Any, sha256: Any, outcome: Any) -> WatchedFile:
    return WatchedFile(_path(path), Stamp(size, modified_ns), sha256, WatchedOutcome(outcome))


def _kept(path: str) -> str | bytes:
    """Names that are no Unicode exist on every system; SQLite keeps their bytes."""
    return path if path.isprintable() else path.encode("utf-8", "surrogatepass")


def _path(kept: str | bytes) -> str:
    return kept if isinstance(kept, str) else kept.decode("utf-8", "surrogatepass")
