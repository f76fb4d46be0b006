"""A PDF painted by Qt that tells its title and language, and nothing of when and by which program it was made."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QPdfWriter

from certclerk.printing.application import ensure_application

DPI = 1200

# Qt writes what describes the document first, plainly, and its identifier last.
HEAD_BYTES, TAIL_BYTES = 8192, 1024
_TOLD = re.compile(
    rb"/(?:Author|Creator|Producer|CreationDate|ModDate) \((?:\\.|[^\\)])*\)"
    rb"|<\?xpacket begin.*?<\?xpacket end='w'\?>",
    re.DOTALL,
)
_METADATA = re.compile(rb"/Metadata \d+ 0 R(?=\s)")
_LANGUAGE = b"/Lang (zh-CN)"
_IDENTIFIER = re.compile(rb"(?<=<)[0-9a-f]{32,}(?=>)")


def painted_pdf(title: str, paint: Callable[[QPdfWriter], None]) -> bytes:
    """What ``paint`` draws, as a PDF made in memory, since Qt says nothing when a disk is full.

    Equal drawings give equal bytes.
    """
    ensure_application()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setResolution(DPI)
    paint(writer)
    return _untold(bytes(buffer.data().data()))


def _untold(data: bytes) -> bytes:
    """The same without dates and programs; every byte stays in its place, where the cross-reference looks for it."""
    first = min(HEAD_BYTES, len(data) // 2)
    last = max(len(data) - TAIL_BYTES, first)
    head, body, tail = data[:first], data[first:last], data[last:]
    head = _TOLD.sub(lambda told: b" " * len(told[0]), head)
    head = _METADATA.sub(lambda told: _LANGUAGE.ljust(len(told[0])), head)
    digest = hashlib.sha512()
    for part in (head, body, _IDENTIFIER.sub(b"", tail)):
        digest.update(part)
    identifier = digest.hexdigest().encode()
    tail = _IDENTIFIER.sub(lambda told: identifier[: len(told[0])], tail)
    return b"".join((head, body, tail))
