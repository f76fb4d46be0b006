"""Work outside the GUI thread: frozen values in and out, every callback back on the GUI thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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


@dataclass(slots=True, eq=False)
class _Task:
    """What one call of :meth:`TaskRunner.run` asked for, and what came of it."""

    job: Job
    work: Callable[[Job], Any] | None
    done: Callable[[Any], object] | None
    failed: Callable[[UserError], None] | None
    progress: Callable[[int, int, str], None] | None
    handed: Callable[[Any], object] | None
    ended: Callable[[], None] | None
    owner: QObject | None
    result: Any = None
    error: BaseException | None = None

    def let_go(self) -> None:
        """Of everything that may be the last to hold a QObject: to be called where that may be destroyed."""
        self.work = self.done = self.failed = self.progress = self.handed = self.ended = self.owner = None
        self.result = self.error = None


class TaskRunner(QObject):
    """A few worker threads. ``failed`` tells of a UserError that nobody who started the work takes.

    Functions given to :meth:`run` may hold windows: a worker only ever sees them through a task that the GUI thread
    empties, so that none of them is destroyed in a worker.
    """

    failed = Signal(str)
    _reported = Signal(object, object)
    _finished = Signal(object)
    _handed_over = Signal()

    def __init__(self, max_workers: int = 2, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers, thread_name_prefix="certclerk")
        self._tasks: set[_Task] = set()
        self._closed = False
        self._parts: deque[tuple[_Task, Any]] = deque()
        self._reported.connect(self._on_reported, Qt.ConnectionType.QueuedConnection)
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)
        self._handed_over.connect(self._take_part, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return bool(self._tasks)

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
            self._reported.emit(task, figures)

        def hand_over(part: Any) -> None:
            self._parts.append((task, part))
            self._handed_over.emit()

        job = Job(report, hand_over)
        if self._closed:
            # A timer of a panel that is about to go may still ask.
            job.cancel()
            return job
        task = _Task(job, work, done, failed, progress, handed, ended, owner)
        self._tasks.add(task)
        self._pool.submit(self._perform, task)
        return job

    def close(self) -> None:
        """Cancels everything and waits for what is running; no callback comes any more but for parts handed over."""
        self._closed = True
        for task in self._tasks:
            task.job.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
        while self._parts:
            self._take_part()
        for task in self._tasks:
            task.let_go()
        self._tasks.clear()

    def _perform(self, task: _Task) -> None:
        """The worker's part. Nothing of the task may be kept in a variable here."""
        try:
            if task.job.cancelled:
                raise _NeverBegan
            assert task.work is not None
            task.result = task.work(task.job)
        except BaseException as error:
            task.error = error
        self._finished.emit(task)

    @Slot()
    def _take_part(self) -> None:
        if self._parts:
            task, part = self._parts.popleft()
            if task.handed is not None and _is_there(task.owner):
                task.handed(part)

    @Slot(object, object)
    def _on_reported(self, task: _Task, figures: tuple[int, int, str]) -> None:
        if task.progress is not None and self._may_call(task):
            task.progress(*figures)

    @Slot(object)
    def _on_finished(self, task: _Task) -> None:
        self._tasks.discard(task)
        try:
            if self._may_call(task):
                self._settle(task)
        finally:
            task.let_go()

    def _may_call(self, task: _Task) -> bool:
        return not self._closed and _is_there(task.owner)

    def _settle(self, task: _Task) -> None:
        try:
            error = task.error
            if error is None:
                assert task.done is not None
                task.done(task.result)
            elif isinstance(error, UserError):
                if not task.job.cancelled:
                    task.failed(error) if task.failed else self.failed.emit(str(error))
            elif not isinstance(error, _NeverBegan):
                raise error
        finally:
            if task.ended is not None:
                task.ended()


def _is_there(owner: QObject | None) -> bool:
    return owner is None or isValid(owner)


class _NeverBegan(Exception):
    """The job was cancelled while it waited for a worker."""
