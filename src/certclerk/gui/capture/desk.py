"""What the clerk does while capturing, by key and by button, and what the banner says of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from certclerk.core.flow import Aim, gap_of
from certclerk.core.records import Page
from certclerk.core.scope import Scope
from certclerk.core.wording import named
from certclerk.gui.capture.flow import CaptureFlow
from certclerk.gui.capture.habits import HabitsFile
from certclerk.gui.capture.scanning import Scanning
from certclerk.gui.capture.waiting import WaitingAsker
from certclerk.gui.capture.watch_memory import WatchMemory
from certclerk.gui.capture.watching import FolderWatch
from certclerk.gui.scan.page_placing import find_page, owner_of
from certclerk.gui.scan.page_reasons import ask_absence
from certclerk.gui.scan.panel import ScanPanel
from certclerk.gui.session import Session
from certclerk.gui.showing import show
from certclerk.jobs import acts
from certclerk.jobs.capture_pages import Landed


class CaptureDesk(QObject):
    """Joins the flow and its sources to the scan panel; ``folder`` is the user's, for what is remembered."""

    def __init__(self, session: Session, folder: Path, panel: ScanPanel) -> None:
        super().__init__(panel)
        self.habits = HabitsFile(folder)
        self.flow = CaptureFlow(session, self.habits, self)
        self._asker = WaitingAsker(self.flow.waiting, panel)
        self.scanning = Scanning(session, self.flow, folder, self)
        self.watching = FolderWatch(session, self.flow, WatchMemory(folder, session.collection.path), self)
        self._folder = folder
        self._session = session
        self._panel = panel
        self._last: Landed | None = None
        self.flow.landed.connect(self._on_flow_landed)
        session.changed.connect(lambda _teachers: self._forget_gone())
        self.flow.refused.connect(lambda reasons: panel.banner.say(reasons[0], doubtful=True))
        self.scanning.changed.connect(panel.banner.show_busy)
        banner = panel.banner
        banner.scan_asked.connect(self.scan)
        banner.stop_asked.connect(self.scanning.stop)
        banner.release_asked.connect(lambda: session.set_aim(None))
        banner.last_asked.connect(self._on_banner_last_asked)
        panel.page_acts.retake_asked.connect(self.retake)
        panel.page_acts.insert_asked.connect(self.insert)

    def scan(self) -> None:
        """With the scanner that was chosen last; where none was, the clerk is asked which."""
        choice = self.scanning.choice()
        if choice is not None:
            self.scanning.scan(choice)
        elif self.watching.is_on:
            self._session.message.emit(
                "正在监视文件夹：请按扫描仪上的按钮。也可以在“扫描”菜单里选一台接在本机的扫描仪。"
            )
        else:
            self.choose_scanner(then_scan=True)

    def choose_scanner(self, *, then_scan: bool = False) -> None:
        from certclerk.gui.capture.scanner_dialog import ScannerDialog

        dialog = ScannerDialog(self._session.runner, self._folder, self._panel.window())
        if then_scan:
            dialog.accepted.connect(self.scan)
        show(dialog)

    def take_back(self) -> None:
        self.flow.take_back()

    def retake(self, page: Page | None = None) -> None:
        """The next page takes the place of ``page`` (None: of the one shown large)."""
        page = page or self._panel.view.page
        gap = gap_of(page) if page else None
        if page is None or gap is None:
            self._session.message.emit("请先选中要重扫的一页。")
        else:
            self._lock(page, Aim(gap, replaces=page.id))

    def insert(self, page: Page | None = None) -> None:
        """The next page goes before ``page`` (None: before the one shown large)."""
        page = page or self._panel.view.page
        gap = gap_of(page) if page else None
        if page is None or gap is None:
            self._session.message.emit("请先选中一页，新的一页插在它前面。")
        elif not (slot := self._session.notice.slot(gap.slot)).many:
            self._session.message.emit(f"{slot.label}只有一页，不能插入；可以重扫。")
        else:
            self._lock(page, Aim(gap, before=page.id))

    def mark_absent(self) -> None:
        """无此页… for the locked place."""
        gap = self._session.target
        slot = self._session.notice.slot(gap.slot) if gap else None
        if gap is None or slot is None or not slot.may_be_absent:
            required = f"{slot.label}不能没有。" if slot else "没有缺页。"
            self._session.message.emit(f"{required}只有通知允许没有的页才能标为无此页。")
            return
        reason = ask_absence(self._panel, slot.label)
        if reason:
            lock = self.flow.lock()
            if self._session.did(acts.mark_absent, gap.certificate_id, gap.slot, reason):
                self.flow.go_on(lock)

    def _lock(self, page: Page, aim: Aim) -> None:
        """Beside a page that is shown, whoever's it is; and scans at once where that is what the clerk works with."""
        session = self._session
        owner = owner_of(session, page.id)
        session.select(owner.id if owner else None)
        session.set_aim(aim)
        self._panel.show_page(page)
        choice = self.scanning.choice()
        if choice is not None and not self.watching.is_on and session.aim == aim:
            self.scanning.scan(choice)

    def _on_flow_landed(self, landed: tuple[Landed, ...]) -> None:
        last = landed[-1]
        self._last = last
        words = self.flow.words(last)
        self._panel.banner.show_last(find_page(self._session, last.page_id), words)
        teacher = self._session.teacher(last.teacher_id)
        standing = self._session.standing(teacher.id) if teacher else None
        done = standing is not None and standing.scope.scope is Scope.IN and not standing.gaps
        if last.gap is None:
            self._panel.banner.say(f"收到的一页放在{words}，等您归位", doubtful=True)
        else:
            rest = f"，{named(teacher.name)}的页已齐" if teacher and done else ""
            self._panel.banner.say(f"✓ 收到：{words}{rest}")

    def _forget_gone(self) -> None:
        """What is said of a page that was taken back, undone or moved is true no longer."""
        if self._last is not None and not self.flow.lies_there(self._last):
            self._last = None
            self._panel.banner.show_last(None, "")
            self._panel.banner.say("")

    def _on_banner_last_asked(self, page_id: int) -> None:
        page = find_page(self._session, page_id)
        if page is None:
            return
        owner = owner_of(self._session, page_id)
        if owner is not None:
            self._session.select(owner.id)
        self._panel.show_page(page)
