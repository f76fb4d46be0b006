"""Whose a row is, in the clerk's words: for those who tell of damage."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import apsw

from certclerk.collection.file_pages import Value
from certclerk.collection.tables import tables
from certclerk.core.notice import Notice

Row = Mapping[str, Value]


def teacher_words(row: Row) -> str:
    return f"第{row['serial']}号 {row['name'] or '（没有姓名）'}"


def row_words(connection: apsw.Connection, notice: Notice | None, table: str, row: Row) -> str:
    """The row by what the clerk knows it by; what it hangs on is looked up. ``row`` may lack columns."""
    known = _WORDS.get(table)
    if known is not None:
        return known(connection, notice, row)
    return _of_what_hangs(connection, table, row)


def slot_label(notice: Notice | None, slot: object) -> str:
    return next((one.label for one in notice.slots if one.id == slot), str(slot)) if notice else str(slot)


def _of_teacher(_connection: apsw.Connection, _notice: Notice | None, row: Row) -> str:
    return teacher_words(row) if {"serial", "name"} <= row.keys() else "一名教师"


def _of_certificate(connection: apsw.Connection, _notice: Notice | None, row: Row) -> str:
    label = " ".join(str(row[part]) for part in ("kind", "number") if row.get(part)) or "证书"
    return f"{_named(connection, row.get('teacher_id'))} 的{label}"


def _of_page(connection: apsw.Connection, notice: Notice | None, row: Row) -> str:
    source = f"（{row['source']}）" if row.get("source") else ""
    if row.get("place") != "slot":
        where = "回收站" if row.get("place") == "trash" else "待归位"
        return f"{where}中的一页{source}"
    return f"{_holder(connection, row.get('certificate_id'))} 的{slot_label(notice, row.get('slot'))}{source}"


def _of_what_hangs(connection: apsw.Connection, table: str, row: Row) -> str:
    label = tables()[table].label
    if row.get("certificate_id") is not None:
        return f"{_holder(connection, row['certificate_id'])} 的{label}"
    return f"{_named(connection, row['teacher_id'])} 的{label}" if row.get("teacher_id") else label


def _holder(connection: apsw.Connection, certificate_id: Value) -> str:
    row = connection.execute("SELECT teacher_id FROM certificate WHERE id = ?", (certificate_id,)).fetchone()
    return _named(connection, row[0] if row else None)


def _named(connection: apsw.Connection, teacher_id: Value) -> str:
    row = connection.execute("SELECT serial, name FROM teacher WHERE id = ?", (teacher_id,)).fetchone()
    return teacher_words({"serial": row[0], "name": row[1]}) if row else "一名教师（记录已丢失）"


_WORDS: Mapping[str, Callable[[apsw.Connection, Notice | None, Row], str]] = {
    "teacher": _of_teacher,
    "certificate": _of_certificate,
    "page": _of_page,
}
