"""The clerk's own mapping of a table's columns, kept for the next table with the same heads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat, zip_longest
from pathlib import Path
from typing import Any

from certclerk.core.errors import UserError
from certclerk.core.fields import BY_ID
from certclerk.core.notice import Notice
from certclerk.roster import DEEPEST_HEAD, Cell, CellKind, Layout, Sheet, detect_at
from certclerk.system.files import write_aside

FILE = "mappings.json"
MOST = 50


@dataclass(frozen=True, slots=True)
class _Mapping:
    """The heads from left to right as written, up to the last; for every column what it is imported as."""

    heads: tuple[str, ...]
    fields: tuple[str | None, ...]

    def may_begin_in(self, row: Sequence[Cell]) -> bool:
        """Whether the row can be the first of these heads: each of them begins with what stands there."""
        texts = ["".join(cell.text.split()) if cell.kind is CellKind.TEXT else "" for cell in row]
        pairs = zip_longest(texts, self.heads, fillvalue="")
        return any(texts) and all(head.startswith(text) for text, head in pairs)


def recalled(folder: Path, sheet: Sheet, layout: Layout, notice: Notice) -> Layout | None:
    """``sheet`` as the clerk mapped one with the same heads before, whichever row they stand in; None: never."""
    known = _read(folder)
    for found in _candidates(known, sheet, layout, notice):
        fields = next((mapping.fields for mapping in known if mapping.heads == _heads(found)), None)
        if fields is not None:
            columns = zip(found.columns, chain(fields, repeat(None)), strict=False)
            return replace(
                found, columns=tuple(replace(role, field=field, guessed=False) for role, field in columns)
            )
    return None


def _candidates(known: Sequence[_Mapping], sheet: Sheet, layout: Layout, notice: Notice) -> Iterator[Layout]:
    if known:
        yield layout
    for number, row in enumerate(sheet.rows[:DEEPEST_HEAD], start=1):
        # To read a head costs a look at the columns below it.
        if any(mapping.may_begin_in(row) for mapping in known):
            yield detect_at(sheet, number, notice)


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


def forget_all(folder: Path) -> None:
    (folder / FILE).unlink(missing_ok=True)


def _heads(layout: Layout) -> tuple[str, ...]:
    """Without the blank ones at the right end: how far a sheet reaches says nothing."""
    titles = [role.title for role in layout.columns]
    while titles and not titles[-1]:
        titles.pop()
    return tuple(titles)


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
        if not isinstance(heads, list) or not isinstance(fields, list) or len(heads) > len(fields):
            continue
        meant = [field for field in fields if field is not None]
        if all(isinstance(head, str) for head in heads) and _each_once(meant):
            yield _Mapping(tuple(heads), tuple(fields))


def _each_once(fields: list[Any]) -> bool:
    return all(isinstance(field, str) and field in BY_ID for field in fields) and len(set(fields)) == len(
        fields
    )
