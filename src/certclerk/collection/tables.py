"""What a row of each table looks like, from the schema itself, and which of its values the readers understand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import apsw

from certclerk.collection.file_pages import Value, is_blob, is_integer, is_real, is_text
from certclerk.collection.schema import MIGRATIONS
from certclerk.core import fields
from certclerk.core.errors import UserError
from certclerk.core.form import FormMapping
from certclerk.core.notice import parse_notice
from certclerk.core.recipe import parse_recipe
from certclerk.core.submission_json import from_json

# The column that holds the bytes of a picture: read one by one, and proven by a hash.
BYTES = {"blob": "data", "rendition": "data"}
# Made anew when they are missing.
MADE_ANEW = frozenset({"thumbnail"})

LABELS: Mapping[str, str] = {
    "notice": "通知配置",
    "filing": "报送信息",
    "teacher": "教师",
    "certificate": "证书",
    "refusal": "导入时没有采用的格子",
    "absence": "“无此页”的说明",
    "confirmation": "“确认无误”的说明",
    "blob": "页的图像",
    "rendition": "页的可读副本",
    "thumbnail": "缩略图",
    "page": "页",
    "submission": "报送记录",
    "submission_tick": "报送进度",
    "history": "改动的历史",
    "watched": "监视文件夹的记录",
    "form": "主管部门的表格",
    "custody": "收还证的记录",
    "keying": "录入的标记",
    "identity": "采集的标识",
    "appointment": "录入时间",
    "generation": "文件历次改动的标识",
}
# Chinese for columns that are not fields of the roster.
_COLUMN_LABELS = {
    "unit": "报送单位",
    "clerk": "经办人",
    "phone": "联系电话",
    "filled_on": "填报时间",
    "position": "次序",
    "choice": "纳入与否",
    "choice_reason": "纳入与否的原因",
    "signed_on": "本人核对的日期",
    "signed_row": "本人核对的内容",
    "slot": "页位",
    "place": "所在",
    "rotation": "方向",
    "recipe": "图像的修整",
    "source": "来源文件名",
    "added_at": "收入的时间",
    "reason": "原因",
    "received_on": "收证日期",
    "returned_on": "还证日期",
}

_TYPES: Mapping[str, Callable[[int], bool]] = {
    "INTEGER": is_integer,
    "REAL": is_real,
    "TEXT": is_text,
    "BLOB": is_blob,
}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_IDENTITY = re.compile(r"[0-9a-f]{32}|")


@dataclass(frozen=True, slots=True)
class Column:
    """``is_rowid``: an alias of the row's number, kept as NULL; ``kind`` as declared."""

    name: str
    kind: str
    may_be_null: bool
    is_rowid: bool

    def fits(self, serial_type: int) -> bool:
        if self.is_rowid:
            return serial_type == 0
        return _TYPES[self.kind](serial_type) or (serial_type == 0 and self.may_be_null)


@dataclass(frozen=True, slots=True)
class Table:
    """``stored`` are the columns in the order in which a row keeps them, the first ``least`` of them in every version.

    ``key`` names the columns of the primary key.
    """

    name: str
    columns: tuple[Column, ...]
    stored: tuple[Column, ...]
    key: tuple[str, ...]
    has_rowid: bool
    least: int

    def fits(self, types: Sequence[int]) -> bool:
        """Whether a row of those serial types can be one of this table."""
        return self.least <= len(types) <= len(self.stored) and all(
            column.fits(of) for column, of in zip(self.stored, types, strict=False)
        )

    @property
    def label(self) -> str:
        return LABELS.get(self.name, self.name)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a value must be; ``instead`` stands for one that is not, where the row can do without it."""

    understood: Callable[[Any], object]
    instead: tuple[Value, ...] = ()


def _understood(read: Callable[[Any], object]) -> Callable[[Any], bool]:
    """Whether the program's own reader takes the value."""

    def check(value: Any) -> bool:
        with suppress(ValueError, KeyError, TypeError, AttributeError, IndexError, UserError, RecursionError):
            read(value)
            return True
        return False

    return check


def _is_object(text: str) -> None:
    values = json.loads(text)
    if not isinstance(values, dict | list | None):
        raise ValueError


def _changes(changeset: bytes) -> None:
    if changeset:
        for change in apsw.Changeset.iter(changeset):
            _ = change.op


def _readable_changeset(changeset: bytes) -> bool:
    try:
        _changes(changeset)
    except apsw.Error:
        return False
    return True


_is_day = _understood(date.fromisoformat)
_is_moment = _understood(datetime.fromisoformat)


def _is_day_or_nothing(text: object) -> bool:
    return not text or _is_day(text)


def _is_digest(text: object) -> bool:
    return isinstance(text, str) and bool(_DIGEST.fullmatch(text))


_DAY = Rule(_is_day)
_DAY_OR_NOTHING = Rule(_is_day_or_nothing, ("",))
_MOMENT = Rule(_is_moment, ("1970-01-01T00:00:00+00:00",))
_HASH = Rule(_is_digest)

RULES: Mapping[str, Mapping[str, Rule]] = {
    "notice": {"source": Rule(_understood(lambda text: parse_notice(text, "")))},
    "identity": {"collection": Rule(lambda text: _IDENTITY.fullmatch(text))},
    "generation": {"begun_at": _MOMENT},
    "filing": {"filled_on": Rule(_is_day_or_nothing, (None,))},
    "teacher": {"signed_on": _DAY_OR_NOTHING},
    "custody": {"received_on": _DAY_OR_NOTHING, "returned_on": _DAY_OR_NOTHING},
    "appointment": {"first_day": _DAY, "last_day": _DAY},
    "submission": {"made_at": Rule(_is_moment), "record": Rule(_understood(from_json))},
    "submission_tick": {"day": _DAY},
    "page": {
        "sha256": _HASH,
        "added_at": _MOMENT,
        "recipe": Rule(_understood(parse_recipe), ("",)),
        "trashed_at": Rule(lambda text: text is None or _is_moment(text), (None,)),
    },
    "blob": {"sha256": _HASH, "added_at": _MOMENT},
    "rendition": {"sha256": _HASH, "digest": _HASH},
    "form": {"mapping": Rule(_understood(FormMapping.from_json))},
    "keying": {"at": _MOMENT},
    "watched": {"seen_at": _MOMENT},
    "history": {
        "made_at": _MOMENT,
        "teachers": Rule(_understood(_is_object)),
        "changeset": Rule(_readable_changeset),
    },
}


def not_understood(table: str, values: Mapping[str, Value]) -> list[str]:
    """The columns whose values no reader would take, in a row that is otherwise of that table."""
    rules = RULES.get(table, {})
    return [name for name, value in values.items() if name in rules and not rules[name].understood(value)]


def column_label(column: str) -> str:
    known = (*fields.TEACHER_FIELDS, *fields.CERTIFICATE_FIELDS)
    return fields.title(column) if column in known else _COLUMN_LABELS.get(column, column)


@cache
def tables() -> Mapping[str, Table]:
    """Of this version of the schema, by name."""
    connection = apsw.Connection(":memory:")
    least: dict[str, int] = {}
    for step in MIGRATIONS:
        connection.execute(step)
        for name in _names(connection):
            least.setdefault(name, len(_infos(connection, name)))
    return {name: _table(connection, name, least[name]) for name in least}


def _table(connection: apsw.Connection, name: str, least: int) -> Table:
    infos = _infos(connection, name)
    has_rowid = not connection.execute("SELECT wr FROM pragma_table_list WHERE name = ?", (name,)).get
    keys = sorted((info for info in infos if info[5]), key=lambda info: info[5])
    columns = {
        info[1]: Column(
            name=info[1],
            kind=info[2],
            may_be_null=not info[3] and not info[5],
            is_rowid=has_rowid and len(keys) == 1 and bool(info[5]) and info[2] == "INTEGER",
        )
        for info in infos
    }
    key = tuple(info[1] for info in keys)
    rest = tuple(column for column in columns.values() if column.name not in key)
    stored = tuple(columns.values()) if has_rowid else (*(columns[part] for part in key), *rest)
    return Table(name, tuple(columns.values()), stored, key, has_rowid, least)


def _names(connection: apsw.Connection) -> Iterable[str]:
    rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid").fetchall()
    return [str(row[0]) for row in rows]


def _infos(connection: apsw.Connection, name: str) -> list[tuple[Any, ...]]:
    """cid, name, type, notnull, default, place in the primary key."""
    return list(connection.execute(f"PRAGMA table_info({name})"))
