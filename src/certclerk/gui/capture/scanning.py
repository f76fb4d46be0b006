"""The scanner as a source of the flow: one key, and each page lands as soon as it is whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from certclerk.core.scope import Scope
from certclerk.gui.capture.flow import CaptureFlow, Lock
from certclerk.gui.capture.waiting import Unstored, stored_or_not
from certclerk.gui.session import Session
from certclerk.gui.tasks import Job
from certclerk.jobs import scan_pages
from certclerk.jobs.scanner_memory import ScannerChoice, remembered_choice
from certclerk.jobs.take_pages import Stored


class Scanning(QObject):
    """``changed`` (busy, words): a scanner has begun, is so far, or has ended. ``folder``: the user's data folder."""

    changed = Signal(bool, str)

    def __init__(
        self, session: Session, flow: CaptureFlow, folder: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._flow = flow
        self._folder = folder
        self._job: Job | None = None
        self._lock = Lock(None, None)
        session.working.connect(self._on_session_working)

    @property
    def is_busy(self) -> bool:
        return self._job is not None

    def choice(self) -> ScannerChoice | None:
        """The scanner that the clerk used last, with its settings."""
        return remembered_choice(self._folder)

    def scan(self, choice: ScannerChoice) -> None:
        """One page from the glass, or what lies in the feeder, from the locked place on; nothing while one runs."""
        session, lock = self._session, self._flow.lock()
        if self._job is not None:
            session.message.emit("正在扫描上一页，等它收到后再按。要中止请按“停止”。")
            return
        if lock.aim is None:
            session.message.emit(self._nowhere(lock))
            return
        self._lock = lock

        def land(stored: Stored | Unstored) -> None:
            if isinstance(stored, Unstored):
                self._flow.keep(stored.incoming, self._lock, stored.why)
                return
            self._lock = self._flow.arrive(stored.pages, self._lock)
            self._flow.refuse(stored.refused)

        def end() -> None:
            self._job = None
            self.changed.emit(False, "")
            self._flow.go_on(self._lock)

        self._job = session.take("扫描", self._work(choice), land, end)
        self._tell("扫描")

    def stop(self) -> None:
        """Pages that are whole stay; the one that is being scanned is given up."""
        if self._job is not None:
            self._job.cancel()
            self.changed.emit(True, "正在停止…")

    def _work(self, choice: ScannerChoice) -> Callable[[Job], None]:
        collection = self._session.collection

        def work(job: Job) -> None:
            scan_pages.scan(
                choice.device,
                choice.settings,
                lambda incoming: job.hand_over(stored_or_not(collection, incoming)),
                job.progress,
                job.is_cancelled,
            )

        return work

    def _nowhere(self, lock: Lock) -> str:
        if lock.teacher_id is None:
            return "请先在名册中选一位教师，再扫描。"
        verdict = self._session.standing(lock.teacher_id).scope
        if verdict.scope is not Scope.IN:
            return (
                f"这位教师是{verdict.scope.label}，没有要扫的页。要扫请先点一个页位；或按 Ctrl+↓ 到下一位。"
            )
        return "这位教师的页已齐。要再加页，先点一个页位；或按 Ctrl+↓ 到下一位。"

    def _on_session_working(self, job: Job, _done: int, _total: int, what: str) -> None:
        if job is self._job and not job.cancelled:
            self._tell(what)

    def _tell(self, what: str) -> None:
        """With the locked place: the clerk may be looking at somebody else meanwhile."""
        self.changed.emit(True, f"正在{what}，放到：{self._flow.words_of(self._lock)}")
