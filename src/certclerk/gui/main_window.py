"""The window: start page or workspace, and what menus, tool bar and keys do.

What is imported at the top is what the start page needs. The enums of ``Qt`` alone take 18 ms to make, so
nothing that is painted first uses them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QByteArray, QSettings, QSize, QTimer
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from certclerk.core.errors import UserError
from certclerk.gui import actions, files, garbage, menus, recent, texts, window_dialogs
from certclerk.gui.commands import COMMANDS
from certclerk.gui.showing import show
from certclerk.gui.start_page import SHOWN, StartPage
from certclerk.system.resources import resource

if TYPE_CHECKING:
    # Imported when they are needed: the start page is painted sooner without them.
    from collections.abc import Callable

    from PySide6.QtGui import QAction, QCloseEvent
    from PySide6.QtWidgets import QToolBar

    from certclerk.core.records import Finding
    from certclerk.gui.backup.schedule import BackupSchedule
    from certclerk.gui.message_bar import MessageBar
    from certclerk.gui.session import Session
    from certclerk.gui.status_bar import StatusBar
    from certclerk.gui.tasks import Job, TaskRunner
    from certclerk.gui.workspace import Workspace

T = TypeVar("T")

SETTINGS = "window.ini"
# px: fits 1366 × 768 with a task bar, and the smallest 1280 × 720.
DEFAULT_SIZE = QSize(1340, 700)
# The first picture of the window does not wait for icons; they are there before anyone looks.
ICONS_AFTER_MS = 30
LEAST_SIZE = QSize(1180, 620)


class MainWindow(QMainWindow):
    """``folder``: the user's data folder, for recent files and the window's own settings."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.folder: Path = folder
        self._settings = QSettings(str(folder / SETTINGS), QSettings.Format.IniFormat)
        self.session: Session | None = None
        self.workspace: Workspace | None = None
        self.backups: BackupSchedule | None = None
        self._status: StatusBar | None = None
        self._runner: TaskRunner | None = None
        self._shown_job: Job | None = None
        self.start_page = StartPage()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start_page)
        self.setCentralWidget(self._stack)
        self._tool_bar: QToolBar | None = None
        self._actions = actions.make_actions(self)
        menus.build(self)
        self._connect()
        self.setMinimumSize(LEAST_SIZE)
        self.resize(DEFAULT_SIZE)
        geometry = self._settings.value("geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        self._show_start()

    # Opening and closing

    def open_path(
        self,
        path: Path,
        password: str = "",
        *,
        taking_over: bool = False,
        read_only: bool = False,
        again: bool = False,
    ) -> bool:
        """Shows the collection in place of the one that is open; where it cannot be, says why and stays.

        Where it wants a password, that is asked for, and the collection opened then. ``again``: also the one that is
        open now.
        """
        from certclerk.gui import opening

        shown = self.session is not None and self.session.collection.path.absolute() == path.absolute()
        if shown and not again:
            return True
        collection = opening.opened(self, path, password, taking_over=taking_over, read_only=read_only)
        if collection is None:
            return False
        self.close_collection()
        self.start_page.show_trouble("")
        recent.remember(self.folder, path)
        from certclerk.gui import siblings
        from certclerk.gui.backup.mark import look_after
        from certclerk.gui.capture.watch_indicator import WatchIndicator
        from certclerk.gui.importing.start import TableDrop
        from certclerk.gui.session import Session
        from certclerk.gui.status_bar import StatusBar
        from certclerk.gui.workspace import Workspace

        session = Session(collection, self)
        self.session = session
        self.workspace = Workspace(session, self.folder)
        opening.tell_how(self)
        self._status = StatusBar(session)
        self._status.add_source(WatchIndicator(self.workspace.capture.watching))
        self.backups = look_after(session, self.folder, self._status, self._actions["actionBackups"])
        self._status.submission.clicked.connect(self._actions["actionSubmissions"].trigger)
        self._status.appointment.clicked.connect(self._actions["actionAppointment"].trigger)
        self.setStatusBar(self._status)
        self._stack.addWidget(self.workspace)
        self._stack.setCurrentWidget(self.workspace)
        if self._tool_bar is None:
            from certclerk.gui.tool_bar import make_tool_bar

            self._tool_bar = make_tool_bar(self._actions)
            self.addToolBar(self._tool_bar)
        self._tool_bar.show()
        state = self._settings.value("panes")
        self.workspace.restore_split(state if isinstance(state, QByteArray) else QByteArray())
        self.workspace.roster.table.columns.restore(str(self._settings.value("rosterColumns", "")))
        self._follow(session, self.workspace)
        TableDrop(self, session, self.folder)
        self._actions["actionFindings"].setChecked(True)
        self._actions["actionAdvance"].setChecked(self.workspace.capture.habits.now.advance)
        self._refresh()
        if session.teachers():
            session.select(session.teachers()[0].id)
        self.workspace.go_to(self.workspace.roster.table)
        self.workspace.capture.watching.go_on_from_last_time()
        garbage.look_past_what_is_there()
        siblings.look(self)
        return True

    def close_collection(self) -> None:
        """Waits for the workers; everything is on the disk already."""
        if self.session is None or self.workspace is None or self.backups is None:
            return
        from certclerk.gui import siblings

        siblings.leave(self)
        self._settings.setValue("panes", self.workspace.split_state())
        self._settings.setValue("rosterColumns", self.workspace.roster.table.columns.text())
        workspace, session = self.workspace, self.session
        self.session = self.workspace = None
        session.closing.emit()
        self._stack.removeWidget(workspace)
        workspace.deleteLater()
        self.setStatusBar(None)  # type: ignore[arg-type]
        self._status = None
        session.close()
        self.backups.finish(self)
        session.deleteLater()
        garbage.look_again()
        self._show_start()

    def setVisible(self, visible: bool) -> None:
        super().setVisible(visible)
        if visible:
            QTimer.singleShot(ICONS_AFTER_MS, self._add_icons)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Never asks."""
        self._settings.setValue("geometry", self.saveGeometry())
        if self._runner is not None:
            self._runner.close()
        self.close_collection()
        super().closeEvent(event)

    def tell_failure(self, sentence: str) -> None:
        """On the start page where that is shown, else in the message bar."""
        if self.session is None:
            self.start_page.show_trouble(sentence)
        else:
            self.message_bar.warn(sentence)

    # What the actions do

    def new_collection(self) -> None:
        from certclerk.gui.new_collection_dialog import NewCollectionDialog

        dialog = NewCollectionDialog(self)
        dialog.accepted.connect(lambda: self.open_path(dialog.path, dialog.password))
        show(dialog)

    def choose_collection(self) -> None:
        path = files.choose_file(self, "打开采集", texts.COLLECTION_FILTER, files.documents())
        if path is not None:
            self.open_path(path)

    def open_sample(self) -> None:
        """Makes the sample once, in the clerk's documents; opens it where it stands already."""
        from certclerk.jobs.sample import make_sample

        folder = files.documents() / "certclerk示例"
        made = next(iter(sorted(folder.glob("*.certclerk"))), None) if folder.is_dir() else None
        if made is not None:
            self.open_path(made)
            return
        self.work_on_start_page(
            "正在制作示例",
            lambda job: make_sample(folder, progress=job.progress, cancelled=job.is_cancelled),
            self.open_path,
        )

    def work_on_start_page(
        self,
        label: str,
        work: Callable[[Job], T],
        done: Callable[[T], object],
        failed: Callable[[UserError], None] | None = None,
    ) -> None:
        """A job while no collection is open, with its progress and a button to stop it.

        Its UserError is told there unless ``failed`` takes it.
        """
        start = self.start_page
        start.show_trouble("")
        start.begin_work(label)
        self._shown_job = self._workers().run(
            work,
            done,
            failed or (lambda error: self.tell_failure(str(error))),
            progress=start.show_work,
            ended=start.end_work,
        )

    def edit_filing(self) -> None:
        from certclerk.gui.filing_dialog import FilingDialog

        show(FilingDialog(self.opened, self))

    def verify(self) -> None:
        """Of a folder that the clerk chooses, whether or not a collection is open."""
        folder = files.choose_folder(self, "选择要校验的报送包文件夹", files.documents())
        if folder is not None:
            from certclerk.gui.package.verify_dialog import VerifyDialog

            collection = self.session.collection if self.session else None
            show(VerifyDialog(self._workers(), folder, collection, self))

    def _workers(self) -> TaskRunner:
        """For what goes on without a collection."""
        from certclerk.gui.tasks import TaskRunner

        if self._runner is None:
            self._runner = TaskRunner(1, self)
        return self._runner

    def _stop_work(self) -> None:
        if self._shown_job is not None:
            self._shown_job.cancel()

    # Wiring

    @property
    def opened(self) -> Session:
        """The session, for what can only be called while there is one."""
        assert self.session is not None
        return self.session

    def action(self, name: str) -> QAction:
        """By its object name."""
        return self._actions[name]

    @property
    def message_bar(self) -> MessageBar:
        return self.shown.messages

    @property
    def shown(self) -> Workspace:
        """The workspace, for what can only be called while there is one."""
        assert self.workspace is not None
        return self.workspace

    def _connect(self) -> None:
        for name, command in COMMANDS.items():
            self._actions[name].triggered.connect(lambda _checked=False, command=command: command(self))
        self._actions["actionWideRoster"].toggled.connect(lambda wide: self.shown.roster.set_wide(wide))
        self._actions["actionFindings"].toggled.connect(lambda wanted: self.shown.show_findings(wanted))
        self._actions["actionAdvance"].toggled.connect(
            lambda wanted: self.shown.capture.habits.change(advance=wanted)
        )
        start = self.start_page
        start.new_wanted.connect(self.new_collection)
        start.open_wanted.connect(self.choose_collection)
        start.sample_wanted.connect(self.open_sample)
        start.recent_wanted.connect(self.open_path)
        start.clear_wanted.connect(self.clear_recent)
        start.restore_wanted.connect(self._actions["actionRestore"].trigger)
        start.stop_wanted.connect(self._stop_work)

    def _follow(self, session: Session, workspace: Workspace) -> None:
        from certclerk.gui.capture import watch_choosing

        bar = workspace.messages
        bar.undo_wanted.connect(session.undo)
        session.message.connect(bar.say)
        session.failed.connect(bar.warn)
        session.changed.connect(lambda _teachers: bar.withdraw_undo())
        session.undoable.connect(bar.offer_undo)
        session.reported.connect(lambda _headline, _lines: bar.hide())
        session.reported.connect(lambda headline, lines: window_dialogs.show_refused(self, headline, lines))
        for told in (session.changed, session.current_changed):
            told.connect(lambda _told: session.refreshing.ask(self._refresh))
        session.focus_requested.connect(self._on_session_focus_requested)
        workspace.capture.watching.changed.connect(self._refresh)
        workspace.capture.watching.early_found.connect(
            lambda count: watch_choosing.ask_early(self, workspace.capture.watching, count)
        )
        workspace.roster.wide_wanted.connect(self._actions["actionWideRoster"].setChecked)

    def _on_session_focus_requested(self, finding: Finding) -> None:
        """What concerns the unit is put right in the filing."""
        if finding.teacher_id is None:
            self.edit_filing()

    def _refresh(self) -> None:
        """Title and actions, as things stand now."""
        watched = self.workspace is not None and self.workspace.capture.watching.is_on
        self._actions["actionWatchFolder"].setChecked(watched)
        if self.session is None:
            self.setWindowTitle(texts.PROGRAM)
            actions.refresh(self._actions, actions.Situation())
            return
        collection = self.session.collection
        title = f"{self.session.filing().unit} · {self.session.notice.short_title}"
        self.setWindowTitle(f"{title}（只读）" if collection.read_only else title)
        situation = actions.Situation(
            open=True,
            writable=not collection.read_only,
            teacher=self.session.current is not None,
            undo=collection.undo_label,
            redo=collection.redo_label,
            undo_end=collection.undo_end,
            trash=collection.trash_count(),
        )
        actions.refresh(self._actions, situation)

    def _show_start(self) -> None:
        if self._tool_bar is not None:
            self._tool_bar.hide()
        self.start_page.show_recent(recent.recent(self.folder))
        self._stack.setCurrentWidget(self.start_page)
        self._refresh()
        if self.isVisible():
            self._tell_days()

    def _add_icons(self) -> None:
        from PySide6.QtGui import QIcon

        self.setWindowIcon(QIcon(str(resource("icons", "certclerk.svg"))))
        actions.add_icons(self._actions)
        self.start_page.add_icons()
        if self.session is None:
            self._tell_days()

    def _tell_days(self) -> None:
        """Of the recent collections on the start page; read in a worker, once the page is there."""
        from functools import partial

        for path in recent.recent(self.folder)[:SHOWN]:
            show = partial(self.start_page.show_days, path)
            self._workers().run(partial(_days, path), show, owner=self.start_page)

    def clear_recent(self) -> None:
        recent.forget_all(self.folder)
        files.forget_folders()
        self.start_page.show_recent(())


def _days(path: Path, _job: Job) -> str:
    # Imported in the worker: it brings the database.
    from datetime import date

    from certclerk.jobs.archiving import finish_clearing
    from certclerk.jobs.counter import countdown_at

    finish_clearing(path)
    return countdown_at(path, date.today())
