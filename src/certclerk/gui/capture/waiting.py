"""Pages that came and could not be written: kept, in their order, until they are or the clerk gives them up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.gui import texts
from certclerk.gui.choice_dialog import ChoiceDialog, Way
from certclerk.gui.scan.page_intake import let_go
from certclerk.gui.session import Session
from certclerk.gui.showing import show
from certclerk.gui.tasks import Job
from certclerk.jobs.take_pages import Incoming, Stored, StoredPage, store_incoming

if TYPE_CHECKING:
    from certclerk.gui.capture.flow import Lock


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """``incoming`` until its bytes are stored, then ``pages`` until they are placed; ``lock`` is where they go."""

    lock: Lock
    pages: tuple[StoredPage, ...] = ()
    incoming: Incoming | None = None


@dataclass(frozen=True, slots=True)
class Unstored:
    """``why`` is the sentence for the clerk."""

    incoming: Incoming
    why: str


def stored_or_not(collection: Collection, incoming: Incoming) -> Stored | Unstored:
    """Callable in a worker: the next page of the same source is not kept from coming."""
    try:
        return store_incoming(collection, [incoming])
    except UserError as error:
        return Unstored(incoming, str(error))


# Puts pages in place; raises UserError, and returns the lock for what comes next of their source.
Place = Callable[[tuple[StoredPage, ...], "Lock"], "Lock"]


class WaitingPages(QObject):
    """While one waits, all that come after it do: none may take another's place. ``changed`` (count, why)."""

    changed = Signal(int, str)

    def __init__(self, session: Session, place: Place, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._place = place
        self._queue: list[Waiting] = []
        self._why = ""
        self._retrying = False
        session.closing.connect(self._on_session_closing)

    def __len__(self) -> int:
        return len(self._queue)

    def keep(self, waiting: Waiting, why: str = "") -> None:
        self._queue.append(waiting)
        self._why = why or self._why
        self._tell()

    def give_up(self) -> None:
        given_up, self._queue = self._queue, []
        let_go(self._session, [page for one in given_up for page in one.pages])
        self._tell()

    def retry(self) -> None:
        """Behind whatever source is at work, so that its pages wait too; up to the first that fails again."""
        if self._retrying or not self._queue:
            return
        self._retrying, self._why = True, ""
        collection = self._session.collection
        following: dict[Lock, Lock] = {}

        def store(job: Job) -> None:
            for one in tuple(self._queue):
                stored = _stored(collection, one)
                job.hand_over((one, stored))
                if isinstance(stored, Unstored):
                    return

        def end() -> None:
            self._retrying = False
            if self._queue and not self._why:
                self.retry()
            else:
                self._tell()

        self._session.take("写入", store, lambda part: self._land(part[0], part[1], following), end)

    def _land(self, one: Waiting, stored: Stored | Unstored, following: dict[Lock, Lock]) -> None:
        """``following`` has, by the lock of a source, the one for what comes next of it."""
        if isinstance(stored, Unstored):
            self._why = stored.why
        elif one not in self._queue:
            # Given up meanwhile.
            let_go(self._session, stored.pages)
        else:
            place = self._queue.index(one)
            self._queue[place] = replace(one, pages=stored.pages, incoming=None)
            if self._why:
                return
            try:
                following[one.lock] = self._place(stored.pages, following.get(one.lock, one.lock))
            except UserError as error:
                self._why = str(error)
            else:
                del self._queue[place]

    def _tell(self) -> None:
        self.changed.emit(len(self._queue), self._why)

    def _on_session_closing(self) -> None:
        """The last chance."""
        following: dict[Lock, Lock] = {}
        self._why = ""
        for one in tuple(self._queue):
            self._land(one, _stored(self._session.collection, one), following)


def _stored(collection: Collection, one: Waiting) -> Stored | Unstored:
    return stored_or_not(collection, one.incoming) if one.incoming else Stored(one.pages, (), 0)


class WaitingAsker(QObject):
    """Asks, once for all that wait, whether to try again; asks anew when more comes or it fails again."""

    def __init__(self, waiting: WaitingPages, window: QWidget) -> None:
        super().__init__(window)
        self._waiting = waiting
        self._window = window
        self._dialog: ChoiceDialog | None = None
        waiting.changed.connect(self._on_waiting_changed)

    def _on_waiting_changed(self, count: int, why: str) -> None:
        if self._dialog is not None:
            self._dialog.say(_headline(count), _said(why))
            if not count:
                self._dialog.reject()
        elif count and why:
            ways = (Way("retryButton", texts.RETRY, "primary"), Way("giveUpButton", "放弃这几页", "danger"))
            self._dialog = dialog = ChoiceDialog(
                self._window.window(),
                "waitingDialog",
                "没有写进去的页",
                _headline(count),
                _said(why),
                ways,
                default="retryButton",
                cancel="稍后",
            )
            dialog.finished.connect(self._on_finished)
            show(dialog)

    def _on_finished(self) -> None:
        dialog, self._dialog = self._dialog, None
        chosen = dialog.chosen if dialog else ""
        if chosen == "retryButton":
            self._waiting.retry()
        elif chosen == "giveUpButton":
            self._waiting.give_up()


def _headline(count: int) -> str:
    return f"收到的扫描件有 {count} 件还没有写进采集。"


def _said(why: str) -> str:
    return (
        f"{why}\n\n它们还在，没有丢，关闭程序以前一直留着；以后收到的页也按次序等在后面。"
        "排除原因（如腾出磁盘空间）后请按“重试”；放弃的页要重新扫描。"
    )
