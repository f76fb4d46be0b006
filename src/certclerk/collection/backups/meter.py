"""How far a backup or a restoration is, in bytes of pages."""

from __future__ import annotations

from collections.abc import Callable

# Called with the bytes done and all of them; may raise to stop.
Report = Callable[[int, int], None]


class Meter:
    def __init__(self, report: Report) -> None:
        self._report = report
        self._done = self._total = 0

    def expect(self, size: int) -> None:
        self._total += size
        self._report(self._done, self._total)

    def step(self, size: int) -> None:
        self._done += size
        self._report(min(self._done, self._total), self._total)
