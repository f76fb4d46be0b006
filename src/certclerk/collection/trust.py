"""Whether a file that calls itself a collection is one that this program could have written.

Anybody can give a SQLite file our application id. Before anything of it is believed its tables must be, word for word,
those of its version: no view in place of a table, no trigger, no computed column, nothing that runs. Then each value
must be of its column's kind and within its bounds, since SQLite lets any kind stand anywhere. After sqlite.org's
"Defense Against The Dark Arts"; what it costs is little, as no page's bytes are read for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

import apsw

from certclerk.collection.schema import MIGRATIONS
from certclerk.core.notice import Notice

# Bytes of one value: a file of pages has 200 MB at most, see imaging.frames.
LONGEST_VALUE = 250_000_000
# Bytes of one text; a submission's record lists every page.
LONGEST_TEXT = 4_000_000
LONGEST_RECORD = 100_000_000
# Px of a page's side.
LONGEST_SIDE = 100_000_000

# What typeof() says of values in columns so declared.
_KINDS = {"INTEGER": "integer", "TEXT": "text", "REAL": "real", "BLOB": "blob"}
_LONGER = {("submission", "record"): LONGEST_RECORD}
# Names that are no Unicode are kept as bytes.
_TEXT_OR_BYTES = {("watched", "path")}
# Room to count on from there.
_FAR = 2**62
_DAY = "{0} IS date({0}) AND {0} >= '0001'"
# Soundness that the schema itself does not ask for, by table and column; ``{0}`` is the column.
_BOUNDS: Mapping[tuple[str, str], str] = {
    ("filing", "filled_on"): _DAY,
    ("teacher", "signed_on"): f"{{0}} = '' OR ({_DAY})",
    ("page", "width"): f"{{0}} <= {LONGEST_SIDE}",
    ("page", "height"): f"{{0}} <= {LONGEST_SIDE}",
    ("page", "frame"): "{0} <= 1000000",
    ("page", "cut"): "{0} NOT GLOB '*[^lrtb]*'",
    ("submission_tick", "day"): _DAY,
    ("custody", "received_on"): f"{{0}} = '' OR ({_DAY})",
    ("custody", "returned_on"): f"{{0}} = '' OR ({_DAY})",
    ("keying", "at"): "{0} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T*' AND datetime({0}) > '0002'",
    ("appointment", "first_day"): _DAY,
    ("appointment", "last_day"): _DAY,
}
# Tables that hold pages' bytes: SQLite's own check would read all of them.
_LARGE = frozenset({"blob", "rendition", "thumbnail", "form", "history", "submission"})


def guard(connection: apsw.Connection) -> None:
    """Nothing that stands in the file is run, no value is larger than any of ours, and no cell is taken on trust."""
    connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
    # Those of the connection itself still work, see SEEN_AS_NEWEST.
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_VIEW, 0)
    connection.limit(apsw.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    connection.execute("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0")


@contextmanager
def understood() -> Iterator[None]:
    """What is read inside makes a record. Raises apsw.CorruptError where it does not."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise apsw.CorruptError(f"{type(error).__name__}: {error}"[:200]) from error


@understood()
def check_file(connection: apsw.Connection, version: int) -> None:
    """Raises apsw.CorruptError where tables or values are not such as ``version`` of the schema has them."""
    own = _schema_of(version)
    try:
        found = _schema(connection)
    except apsw.SQLError as error:
        raise apsw.CorruptError(str(error)) from error
    for name in sorted(own.keys() | found.keys()):
        if own.get(name) != found.get(name):
            raise apsw.CorruptError(f"{name} 与本程序建立的不一样")
    for (kind, table), made in own.items():
        if kind == "table":
            _check_values(connection, table, made)


def check_slots(connection: apsw.Connection, notice: Notice) -> None:
    """Raises apsw.CorruptError where a page or an absence is of a slot that the collection's notice has not."""
    slots = {slot.id for slot in notice.slots}
    rows = connection.execute(
        "SELECT DISTINCT slot FROM page WHERE slot IS NOT NULL UNION SELECT slot FROM absence"
    )
    if not slots.issuperset(row[0] for row in rows):
        raise apsw.CorruptError("page 里有通知没有的页")


@cache
def _schema_of(version: int) -> dict[tuple[str, str], str]:
    with_tables = apsw.Connection(":memory:")
    for step in MIGRATIONS[:version]:
        with_tables.execute(step)
    return _schema(with_tables)


def _schema(connection: apsw.Connection) -> dict[tuple[str, str], str]:
    """The text that made each table and index, by kind and name; those that SQLite makes for itself are left out."""
    rows = connection.execute(
        "SELECT type, name, sql FROM main.sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return {(str(kind), str(name)): str(text) for kind, name, text in rows}


def _check_values(connection: apsw.Connection, table: str, made: str) -> None:
    columns = connection.execute(f"PRAGMA main.table_info({table})").fetchall()
    conditions = [
        _sound(table, str(name), str(kind), optional=not (needed or key))
        for _, name, kind, needed, _, key in columns
    ]
    # SQLite itself leaves these out where a connection only reads.
    conditions += (f"coalesce({check}, 1)" for check in _own_checks(made))
    texts = [f"iif(typeof({name}) = 'text', {name}, '')" for _, name, kind, *_ in columns if kind == "TEXT"]
    if texts:
        # All of it as one text: what is no UTF-8 does not become one. SQLite itself does not look.
        connection.execute(
            f"SELECT group_concat(concat_ws('', {', '.join(texts)}), '') FROM main.{table}"
        ).fetchall()
    odd = connection.execute(
        f"SELECT 1 FROM main.{table} WHERE NOT ({' AND '.join(conditions)}) LIMIT 1"
    ).fetchone()
    if odd or (table not in _LARGE and not _is_sound_to_sqlite(connection, table)):
        raise apsw.CorruptError(f"{table} 里有本程序不会写入的内容")


def _own_checks(made: str) -> Iterator[str]:
    """What stands in parentheses behind each CHECK of a table's text."""
    for found in re.finditer(r"\bCHECK (?=\()", made):
        depth = 0
        for end, character in enumerate(made[found.end() :], found.end()):
            depth += (character == "(") - (character == ")")
            if not depth:
                yield made[found.end() : end + 1]
                break


def _is_sound_to_sqlite(connection: apsw.Connection, table: str) -> bool:
    """Its own conditions, NOT NULL above all, and its tree."""
    return connection.execute(f"PRAGMA main.quick_check({table})").fetchall() == [("ok",)]


def _sound(table: str, column: str, declared: str, *, optional: bool) -> str:
    kind = _KINDS[declared]
    kinds = f"'{kind}', 'blob'" if (table, column) in _TEXT_OR_BYTES else f"'{kind}'"
    conditions = [f"typeof({column}) IN ({kinds})"]
    if kind == "text":
        conditions.append(f"octet_length({column}) <= {_LONGER.get((table, column), LONGEST_TEXT)}")
    elif kind == "integer":
        conditions.append(f"{column} BETWEEN {-_FAR} AND {_FAR}")
    elif kind == "real":
        conditions.append(f"abs({column}) < 1e9")
    if (table, column) in _BOUNDS:
        conditions.append(f"({_BOUNDS[table, column].format(column)})")
    sound = " AND ".join(conditions)
    return f"({column} IS NULL OR ({sound}))" if optional else f"({sound})"
