"""A TOML table that knows where it stands, so that every complaint names file and key."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from certclerk.core.errors import UserError

T = TypeVar("T")


# What Windows refuses in a file's name, besides control characters.
_NOT_IN_NAMES = '<>:"/\\|?*'


@dataclass(frozen=True)
class TomlTable:
    """``origin`` is the file, ``path`` the keys that lead here; ``asked`` collects the keys that mean something."""

    values: Mapping[str, Any]
    origin: str
    path: str
    asked: set[str] = field(default_factory=set)
    below: list[TomlTable] = field(default_factory=list)

    def fail(self, key: str, reason: str) -> None:
        raise UserError("notice_broken", file=self.origin, key=self._path(key), reason=reason)

    def _path(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def finish(self) -> None:
        """Complains of a key that nobody asked for, here or below: most likely it is misspelt."""
        for key in self.values:
            if key not in self.asked:
                self.fail(key, "不认识这一项，请检查拼写")
        for table in self.below:
            table.finish()

    def get(self, key: str, wanted: type, default: Any = ...) -> Any:
        self.asked.add(key)
        if key not in self.values:
            if default is ...:
                self.fail(key, "缺少")
            return default
        value = self.values[key]
        right = isinstance(value, wanted) and not (wanted is int and isinstance(value, bool))
        if not right:
            self.fail(key, f"应为{_TYPE_WORDS[wanted]}")
        return value

    def text(self, key: str, default: Any = ...) -> str:
        value: str = self.get(key, str, default)
        if default is ... and not value.strip():
            self.fail(key, "不能为空")
        return self._printable(key, value)

    def paragraph(self, key: str) -> str:
        """Text of one or more lines."""
        value: str = self.get(key, str)
        for line in value.splitlines():
            self._printable(key, line)
        return value

    def texts(self, key: str, least: int = 0) -> tuple[str, ...]:
        values = self.get(key, list, ... if least else [])
        if len(values) < least or not all(isinstance(value, str) and value.strip() for value in values):
            self.fail(key, "应为文字的列表")
        return tuple(self._printable(key, value) for value in values)

    def _printable(self, key: str, value: str) -> str:
        if any(ord(char) < 0x20 or ord(char) == 0x7F for char in value):
            self.fail(key, "含有不能显示的控制字符或换行")
        return value

    def flag(self, key: str, default: bool) -> bool:
        value: bool = self.get(key, bool, default)
        return value

    def number(self, key: str, *, most: float, default: Any = ...) -> float:
        """Above 0 and no more than ``most``."""
        value: float = self.get(key, float if isinstance(self.values.get(key), float) else int, default)
        if not 0 < value <= most:
            self.fail(key, f"应大于 0，不超过 {most:g}")
        return value

    def day(self, key: str) -> date:
        value = self.day_or_none(key)
        if value is None:
            self.fail(key, "缺少")
        assert value is not None
        return value

    def day_or_none(self, key: str) -> date | None:
        value: date | None = self.get(key, date, None)
        if isinstance(value, datetime):
            self.fail(key, "应为日期，如 2017-02-13，不带时刻")
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in allowed:
            self.fail(key, f"“{value}”不在 {'、'.join(allowed)} 之中")
        return value

    def file_pattern(self, key: str, *names: str, needs: str = "", default: Any = ...) -> str:
        """A pattern for a file's name: no folder in it, nothing that Windows refuses."""
        value = self.pattern(key, *names, needs=needs, default=default)
        wrong = [char for char in value if char in _NOT_IN_NAMES]
        if wrong:
            self.fail(key, f"文件名里不能有 {wrong[0]}")
        return value

    def pattern(self, key: str, *names: str, needs: str = "", lines: bool = False, default: Any = ...) -> str:
        """A text whose ``{braces}`` hold nothing but ``names``, and ``needs`` at least."""
        value = self.paragraph(key) if lines else self.text(key, default)
        try:
            parsed = list(string.Formatter().parse(value))
        except ValueError:
            self.fail(key, "花括号不成对")
        used = [name for _, name, _, _ in parsed if name is not None]
        if any(spec or conversion for _, _, spec, conversion in parsed):
            self.fail(key, "花括号里只能写名称")
        strange = [name for name in used if name not in names]
        if strange:
            self.fail(key, f"不认识 {{{strange[0]}}}，可用 {'、'.join('{' + name + '}' for name in names)}")
        if needs and needs not in used:
            self.fail(key, f"要含 {{{needs}}}")
        return value

    def once(self, key: str, marks: Iterable[tuple[str, str | int]]) -> None:
        """``marks`` are (whose, what) pairs: complains of a what that two have."""
        owners: dict[str | int, str] = {}
        for owner, mark in marks:
            if owners.setdefault(mark, owner) != owner:
                self.fail(key, f"“{mark}”既属于{owners[mark]}，又属于{owner}")

    def table(self, key: str) -> TomlTable:
        table = TomlTable(self.get(key, dict), self.origin, self._path(key))
        self.below.append(table)
        return table

    def rows(self, key: str, read: Callable[[TomlTable], T], *, unique: str, least: int = 1) -> tuple[T, ...]:
        values = self.get(key, list, ... if least else [])
        if len(values) < least:
            self.fail(key, "不能为空")
        rows: list[T] = []
        seen: set[Any] = set()
        for index, value in enumerate(values, start=1):
            place = f"{self._path(key)}[{index}]"
            if not isinstance(value, dict):
                raise UserError("notice_broken", file=self.origin, key=place, reason="应为表")
            table = TomlTable(value, self.origin, place)
            self.below.append(table)
            row = read(table)
            mark = getattr(row, unique)
            if mark in seen:
                raise UserError(
                    "notice_broken", file=self.origin, key=f"{place}.{unique}", reason=f"“{mark}”重复"
                )
            seen.add(mark)
            rows.append(row)
        return tuple(rows)


_TYPE_WORDS: dict[type, str] = {
    str: "文字",
    int: "整数",
    float: "数",
    bool: "true 或 false",
    list: "列表",
    dict: "表",
    date: "日期，如 2017-02-13",
}
