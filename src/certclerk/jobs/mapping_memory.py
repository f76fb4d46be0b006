"""The clerk's own mapping of a table's columns, kept for the next table with the same heads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from certclerk.core.errors import UserError
from certclerk.core.fields import BY_ID
from certclerk.core.notice import Notice
from certclerk.roster import DEEPEST_HEAD, Layout, Sheet, detect_at
from certclerk.system.files import write_aside

FILE = "mappings.json"
MOST = 50


@dataclass(frozen=True, slots=True)
class _Mapping:
    """The heads from left to right as they are written, and what each column is imported as."""

    heads: tuple[str, ...]
    fields: tuple[str | None, ...]


def recalled(folder: Path, sheet: Sheet, layout: Layout, notice: Notice) -> Layout | None:
    """``sheet`` as the clerk mapped one with the same heads before, whichever row they stand in; None: never."""
    known = {mapping.heads: mapping.fields for mapping in _read(folder)}
    if not known:
        return None
    rows = range(1, min(DEEPEST_HEAD, len(sheet.rows)) + 1)
    for found in (layout, *(detect_at(sheet, row, notice) for row in rows)):
        fields = known.get(_heads(found))
        if fields is not None:
            columns = zip(found.columns, fields, strict=True)
            return replace(
                found, columns=tuple(replace(role, field=field, guessed=False) for role, field in columns)
            )
    return None


def remember(folder: Path, layout: Layout, automatic: Layout) -> None:
    """Keeps ``layout`` where the clerk made it another than the ``automatic`` one, else forgets these heads.

    A folder that cannot be written is no reason to stop an import: it is only a convenience.
    """
    mapping = _Mapping(_heads(layout), _fields(layout))
    former = _read(folder)
    kept = tuple(other for other in former if other.heads != mapping.heads)
    chosen = (layout.header_row, _fields(layout)) != (automatic.header_row, _fields(automatic))
    if chosen and any(mapping.heads):
        kept = (mapping, *kept)[:MOST]
    if kept == former:
        return
    text = json.dumps(
        [{"heads": one.heads, "fields": one.fields} for one in kept], ensure_ascii=False, indent=1
    )
    try:
        with write_aside(folder / FILE) as stream:
            stream.write(text.encode())
    except UserError:
        return


def _heads(layout: Layout) -> tuple[str, ...]:
    return tuple(role.title for role in layout.columns)


def _fields(layout: Layout) -> tuple[str | None, ...]:
    return tuple(role.field for role in layout.columns)


def _read(folder: Path) -> tuple[_Mapping, ...]:
    """Newest first; empty where the file is missing or damaged, without those that make no sense."""
    try:
        stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(_sound(stored))[:MOST] if isinstance(stored, list) else ()


def _sound(stored: list[Any]) -> Iterator[_Mapping]:
    for entry in stored:
        heads, fields = (entry.get("heads"), entry.get("fields")) if isinstance(entry, dict) else (None, None)
        if not isinstance(heads, list) or not isinstance(fields, list) or len(heads) != len(fields):
            continue
        meant = [field for field in fields if field is not None]
        if all(isinstance(head, str) for head in heads) and _each_once(meant):
            yield _Mapping(tuple(heads), tuple(fields))


def _each_once(fields: list[Any]) -> bool:
    return all(isinstance(field, str) and field in BY_ID for field in fields) and len(set(fields)) == len(
        fields
    )
