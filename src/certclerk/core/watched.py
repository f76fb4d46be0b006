"""What is remembered of a file in a watched folder, so that it is taken once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Stamp(NamedTuple):
    """How a file looks from outside: bytes, and the time of its last change in ns since 1970."""

    size: int
    modified_ns: int


class WatchedOutcome(StrEnum):
    TAKEN = "taken"
    REFUSED = "refused"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class WatchedFile:
    """``path`` is whole; ``sha256`` is empty where nobody read the file."""

    path: str
    stamp: Stamp
    sha256: str
    outcome: WatchedOutcome
