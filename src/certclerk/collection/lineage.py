"""The generations of a file: the first change after it was opened adds one, in the same transaction.

The database does that itself, by triggers of the one connection that changes records: no change can forget it, and what
is rolled back begins no generation.
"""

from __future__ import annotations

import secrets

import apsw

from certclerk.core.lineage import Generation

# What holds the clerk's work besides bytes: a change is an entry of the history, undo and redo its state.
_WRITTEN = (
    "INSERT ON main.history",
    "UPDATE OF state ON main.history",
    "INSERT ON main.form",
    "DELETE ON main.form",
    "INSERT ON main.submission",
)


def begin(connection: apsw.Connection) -> None:
    """From here on the first change of this connection begins a generation."""
    own = secrets.token_hex(16)
    for number, written in enumerate(_WRITTEN):
        connection.execute(
            f"CREATE TEMP TRIGGER generation_{number} AFTER {written}"
            f" WHEN NOT EXISTS (SELECT 1 FROM main.generation WHERE id = '{own}')"
            " BEGIN INSERT INTO generation (id, begun_at)"
            f" VALUES ('{own}', strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now')); END"
        )


def read(connection: apsw.Connection) -> tuple[Generation, ...]:
    """From the first on."""
    return tuple(
        Generation(*row) for row in connection.execute("SELECT id, begun_at FROM generation ORDER BY number")
    )
