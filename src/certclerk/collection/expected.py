"""What the history says that the records are: a second witness to every row that was changed through the one door.

Each change keeps the rows as it made them. The newest change that is done and touched a column says what stands
there now; of rows older than the history nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import apsw

from certclerk.collection.file_pages import Value
from certclerk.collection.schema import TRACKED
from certclerk.collection.tables import tables

Key = tuple[Value, ...]


@dataclass(slots=True)
class Expected:
    """``columns`` are those that are known; ``is_whole`` where the row itself came with them."""

    columns: dict[str, Value] = field(default_factory=dict)
    is_whole: bool = False
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """``stored`` is None where the row is missing, ``expected`` None where there should be none.

    Otherwise both hold the columns that differ.
    """

    table: str
    key: Key
    stored: Mapping[str, Value] | None
    expected: Mapping[str, Value] | None
    is_whole: bool = False


def differences(connection: apsw.Connection) -> Iterator[Difference]:
    """Where records and history do not agree. Raises apsw.Error where either cannot be read."""
    wanted = _expected(connection)
    for table in TRACKED:
        names, _ = _columns(table)
        said_of = wanted[table]
        for key, row in _rows(connection, table):
            said = said_of.pop(key, None)
            if said is None or tuple(said.columns.values()) == row:
                continue
            if said.is_gone:
                yield Difference(table, key, dict(zip(names, row, strict=True)), None)
            elif any(row[names.index(column)] != value for column, value in said.columns.items()):
                stored = dict(zip(names, row, strict=True))
                other = {column: value for column, value in said.columns.items() if stored[column] != value}
                yield Difference(table, key, {column: stored[column] for column in other}, other)
        for key, said in said_of.items():
            if not said.is_gone:
                yield Difference(table, key, None, said.columns, said.is_whole)


def _rows(connection: apsw.Connection, table: str) -> Iterator[tuple[Key, tuple[Value, ...]]]:
    names, places = _columns(table)
    for row in connection.execute(f"SELECT {', '.join(names)} FROM {table}"):
        yield tuple(row[place] for place in places), row


def _expected(connection: apsw.Connection) -> dict[str, dict[Key, Expected]]:
    """Newest first: what is known of a column already stands."""
    found: dict[str, dict[Key, Expected]] = {name: {} for name in TRACKED}
    done = connection.execute("SELECT changeset FROM history WHERE state = 'done' ORDER BY id DESC")
    for (changeset,) in done:
        for change in apsw.Changeset.iter(changeset):
            _take(found, change)
    return found


def _take(found: dict[str, dict[Key, Expected]], change: apsw.TableChange) -> None:
    rows = found.get(change.name)
    if rows is None:
        return
    names, places = _columns(change.name)
    new, old = change.new or (), change.old or ()
    values = old or new
    said = rows.setdefault(tuple(values[place] for place in places), Expected())
    if said.is_gone or said.is_whole:
        return
    if change.op == "DELETE":
        said.is_gone = not said.columns
        return
    said.is_whole = change.op == "INSERT"
    if said.is_whole and not said.columns:
        said.columns = dict(zip(names, new, strict=False))
        return
    for name, value in zip(names, new, strict=False):
        if value is not apsw.no_change:
            said.columns.setdefault(name, value)


@cache
def _columns(table: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Their names, and which of them make up the key."""
    names = tuple(column.name for column in tables()[table].columns)
    return names, tuple(names.index(part) for part in tables()[table].key)
