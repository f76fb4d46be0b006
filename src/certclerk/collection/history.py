"""Undo and redo by changesets, kept in the file: they survive closing and are the audit trail."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import apsw

from certclerk.collection.schema import TRACKED
from certclerk.collection.trust import understood
from certclerk.core.lineage import NO_CHANGE, NewestChange

# What comes of a changeset that was damaged, or is of other records than these.
_MISFITS = (
    apsw.AbortError,
    apsw.ConstraintError,
    apsw.MismatchError,
    apsw.MisuseError,
    apsw.RangeError,
    apsw.SchemaChangeError,
    apsw.SQLError,
)


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change, an undo or a redo touched besides tray and filing.

    ``teachers`` None: anyone, as entries of earlier versions have it; ``rows``: some came, went or moved.
    """

    teachers: frozenset[int] | None
    rows: bool = False


@dataclass(slots=True)
class Recording:
    """What a transaction in progress has touched so far."""

    teachers: set[int] = field(default_factory=set)
    rows: bool = False

    def changed(self) -> Changed:
        return Changed(frozenset(self.teachers), self.rows)


@dataclass(frozen=True, slots=True)
class Entry:
    """One change in the history."""

    id: int
    made_at: str
    label: str
    changed: Changed


@dataclass(frozen=True, slots=True)
class Floor:
    """Where undo stops: the records there are those of ``moment``; ``label`` says what ended the history there,
    empty where it is the beginning.
    """

    moment: int = 0
    label: str = ""


def now(*, exact: bool = False) -> str:
    """This moment in UTC, ISO 8601 to the second, or ``exact`` to the microsecond; as text they sort as times."""
    return datetime.now(UTC).isoformat(timespec="microseconds" if exact else "seconds")


@contextmanager
def transaction(connection: apsw.Connection) -> Iterator[None]:
    """Holds the right to write from its beginning; nothing is changed when the block raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def part(connection: apsw.Connection) -> Iterator[None]:
    """A transaction, or a part of the one that is open; nothing is changed when the block raises.

    Not apsw's ``with connection:``, which keeps the interpreter from every other thread until the disk has written.
    """
    connection.execute("SAVEPOINT part")
    try:
        yield
        connection.execute("RELEASE part")
    except BaseException:
        # A full disk may have ended the transaction already.
        if connection.in_transaction:
            connection.execute("ROLLBACK TO part; RELEASE part")
        raise


@contextmanager
def recorded(connection: apsw.Connection, label: str) -> Iterator[Recording]:
    """One transaction and, if it changed a tracked table, one history entry. All or nothing."""
    recording = Recording()
    with transaction(connection):
        session = apsw.Session(connection, "main")
        try:
            for table in TRACKED:
                session.attach(table)
            yield recording
            changeset = session.changeset()
        finally:
            session.close()
        if changeset:
            connection.execute("UPDATE history SET state = 'dropped' WHERE state = 'undone'")
            connection.execute(
                "INSERT INTO history (made_at, label, teachers, changeset, state) VALUES (?, ?, ?, ?, 'done')",
                (now(), label, _packed(recording.changed()), changeset),
            )


def last_done(connection: apsw.Connection) -> Entry | None:
    return _entry(
        connection, "SELECT id, made_at, label, teachers FROM history WHERE state = 'done' ORDER BY id DESC"
    )


def next_undone(connection: apsw.Connection) -> Entry | None:
    return _entry(
        connection, "SELECT id, made_at, label, teachers FROM history WHERE state = 'undone' ORDER BY id"
    )


@understood()
def floor(connection: apsw.Connection) -> Floor:
    """The newest entry without a changeset is what ended the history (see collection.emptying)."""
    row = connection.execute(
        "SELECT label, teachers FROM history WHERE state = 'dropped' AND changeset = zeroblob(0)"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return Floor(json.loads(row[1])["floor"], row[0]) if row else Floor()


def moment(connection: apsw.Connection) -> int:
    """Which change the records stand at: equal moments hold equal records, also after undo and redo."""
    entry = last_done(connection)
    return entry.id if entry else floor(connection).moment


def changed_at(connection: apsw.Connection) -> str:
    """When the newest change was made, in UTC, ISO 8601; empty where there was none."""
    made_at: str = connection.execute("SELECT coalesce(max(made_at), '') FROM history").get
    return made_at


def newest(connection: apsw.Connection) -> NewestChange:
    """Also one that was taken back."""
    number = connection.execute("SELECT coalesce(max(id), 0) FROM history").get
    return NewestChange(number, _trace(connection, number)) if number else NO_CHANGE


def holds(connection: apsw.Connection, change: NewestChange) -> bool:
    """Whether it is this copy's too, and with it all that came before."""
    return not change.number or _trace(connection, change.number) == change.trace


def _trace(connection: apsw.Connection, number: int) -> str:
    """Empty where there is no such change."""
    row = connection.execute(
        "SELECT made_at, label, changeset FROM history WHERE id = ?", (number,)
    ).fetchone()
    return hashlib.sha256(repr(row).encode()).hexdigest()[:32] if row else ""


def stands(connection: apsw.Connection, moment: int) -> bool:
    """Whether the change of that moment is a part of the records: it was not taken back since."""
    done = "SELECT 1 FROM history WHERE id = ? AND state = 'done'"
    return moment == floor(connection).moment or connection.execute(done, (moment,)).fetchone() is not None


def undo(connection: apsw.Connection, entry: Entry) -> None:
    _apply(connection, entry, state="undone", invert=True)


def redo(connection: apsw.Connection, entry: Entry) -> None:
    _apply(connection, entry, state="done", invert=False)


def _apply(connection: apsw.Connection, entry: Entry, *, state: str, invert: bool) -> None:
    with transaction(connection):
        changeset = connection.execute("SELECT changeset FROM history WHERE id = ?", (entry.id,)).get
        if invert:
            changeset = apsw.Changeset.invert(changeset)
        # Without this flag redoing a delete that cascades aborts on the children it removes itself.
        try:
            apsw.Changeset.apply(
                changeset,
                connection,
                flags=apsw.SQLITE_CHANGESETAPPLY_FKNOACTION,
                filter=TRACKED.__contains__,
            )
        except (*_MISFITS, ValueError, TypeError) as error:
            raise apsw.CorruptError(f"history {entry.id}: {error}") from error
        connection.execute("UPDATE history SET state = ? WHERE id = ?", (state, entry.id))


@understood()
def _entry(connection: apsw.Connection, query: str) -> Entry | None:
    row = connection.execute(f"{query} LIMIT 1").fetchone()
    return Entry(row[0], row[1], row[2], _unpacked(row[3])) if row else None


def _packed(changed: Changed) -> str:
    return json.dumps({"teachers": sorted(changed.teachers or ()), "rows": changed.rows})


def _unpacked(text: str) -> Changed:
    """Earlier versions wrote a list, or null where rows came, went or moved."""
    packed = json.loads(text)
    if packed is None:
        return Changed(None, rows=True)
    if isinstance(packed, list):
        return Changed(frozenset(packed))
    return Changed(frozenset(packed["teachers"]), packed["rows"])
