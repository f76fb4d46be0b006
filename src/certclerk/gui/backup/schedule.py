"""When a collection is backed up without asking: after it is opened, while it changes, and when it is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from certclerk.core.backup import Reason
from certclerk.core.errors import UserError
from certclerk.gui.backup.closing import ClosingDialog
from certclerk.gui.session import Session
from certclerk.gui.tasks import Job, TaskRunner
from certclerk.jobs.backup import Outcome, Source, back_up, complaints, source_of

# ms: the window is shown and read first.
FIRST_AFTER_MS = 4_000
# ms from the first change since the last backup, and until a failed one is tried again.
EVERY_MS = 10 * 60 * 1000
# ms after which the clerk who closes the collection sees what is waited for.
PATIENCE_MS = 400


class BackupSchedule(QObject):
    """Of one session, which does not wait for it. ``told``: :attr:`words` and :attr:`trouble` are new; ``made``: a
    backup came to its end.

    ``folder`` is the user's data folder. A collection that is open read-only is not backed up by itself.
    """

    told = Signal()
    made = Signal()

    def __init__(self, session: Session, folder: Path) -> None:
        super().__init__(session)
        self.folder = folder
        self._source = source_of(session.collection)
        self.words = "尚未备份"
        self.trouble = ""
        self._session = session
        self._collection = session.collection
        self._runner = TaskRunner(1, self)
        self._job: Job | None = None
        self._up_to: datetime | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self.back_up(Reason.CHANGED))
        if not self._collection.read_only:
            session.changed.connect(self._on_session_changed)
            QTimer.singleShot(FIRST_AFTER_MS, self, lambda: self.back_up(Reason.OPENED))

    @property
    def source(self) -> Source:
        """Also of a collection that is closed by now; the password may be another than it was."""
        return replace(self._source, password=self._collection.password)

    def back_up(self, reason: Reason) -> None:
        """In a worker; one at a time."""
        if self._job is None:
            self._start(reason, lambda: None)

    def finish(self, parent: QWidget) -> None:
        """What changed since the last backup is backed up now that the file is closed; a clerk who has to wait for it
        sees so, and may go without.
        """
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()
        saved = self._collection.last_saved
        if saved is not None and (self._up_to is None or saved > self._up_to):
            self._wait(parent)
        self._runner.close()

    def _wait(self, parent: QWidget) -> None:
        waiting = QEventLoop()
        dialog = ClosingDialog(parent)
        shown = QTimer(dialog)
        shown.setSingleShot(True)
        shown.timeout.connect(dialog.open)
        shown.start(PATIENCE_MS)
        job = self._start(Reason.CLOSED, waiting.quit, dialog.show_progress)
        dialog.rejected.connect(job.cancel)
        dialog.rejected.connect(waiting.quit)
        parent.setEnabled(False)
        # Qt disables the windows of a window with it.
        dialog.setEnabled(True)
        waiting.exec()
        parent.setEnabled(True)
        dialog.deleteLater()

    def _start(
        self,
        reason: Reason,
        ended: Callable[[], object],
        progress: Callable[[int, int, str], object] = lambda _done, _total, _what: None,
    ) -> Job:
        begun, source = datetime.now(), self.source

        def show(done: int, total: int, what: str) -> None:
            self._say(f"正在备份 {done * 100 // total}%" if total else "正在备份…")
            progress(done, total, what)

        def end() -> None:
            if self._job is job:
                self._job = None
            if job.cancelled:
                self._say("备份未完成")
            self.made.emit()
            ended()

        job = self._job = self._runner.run(
            lambda job: backed_up(source, self.folder, reason, job),
            lambda outcomes: self._take(outcomes, begun),
            lambda error: self._complain(str(error)),
            progress=show,
            ended=end,
        )
        return job

    def _take(self, outcomes: tuple[Outcome, ...], begun: datetime) -> None:
        if outcomes[0].error is None:
            self._up_to = begun
            self.words = f"已备份 {begun:%H:%M}"
        else:
            self.words = "备份没有成功"
        self._complain("".join(complaints(outcomes)))
        if any(outcome.error for outcome in outcomes):
            self._timer.start(EVERY_MS)
        elif self._collection.last_saved is None or self._collection.last_saved <= begun:
            self._timer.stop()

    def _complain(self, sentence: str) -> None:
        """Once for as long as it is the same."""
        if sentence and sentence != self.trouble:
            self._session.message.emit(sentence)
        self.trouble = sentence
        self.told.emit()

    def _say(self, words: str) -> None:
        self.words = words
        self.told.emit()

    def _on_session_changed(self, _teachers: frozenset[int] | None) -> None:
        if not self._timer.isActive():
            self._timer.start(EVERY_MS)


def backed_up(source: Source, folder: Path, reason: Reason, job: Job) -> tuple[Outcome, ...]:
    """In a worker, until the job is stopped."""

    def report(done: int, total: int) -> None:
        if job.cancelled:
            raise UserError("backup_cancelled")
        job.progress(done, total)

    return back_up(source, folder, reason, report)
