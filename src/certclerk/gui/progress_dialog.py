"""A piece of work that the clerk waits for: how far it is, how long it still takes, and a way out of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from certclerk.core.amounts import duration_text
from certclerk.core.errors import UserError
from certclerk.core.time_left import TimeLeft
from certclerk.gui import style, texts
from certclerk.gui.buttons import button
from certclerk.gui.tasks import Job, TaskRunner
from certclerk.gui.wizard import PLAIN, WRONG, Banner

WIDTH = 520


class WorkProgress(QWidget):
    """A bar, what is being done, and the share and time left, for whoever does something that takes a while."""

    def __init__(self, name: str, spoken: str) -> None:
        super().__init__()
        self._time_left = TimeLeft()
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{name}Progress")
        self._bar.setAccessibleName(spoken)
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(style.GAP)
        self._what = QLabel()
        self._what.setObjectName(f"{name}Step")
        self._left = QLabel()
        self._left.setObjectName(f"{name}TimeLeft")
        self._left.setProperty("role", "caption")
        line = QHBoxLayout()
        line.addWidget(self._what, 1)
        line.addWidget(self._left, 0, Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(self._bar)
        layout.addLayout(line)

    def begin(self) -> None:
        self._time_left = TimeLeft()
        self._bar.setRange(0, 0)
        self._what.setText("正在准备…")
        self._left.clear()

    def show_progress(self, done: int, total: int, what: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        # However long a name is, it does not widen the window.
        metrics = self._what.fontMetrics()
        self._what.setText(metrics.elidedText(what, Qt.TextElideMode.ElideMiddle, self.width() * 2 // 3))
        seconds = self._time_left.seconds(time.monotonic(), done, total)
        left = "" if seconds is None else f"　还需{duration_text(seconds)}"
        self._left.setText(f"{100 * done // total}%{left}" if total else "")


class ProgressDialog(QDialog):
    """Does ``work`` at once; closes when it is done, after ``made`` (its result). Fails it, the sentence stands there
    with 重试. 取消 and Esc stop the work first.
    """

    made = Signal(object)

    def __init__(
        self, runner: TaskRunner, title: str, name: str, work: Callable[[Job], Any], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setMinimumWidth(WIDTH)
        self._runner, self._work = runner, work
        self._job: Job | None = None
        self._banner = Banner(f"{name}Banner")
        self._progress = WorkProgress(name, f"{title}的进度")
        self._retry = button(texts.RETRY, "retryButton", role="primary")
        self._leave = button(texts.CANCEL, "cancelButton")
        buttons = QHBoxLayout()
        buttons.setSpacing(style.GAP)
        buttons.addStretch(1)
        buttons.addWidget(self._retry)
        buttons.addWidget(self._leave)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(self._banner)
        layout.addWidget(self._progress)
        layout.addLayout(buttons)
        self._retry.clicked.connect(self.start)
        self._leave.clicked.connect(self.reject)

    def start(self) -> None:
        self._banner.say(PLAIN, f"正在{self.windowTitle()}…")
        self._progress.begin()
        self._show_running(True)
        self._job = self._runner.run(
            self._work,
            self._on_done,
            self._on_failed,
            progress=self._progress.show_progress,
            ended=self._on_ended,
            owner=self,
        )

    def reject(self) -> None:
        if self._job is None:
            super().reject()
        else:
            self._job.cancel()
            self._banner.say(PLAIN, "正在取消…")

    def _show_running(self, running: bool) -> None:
        self._progress.setVisible(running)
        self._retry.setVisible(not running)

    def _on_done(self, result: Any) -> None:
        self.made.emit(result)
        self.accept()

    def _on_failed(self, error: UserError) -> None:
        self._banner.say(WRONG, str(error))
        self._show_running(False)
        self._retry.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_ended(self) -> None:
        cancelled, self._job = self._job is not None and self._job.cancelled, None
        if cancelled and self.isVisible():
            self.reject()
