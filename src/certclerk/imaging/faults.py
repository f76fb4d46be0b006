"""How a bad file becomes a sentence that names it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from certclerk.core.errors import UserError

# What decoders are known to raise on hostile bytes. pypdf's own errors are translated where it is
# imported, because that happens only when a PDF comes.
BROKEN: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)

UNDECODABLE = "无法解码"


class Fault(Exception):
    """A reason to refuse a file, found where its name is not known."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code, facts)


def damaged(reason: str) -> Fault:
    return Fault("image_damaged", reason=reason)


@contextmanager
def on_page(number: int) -> Iterator[None]:
    """Puts the page's number (from 1) before the reason why a file is damaged."""
    try:
        yield
    except Fault as fault:
        if fault.code != "image_damaged":
            raise
        raise damaged(f"第{number}页{fault.facts['reason']}") from fault
    except BROKEN as error:
        raise damaged(f"第{number}页{UNDECODABLE}") from error


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Turns faults and decoders' exceptions inside into a UserError that refuses the file by name."""
    try:
        yield
    except Fault as fault:
        raise UserError(fault.code, name=name, **fault.facts) from fault
    except BROKEN as error:
        raise UserError("image_damaged", name=name, reason=UNDECODABLE) from error


@contextmanager
def naming_stored(name: str) -> Iterator[None]:
    """The same for a page that was taken in long ago: whatever is wrong now, its bytes were right once."""
    try:
        yield
    except Fault as fault:
        reason = fault.facts.get("reason", UNDECODABLE)
        raise UserError("page_damaged", name=name, reason=reason) from fault
    except BROKEN as error:
        raise UserError("page_damaged", name=name, reason=UNDECODABLE) from error
