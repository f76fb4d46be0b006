"""The bytes of pages that backups name, each once, in files that are never changed again.

A pack is a SQLite database of pages by their SHA-256, protected by the same password as the collection. New pages go
into new packs, written aside, proven, then named: whatever happens meanwhile, nothing that an earlier backup needs is
touched. Packs that hold much that no backup needs any more, or that have become many, are written anew as one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import apsw

from certclerk.collection.backups.database import connect, fresh, opened, settle
from certclerk.collection.blobs import hash_of
from certclerk.core.errors import UserError
from certclerk.system.files import explaining, retried

SUFFIX = ".certpages"
# Bytes of pages in one pack: well below the 4 GB that FAT32 can hold, and quick to write anew.
PACK_SIZE = 256 * 10**6
# So many packs of less than a quarter of that are put together.
SMALL_PACKS = 8
# A pack with a larger part that nothing names is written anew.
GARBAGE_PART = 0.25

Fetch = Callable[[str], bytes | None]
# Called with the bytes that have just been written; may raise to stop.
Step = Callable[[int], None]


class Pages:
    """What the packs of a folder hold, open for reading. A pack that cannot be read holds nothing."""

    def __init__(self, folder: Path, password: str) -> None:
        self.packs: dict[Path, apsw.Connection] = {}
        self._held: dict[str, list[Path]] = {}
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            with suppress(apsw.Error, UnicodeDecodeError):
                connection = self.packs[path] = connect(path, password)
                for (name,) in connection.execute("SELECT name FROM page"):
                    self._held.setdefault(str(name), []).append(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __contains__(self, name: str) -> bool:
        return name in self._held

    def close(self) -> None:
        for connection in self.packs.values():
            connection.close()

    def read(self, name: str) -> bytes | None:
        """The bytes of that hash, proven, from whichever pack has them whole."""
        for path in self._held.get(name, ()):
            with suppress(apsw.Error):
                data = self.packs[path].execute("SELECT data FROM page WHERE name = ?", (name,)).get
                if _fits(data, name):
                    return bytes(data)
        return None

    def contents(self, path: Path) -> dict[str, int] | None:
        """Names and bytes of what a pack holds, none of it read; None where it is damaged or has another password."""
        with suppress(apsw.Error, UnicodeDecodeError):
            rows = self.packs[path].execute("SELECT name, length(data) FROM page").fetchall()
            return {str(name): int(str(size)) for name, size in rows}
        return None


def write_packs(
    folder: Path, aside: Path, names: Iterable[str], fetch: Fetch, password: str, step: Step
) -> frozenset[str]:
    """New packs of ``names`` in ``folder``, each there once it is whole; returns the names of which ``fetch`` had no
    bytes, or not those of the name.

    Raises UserError ``backup_unproven`` where the disk gives back other bytes than were written, and its faults.
    """
    lost: set[str] = set()
    waiting = list(reversed(list(names)))
    while waiting:
        path = aside / f"{secrets.token_hex(12)}{SUFFIX}"
        lost |= _fill(path, waiting, fetch, password, step)
        bad = _unfit(path, password)
        if bad:
            _give_up(path, bad, fetch, password)
            lost |= bad
        settle(path, folder / path.name)
    return frozenset(lost)


def sweep(folder: Path, aside: Path, pages: Pages, needed: frozenset[str], password: str, step: Step) -> None:
    """Lets go of what no backup needs, once there is enough of it; nothing that is needed goes before it is written
    anew and proven.
    """
    burdens = [burden for path in pages.packs if (burden := _burden(pages, path, needed))]
    small = [burden for burden in burdens if burden.live < PACK_SIZE / 4]
    wanted = {burden.path for burden in small} if len(small) > SMALL_PACKS else set()
    rewritten = [
        burden
        for burden in burdens
        if burden.path in wanted or burden.live < burden.total * (1 - GARBAGE_PART)
    ]
    names = {name: None for burden in rewritten for name in burden.names}
    lost = write_packs(folder, aside, names, pages.read, password, step)
    pages.close()
    for burden in rewritten:
        if not lost.intersection(burden.names):
            with explaining(burden.path):
                retried(burden.path.unlink)


def remove_unreadable(folder: Path, password: str) -> None:
    """Those of another password, once no backup of that is left."""
    with Pages(folder, password) as pages:
        going = [path for path in pages.packs if pages.contents(path) is None]
    for path in going:
        with explaining(path):
            retried(path.unlink)


@dataclass(frozen=True, slots=True)
class _Burden:
    """``names`` are those that are needed, ``live`` their bytes, of ``total``."""

    path: Path
    names: tuple[str, ...]
    live: int
    total: int


def _burden(pages: Pages, path: Path, needed: frozenset[str]) -> _Burden | None:
    contents = pages.contents(path)
    if contents is None:
        return None
    names = tuple(name for name in contents if name in needed)
    return _Burden(path, names, sum(contents[name] for name in names), sum(contents.values()))


def _fill(path: Path, waiting: list[str], fetch: Fetch, password: str, step: Step) -> set[str]:
    """Takes names off ``waiting`` until the pack is full; returns those that had no bytes."""
    lost: set[str] = set()
    size = 0
    with fresh(path, password) as pack:
        pack.execute("CREATE TABLE page (name TEXT PRIMARY KEY, data BLOB NOT NULL); BEGIN")
        while waiting and size < PACK_SIZE:
            name = waiting.pop()
            data = fetch(name)
            if data is None:
                lost.add(name)
                continue
            pack.execute("INSERT INTO page (name, data) VALUES (?, ?)", (name, data))
            size += len(data)
            step(len(data))
        pack.execute("COMMIT")
    return lost


def _unfit(path: Path, password: str) -> set[str]:
    """What a pack, read back from the disk, holds under a name whose bytes it is not."""
    with opened(path, password) as pack:
        if pack.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise UserError("backup_unproven", folder=path.parent.parent)
        return {
            str(name) for name, data in pack.execute("SELECT name, data FROM page") if not _fits(data, name)
        }


def _fits(data: object, name: object) -> bool:
    return isinstance(data, bytes) and hash_of(data) == name


def _give_up(path: Path, bad: set[str], fetch: Fetch, password: str) -> None:
    """Takes bytes out again that were damaged where they came from."""
    for name in bad:
        again = fetch(name)
        if _fits(again, name):
            raise UserError("backup_unproven", folder=path.parent.parent)
    with fresh(path, password) as pack:
        pack.executemany("DELETE FROM page WHERE name = ?", [(name,) for name in bad])
