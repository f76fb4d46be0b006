"""校验: a submission folder proven against its own manifest, told file by file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from certclerk.collection import Collection
from certclerk.core.amounts import size_text
from certclerk.core.errors import UserError
from certclerk.gui import files, style, texts
from certclerk.gui.buttons import button
from certclerk.gui.icons import icon
from certclerk.gui.tasks import Job, TaskRunner
from certclerk.gui.wizard import DOUBTFUL, PLAIN, RIGHT, WRONG, Banner
from certclerk.jobs.verify import lines, verify

SIZE = (760, 480)


@dataclass(frozen=True, slots=True)
class Findings:
    """``lines`` are the whole result for reading, its verdict last; ``files`` are name and size in bytes."""

    folder: Path
    ok: bool
    outdated: bool
    locked: bool
    notes: tuple[str, ...]
    lines: tuple[str, ...]
    problems: tuple[str, ...]
    files: tuple[tuple[str, int], ...]


class VerifyDialog(QDialog):
    """Reads ``folder`` at once; another can be chosen in it. Closing it stops the reading.

    With a ``collection``, the folder is held against that too, and the clerk is told so.
    """

    def __init__(
        self,
        runner: TaskRunner,
        folder: Path,
        collection: Collection | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._collection = collection
        self._folder = folder
        self._job: Job | None = None
        self._found: Findings | None = None
        self.setObjectName("verifyDialog")
        self.setWindowTitle("校验报送包")
        self.resize(*SIZE)
        self._path = QLabel()
        self._path.setObjectName("folderPath")
        self._path.setProperty("role", "caption")
        self._other = button("另选文件夹…", "otherFolderButton", spoken="另选一个报送包文件夹")
        against = (
            f"并与“{collection.path.name}”里的记录对照" if collection else "没有打开采集，只按校验清单核对"
        )
        self._against = QLabel(against)
        self._against.setObjectName("verifyAgainst")
        self._against.setProperty("role", "caption")
        self._password = QLineEdit()
        self._password.setObjectName("zipPasswordField")
        self._password.setAccessibleName("压缩包密码")
        self._password.setPlaceholderText("压缩包密码：填好后按回车，逐份核对里面的文档")
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._password.hide()
        self._banner = Banner("verifyBanner")
        self._bar = QProgressBar()
        self._bar.setObjectName("verifyProgress")
        self._bar.setAccessibleName("校验进度")
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(style.GAP)
        self._list = QListWidget()
        self._list.setObjectName("verifyList")
        self._list.setAccessibleName("校验结果")
        self._list.setWordWrap(True)
        self._copy = button("复制结果", "copyReportButton", spoken="复制校验结果")
        buttons = QDialogButtonBox()
        buttons.addButton(self._copy, QDialogButtonBox.ButtonRole.ActionRole)
        close = buttons.addButton(texts.CLOSE, QDialogButtonBox.ButtonRole.RejectRole)
        close.setObjectName("closeButton")
        close.setAccessibleName(texts.CLOSE)
        top = QHBoxLayout()
        top.addWidget(self._path, 1)
        top.addWidget(self._other)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.WIDE, style.WIDE, style.WIDE)
        layout.setSpacing(style.GAP)
        layout.addLayout(top)
        layout.addWidget(self._against)
        layout.addWidget(self._banner)
        layout.addWidget(self._password)
        layout.addWidget(self._bar)
        layout.addWidget(self._list, 1)
        layout.addWidget(buttons)
        # Enter in the password's field is for the password.
        for pressed in (self._other, self._copy, close):
            pressed.setAutoDefault(False)
        self._other.clicked.connect(self._on_other_clicked)
        self._password.returnPressed.connect(self._on_password_entered)
        self._copy.clicked.connect(self._on_copy_clicked)
        buttons.rejected.connect(self.reject)
        self._verify(folder)

    def done(self, result: int) -> None:
        if self._job is not None:
            self._job.cancel()
        super().done(result)

    def _verify(self, folder: Path) -> None:
        self._folder = folder
        self._found = None
        self._list.clear()
        self._path.setText(str(folder))
        self._path.setToolTip(str(folder))
        self._banner.say(PLAIN, "正在逐个读取文件…")
        self._bar.setRange(0, 0)
        self._show_running(True)
        if self._job is not None:
            self._job.cancel()
        password, collection = self._password.text(), self._collection
        self._job = self._runner.run(
            lambda job: _verified(folder, password, collection, job),
            self._on_verified,
            self._on_failed,
            progress=self._on_progressed,
            owner=self,
        )

    def _on_progressed(self, done: int, total: int, what: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._banner.say(PLAIN, f"正在读取 {what}（{100 * done // max(total, 1)}%）…")

    def _on_verified(self, found: Findings) -> None:
        if found.folder != self._folder:
            return
        self._found = found
        self._show_running(False)
        verdict = RIGHT if found.ok else DOUBTFUL if found.outdated else WRONG
        self._banner.say(verdict, found.lines[-1])
        if found.locked:
            self._password.show()
        for note in found.notes:
            QListWidgetItem(icon("info", style.QUIET), note, self._list).setToolTip(note)
        for problem in found.problems:
            tone = DOUBTFUL if found.outdated else WRONG
            QListWidgetItem(icon(tone.sign, tone.ink), problem, self._list).setToolTip(problem)
        for name, size in found.files if found.ok or found.outdated else ():
            QListWidgetItem(icon("check", style.GREEN), f"{name}　{size_text(size)}", self._list)
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_failed(self, error: UserError) -> None:
        self._show_running(False)
        self._banner.say(WRONG, str(error))
        self._other.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_running(self, running: bool) -> None:
        self._bar.setVisible(running)
        self._copy.setEnabled(self._found is not None)

    def _on_other_clicked(self) -> None:
        chosen = files.choose_folder(self, "选择报送包文件夹", self._folder.parent)
        if chosen is not None:
            self._password.clear()
            self._password.hide()
            self._verify(chosen)

    def _on_password_entered(self) -> None:
        self._verify(self._folder)

    def _on_copy_clicked(self) -> None:
        if self._found is not None:
            QGuiApplication.clipboard().setText("\n".join((str(self._folder), *self._found.lines)))


def _verified(folder: Path, password: str, collection: Collection | None, job: Job) -> Findings:
    def stop_if_cancelled() -> None:
        if job.cancelled:
            raise UserError("verify_cancelled")

    def report_progress(done: int, total: int, what: str) -> None:
        stop_if_cancelled()
        job.progress(done, total, what)

    report = verify(
        folder, report_progress, password=password, collection=collection, check=stop_if_cancelled
    )
    return Findings(
        folder=folder,
        ok=report.ok,
        outdated=report.outdated,
        locked=report.locked,
        notes=report.notes,
        lines=tuple(lines(report)),
        problems=tuple(problem.message for problem in report.problems),
        files=tuple((file.name, file.size) for file in report.manifest.files) if report.manifest else (),
    )
