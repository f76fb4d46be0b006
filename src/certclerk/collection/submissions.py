"""What was submitted, and the clerk's own ticks on it. The records stay whatever is undone; the ticks are history."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import apsw

from certclerk.collection.history import now
from certclerk.collection.trust import understood
from certclerk.core.submission_record import Step, Tick


@dataclass(frozen=True, slots=True)
class StoredSubmission:
    """``made_at`` is UTC, ISO 8601; ``record`` the JSON of core.submission_record."""

    id: int
    made_at: str
    record: str


@understood()
def stored(connection: apsw.Connection) -> tuple[StoredSubmission, ...]:
    """Newest first."""
    rows = connection.execute("SELECT id, made_at, record FROM submission ORDER BY id DESC").fetchall()
    return tuple(StoredSubmission(int(str(key)), str(at), str(record)) for key, at, record in rows)


def last_id(connection: apsw.Connection) -> int | None:
    found: int | None = connection.execute("SELECT max(id) FROM submission").get
    return found


def record(connection: apsw.Connection, text: str, made_at: str) -> None:
    connection.execute("INSERT INTO submission (made_at, record) VALUES (?, ?)", (made_at or now(), text))


def amend(connection: apsw.Connection, submission_id: int, text: str) -> None:
    connection.execute("UPDATE submission SET record = ? WHERE id = ?", (text, submission_id))


@understood()
def ticks(connection: apsw.Connection) -> dict[int, tuple[Tick, ...]]:
    """By submission, in the order of the steps."""
    found: dict[int, list[Tick]] = defaultdict(list)
    rows = connection.execute("SELECT submission_id, step, day, reason FROM submission_tick").fetchall()
    for key, step, day, reason in rows:
        found[int(str(key))].append(Tick(Step(str(step)), date.fromisoformat(str(day)), str(reason)))
    order = list(Step)
    return {key: tuple(sorted(of, key=lambda tick: order.index(tick.step))) for key, of in found.items()}


def tick(connection: apsw.Connection, submission_id: int, ticked: Tick) -> None:
    """In place of an earlier tick of that step."""
    connection.execute(
        "INSERT INTO submission_tick (submission_id, step, day, reason) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET day = excluded.day, reason = excluded.reason",
        (submission_id, ticked.step.value, ticked.day.isoformat(), ticked.reason),
    )


def untick(connection: apsw.Connection, submission_id: int, step: Step) -> None:
    connection.execute(
        "DELETE FROM submission_tick WHERE submission_id = ? AND step = ?", (submission_id, step.value)
    )
