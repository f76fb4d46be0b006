"""Fourth page of the package wizard: the submission is made in a worker, told teacher by teacher."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from certclerk.core.errors import UserError
from certclerk.gui import texts
from certclerk.gui.buttons import button
from certclerk.gui.package.request import PackageRequest
from certclerk.gui.progress_dialog import WorkProgress
from certclerk.gui.tasks import Job
from certclerk.gui.wizard import PLAIN, WRONG, Banner, Step
from certclerk.jobs.package import Result, package, record


class BuildPage(Step):
    """Starts by itself; complete when the submission stands. Cancelled or failed, it offers 重试 and 上一步."""

    NAME = "生成"
    HINT = "先写在旁边，逐份读回核对，全部一致才放到位；中途取消不会留下任何文件。"

    finished = Signal()

    def __init__(self, request: PackageRequest) -> None:
        super().__init__()
        self._request = request
        self._job: Job | None = None
        self._stopping = self._told = False
        self._banner = Banner("buildBanner")
        self._progress = WorkProgress("build", "生成进度")
        self._retry = button(texts.RETRY, "retryButton")
        self._retry.clicked.connect(self.start)
        self._lay_out()

    @property
    def running(self) -> bool:
        return self._job is not None

    def initializePage(self) -> None:
        self.start()

    def isComplete(self) -> bool:
        return self._request.result is not None

    def start(self) -> None:
        self._request.result = None
        self._stopping = self._told = False
        self._progress.begin()
        self._show_running(True)
        self._banner.say(PLAIN, "正在生成报送包，请稍候。")
        session, folder, options = self._request.session, self._request.folder, self._request.options()
        assert folder is not None
        self._job = session.runner.run(
            lambda job: package(session.collection, folder, options, job.progress, job.is_cancelled),
            self._on_done,
            self._on_failed,
            progress=self._on_progressed,
            ended=self._on_ended,
            owner=self,
        )
        self.completeChanged.emit()

    def stop(self) -> None:
        """Asks the worker to stop; ``finished`` follows when it has and nothing is left of it."""
        if self._job is not None:
            self._stopping = True
            self._job.cancel()
            self._banner.say(PLAIN, "正在取消…")

    def _lay_out(self) -> None:
        retry = QHBoxLayout()
        retry.addWidget(self._retry)
        retry.addStretch(1)
        layout = self.body
        layout.addWidget(self._banner)
        layout.addWidget(self._progress)
        layout.addLayout(retry)
        layout.addStretch(1)

    def _show_running(self, running: bool) -> None:
        self._progress.setVisible(running)
        self._retry.setVisible(not running)

    def _on_progressed(self, done: int, total: int, what: str) -> None:
        if self._job is not None and not self._stopping:
            self._progress.show_progress(done, total, what)

    def _on_done(self, result: Result) -> None:
        # Also when it was cancelled too late: it stands already, and is shown.
        self._request.result = result
        self._request.session.act(record, result)

    def _on_failed(self, error: UserError) -> None:
        self._told = True
        self._banner.say(WRONG, str(error))

    def _on_ended(self) -> None:
        self._job = None
        if self._request.result is None:
            self._show_running(False)
            if self._stopping:
                self._banner.say(PLAIN, "已取消，没有留下任何文件。")
            elif not self._told:
                self._banner.say(WRONG, "没有生成报送包；原有的文件夹没有改动。")
            self._retry.setFocus(Qt.FocusReason.OtherFocusReason)
        self.completeChanged.emit()
        self.finished.emit()
