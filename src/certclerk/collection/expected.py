"""What the history says that the records are: a second witness to every row that was changed through the one door.

Each change keeps the rows as it made them. The newest change that is done and touched a column says what stands
there now; of rows older than the history nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import apsw

from certclerk.collection.file_pages import Value
from certclerk.collection.schema import TRACKED
from certclerk.collection.tables import Table, tables

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
    for name in TRACKED:
        table = tables()[name]
        held = dict(_rows(connection, table))
        for key, row in held.items():
            said = wanted[name].get(key)
            if said is None:
                continue
            if said.is_gone:
                yield Difference(name, key, row, None)
                continue
            other = {column: value for column, value in said.columns.items() if row[column] != value}
            if other:
                yield Difference(name, key, {column: row[column] for column in other}, other)
        for key, said in wanted[name].items():
            if key not in held and not said.is_gone:
                yield Difference(name, key, None, said.columns, said.is_whole)


def _rows(connection: apsw.Connection, table: Table) -> Iterator[tuple[Key, dict[str, Value]]]:
    names = [column.name for column in table.columns]
    for row in connection.execute(f"SELECT {', '.join(names)} FROM {table.name}"):
        values = dict(zip(names, row, strict=True))
        yield tuple(values[part] for part in table.key), values


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
    table = tables()[change.name]
    new, old = change.new or (), change.old or ()
    names = [column.name for column in table.columns]
    places = [names.index(part) for part in table.key]
    values = old or new
    said = rows.setdefault(tuple(values[place] for place in places), Expected())
    if said.is_gone or said.is_whole:
        return
    if change.op == "DELETE":
        said.is_gone = not said.columns
        return
    said.is_whole = change.op == "INSERT"
    for name, value in zip(names, new, strict=False):
        if value is not apsw.no_change:
            said.columns.setdefault(name, value)
