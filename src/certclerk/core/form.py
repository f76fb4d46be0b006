"""The bureau's own form for an annex: a workbook to be filled in, and what its columns mean."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from certclerk.core.notice import Annex, Notice

SERIAL = "serial"
UNIT = "unit"

# A sheet's end in .xlsx, and rows of a head.
_ROWS, _COLUMNS, _HEAD_ROWS = 1_048_576, 16_384, 100

# What forms call the facts beside the table, after the notice's own label; fields as in the notice's head.
FACT_LABELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "unit": ("报送单位", "填报单位", "单位名称", "学校名称", "报送学校", "填报学校", "学校", "单位"),
        "clerk": ("经办人", "填表人", "填报人", "联系人", "制表人"),
        "phone": ("联系电话", "联系方式", "电话"),
        "filled_on": ("填报时间", "填报日期", "填表时间", "填表日期", "报送时间", "报送日期", "日期"),
    }
)


@dataclass(frozen=True, slots=True)
class FormMapping:
    """Where the table is in the form.

    ``header_row`` is its head's first row as the spreadsheet program counts, ``header_rows`` how many it takes;
    ``columns``: the form's columns (from 0) with the key of what goes into each.
    """

    sheet: str
    header_row: int
    header_rows: int
    columns: tuple[tuple[int, str], ...]

    @property
    def first_row(self) -> int:
        return self.header_row + self.header_rows

    def to_json(self) -> str:
        return json.dumps(
            {
                "sheet": self.sheet,
                "header_row": self.header_row,
                "header_rows": self.header_rows,
                "columns": [list(column) for column in self.columns],
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> FormMapping:
        """Raises KeyError, TypeError or ValueError where ``text`` is no mapping, or leads out of a sheet."""
        values = json.loads(text)
        columns = tuple((int(column), str(key)) for column, key in values["columns"])
        mapping = cls(str(values["sheet"]), int(values["header_row"]), int(values["header_rows"]), columns)
        if not (
            mapping.header_row in range(_ROWS)
            and mapping.header_rows in range(_HEAD_ROWS)
            and all(column in range(_COLUMNS) for column, _ in columns)
        ):
            raise ValueError(text[:200])
        return mapping


@dataclass(frozen=True, slots=True)
class Form:
    """``annex`` is the notice's file pattern of the annex that it stands for; ``data`` the .xlsx as it was given."""

    annex: str
    file_name: str
    mapping: FormMapping
    data: bytes


def annex_columns(annex: Annex, notice: Notice) -> tuple[tuple[str, str], ...]:
    """Key and title of each column of the annex' table, in its order: what a form's columns can mean."""
    if annex.kind == "roster":
        return tuple((column.field, column.title) for column in annex.columns)
    kinds = ((kind.name, kind.name) for kind in notice.collected_kinds)
    return ((SERIAL, annex.serial_title), (UNIT, annex.unit_title), *kinds)


def missing_columns(mapping: FormMapping, annex: Annex, notice: Notice) -> tuple[str, ...]:
    """Titles of what the annex has and the form has no column for; a 序号 is no loss."""
    held = {key for _, key in mapping.columns}
    return tuple(title for key, title in annex_columns(annex, notice) if key not in held and key != SERIAL)


def form_digests(forms: Iterable[Form]) -> dict[str, str]:
    """By annex; another for every other form, and for every other meaning of its columns: SHA-256 in hex."""
    return {
        form.annex: hashlib.sha256(form.mapping.to_json().encode() + b"\0" + form.data).hexdigest()
        for form in forms
    }
