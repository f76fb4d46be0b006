"""The ticks that come back from the counter (录入进度): a small file that another computer's browser wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from certclerk.core.errors import UserError
from certclerk.core.keying import Keying

FORMAT = "certclerk-keying"
VERSION = 1
MOST_TICKS = 100_000
LONGEST_REASON = 200
STATES = ("", "done", "problem")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Tick:
    """What was last said of a certificate; ``state`` empty: neither keyed in nor a problem, after all."""

    certificate_id: int
    state: str
    reason: str
    at: str
    row: str

    def keying(self) -> Keying | None:
        return Keying(self.state, self.reason, self.at, self.row) if self.state else None


@dataclass(frozen=True, slots=True)
class Taken:
    """What of a file is to be taken over: ``ticks``; ``older`` are no news, ``unknown`` of no certificate here."""

    ticks: tuple[Tick, ...]
    older: int
    unknown: int


def read_ticks(data: bytes, name: str, collection: str) -> tuple[Tick, ...]:
    """The ticks of a state file that belongs to ``collection`` (its identity).

    Raises UserError ``ticks_damaged``, ``ticks_not_ones`` or ``ticks_of_another``, each with ``name``.
    """
    try:
        values = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UserError("ticks_damaged", file=name) from error
    if not isinstance(values, dict) or values.get("format") != FORMAT or values.get("version") != VERSION:
        raise UserError("ticks_not_ones", file=name)
    if values.get("collection") != collection:
        raise UserError("ticks_of_another", file=name)
    rows = values.get("ticks")
    if not isinstance(rows, list) or len(rows) > MOST_TICKS:
        raise UserError("ticks_damaged", file=name)
    try:
        return tuple(map(_tick, rows))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise UserError("ticks_damaged", file=name) from error


def news(ticks: Iterable[Tick], keyings: Mapping[int, Keying], known: Iterable[int]) -> Taken:
    """What ``ticks`` add to ``keyings``: of each certificate the later word stands. ``known``: all certificates' ids."""
    held = frozenset(known)
    taken: dict[int, Tick] = {}
    older = unknown = 0
    for tick in ticks:
        own = keyings.get(tick.certificate_id)
        if tick.certificate_id not in held:
            unknown += 1
        elif (own is None and not tick.state) or (own is not None and _when(own.at) >= _when(tick.at)):
            older += 1
        else:
            taken[tick.certificate_id] = tick
    return Taken(tuple(taken.values()), older, unknown)


def _tick(row: Mapping[str, Any]) -> Tick:
    """Raises KeyError, TypeError or ValueError where ``row`` is no tick."""
    certificate, state, reason, at, digest = (
        row[key] for key in ("certificate", "state", "reason", "at", "row")
    )
    if type(certificate) is not int or state not in STATES or not isinstance(reason, str):
        raise ValueError(row)
    if state == "problem" and not reason.strip():
        raise ValueError(row)
    if not _DIGEST.fullmatch(digest):
        raise ValueError(row)
    return Tick(certificate, state, reason[:LONGEST_REASON], _when(at).isoformat(timespec="seconds"), digest)


def _when(at: str) -> datetime:
    found = datetime.fromisoformat(at)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
