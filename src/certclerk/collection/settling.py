"""Rows that were read from a damaged file, made into a collection that keeps every rule of the schema.

What the history still knows is put back; what hangs on something that is gone is kept where that can be, and listed
where it cannot. Every step tells what was lost.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import apsw

from certclerk.collection.expected import Difference, differences
from certclerk.collection.file_pages import Value
from certclerk.collection.history import now
from certclerk.collection.salvage import Gaps, Key, Picture
from certclerk.collection.tables import BYTES, LABELS, RULES, column_label, tables
from certclerk.collection.whose import row_words, slot_label
from certclerk.core.notice import Notice, parse_notice

ENDED = "从损坏的文件抢救"
_PLACEHOLDER = "教师记录已丢失，请按证书补填后恢复纳入"
_WHAT_LOGS_HOLD = {"-wal": "最后一些改动可能不在里面", "-journal": "最后一次改动可能只做了一半"}
_FOUND = "抢救找回：原来的证书记录已丢失"


@dataclass(frozen=True, slots=True)
class Loss:
    """A sentence for the clerk. ``what``: ``page`` (scan again), ``record`` (gone), ``doubt`` (there, to be looked at)
    or ``rows`` (some that nobody can name).
    """

    what: str
    message: str


def settle(
    connection: apsw.Connection, gaps: Gaps, lost: Iterable[Picture], fallback: Notice
) -> tuple[Loss, ...]:
    """``lost`` pictures are known not to be what they were; ``fallback`` stands for a notice that is gone."""
    connection.execute("PRAGMA foreign_keys = OFF")
    with connection:
        losses = list(_from_history(connection, gaps)) if _has_all_history(connection, gaps) else []
        losses += _own_rows(connection, fallback)
        notice = notice_of(connection)
        losses += _doubts(connection, notice, gaps)
        losses += _pages_without_bytes(connection, notice, lost)
        losses += _certificates_without_teacher(connection, notice)
        losses += _pages_out_of_place(connection, notice)
        losses += _what_hangs_on_nothing(connection)
        losses += _uncounted(gaps)
        if losses:
            losses += _end_history(connection)
    return tuple(losses)


def notice_of(connection: apsw.Connection) -> Notice | None:
    source = connection.execute("SELECT source FROM notice").get
    return parse_notice(source, "") if source else None


def _has_all_history(connection: apsw.Connection, gaps: Gaps) -> bool:
    """With a change missing, what the others say of a row may be long out of date."""
    if any(gaps.rows.get(name) or gaps.pages.get(name) for name in ("history", "")):
        return False
    count, last = connection.execute("SELECT count(*), coalesce(max(id), 0) FROM history").get
    return bool(count == last)


def _from_history(connection: apsw.Connection, gaps: Gaps) -> Iterator[Loss]:
    notice = notice_of(connection)
    for found in list(differences(connection)):
        where = " AND ".join(f"{part} = ?" for part in tables()[found.table].key)
        if found.stored is None:
            row = {**(found.expected or {}), **dict(zip(tables()[found.table].key, found.key, strict=True))}
            if found.is_whole and _insert(connection, found.table, row):
                said = row_words(connection, notice, found.table, row)
                yield Loss("doubt", f"{said}：记录已损坏，已按改动的历史补回，请核对。")
            else:
                yield Loss("record", f"{row_words(connection, notice, found.table, row)}：记录已丢失。")
            continue
        row = _rows(connection, found.table, where, found.key)[0]
        said = row_words(connection, notice, found.table, row)
        if found.expected is None:
            yield Loss("doubt", f"{said}：历史里已经删除，文件里却还在，已保留，请核对。")
        else:
            yield from _settle_values(connection, found, said, where, gaps)


def _settle_values(
    connection: apsw.Connection, found: Difference, said: str, where: str, gaps: Gaps
) -> Iterator[Loss]:
    assert found.expected is not None
    assert found.stored is not None
    broken = gaps.doubtful.get((found.table, found.key), ())
    for column, value in found.expected.items():
        label = column_label(column)
        if column in broken:
            connection.execute(f"UPDATE {found.table} SET {column} = ? WHERE {where}", (value, *found.key))
            yield Loss("doubt", f"{said}：{label}已损坏，已按改动的历史改回“{value}”，请核对。")
        else:
            stored = found.stored[column]
            yield Loss("doubt", f"{said}：{label}是“{stored}”，改动的历史里是“{value}”，请核对。")
    if found.table == "page" and {"certificate_id", "slot", "place"} & found.expected.keys():
        # Nobody can tell whose it is: the clerk looks at it.
        _to_tray(connection, "id = ?", found.key, "抢救找回：原来的位置记录已损坏")


def _own_rows(connection: apsw.Connection, fallback: Notice) -> Iterator[Loss]:
    if not connection.execute("SELECT 1 FROM notice").fetchone():
        connection.execute("INSERT INTO notice (id, source) VALUES (1, ?)", (fallback.source,))
        yield Loss("record", f"通知配置已丢失，已换成随程序提供的“{fallback.short_title}”，请核对。")
    if not connection.execute("SELECT 1 FROM filing").fetchone():
        connection.execute("INSERT INTO filing (id, unit, clerk, phone) VALUES (1, '', '', '')")
        yield Loss("record", "报送信息已丢失，请重新填写单位、经办人和联系电话。")
    if not connection.execute("SELECT 1 FROM identity").fetchone():
        connection.execute("INSERT INTO identity (id, collection) VALUES (1, ?)", (secrets.token_hex(16),))


def _doubts(connection: apsw.Connection, notice: Notice | None, gaps: Gaps) -> Iterator[Loss]:
    """What is no text any more, or was left out since no reader takes it, and the history could not mend."""
    for (name, key), bad in gaps.doubtful.items():
        table = tables()[name]
        row = _row(connection, name, key)
        if row is None or name in BYTES:
            continue
        known = {found for found in bad if "\ufffd" in str(row[found]) or _is_left_out(name, found, row)}
        if known:
            labels = "、".join(map(column_label, sorted(known)))
            yield Loss("doubt", f"{row_words(connection, notice, table.name, row)}：{labels}已损坏，请核对。")


def _is_left_out(name: str, column: str, row: Mapping[str, Value]) -> bool:
    rule = RULES.get(name, {}).get(column)
    return rule is not None and row[column] in rule.instead


def _pages_without_bytes(
    connection: apsw.Connection, notice: Notice | None, lost: Iterable[Picture]
) -> Iterator[Loss]:
    gone = list(lost)
    connection.execute("CREATE TEMP TABLE gone (name, sha256, frame)")
    connection.executemany("INSERT INTO gone VALUES (?, ?, ?)", gone)
    for row in _rows(
        connection,
        "page",
        "NOT EXISTS (SELECT 1 FROM main.blob WHERE blob.sha256 = page.sha256)"
        " OR EXISTS (SELECT 1 FROM gone WHERE gone.name = 'blob' AND gone.sha256 = page.sha256)"
        " OR EXISTS (SELECT 1 FROM gone WHERE gone.name = 'rendition' AND gone.sha256 = page.sha256"
        " AND gone.frame = page.frame)",
    ):
        again = "请重新扫描。" if row["place"] == "slot" else "没有保留。"
        yield Loss("page", f"{row_words(connection, notice, 'page', row)}：图像数据已损坏，{again}")
        connection.execute("DELETE FROM page WHERE id = ?", (row["id"],))
    connection.execute("DELETE FROM blob WHERE sha256 IN (SELECT sha256 FROM gone WHERE name = 'blob')")
    connection.execute(
        "DELETE FROM rendition WHERE sha256 NOT IN (SELECT sha256 FROM blob) OR EXISTS (SELECT 1 FROM gone WHERE"
        " name = 'rendition' AND gone.sha256 = rendition.sha256 AND gone.frame = rendition.frame)"
    )
    connection.execute("DROP TABLE gone")


def _certificates_without_teacher(connection: apsw.Connection, notice: Notice | None) -> Iterator[Loss]:
    """They stay, with their pages, at a teacher without a name who is held back."""
    wanted = "SELECT DISTINCT teacher_id FROM certificate WHERE teacher_id NOT IN (SELECT id FROM teacher)"
    for (teacher_id,) in connection.execute(wanted).fetchall():
        connection.execute(
            "INSERT INTO teacher (id, position, serial, name, sex, id_number, note, choice, choice_reason)"
            " SELECT ?, coalesce(max(position), 0) + 1, coalesce(max(serial), 0) + 1, '', '', '', '', 'hold', ?"
            " FROM teacher",
            (teacher_id, _PLACEHOLDER),
        )
        for row in _rows(connection, "certificate", "teacher_id = ?", (teacher_id,)):
            said = row_words(connection, notice, "certificate", row)
            yield Loss("record", f"{said}：教师的记录已丢失，证书和页已保留，先设为暂缓，请补填。")


def _pages_out_of_place(connection: apsw.Connection, notice: Notice | None) -> Iterator[Loss]:
    slots = [slot.id for slot in notice.slots] if notice else []
    marks = ", ".join("?" * len(slots))
    where = (
        f"place = 'slot' AND (certificate_id NOT IN (SELECT id FROM certificate) OR slot NOT IN ({marks}))"
    )
    for row in _rows(connection, "page", where, slots):
        label = slot_label(notice, row["slot"])
        yield Loss("doubt", f"一页{label}（{row['source']}）：原来的证书记录已丢失，已放到待归位。")
        _to_tray(connection, "id = ?", (row["id"],), _FOUND)


def _to_tray(connection: apsw.Connection, where: str, key: Key, reason: str) -> None:
    connection.execute(
        "UPDATE page SET place = 'tray', certificate_id = NULL, slot = NULL, position = 0, reason = ?"
        f" WHERE {where}",
        (reason, *key),
    )


def _what_hangs_on_nothing(connection: apsw.Connection) -> Iterator[Loss]:
    """Until nothing does: what is deleted may have had something hang on it."""
    while True:
        deleted = [
            (name, connection.changes())
            for name in tables()
            for column, parent, key in _parents(connection, name)
            if connection.execute(
                f"DELETE FROM {name} WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT {key} FROM {parent})"
            )
            and connection.changes()
        ]
        if not deleted:
            return
        for name, count in deleted:
            if name not in BYTES:
                yield Loss("rows", f"{tables()[name].label}：{count} 条所属的记录已丢失，没有保留。")


def _parents(connection: apsw.Connection, name: str) -> list[tuple[str, str, str]]:
    """Column here, table there, its key."""
    rows = connection.execute(f"PRAGMA foreign_key_list({name})").fetchall()
    return [(str(row[3]), str(row[2]), tables()[str(row[2])].key[0]) for row in rows]


def _uncounted(gaps: Gaps) -> Iterator[Loss]:
    for log in sorted(gaps.logs):
        yield Loss("rows", f"文件旁的“{log}”日志读不出来：{_WHAT_LOGS_HOLD[log]}，请核对。")
    for name, count in gaps.rows.items():
        label = LABELS.get(name, "不知属于哪里的记录")
        if count:
            yield Loss("rows", f"{label}：{count} 条读不出来。")
    for name, count in gaps.pages.items():
        label = LABELS.get(name, "不知属于哪里的记录")
        if count:
            yield Loss("rows", f"{label}：文件里有 {count} 块读不出来，里面的没有列名的也可能丢失。")
    for name in sorted(gaps.twice):
        yield Loss("rows", f"{LABELS.get(name, name)}：有的在文件里出现两次，可能盖掉了别的内容，请核对。")


def _end_history(connection: apsw.Connection) -> Iterator[Loss]:
    """Changesets of other rows would undo what was never so."""
    if connection.execute("SELECT 1 FROM history").fetchone():
        yield Loss("record", "改动的历史没有保留：抢救以前的改动不能再撤销。")
    connection.execute("DELETE FROM history")
    connection.execute(
        "INSERT INTO history (made_at, label, teachers, changeset, state)"
        " VALUES (?, ?, ?, zeroblob(0), 'dropped')",
        (now(), ENDED, json.dumps({"teachers": [], "rows": False, "floor": 0})),
    )


def _insert(connection: apsw.Connection, name: str, row: Mapping[str, Value]) -> bool:
    try:
        connection.execute(
            f"INSERT INTO {name} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values())
        )
    except apsw.ConstraintError:
        return False
    return True


def _row(connection: apsw.Connection, name: str, key: Key) -> dict[str, Value] | None:
    where = " AND ".join(f"{part} = ?" for part in tables()[name].key)
    return next(iter(_rows(connection, name, where, key)), None)


def _rows(
    connection: apsw.Connection, name: str, where: str, bindings: Iterable[Value] = ()
) -> list[dict[str, Value]]:
    names = [column.name for column in tables()[name].columns]
    found = connection.execute(f"SELECT {', '.join(names)} FROM {name} WHERE {where}", tuple(bindings))
    return [dict(zip(names, row, strict=True)) for row in found]
