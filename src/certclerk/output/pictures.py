"""What stands on the pages of a document, by its own bytes: the other side of output.document, and none of its code.

Only documents of one picture a page, with nothing drawn over it, are read, of the plainest structure that ISO 32000-1
knows (7.3 objects, 7.5 file structure): a table of offsets, no compressed objects, no updates. Any other document is
not ours, whatever it shows. That bounds the work that a hostile one can ask for, and takes a twentieth of the time
of a general reader.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# Bytes of a file's end that hold where its table begins.
TAIL = 64
# Deeper nesting than any of our dictionaries has.
DEEPEST = 8

_END = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF\s*\Z")
_TABLE = re.compile(rb"xref\s+0 (\d{1,6})\s*\n")
_ROW = re.compile(rb"(\d{10}) \d{5} ([nf])[ \r][\r\n]")
_TRAILER = re.compile(rb"trailer\s*")
_OBJECT = re.compile(rb"(\d{1,6}) 0 obj\s*")
_STREAM = re.compile(rb"\s*stream\r?\n")
_END_STREAM = re.compile(rb"\r?\n?endstream\s+endobj\b")
_PLACED = re.compile(rb"q [-0-9. ]+ cm /(\w+) Do Q")
_TOKEN = re.compile(
    rb"\s*(?:(?P<open><<|\[)|(?P<close>>>|\])|/(?P<name>[^\s<>\[\]()/%{}]+)"
    rb"|(?P<reference>\d{1,6})\s+0\s+R\b|(?P<number>[+-]?\d{0,15}\.?\d{1,15})(?!\d)|(?P<word>true|false|null)\b"
    rb"|(?P<text>\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>))",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Reference:
    number: int


class _NotOurs(Exception):
    """The bytes are no document such as output.document writes."""


def page_pictures(data: bytes | memoryview) -> tuple[str, ...] | None:
    """The SHA-256 of each page's picture as it is packed in ``data``; None where these are no document of ours."""
    try:
        return tuple(_pictures(memoryview(data)))
    except (_NotOurs, RecursionError):
        return None


def _pictures(data: memoryview) -> Iterator[str]:
    starts, trailer = _table(data)
    pages = _dictionary(data, starts, _entry(_dictionary(data, starts, trailer.get("Root")), "Pages"))
    kids = _entry(pages, "Kids")
    if not isinstance(kids, list) or len(kids) != _entry(pages, "Count"):
        raise _NotOurs
    for kid in kids:
        page = _dictionary(data, starts, kid)
        if page.get("Type") != "Page" or "Annots" in page:
            raise _NotOurs
        resources = _entry(page, "Resources")
        pictures = resources.get("XObject") if isinstance(resources, dict) else None
        if not isinstance(pictures, dict) or len(pictures) != 1:
            raise _NotOurs
        ((name, picture),) = pictures.items()
        placed = _PLACED.fullmatch(_stream(data, starts, _entry(page, "Contents"))[1])
        if placed is None or placed[1].decode("ascii") != name:
            raise _NotOurs
        entries, packed = _stream(data, starts, picture)
        if entries.get("Subtype") != "Image":
            raise _NotOurs
        yield hashlib.sha256(packed).hexdigest()


def _table(data: memoryview) -> tuple[dict[int, int], dict[str, Any]]:
    """Where each object begins, and the entries of the trailer."""
    end = _END.search(data[-TAIL:])
    head = _TABLE.match(data, int(end[1])) if end else None
    if head is None:
        raise _NotOurs
    starts: dict[int, int] = {}
    at = head.end()
    for number in range(int(head[1])):
        row = _ROW.match(data, at)
        if row is None:
            raise _NotOurs
        if row[2] == b"n":
            starts[number] = int(row[1])
        at = row.end()
    word = _TRAILER.match(data, at)
    trailer = _value(data, word.end())[0] if word else None
    if not isinstance(trailer, dict) or "Prev" in trailer:
        raise _NotOurs
    return starts, trailer


def _object(data: memoryview, starts: dict[int, int], reference: object) -> tuple[dict[str, Any], int]:
    """The dictionary of an object, and where it ends."""
    if not isinstance(reference, _Reference):
        raise _NotOurs
    head = _OBJECT.match(data, starts.get(reference.number, len(data)))
    if head is None or int(head[1]) != reference.number:
        raise _NotOurs
    value, end = _value(data, head.end())
    if not isinstance(value, dict):
        raise _NotOurs
    return value, end


def _dictionary(data: memoryview, starts: dict[int, int], reference: object) -> dict[str, Any]:
    return _object(data, starts, reference)[0]


def _stream(data: memoryview, starts: dict[int, int], reference: object) -> tuple[dict[str, Any], memoryview]:
    entries, end = _object(data, starts, reference)
    head, length = _STREAM.match(data, end), entries.get("Length")
    if head is None or not isinstance(length, int) or length < 0:
        raise _NotOurs
    stop = head.end() + length
    if _END_STREAM.match(data, stop) is None:
        raise _NotOurs
    return entries, data[head.end() : stop]


def _entry(entries: dict[str, Any], name: str) -> Any:
    if name not in entries:
        raise _NotOurs
    return entries[name]


def _value(data: memoryview, at: int, depth: int = 0) -> tuple[Any, int]:
    """One object's value and where it ends: names and texts as str, numbers, lists, dictionaries, references."""
    token = _TOKEN.match(data, at)
    if token is None or token["close"] or depth > DEEPEST:
        raise _NotOurs
    if token["open"]:
        return _collection(data, token.end(), token["open"] == b"<<", depth)
    kind = token.lastgroup or ""
    plain = token[kind].decode("latin-1")
    if kind == "reference":
        return _Reference(int(plain)), token.end()
    if kind == "number":
        return float(plain) if "." in plain else int(plain), token.end()
    return plain, token.end()


def _collection(data: memoryview, at: int, is_dictionary: bool, depth: int) -> tuple[Any, int]:
    """What stands up to the closing mark of a dictionary or an array."""
    items: list[Any] = []
    while True:
        token = _TOKEN.match(data, at)
        if token is None:
            raise _NotOurs
        if token["close"]:
            break
        item, at = _value(data, at, depth + 1)
        items.append(item)
    if (token["close"] == b">>") is not is_dictionary:
        raise _NotOurs
    if not is_dictionary:
        return items, token.end()
    keys = items[::2]
    if len(items) % 2 or not all(isinstance(key, str) for key in keys) or len(set(keys)) != len(keys):
        raise _NotOurs
    return dict(zip(keys, items[1::2], strict=True)), token.end()
