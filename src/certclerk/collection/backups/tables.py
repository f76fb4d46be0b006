"""Every table of a collection copied row by row, whatever tables there are; bytes of pages by their hash.

A backup's file holds the same tables, in which the bytes of a page are replaced by their SHA-256 (hex). A fingerprint
of all rows in that form is the same for the collection, its backup, and what is restored from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import apsw

from certclerk.collection.blobs import hash_of

FACTS = "certclerk_backup"
_DATA = "data"
_HASHED = "hash_of_page"
# Tables whose ``data`` are bytes of a page, and what names them without reading them.
_NAMED_BY = {"blob": "sha256", "rendition": "digest", "thumbnail": f"{_HASHED}({_DATA})"}
# Drawn again where they are missing.
_DERIVED = frozenset({"thumbnail"})


class Form(Enum):
    """How bytes of pages are found in a database, and named from there."""

    COLLECTION = auto()  # as bytes, whose names are believed
    PROVEN = auto()  # as bytes, each hashed
    BACKUP = auto()  # as names


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    sql: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def data(self) -> int | None:
        """The place of the column with bytes of pages, if there is one."""
        return self.columns.index(_DATA) if self.name in _NAMED_BY else None

    def rows(self, connection: apsw.Connection, form: Form) -> Iterator[tuple[Any, ...]]:
        """By key, with names in place of bytes of pages."""
        named = {
            Form.COLLECTION: _NAMED_BY.get(self.name, _DATA),
            Form.PROVEN: f"{_HASHED}({_DATA})",
            Form.BACKUP: _DATA,
        }[form]
        columns = (
            named if place == self.data else _quoted(column) for place, column in enumerate(self.columns)
        )
        order = ", ".join(map(_quoted, self.key)) or "rowid"
        query = f"SELECT {', '.join(columns)} FROM main.{_quoted(self.name)} ORDER BY {order}"
        return connection.execute(query)


def copy_out(source: apsw.Connection, target: apsw.Connection) -> str:
    """A collection's tables into the empty database of a backup; returns the fingerprint.

    ``source`` is to stand in a transaction, so that all rows are of one state.
    """
    _let_hash(source)
    return _copy(source, target, Form.COLLECTION, lambda _table, row: row)


def copy_back(
    source: apsw.Connection, target: apsw.Connection, page: Callable[[str], bytes | None]
) -> frozenset[str]:
    """A backup's tables into an empty database, with the bytes that ``page`` finds by name; returns the names of
    those it did not find. Their place is taken by no bytes, which no hash of a page fits.
    """
    lost: set[str] = set()

    def filled(table: _Table, row: tuple[Any, ...]) -> tuple[Any, ...] | None:
        place = table.data
        if place is None:
            return row
        data = page(row[place])
        if data is None:
            lost.add(row[place])
            if table.name in _DERIVED:
                return None
        return (*row[:place], data or b"", *row[place + 1 :])

    _copy(source, target, Form.BACKUP, filled)
    return frozenset(lost)


def fingerprint(connection: apsw.Connection, form: Form, step: Callable[[int], None]) -> str:
    """The hash of every row and of what the tables are. ``step`` is told the bytes of each page that was hashed."""
    _let_hash(connection, step)
    found = _started(connection)
    for table in _tables(connection):
        found.update(repr((table.name, table.sql)).encode())
        for row in table.rows(connection, form):
            found.update(repr(row).encode())
    return found.hexdigest()


def page_places(connection: apsw.Connection) -> dict[str, PagePlace]:
    """Where in a collection the bytes of each page are, by their name."""
    _let_hash(connection)
    found: dict[str, PagePlace] = {}
    for table in _tables(connection):
        if table.data is not None:
            keys = ", ".join(map(_quoted, table.key))
            where = " AND ".join(f"{_quoted(column)} = ?" for column in table.key)
            query = f"SELECT {_DATA} FROM main.{_quoted(table.name)} WHERE {where}"
            named = f"{_NAMED_BY[table.name]}, length({_DATA}), {keys}"
            for name, size, *key in connection.execute(f"SELECT {named} FROM main.{_quoted(table.name)}"):
                found[str(name)] = PagePlace(query, tuple(key), int(str(size)))
    return found


def page_names(backup: apsw.Connection) -> frozenset[str]:
    """Of all bytes that a backup's pages need."""
    return frozenset(
        str(row[table.data])
        for table in _tables(backup)
        if table.data is not None
        for row in table.rows(backup, Form.BACKUP)
    )


@dataclass(frozen=True, slots=True)
class PagePlace:
    """``size`` in bytes."""

    query: str
    key: tuple[Any, ...]
    size: int

    def read(self, connection: apsw.Connection) -> bytes | None:
        """Unproven; None where they are gone by now, or no bytes at all."""
        row = connection.execute(self.query, self.key).fetchone()
        return row[0] if row and isinstance(row[0], bytes) else None


def _copy(
    source: apsw.Connection,
    target: apsw.Connection,
    form: Form,
    changed: Callable[[_Table, tuple[Any, ...]], tuple[Any, ...] | None],
) -> str:
    target.execute(f"PRAGMA user_version = {source.pragma('user_version')}")
    target.execute("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; BEGIN")
    found = _started(source)

    def taken(table: _Table) -> Iterator[tuple[Any, ...]]:
        for row in table.rows(source, form):
            found.update(repr(row).encode())
            put = changed(table, row)
            if put is not None:
                yield put

    for table in _tables(source):
        found.update(repr((table.name, table.sql)).encode())
        target.execute(table.sql)
        holes = ", ".join("?" * len(table.columns))
        target.executemany(f"INSERT INTO main.{_quoted(table.name)} VALUES ({holes})", taken(table))
    for sql in _others(source):
        target.execute(sql)
    target.execute("COMMIT")
    return found.hexdigest()


def _let_hash(connection: apsw.Connection, step: Callable[[int], None] = lambda _size: None) -> None:
    """Queries may ask for the hash of bytes."""

    def hashed(*data: Any) -> str:
        if not isinstance(data[0], bytes):
            return ""
        step(len(data[0]))
        return hash_of(data[0])

    connection.create_scalar_function(_HASHED, hashed, 1, deterministic=True)


def _started(connection: apsw.Connection) -> hashlib._Hash:
    return hashlib.sha256(repr((connection.pragma("user_version"), _others(connection))).encode())


def _tables(connection: apsw.Connection) -> list[_Table]:
    stored = connection.execute(
        "SELECT name, sql FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~'"
        " AND name <> ? ORDER BY name",
        (FACTS,),
    ).fetchall()
    return [_Table(str(name), str(sql), *_columns(connection, str(name))) for name, sql in stored]


def _columns(connection: apsw.Connection, table: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All of them, and those of the primary key in its order."""
    rows = connection.execute("SELECT name, pk FROM pragma_table_info(?, 'main')", (table,)).fetchall()
    key = sorted((place, name) for name, place in rows if place)
    return tuple(str(name) for name, _ in rows), tuple(str(name) for _, name in key)


def _others(connection: apsw.Connection) -> list[str]:
    """Indexes and the like; those that SQLite makes by itself have no text."""
    rows = connection.execute(
        "SELECT sql FROM main.sqlite_master WHERE type <> 'table' AND sql IS NOT NULL ORDER BY name"
    )
    return [str(row[0]) for row in rows]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
