"""备份: all that there are, newest first; made now, checked, and restored into a new file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from certclerk.collection.backups import Backup, Contents
from certclerk.core.amounts import MB
from certclerk.core.backup import Reason
from certclerk.core.errors import UserError
from certclerk.gui import files, style, texts
from certclerk.gui.backup.password import ask_password
from certclerk.gui.backup.schedule import BackupSchedule
from certclerk.gui.backup.table import BackupsTable, Entry
from certclerk.gui.buttons import button
from certclerk.gui.choice_dialog import Way, ask_way
from certclerk.gui.list_dialog import TEXT_SUFFIX, ListDialog
from certclerk.gui.showing import show
from certclerk.gui.tasks import Job, TaskRunner
from certclerk.gui.wizard import PLAIN, RIGHT, WRONG, Banner
from certclerk.jobs.backup import (
    Shelf,
    check_backup,
    counts_text,
    loss_lines,
    proposed_name,
    restore_backup,
    shelves,
    shelves_at,
)
from certclerk.jobs.backup_places import keep_second_place, second_place

SIZE = (980, 560)
# Lost pages that are named before the clerk decides; all of them are when it is done.
NAMED = 8


class BackupsDialog(QDialog):
    """Of the collection that ``schedule`` looks after; without one, of all that were ever backed up here.

    ``open_wanted``: the clerk wants to open the file that was restored, and the dialog has closed.
    """

    open_wanted = Signal(object)

    def __init__(
        self, folder: Path, schedule: BackupSchedule | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("backupsDialog")
        self.setWindowTitle("备份" if schedule else "从备份恢复")
        self.resize(*SIZE)
        self._folder = folder
        self._schedule = schedule
        self._elsewhere: Path | None = None
        self._passwords: dict[str, str] = {}
        self._refused = False
        self._runner = TaskRunner(1, self)
        self._job: Job | None = None
        self._head = QLabel()
        self.table = BackupsTable(of_all=schedule is None)
        self._banner = Banner("backupBanner")
        self._bar = QProgressBar()
        self._second = button("第二处位置…", "secondPlaceButton", spoken="选择第二处备份位置")
        self._other = button("其他位置…", "otherPlaceButton", spoken="在U盘或别的文件夹里找备份")
        self._show_folder = button("打开所在文件夹", "openFolderButton")
        self._check = button("校验", "checkBackupButton", spoken="校验所选的备份")
        self._restore = button("恢复为新文件…", "restoreButton", role="" if schedule else "primary")
        self._now = button("立即备份", "backUpButton", role="primary")
        self._stop = button(texts.CANCEL, "stopButton")
        self._close = button(texts.CLOSE, "closeButton")
        self._lay_out()
        self._connect()
        self._load()
        self.table.setFocus()

    def done(self, result: int) -> None:
        """Whatever is being read or restored is stopped, and nothing of it stays."""
        self._runner.close()
        super().done(result)

    def current(self) -> Backup | None:
        entry = self.table.entry()
        return entry.backup if entry else None

    @property
    def banner(self) -> Banner:
        return self._banner

    # Showing

    def _load(self) -> None:
        """In the worker: a stick or a network may be slow."""
        schedule, folder, elsewhere = self._schedule, self._folder, self._elsewhere

        def found(_job: Job) -> tuple[Shelf, ...]:
            if schedule is not None:
                source = schedule.source
                return shelves(folder, source.identity, source.password)
            return shelves_at(elsewhere) if elsewhere else shelves(folder)

        self._runner.run(found, self._show_all, self._fail, owner=self)

    def _show_all(self, found: tuple[Shelf, ...]) -> None:
        self.table.show_shelves(found)
        self._head.setText(self._heading(bool(found)))
        self._show_current()

    def _heading(self, there: bool) -> str:
        if self._schedule is None:
            return "选一份备份，恢复为新的采集文件；原来的文件不会被改动。" if there else "这里没有找到备份。"
        second = second_place(self._folder, self._schedule.source.identity)
        also = f"，也备份到 {second}" if second else "；还可以另选第二处（如U盘），电脑坏了也不怕"
        kept = "保留最近12份、10天和10周里每天每周的一份"
        return f"自动备份在本机{also}。{kept}。"

    def _show_current(self) -> None:
        idle = self._job is None
        readable = (backup := self.current()) is not None and (backup.facts is not None or backup.locked)
        for part in (self._check, self._restore):
            part.setEnabled(idle and readable)
        self._show_folder.setEnabled(backup is not None)
        for part in (self._now, self._second, self._other):
            part.setEnabled(idle)
        for shown in (self._bar, self._stop):
            shown.setVisible(not idle)

    # Acting

    def _on_now_clicked(self) -> None:
        assert self._schedule is not None
        self._say("正在备份…")
        self._schedule.back_up(Reason.ASKED)

    def _on_schedule_made(self) -> None:
        assert self._schedule is not None
        trouble = self._schedule.trouble
        self._banner.say(WRONG if trouble else RIGHT, trouble or f"{self._schedule.words}，已读回核对。")
        self._load()

    def _on_second_clicked(self) -> None:
        assert self._schedule is not None
        identity = self._schedule.source.identity
        before = second_place(self._folder, identity)
        if before is not None:
            ways = (Way("otherButton", "另选位置…", "primary"), Way("noneButton", "不再备份到那里"))
            said = "已经在那里的备份不会删除。"
            answer = ask_way(self, "secondPlaceDialog", "第二处位置", f"现在也备份到 {before}。", said, ways)
            if not answer:
                return
            if answer == "noneButton":
                self._keep_second(identity, None)
                return
        chosen = files.choose_folder(self, "选择第二处备份位置（如U盘、网络盘）", before)
        if chosen is not None and self._keep_second(identity, chosen):
            self._on_now_clicked()

    def _keep_second(self, identity: str, place: Path | None) -> bool:
        try:
            keep_second_place(self._folder, identity, place)
        except UserError as error:
            self._fail(error)
            return False
        self._load()
        return True

    def _on_other_clicked(self) -> None:
        chosen = files.choose_folder(self, "选择放备份的U盘或文件夹", self._elsewhere)
        if chosen is not None:
            self._elsewhere = chosen
            self._load()

    def _on_folder_clicked(self) -> None:
        backup = self.current()
        if backup is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(backup.path.parent)))

    def _on_check_clicked(self) -> None:
        self._examine(self._tell_checked)

    def _on_restore_clicked(self) -> None:
        self._examine(self._ask_restore)

    def _examine(self, then: Callable[[Backup, Contents], object]) -> None:
        """Reads all of the chosen backup, then goes on with what is in it."""
        entry = self.table.entry()
        if entry is None:
            return
        password = self._password_for(entry)
        if password is not None:
            backup = entry.backup
            self._work(
                "正在校验备份",
                lambda job: check_backup(backup, password, _report(job, "verify_cancelled")),
                partial(then, backup),
            )

    def _password_for(self, entry: Entry) -> str | None:
        """None where the clerk gives none."""
        if not entry.backup.locked:
            return self._schedule.source.password if self._schedule else ""
        folder = entry.backup.path.parent.name
        if folder not in self._passwords:
            answer = ask_password(self, entry.shelf.file_name or entry.backup.path.name, self._refused)
            if answer is None:
                return None
            self._passwords[folder] = answer
        return self._passwords[folder]

    def _tell_checked(self, _backup: Backup, contents: Contents) -> None:
        lost = loss_lines(contents)
        if not lost:
            self._banner.say(RIGHT, f"备份完好：{counts_text(contents.facts)}，每一页都读过，与备份时一致。")
            return
        self._banner.say(WRONG, f"备份里有 {len(lost)} 页已损坏，其余完好。")
        self._list_lost("这些页在备份里已损坏，不能从这一份恢复：", lost)

    def _list_lost(self, head: str, lost: list[str]) -> None:
        title = "备份里损坏的页"
        saved_as = files.documents() / f"{title}{TEXT_SUFFIX}"
        show(ListDialog(self, "lostPagesDialog", title, head, lost, saved_as=saved_as))

    def _ask_restore(self, backup: Backup, contents: Contents) -> None:
        lost = loss_lines(contents)
        if lost or contents.damaged:
            self._banner.say(WRONG, f"备份里有 {len(lost)} 页已损坏，其余完好。")
            said = "".join(f"{line}\n" for line in lost[:NAMED])
            more = f"等 {len(lost)} 页。" if len(lost) > NAMED else ""
            answer = ask_way(
                self,
                "partlyDialog",
                "备份里有损坏的页",
                f"这份备份里有 {len(lost)} 页已损坏，不能完整恢复。",
                f"{said}{more}可以改用另一份备份；也可以只恢复读得出的内容，损坏的页要重新扫描。",
                (Way("partlyButton", "只恢复读得出的", "danger"),),
            )
            if not answer:
                return
        else:
            self._banner.say(RIGHT, f"备份完好：{counts_text(contents.facts)}。")
        proposed = files.documents() / proposed_name(contents.facts, backup)
        path = files.choose_save(self, "恢复为新文件", texts.COLLECTION_FILTER, proposed)
        if path is None:
            return
        path = files.suffixed(path, ".certclerk")
        entry = self.table.entry()
        password = self._password_for(entry) if entry else ""
        self._work(
            "正在恢复",
            lambda job: restore_backup(
                backup,
                path,
                password or "",
                partly=bool(contents.damaged),
                report=_report(job, "restore_cancelled"),
            ),
            lambda made: self._offer(path, made),
        )

    def _offer(self, path: Path, contents: Contents) -> None:
        done = f"已恢复为 {path}：{counts_text(contents.facts)}{'，已逐页核对' if not contents.damaged else ''}。"
        self._banner.say(RIGHT, done)
        lost = loss_lines(contents)
        if lost:
            self._list_lost("没有恢复的页，请重新扫描：", lost)
            return
        said = f"{done}\n原来的文件没有改动。确认无误后，请只用其中一个继续工作，以免两处各改各的。"
        answer = ask_way(
            self,
            "restoredDialog",
            "已恢复",
            "现在打开恢复的采集吗？",
            said,
            (Way("openButton", "打开", "primary"),),
        )
        if answer:
            self.accept()
            self.open_wanted.emit(path)

    def _on_stop_clicked(self) -> None:
        if self._job is not None:
            self._job.cancel()

    # Inner workings

    def _work(self, label: str, work: Callable[[Job], Contents], then: Callable[[Contents], object]) -> None:
        def progress(done: int, total: int, _what: str) -> None:
            self._bar.setRange(0, total // MB)
            self._bar.setValue(done // MB)

        def finish(contents: Contents) -> None:
            self._job = None
            self._refused = False
            self._show_current()
            then(contents)

        self._bar.setRange(0, 0)
        self._say(f"{label}…")
        self._job = self._runner.run(
            work, finish, self._fail, progress=progress, ended=self._rest, owner=self
        )
        self._show_current()

    def _rest(self) -> None:
        if self._job is not None and self._job.cancelled:
            self._say("已停止，没有改动任何文件。")
        self._job = None
        self._show_current()

    def _fail(self, error: UserError) -> None:
        self._refused = error.code == "backup_locked"
        if self._refused:
            self._passwords.clear()
        self._banner.say(WRONG, str(error))

    def _say(self, words: str) -> None:
        self._banner.say(PLAIN, words)

    def _lay_out(self) -> None:
        self._head.setObjectName("backupsHead")
        self._head.setProperty("role", "caption")
        self._head.setWordWrap(True)
        self._head.setText(texts.LOADING)
        self._banner.hide()
        self._bar.setObjectName("backupBar")
        self._bar.setAccessibleName("进度")
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(style.GAP)
        working = QHBoxLayout()
        working.addWidget(self._bar, 1)
        working.addWidget(self._stop)
        buttons = QHBoxLayout()
        buttons.setSpacing(style.GAP)
        for part in (self._second, self._other, self._show_folder, self._check):
            buttons.addWidget(part)
        buttons.addStretch(1)
        for part in (self._restore, self._now, self._close):
            buttons.addWidget(part)
        for part in (self._second, self._now):
            part.setVisible(self._schedule is not None)
        self._other.setVisible(self._schedule is None)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(self._head)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._banner)
        layout.addLayout(working)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.table.currentItemChanged.connect(lambda _now, _before: self._show_current())
        self._second.clicked.connect(self._on_second_clicked)
        self._other.clicked.connect(self._on_other_clicked)
        self._show_folder.clicked.connect(self._on_folder_clicked)
        self._check.clicked.connect(self._on_check_clicked)
        self._restore.clicked.connect(self._on_restore_clicked)
        self._now.clicked.connect(self._on_now_clicked)
        self._stop.clicked.connect(self._on_stop_clicked)
        self._close.clicked.connect(self.accept)
        if self._schedule is not None:
            self._schedule.made.connect(self._on_schedule_made)


def _report(job: Job, cancelled: str) -> Callable[[int, int], None]:
    def report(done: int, total: int) -> None:
        if job.cancelled:
            raise UserError(cancelled)
        job.progress(done, total)

    return report
