"""Bringing views up to date: at once, or one in each turn of the event loop while pages stream in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt, QTimer
from shiboken6 import isValid

Refresh = Callable[[], None]

# ms: timers that are due at once would let two turns run, and what both have to paint, before anything else.
_BETWEEN_TURNS = 4


class Refreshing(QObject):
    """What views ask to be shown by. They read the session as it is when their turn comes, so one that is asked for
    again before that is shown once.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: dict[Refresh, None] = {}
        self._put_off: set[Refresh] = set()
        self._spreading = 0
        self._closed = False
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setTimerType(Qt.TimerType.PreciseTimer)
        self._turn.timeout.connect(self._take_turn)

    @property
    def is_pending(self) -> bool:
        """Whether some view still shows how things stood before."""
        return bool(self._waiting or self._put_off)

    @contextmanager
    def spread(self) -> Iterator[None]:
        """What is asked for within waits: the next page and the clerk's keys come between."""
        self._spreading += 1
        try:
            yield
        finally:
            self._spreading -= 1

    def ask(self, refresh: Refresh, *, within_ms: int = 0) -> None:
        """``refresh`` is a method of the view; ``within_ms``: how long it may wait for more to show, where it has to."""
        if not self._spreading:
            self._waiting.pop(refresh, None)
            refresh()
        elif not within_ms:
            self.line_up(refresh)
        elif refresh not in self._put_off:
            self._put_off.add(refresh)
            QTimer.singleShot(within_ms, self, lambda: self.line_up(refresh))

    def line_up(self, refresh: Refresh) -> None:
        """In a turn of its own in any case."""
        self._put_off.discard(refresh)
        if self._closed:
            return
        self._waiting[refresh] = None
        if not self._turn.isActive():
            self._turn.start(0)

    def close(self) -> None:
        """No turn comes any more: what the views read is about to go."""
        self._closed = True
        self._waiting.clear()
        self._turn.stop()

    def _take_turn(self) -> None:
        refresh = next(iter(self._waiting), None)
        if refresh is None:
            return
        del self._waiting[refresh]
        try:
            if isValid(refresh.__self__):  # type: ignore[attr-defined]
                refresh()
        finally:
            if self._waiting:
                self._turn.start(_BETWEEN_TURNS)
