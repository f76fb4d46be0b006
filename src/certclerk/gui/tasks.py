"""Work outside the GUI thread: frozen values in and out, every callback back on the GUI thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from certclerk.core.errors import UserError

T = TypeVar("T")

PROGRESS_INTERVAL_S = 0.05


class Job:
    """Handed to the work, which reports through it and asks it now and then whether to stop."""

    def __init__(
        self, report: Callable[[int, int, str], None], hand_over: Callable[[Any], None] = lambda _part: None
    ) -> None:
        self._report = report
        self.hand_over = hand_over
        self._cancelled = threading.Event()
        self._reported = 0.0

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def is_cancelled(self) -> bool:
        """:attr:`cancelled` for those who take a callable."""
        return self.cancelled

    def cancel(self) -> None:
        self._cancelled.set()

    def progress(self, done: int, total: int, what: str = "") -> None:
        """May be called as often as one likes: only some 20 reports a second are passed on."""
        now = time.monotonic()
        if done >= total or now - self._reported >= PROGRESS_INTERVAL_S:
            self._reported = now
            self._report(done, total, what)


class TaskRunner(QObject):
    """A few worker threads. ``failed`` tells of a UserError that nobody who started the work takes."""

    failed = Signal(str)
    _arrived = Signal(object, object, object)
    _handed_over = Signal()

    def __init__(self, max_workers: int = 2, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers, thread_name_prefix="certclerk")
        self._jobs: set[Job] = set()
        self._closed = False
        self._parts: deque[tuple[Callable[[Any], object], Any]] = deque()
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._handed_over.connect(self._take_part, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return bool(self._jobs)

    def run(
        self,
        work: Callable[[Job], T],
        done: Callable[[T], object],
        failed: Callable[[UserError], None] | None = None,
        *,
        progress: Callable[[int, int, str], None] | None = None,
        handed: Callable[[Any], object] | None = None,
        ended: Callable[[], None] | None = None,
        owner: QObject | None = None,
    ) -> Job:
        """Calls ``work(job)`` in a worker, then ``done(result)`` or ``failed(error)``, then ``ended()``.

        A job that was cancelled before it began, or that raised UserError after it was, only calls
        ``ended``. Nothing is begun or called once ``owner`` is destroyed or the runner closed. Any other exception
        is raised on the GUI thread, where the error boundary takes it.

        ``handed(part)`` is called for each part of the result that the work gives with ``job.hand_over(part)``,
        in their order and before ``done``: also for those that are on their way when the runner closes.
        """

        def report(*figures: object) -> None:
            if progress is not None:
                self._arrived.emit(progress, figures, owner)

        def finish(future: Future[T]) -> None:
            self._arrived.emit(self._settle, (job, future, done, failed, ended), owner)

        def hand_over(part: Any) -> None:
            assert handed is not None
            self._parts.append((handed, part))
            self._handed_over.emit()

        job = Job(report, hand_over)
        if self._closed:
            # A timer of a panel that is about to go may still ask.
            job.cancel()
            return job
        self._jobs.add(job)
        self._pool.submit(_begin, work, job).add_done_callback(finish)
        return job

    def close(self) -> None:
        """Cancels everything and waits for what is running; no callback comes any more but for parts handed over."""
        self._closed = True
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)
        while self._parts:
            self._take_part()

    @Slot()
    def _take_part(self) -> None:
        if self._parts:
            handed, part = self._parts.popleft()
            handed(part)

    @Slot(object, object, object)
    def _on_arrived(
        self, callback: Callable[..., None], arguments: tuple[Any, ...], owner: QObject | None
    ) -> None:
        if self._closed:
            return
        if owner is not None and not isValid(owner):
            if callback == self._settle:
                self._jobs.discard(arguments[0])
            return
        callback(*arguments)

    def _settle(
        self,
        job: Job,
        future: Future[T],
        done: Callable[[T], object],
        failed: Callable[[UserError], None] | None,
        ended: Callable[[], None] | None,
    ) -> None:
        self._jobs.discard(job)
        error = future.exception()
        try:
            if error is None:
                done(future.result())
            elif isinstance(error, UserError):
                if not job.cancelled:
                    failed(error) if failed else self.failed.emit(str(error))
            elif not isinstance(error, _NeverBegan):
                raise error
        finally:
            if ended is not None:
                ended()


class _NeverBegan(Exception):
    """The job was cancelled while it waited for a worker."""


def _begin(work: Callable[[Job], T], job: Job) -> T:
    if job.cancelled:
        raise _NeverBegan
    return work(job)
