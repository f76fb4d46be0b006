"""检查采集文件: every stored byte of the open collection proven, and what was found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.core.records import Roster
from certclerk.gui import style, texts
from certclerk.gui.buttons import button
from certclerk.gui.health.rescuing import TITLE, ask_and_rescue
from certclerk.gui.icons import icon
from certclerk.gui.session import Session
from certclerk.gui.tasks import Job
from certclerk.gui.wizard import PLAIN, RIGHT, WRONG, Banner
from certclerk.jobs.verify import Report, examined, lines

SIZE = (760, 480)


class HealthDialog(QDialog):
    """Begins at once; closing it stops the reading. ``open_path`` shows another collection in the window."""

    def __init__(
        self, session: Session, open_path: Callable[[Path, str], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._open_path = open_path
        self._text = ""
        self.setObjectName("healthDialog")
        self.setWindowTitle("检查采集文件")
        self.resize(*SIZE)
        self._banner = Banner("healthBanner")
        self._bar = QProgressBar()
        self._bar.setObjectName("healthProgress")
        self._bar.setAccessibleName("检查进度")
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(style.GAP)
        self._list = QListWidget()
        self._list.setObjectName("healthList")
        self._list.setAccessibleName("检查结果")
        self._list.setWordWrap(True)
        self._rescue = button(f"{TITLE}…", "rescueButton")
        self._copy = button("复制结果", "copyReportButton", spoken="复制检查结果")
        self._close = button(texts.CANCEL, "closeButton", role="primary")
        buttons = QDialogButtonBox()
        buttons.addButton(self._rescue, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self._copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(self._close, QDialogButtonBox.ButtonRole.RejectRole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        for part in (self._banner, self._bar, self._list, buttons):
            layout.addWidget(part)
        self._rescue.hide()
        self._copy.setEnabled(False)
        self._rescue.clicked.connect(self._on_rescue_clicked)
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        buttons.rejected.connect(self.reject)
        self._banner.say(PLAIN, "正在检查采集文件…")
        self._bar.setRange(0, 0)
        collection = session.collection
        self._job = session.runner.run(
            lambda job: _examined(collection, job),
            self._on_examined,
            self._on_failed,
            progress=self._on_progressed,
            owner=self,
        )

    def done(self, result: int) -> None:
        self._job.cancel()
        super().done(result)

    def _on_progressed(self, done: int, total: int, what: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._banner.say(PLAIN, f"正在检查{what}（{done}/{total}）…" if total else f"正在检查{what}…")

    def _on_examined(self, report: Report) -> None:
        self._end()
        *_, verdict = found = list(lines(report))
        self._text = "\n".join((self._session.collection.path.name, *found))
        self._copy.setEnabled(True)
        self._banner.say(RIGHT if report.ok else WRONG, verdict)
        for note in report.notes:
            QListWidgetItem(icon("info", style.QUIET), note, self._list).setToolTip(note)
        if report.ok:
            QListWidgetItem(icon("check", style.GREEN), _proven(self._session.roster()), self._list)
        for problem in report.problems:
            QListWidgetItem(icon("error", style.RED), problem.message, self._list).setToolTip(problem.message)
        self._rescue.setVisible(not report.ok)

    def _on_failed(self, error: UserError) -> None:
        self._end()
        self._banner.say(WRONG, str(error))
        self._rescue.show()

    def _end(self) -> None:
        self._bar.hide()
        self._close.setText(texts.CLOSE)
        self._close.setAccessibleName(texts.CLOSE)

    def _on_rescue_clicked(self) -> None:
        self.accept()
        ask_and_rescue(self.parentWidget() or self, self._session, self._open_path)


def _proven(roster: Roster) -> str:
    certificates = sum(len(teacher.certificates) for teacher in roster.teachers)
    pages = sum(1 for teacher in roster.teachers for _ in teacher.pages()) + len(roster.tray)
    return f"{len(roster.teachers)} 位教师、{certificates} 本证书的记录和 {pages} 页扫描件都逐一核对过。"


def _examined(collection: Collection, job: Job) -> Report:
    def stop_if_cancelled() -> None:
        if job.cancelled:
            raise UserError("examine_cancelled")

    return examined(collection, job.progress, stop_if_cancelled)
