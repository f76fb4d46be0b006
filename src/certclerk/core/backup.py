"""What a backup says of itself."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a backup was made."""

    OPENED = "opened"
    CHANGED = "changed"
    CLOSED = "closed"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Facts:
    """``made_at`` is UTC, ISO 8601; ``size`` the bytes of the pages it names and of its tables; ``damaged`` counts those
    pages that were damaged in the collection already. ``fingerprint`` is the hash of every row, and
    ``application_id`` the collection's own, which the backup's file does not bear.
    """

    identity: str
    file_name: str
    made_at: str
    reason: Reason
    unit: str
    teachers: int
    certificates: int
    pages: int
    size: int
    damaged: int
    fingerprint: str
    application_id: int


def to_json(facts: Facts) -> str:
    return json.dumps(asdict(facts), ensure_ascii=False)


def from_json(text: str) -> Facts:
    """Raises ValueError, TypeError or KeyError for what :func:`to_json` did not write."""
    stored = json.loads(text)
    return Facts(**{**stored, "reason": Reason(stored["reason"])})
