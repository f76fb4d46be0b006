"""Which backups stay: the newest twelve, the newest of each of ten days, and of each of ten weeks."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date

RECENT, DAYS, WEEKS = 12, 10, 10


def kept(days: Sequence[date]) -> frozenset[int]:
    """The places in ``days`` that stay; these are the clerk's days on which backups were made, in the order of making.

    Only the order of making says what is newer, never the clock: one that was set back or forth pushes nothing out but
    what is older in that order. Days and weeks are those that have backups. What goes today would go tomorrow too, so
    thinning after each backup keeps the same as thinning once.
    """
    newest_first = range(len(days) - 1, -1, -1)
    weeks = [day.isocalendar()[:2] for day in days]
    return frozenset(newest_first[:RECENT]) | _first_of_each(days, DAYS) | _first_of_each(weeks, WEEKS)


def _first_of_each(spans: Sequence[Hashable], most: int) -> frozenset[int]:
    newest: dict[Hashable, int] = {}
    for place in range(len(spans) - 1, -1, -1):
        if spans[place] not in newest and len(newest) < most:
            newest[spans[place]] = place
    return frozenset(newest.values())
