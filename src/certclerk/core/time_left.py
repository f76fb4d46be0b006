"""One measure for a job of several stages, and a guess at how long the rest of it takes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from itertools import accumulate

Progress = Callable[[int, int, str], None]

# What a whole job of several stages is counted in.
WHOLE = 1000
# Seconds of work before a guess means anything, those whose pace it goes by, and between two that are kept.
GUESS_FROM_S = 2.0
PACE_OF_S = 30.0
KEPT_EVERY_S = 0.5


def in_stages(report: Progress, weights: Sequence[float]) -> tuple[Progress, ...]:
    """For each stage, by its weight among all, what it may tell its own steps to: ``report`` gets thousandths of the
    whole, which never go back while the stages come one after the other.
    """
    whole = sum(weights) or 1.0
    starts = (0.0, *accumulate(weights))

    def stage(start: float, weight: float) -> Progress:
        def tell(done: int, total: int, what: str) -> None:
            share = min(done / total, 1.0) if total else 0.0
            report(int(WHOLE * (start + weight * share) / whole), WHOLE, what)

        return tell

    return tuple(stage(start, weight) for start, weight in zip(starts, weights, strict=False))


class TimeLeft:
    """Told how far a job is, it says how long the rest takes at the pace of the last half minute.

    That of the whole would keep to the pace of a slow beginning long after it.
    """

    def __init__(self) -> None:
        # Seconds and the share that was done then, oldest first.
        self._marks: deque[tuple[float, float]] = deque()

    def seconds(self, now: float, done: int, total: int) -> float | None:
        """``now`` in seconds of any clock that only goes forward; None while nothing can be said."""
        share = done / total if total else 0.0
        marks = self._marks
        if marks and share < marks[-1][1]:
            marks.clear()
        if not marks or now - marks[-1][0] >= KEPT_EVERY_S:
            marks.append((now, share))
        while len(marks) > 2 and now - marks[1][0] >= PACE_OF_S:
            marks.popleft()
        since, before = marks[0]
        if now - since < GUESS_FROM_S or share <= before:
            return None
        return (now - since) * (1 - share) / (share - before)
