"""Whether a collection's file is what it should be: a quick look at each opening, the whole of it on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import apsw

from certclerk.collection import blobs
from certclerk.collection.expected import differences
from certclerk.collection.file_pages import Value
from certclerk.collection.tables import BYTES, MADE_ANEW, column_label, not_understood, tables
from certclerk.collection.whose import row_words
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice

Progress = Callable[[int, int, str], None]
# How far it is, and whether to go on: the second may raise.
Watched = tuple[Progress, Callable[[], None]]
UNWATCHED: Watched = (lambda _done, _total, _what: None, lambda: None)

# So many of a kind are told one by one.
_TOLD = 200
# Larger than all records together, and proven by hashes when they are read.
_LARGE = frozenset((*BYTES, *MADE_ANEW, "form"))
# What the window reads when it opens, few rows each.
_READ_AT_ONCE = ("filing", "submission_tick", "custody", "appointment")


@dataclass(frozen=True, slots=True)
class Damage:
    """A sentence for the clerk. ``is_note``: nothing is wrong with it."""

    code: str
    message: str
    is_note: bool = False


def look(connection: apsw.Connection) -> Iterator[Damage]:
    """What is worth knowing before anything is written, of a file that trust.check_file has passed: foreign keys of all
    but the pictures, and whether what is shown at once can be understood.
    """
    yield from _dangling(connection)
    for name in _READ_AT_ONCE:
        yield from _values(connection, None, name)
    yield from _values(connection, None, "page", "recipe <> ''")


def examine(
    connection: apsw.Connection,
    notice: Notice,
    progress: Progress,
    check: Callable[[], None],
) -> Iterator[Damage]:
    """All of it, every stored byte. ``check`` is called all the while and may raise to stop."""
    progress(0, 0, "文件的结构")
    connection.set_progress_handler(lambda: _stops(check), 100_000)
    try:
        structure = list(_guarded(_structure(connection)))
    except apsw.InterruptError:
        check()
        raise
    finally:
        connection.set_progress_handler(None)
    yield from structure
    yield from _guarded(_dangling(connection))
    yield from _guarded(_pictures(connection, notice, progress, check))
    progress(0, 0, "记录")
    for name in tables().keys() - _LARGE:
        check()
        yield from _guarded(_values(connection, notice, name))
    yield from _guarded(_slots(connection, notice))
    if not structure:
        yield from _guarded(_history(connection, notice))


def _stops(check: Callable[[], None]) -> bool:
    try:
        check()
    except UserError:
        return True
    return False


def _guarded(found: Iterator[Damage]) -> Iterator[Damage]:
    """The look goes on past what cannot be read."""
    try:
        yield from found
    except (apsw.CorruptError, apsw.SQLError, apsw.IOError, apsw.NotADBError, UnicodeDecodeError) as error:
        yield Damage("structure_damaged", f"采集文件有一部分读不出来：{error}")


def _structure(connection: apsw.Connection) -> Iterator[Damage]:
    for (told,) in connection.execute("PRAGMA integrity_check"):
        if told != "ok":
            yield Damage("structure_damaged", f"采集文件的结构有损坏：{told}")


def _dangling(connection: apsw.Connection) -> Iterator[Damage]:
    found: dict[tuple[str, str], int] = {}
    for row in connection.execute("PRAGMA foreign_key_check"):
        ends = str(row[0]), str(row[2])
        found[ends] = found.get(ends, 0) + 1
    for (name, parent), count in found.items():
        here, there = (tables()[end].label if end in tables() else end for end in (name, parent))
        yield Damage("structure_damaged", f"{here}：{count} 条所属的{there}不见了")


def _pictures(
    connection: apsw.Connection, notice: Notice, progress: Progress, check: Callable[[], None]
) -> Iterator[Damage]:
    """Every stored file against its hash, then whose pages it spoils."""
    stored = [str(row[0]) for row in connection.execute("SELECT sha256 FROM blob NOT INDEXED")]
    kept = connection.execute("SELECT sha256, frame FROM rendition").fetchall()
    total = len(stored) + len(kept)
    lost, spoiled, there, named = set(), set(), set(stored), set()
    for done, sha256 in enumerate(stored):
        check()
        progress(done, total, "页的图像")
        if not _is_sound(blobs.is_sound, connection, sha256):
            lost.add(sha256)
    for done, (key, frame) in enumerate(kept, len(stored)):
        check()
        progress(done, total, "页的可读副本")
        if not _is_sound(blobs.is_sound_rendition, connection, key, frame):
            spoiled.add((key, frame))
    for row in _rows(connection, "page"):
        named.add(row["sha256"])
        is_spoiled = row["sha256"] in lost or (row["sha256"], row["frame"]) in spoiled
        if row["sha256"] not in there or is_spoiled:
            again = "图像数据已损坏，请重新扫描。" if row["place"] == "slot" else "图像数据已损坏。"
            yield Damage("page_damaged", f"{row_words(connection, notice, 'page', row)}：{again}")
    for _ in lost - named:
        yield Damage("page_damaged", "一份没有哪一页用到的图像，数据已损坏。")
    unused = len(set(blobs.unused(connection)) - lost)
    if unused:
        note = f"有 {unused} 份图像没有哪一页用到（中断的收入，或清空回收站时没有清完），不影响使用。"
        yield Damage("unused", note, is_note=True)


def _is_sound(prove: Callable[..., bool], *of: object) -> bool:
    with suppress(apsw.CorruptError, apsw.IOError):
        return prove(*of)
    return False


def _values(
    connection: apsw.Connection, notice: Notice | None, name: str, where: str = "1"
) -> Iterator[Damage]:
    for row in _rows(connection, name, where):
        for column in not_understood(name, row):
            said = row_words(connection, notice, name, row)
            yield Damage("value_damaged", f"{said}：{column_label(column)}的内容读不懂。")


def _slots(connection: apsw.Connection, notice: Notice) -> Iterator[Damage]:
    known = {slot.id for slot in notice.slots}
    for row in _rows(connection, "page"):
        if row["place"] == "slot" and row["slot"] not in known:
            said = row_words(connection, notice, "page", row)
            yield Damage("value_damaged", f"{said}：通知里没有这个页位。")


def _history(connection: apsw.Connection, notice: Notice) -> Iterator[Damage]:
    """Records have no hash, but the changes that made them are kept."""
    for count, found in enumerate(differences(connection)):
        if count == _TOLD:
            yield Damage("record_differs", "还有更多的记录与改动的历史不符。")
            return
        if found.stored is None:
            said = row_words(connection, notice, found.table, found.expected or {})
            yield Damage("record_differs", f"{said}：记录不见了，改动的历史里还有。")
            continue
        where = " AND ".join(f"{part} = ?" for part in tables()[found.table].key)
        said = row_words(
            connection, notice, found.table, next(_rows(connection, found.table, where, found.key))
        )
        if found.expected is None:
            yield Damage("record_differs", f"{said}：改动的历史里已经删除，文件里却还在。")
            continue
        for column, value in found.expected.items():
            here, label = found.stored[column], column_label(column)
            yield Damage("record_differs", f"{said}：{label}是“{here}”，改动的历史里是“{value}”，请核对。")


def _rows(
    connection: apsw.Connection, name: str, where: str = "1", bindings: Iterable[Value] = ()
) -> Iterator[dict[str, Value]]:
    names = [column.name for column in tables()[name].columns]
    for row in connection.execute(f"SELECT {', '.join(names)} FROM {name} WHERE {where}", tuple(bindings)):
        yield dict(zip(names, row, strict=True))
