"""归档并清除: what is not finished yet, an archive written and proven, then what is to go, confirmed by typing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.amounts import size_text
from certclerk.core.errors import UserError
from certclerk.gui import files, style, texts
from certclerk.gui.archiving.memory import forget_collection
from certclerk.gui.buttons import button
from certclerk.gui.session import Session
from certclerk.gui.tasks import Job, TaskRunner
from certclerk.gui.wizard import DOUBTFUL, PLAIN, RIGHT, WRONG, Banner, paragraph
from certclerk.jobs import archiving
from certclerk.jobs.archiving import Archived, Cleared, Plan

T = TypeVar("T")

SIZE = (720, 500)
TYPED_WIDTH = 220  # px
# What the clerk types before anything goes.
WORD = "清除"
LIMITS = (
    "清除会先覆盖再删除。固态硬盘、U盘不一定在原处改写，同步盘、系统备份、别处的副本，以及报送包和随身录入包的"
    "文件夹都不由本程序清除，请自行处理。"
)


class ArchiveDialog(QDialog):
    """``letting_go``: the collection has to be closed now; ``reopening`` (its path, its password): it may be
    opened again. ``folder`` is the user's data folder. Nothing is cleared before an
    archive was written and proven here, and it is proven again first.
    """

    letting_go = Signal()
    reopening = Signal(object, str)

    def __init__(self, session: Session, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = TaskRunner(1, self)
        self._folder = folder
        self._path = session.collection.path
        self._password = session.collection.password
        self._proof: Path | None = None
        self._job: Job | None = None
        self._backups_size = 0
        self._clearing = self._cleared = False
        self.setObjectName("archiveDialog")
        self.setWindowTitle("归档并清除")
        self.resize(*SIZE)
        self.standing = Banner("archiveStanding")
        self.archived = Banner("archiveBanner")
        self._write = button("写归档…", "writeArchiveButton", spoken="选一个位置写归档", role="primary")
        self._bar = QProgressBar()
        self._only_records = QRadioButton("只保留统计和报送记录（文件还在，里面没有教师、没有图像）")
        self._whole = QRadioButton("整份删除")
        self._backups = QCheckBox()
        self._typed = QLineEdit()
        self._clear = button(WORD, "clearButton", spoken="清除这台电脑上的个人信息", role="danger")
        self._close = button(texts.CLOSE, "closeButton")
        self._lay_out()
        self._connect()
        self.standing.say(PLAIN, texts.LOADING)
        self.archived.say(PLAIN, "归档是整份采集的副本，以后可以照常打开。请写到U盘或学校指定的位置。")
        self._refresh()
        self._look(session)

    def done(self, result: int) -> None:
        """Not while something is being cleared: what was begun is then finished."""
        if self._clearing:
            return
        self._runner.close()
        super().done(result)

    # What stands

    def _look(self, session: Session) -> None:
        collection, roster, findings = session.collection, session.roster(), session.findings()
        session.runner.run(
            lambda _job: (
                archiving.standing(collection, roster, findings),
                sum(
                    file.stat().st_size for file in archiving.backups_of(collection.path, collection.password)
                ),
            ),
            self._on_looked,
            owner=self,
        )

    def _on_looked(self, found: tuple[tuple[str, ...], int]) -> None:
        unfinished, size = found
        if unfinished:
            self.standing.say(DOUBTFUL, "办完报送和录入以后再清除：" + "".join(unfinished))
        else:
            self.standing.say(RIGHT, "已经报送，最近一次已收；没有待办的事。")
        self._backups.setText(f"本程序为它做的备份也清除（{size_text(size)}）" if size else "没有备份")
        self._backups.setAccessibleName(self._backups.text())
        self._backups.setChecked(bool(size))
        self._backups_size = size
        self._refresh()

    # The archive

    def _on_write_clicked(self) -> None:
        offered = files.documents() / f"{self._path.stem}_归档{self._path.suffix}"
        chosen = files.choose_save(self, "写归档", texts.COLLECTION_FILTER, offered)
        if chosen is None:
            return
        source, password = self._path, self._password
        target = files.suffixed(chosen, self._path.suffix)
        self._proof = None
        self._run(
            lambda job: archiving.write_archive(source, target, _stopping(job), password=password),
            lambda archived: self._on_archived(target, archived),
        )
        self.archived.say(PLAIN, f"正在写归档并核对：{target}")

    def _on_archived(self, target: Path, archived: Archived) -> None:
        self._proof = target
        self.archived.say(
            RIGHT,
            f"归档已校验，与采集逐行逐页一致：{archived.teachers} 名教师，{archived.certificates} 本证书，"
            f"{archived.pages} 页，{size_text(archived.size)}。{target}",
        )

    # The clearing

    def _on_clear_clicked(self) -> None:
        assert self._proof is not None
        path, password, proof = self._path, self._password, self._proof
        plan = Plan(self._only_records.isChecked(), self._backups.isChecked())
        self._clearing = True
        self.letting_go.emit()
        self._run(
            lambda job: archiving.clear(path, proof, plan, job.progress, password=password), self._on_cleared
        )
        self.archived.say(PLAIN, "正在再次核对归档，然后清除…")

    def _on_cleared(self, cleared: Cleared) -> None:
        self._clearing, self._cleared = False, True
        forget_collection(self._folder, self._path)
        kept = "采集里只留下统计和报送记录。" if cleared.kept else "采集文件已删除。"
        backups = f"它的备份也清除了（{cleared.backups} 个文件）。" if cleared.backups else ""
        if cleared.left:
            self.archived.say(WRONG, f"{kept}有的文件没有清除掉，请自行删除：{''.join(cleared.left)}")
        else:
            self.archived.say(RIGHT, f"已清除。{kept}{backups}归档在：{self._proof}")
        self.standing.hide()
        if cleared.kept:
            self.reopening.emit(self._path, self._password)

    # Working

    def _run(self, work: Callable[[Job], T], done: Callable[[T], None]) -> None:
        self._bar.setRange(0, 0)
        self._job = self._runner.run(
            work, done, self._on_failed, progress=self._on_progressed, ended=self._on_ended, owner=self
        )
        self._refresh()

    def _on_progressed(self, done: int, total: int, what: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._bar.setAccessibleDescription(what)

    def _on_failed(self, error: UserError) -> None:
        self.archived.say(WRONG, str(error))

    def _on_ended(self) -> None:
        """Also after a bug: a collection that could not be cleared is opened again."""
        self._job = None
        if self._clearing:
            self._clearing = False
            self.reopening.emit(self._path, self._password)
        self._refresh()

    def _refresh(self) -> None:
        idle = self._job is None and not self._cleared
        self._bar.setVisible(self._job is not None)
        for part in (self._write, self._only_records, self._whole, self._typed):
            part.setEnabled(idle)
        self._backups.setEnabled(idle and self._backups_size > 0)
        self._clear.setEnabled(idle and self._proof is not None and self._typed.text().strip() == WORD)
        self._close.setEnabled(not self._clearing)

    def _connect(self) -> None:
        self._write.clicked.connect(self._on_write_clicked)
        self._clear.clicked.connect(self._on_clear_clicked)
        self._typed.textChanged.connect(lambda _text: self._refresh())
        self._close.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        self._bar.setObjectName("archiveProgress")
        self._bar.setAccessibleName("归档和清除的进度")
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(style.GAP)
        for part, name in (
            (self._only_records, "onlyRecordsChoice"),
            (self._whole, "wholeChoice"),
            (self._backups, "clearBackupsBox"),
        ):
            part.setObjectName(name)
            part.setAccessibleName(part.text())
        self._only_records.setChecked(True)
        self._typed.setObjectName("clearWordField")
        self._typed.setAccessibleName(f"输入“{WORD}”两个字")
        self._typed.setPlaceholderText(f"输入“{WORD}”两个字")
        self._typed.setMaximumWidth(TYPED_WIDTH)
        write = QHBoxLayout()
        write.addWidget(self._write)
        write.addStretch(1)
        clear = QHBoxLayout()
        clear.setSpacing(style.GAP)
        clear.addWidget(self._typed)
        clear.addWidget(self._clear)
        clear.addStretch(1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(self.standing)
        layout.addWidget(_heading("第一步　写归档"))
        layout.addLayout(write)
        layout.addWidget(self._bar)
        layout.addWidget(self.archived)
        layout.addSpacing(style.GAP)
        layout.addWidget(_heading("第二步　从这台电脑上清除"))
        for part in (self._only_records, self._whole, self._backups):
            layout.addWidget(part)
        layout.addWidget(self._limits())
        layout.addLayout(clear)
        layout.addStretch(1)
        layout.addLayout(foot)

    def _limits(self) -> QLabel:
        made = paragraph("archiveLimits", LIMITS)
        made.setProperty("role", "caption")
        return made


def _heading(text: str) -> QLabel:
    made = QLabel(text)
    made.setProperty("role", "heading")
    return made


def _stopping(job: Job) -> Callable[[int, int, str], None]:
    """Reports through the job, and stops the work once it is cancelled."""

    def report(done: int, total: int, what: str) -> None:
        if job.cancelled:
            raise UserError("archive_cancelled")
        job.progress(done, total, what)

    return report
