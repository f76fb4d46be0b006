"""What can still be read of a damaged file, whatever SQLite says of it: every row of every page, as a collection in memory.

The bytes of pictures stay where they are until they are asked for. Nothing is written to the file.
"""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import apsw

from certclerk.collection.cipher import is_encrypted
from certclerk.collection.file_pages import (
    BTREE,
    INDEX_INTERIOR,
    INDEX_LEAF,
    TABLE_INTERIOR,
    TABLE_LEAF,
    Cell,
    FilePages,
    UnreadableError,
    Value,
    decoded,
    is_integer,
    is_text,
    value_bytes,
)
from certclerk.collection.schema import APPLICATION_ID, MIGRATIONS
from certclerk.collection.tables import BYTES, MADE_ANEW, RULES, Table, not_understood, tables
from certclerk.core.errors import UserError

Key = tuple[Value, ...]
# A picture: table, the hash of its file, and its frame there (0 for the file itself).
Picture = tuple[str, str, int]

# Pages that tell whether there are rows.
_PAGES_TRIED = 1_000
_TEXT_REPLACED = "\ufffd"
_SCHEMA_COLUMNS = 5
_KNOWN_KEY = (
    apsw.SQLITE_CONSTRAINT_PRIMARYKEY,
    apsw.SQLITE_CONSTRAINT_UNIQUE,
    apsw.SQLITE_CONSTRAINT_ROWID,
)
# What a connection to the memory puts over the tables of pictures, whose bytes are still in the file.
_SEEN = """
CREATE TEMP VIEW blob AS SELECT sha256, media_type, added_at, stored_bytes('blob', sha256, 0) AS data FROM main.blob;
CREATE TEMP VIEW rendition AS SELECT sha256, frame, media_type, digest, stored_bytes('rendition', sha256, frame) AS data
  FROM main.rendition;
"""


@dataclass(frozen=True, slots=True)
class Gaps:
    """What could not be read: rows and whole pages by table ('' where nobody can tell), and rows met twice.

    ``logs``: as :attr:`FilePages.lacks`. ``doubtful`` are the columns of rows that were no text or that no reader takes,
    and hold something else now.
    """

    rows: Mapping[str, int]
    pages: Mapping[str, int]
    twice: frozenset[str]
    doubtful: Mapping[tuple[str, Key], tuple[str, ...]]
    logs: frozenset[str]


class Salvage:
    """Get one from :func:`salvage`; close it. ``connection`` holds the rows, their foreign keys not enforced."""

    def __init__(self, path: Path, password: str = "") -> None:
        self.path = path
        self.password = password
        self._pages = FilePages(path, password)
        self._cells: dict[Picture, Cell] = {}
        self._turn = threading.Lock()
        self._rows: Counter[str] = Counter()
        self._torn: Counter[str] = Counter()
        self._twice: set[str] = set()
        self._doubtful: dict[tuple[str, Key], tuple[str, ...]] = {}
        self._name = f"file:/{secrets.token_hex(16)}?vfs=memdb"
        self.connection = apsw.Connection(
            self._name, flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | apsw.SQLITE_OPEN_URI
        )
        # What is sorted on the way would else lie in a file that no password protects.
        self.connection.execute("PRAGMA temp_store = MEMORY")
        for step in MIGRATIONS:
            self.connection.execute(step)
        self.connection.execute("DELETE FROM identity")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_what: object) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()
        self._pages.close()

    @property
    def gaps(self) -> Gaps:
        return Gaps(
            self._rows, self._torn, frozenset(self._twice), self._doubtful, frozenset(self._pages.lacks)
        )

    @property
    def pictures(self) -> Sequence[Picture]:
        """Those whose place in the file is known, as their rows name them."""
        return tuple(self._cells)

    def bytes_of(self, picture: Picture) -> bytes | None:
        """As they lie in the file, unproven; None where they cannot be read. From any thread."""
        cell = self._cells.get(picture)
        if cell is None:
            return None
        try:
            with self._turn:
                payload = self._pages.payload(cell)
        except UnreadableError:
            return None
        return payload[len(payload) - value_bytes(cell.types[-1]) :]

    def connect(self) -> apsw.Connection:
        """To the rows, for reading only, with the bytes of pictures in their tables."""
        connection = apsw.Connection(self._name, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)

        def stored_bytes(*picture: Any) -> bytes:
            return self.bytes_of(picture) or b""

        connection.execute("PRAGMA temp_store = MEMORY")
        connection.create_scalar_function("stored_bytes", stored_bytes, 3)
        connection.execute(_SEEN)
        return connection

    def read(self, progress: Callable[[int, int], None] = lambda _done, _total: None) -> None:
        """Every row of every page. Raises UserError ``collection_not_one`` where there is none of a collection, and
        ``collection_password_needed`` where that may be for want of it.
        """
        owners = self._owners()
        with self.connection:
            for number in range(2, self._pages.count + 1):
                progress(number, self._pages.count)
                kind = self._pages.kind(number)
                if kind in (TABLE_LEAF, INDEX_LEAF, INDEX_INTERIOR):
                    self._read_page(number, kind == TABLE_LEAF, owners.get(number, ""))
        if not self._is_collection():
            if not self.password and is_encrypted(self.path):
                raise UserError("collection_password_needed", file=self.path.name)
            raise UserError("collection_not_one", file=self.path.name, reason="")

    def _is_collection(self) -> bool:
        """Its notice tells; where that is lost, the mark in its header, or teachers without any header."""
        if self.connection.execute("SELECT 1 FROM notice").fetchone():
            return True
        mark = int.from_bytes(self._pages.page(1)[68:72], "big")
        is_ours = mark == APPLICATION_ID or not self._pages.has_header
        return is_ours and any(
            self.connection.execute(f"SELECT 1 FROM {name}").fetchone()
            for name in ("teacher", "page", "blob")
        )

    def _owners(self) -> dict[int, str]:
        """Which table a page belongs to, as far as the pages above it can be followed; counts those torn out."""
        owners: dict[int, str] = {}
        roots = [("", 1)]
        for name, root in self._followed(roots, owners):
            if self._pages.kind(root) != TABLE_LEAF:
                continue
            for cell in self._pages.cells(root) if name == "" else ():
                table, page = _declared(cell)
                if table in tables():
                    roots.append((table, page))
        return {number: name for number, name in owners.items() if name}

    def _followed(self, roots: list[tuple[str, int]], owners: dict[int, str]) -> Iterator[tuple[str, int]]:
        """Every page of the trees under ``roots``, which may grow meanwhile."""
        while roots:
            waiting = [roots.pop(0)]
            while waiting:
                name, number = waiting.pop()
                kind = self._pages.kind(number) if 1 <= number <= self._pages.count else 0
                if kind not in BTREE:
                    self._torn[name] += name not in MADE_ANEW
                elif number not in owners:
                    owners[number] = name
                    yield name, number
                    if kind in (TABLE_INTERIOR, INDEX_INTERIOR):
                        waiting += [(name, child) for child in self._pages.children(number)]

    def _read_page(self, number: int, is_table: bool, owner: str) -> None:
        candidates = [table for table in tables().values() if table.has_rowid is is_table]
        candidates.sort(key=lambda table: table.name != owner)
        met = owner
        for cell in self._pages.cells(number):
            found = self._take(candidates, owner, cell) if cell is not None else ""
            met = found or met
            if found or (cell is not None and _is_schema(cell)):
                continue
            if is_table or (owner and not tables()[owner].has_rowid):
                self._rows[met] += met not in MADE_ANEW

    def _take(self, candidates: Sequence[Table], owner: str, cell: Cell) -> str:
        """The name of the table whose row the cell is, its own page's first; '' where it is of none.

        Where a value is understood by no reader, only that is left out, if the table is beyond doubt.
        """
        fitting: list[Table] = []
        for table in candidates:
            if table.fits(cell.types):
                fitting.append(table)
                if table.name in MADE_ANEW or self._take_as(table, cell, False):
                    return table.name
        for table in fitting:
            if (table.name == owner or len(fitting) == 1) and self._take_as(table, cell, True):
                return table.name
        return ""

    def _take_as(self, table: Table, cell: Cell, may_leave_out: bool) -> bool:
        try:
            values = self._values(table, cell)
        except (UnreadableError, ValueError):
            return False
        bad = not_understood(table.name, values)
        rules = RULES.get(table.name, {})
        if bad and not (may_leave_out and all(rules[column].instead for column in bad)):
            return False
        for column in bad:
            values[column] = rules[column].instead[0]
        bad += [name for name, value in values.items() if isinstance(value, str) and _TEXT_REPLACED in value]
        return self._keep(table, values, tuple(bad), cell)

    def _values(self, table: Table, cell: Cell) -> dict[str, Value]:
        is_picture = table.name in BYTES
        payload = cell.local if is_picture else self._pages.payload(cell)
        values: dict[str, Value] = {}
        at = cell.header
        for column, of in zip(table.stored, cell.types, strict=False):
            end = at + value_bytes(of)
            if is_picture and column.name == BYTES[table.name]:
                values[column.name] = b""
            elif column.is_rowid:
                values[column.name] = cell.rowid
            elif end > len(payload):
                raise UnreadableError
            else:
                value = decoded(of, payload[at:end])
                values[column.name] = float(value) if column.kind == "REAL" and is_integer(of) else value
            at = end
        return values

    def _keep(self, table: Table, values: dict[str, Value], bad: tuple[str, ...], cell: Cell) -> bool:
        key = tuple(values[part] for part in table.key)
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        try:
            self.connection.execute(
                f"INSERT INTO {table.name} ({names}) VALUES ({marks})", tuple(values.values())
            )
        except apsw.ConstraintError as error:
            if getattr(error, "extendedresult", 0) not in _KNOWN_KEY:
                return False
            self._twice.add(table.name)
            return True
        if bad:
            self._doubtful[table.name, key] = bad
        if table.name in BYTES:
            self._cells[table.name, str(key[0]), int(str(key[1])) if len(key) > 1 else 0] = cell
        return True


def holds_rows(path: Path, password: str = "") -> bool:
    """Whether there is anything to :func:`salvage`, told from some pages all over the file: at once, however large."""
    try:
        with FilePages(path, password) as pages:
            step = max(1, pages.count // _PAGES_TRIED)
            return any(
                pages.kind(number) == TABLE_LEAF and any(pages.cells(number))
                for number in range(1, pages.count + 1, step)
            )
    except (OSError, apsw.Error):
        return False


def salvage(
    path: Path,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    *,
    password: str = "",
) -> Salvage:
    """Reads all that can be read. Raises UserError ``collection_not_one``, ``collection_cannot_open``,
    ``collection_password_needed``, and ``collection_password_wrong`` where it opens nothing of the file.
    """
    try:
        found = Salvage(path, password)
    except apsw.NotADBError as error:
        raise UserError("collection_password_wrong", file=path.name, reason=str(error)) from error
    except (OSError, apsw.CantOpenError) as error:
        raise UserError("collection_cannot_open", file=path.name) from error
    try:
        found.read(progress)
    except BaseException:
        found.close()
        raise
    return found


def _declared(cell: Cell | None) -> tuple[str, int]:
    """Name and root page of a table, from its row in the schema's own table; of anything else nothing."""
    if cell is None or not _is_schema(cell):
        return "", 0
    values, at = [], cell.header
    for of in cell.types[:4]:
        end = at + value_bytes(of)
        values.append(decoded(of, cell.local[at:end]))
        at = end
    kind, name, _, root = values
    return (str(name), int(str(root))) if kind == "table" else ("", 0)


def _is_schema(cell: Cell) -> bool:
    of = cell.types
    return len(of) == _SCHEMA_COLUMNS and all(map(is_text, of[:3])) and is_integer(of[3])
