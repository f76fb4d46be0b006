"""Walks an XML part of a workbook without building it: names and attributes in, nothing kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.parsers import expat

from certclerk.core.errors import UserError

Start = Callable[[str, dict[str, str]], object]
End = Callable[[str], object]
Text = Callable[[str], object]


class _Forbidden(Exception):
    """A document type with declarations of its own: that is how such files are made to explode."""


def scan(
    chunks: Iterable[bytes], file: str, start: Start, end: End | None = None, text: Text | None = None
) -> None:
    """Feed the handlers with qualified names; raises UserError ``roster_damaged``."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, _Forbidden, LookupError, ValueError) as error:
        raise UserError("roster_damaged", file=file) from error


def local(name: str) -> str:
    """The name without its prefix."""
    return name.rpartition(":")[2]


def _refuse(_name: str, _system: str | None, _public: str | None, declares: int) -> None:
    # OpenOffice 1 and 2 only named theirs; nobody fetches it.
    if declares:
        raise _Forbidden
