"""Emptying the trash: its pages go for good, their bytes with them, and the history ends where it names them.

Undo is linear, and a change that touched a page that is no more cannot be taken back: the newest such change is
the last one that is out of reach, and with it all before it. An entry of the history with no changeset marks the
place. Page rows and history go in one transaction; the bytes follow in small ones, since a megabyte takes ten
milliseconds and nobody who is writing waits for a thousand. Killed in between, the next emptying sweeps the rest.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import apsw

from certclerk.collection import blobs
from certclerk.collection.claims import Claims
from certclerk.collection.history import floor, last_done, now, transaction

# Database pages that are handed back at a time: 4 MB.
VACUUMED_AT_ONCE = 256
_TRASHED = "SELECT sha256 FROM page WHERE place = 'trash'"
_KEPT = "SELECT 1 FROM page WHERE page.sha256 = blob.sha256 AND place <> 'trash'"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What emptying would do: pages and bytes that go, and how many changes can no longer be undone."""

    pages: int
    bytes: int
    changes: int


def outlook(connection: apsw.Connection) -> Outlook:
    pages = connection.execute("SELECT count(*) FROM page WHERE place = 'trash'").get
    size = connection.execute(
        f"SELECT coalesce(sum(length(data)), 0) FROM blob WHERE sha256 IN ({_TRASHED}) AND NOT EXISTS ({_KEPT})"
    ).get
    changes = connection.execute(
        "SELECT count(*) FROM history WHERE state = 'done' AND id <= ?", (_last_touching(connection),)
    ).get
    return Outlook(pages, size, changes)


def empty(connection: apsw.Connection) -> Outlook:
    """Page rows and history, in one transaction; :func:`sweep` does the rest. Returns what was done."""
    with transaction(connection):
        found, last = outlook(connection), _last_touching(connection)
        # Where undo will stop, the records are as the last change out of reach left them.
        here = last or floor(connection).moment
        connection.execute(
            "UPDATE history SET state = 'dropped' WHERE state = 'undone' OR (state = 'done' AND id <= ?)",
            (last,),
        )
        connection.execute("DELETE FROM page WHERE place = 'trash'")
        connection.execute(
            "INSERT INTO history (made_at, label, teachers, changeset, state)"
            " VALUES (?, ?, ?, zeroblob(0), 'dropped')",
            (
                now(),
                f"清空回收站 {found.pages} 页",
                json.dumps({"teachers": [], "rows": False, "floor": here}),
            ),
        )
    return found


def sweep(connection: apsw.Connection, claims: Claims, cancelled: Callable[[], bool] = lambda: False) -> None:
    """The bytes that nothing needs any more, with their pictures; then the file gives the room back.

    An intake that is at work has claimed what it has stored and no page has yet.
    """
    # The clerk empties the trash to be rid of what is in it: zeros go over it in the file before its room is given back.
    connection.execute("PRAGMA secure_delete = ON")
    for sha256 in blobs.unused(connection):
        if cancelled():
            return
        blobs.drop_unused(connection, sha256, claims)
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    free = connection.execute("PRAGMA freelist_count").get
    while free and not cancelled():
        connection.execute(f"PRAGMA incremental_vacuum({VACUUMED_AT_ONCE})").fetchall()
        before, free = free, connection.execute("PRAGMA freelist_count").get
        if free >= before:
            return  # a file of an earlier version keeps its free room for the next pages


def _last_touching(connection: apsw.Connection) -> int:
    """The newest change that can be undone now and touched a page in the trash; 0 for none."""
    trashed = {row[0] for row in connection.execute("SELECT id FROM page WHERE place = 'trash'")}
    entry = last_done(connection)
    highest = entry.id if trashed and entry else 0
    done = connection.execute(
        "SELECT id, changeset FROM history WHERE state = 'done' AND id <= ? ORDER BY id DESC", (highest,)
    )
    return next((key for key, changeset in done if _touches(changeset, trashed)), 0)


def _touches(changeset: bytes, page_ids: set[int]) -> bool:
    return any(
        change.name == "page" and (change.old or change.new or (None,))[0] in page_ids
        for change in apsw.Changeset.iter(changeset)
    )
