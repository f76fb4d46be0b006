"""A folder that a scanner's own program writes into, looked at every second; what arrives goes into the flow."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.gui.capture.flow import CaptureFlow
from certclerk.gui.capture.watch_memory import WatchMemory
from certclerk.gui.scan.page_intake import let_go, take_in
from certclerk.gui.session import Session
from certclerk.jobs import take_pages, watch_folder
from certclerk.jobs.capture_pages import Landed
from certclerk.jobs.take_pages import Outcome, Refused
from certclerk.jobs.watch_folder import Arrived, Poll, Watch

INTERVAL_MS = 1000
# Listing a large folder over a slow network takes no more than a tenth of the time.
LISTINGS_APART = 10


class WatchState(Enum):
    """``ASKING``: the folder is not empty, and the clerk decides what becomes of what lies there.

    ``TROUBLED``: it cannot be listed or its files not be kept for now; the watching goes on by itself when it can.
    """

    OFF = auto()
    STARTING = auto()
    ASKING = auto()
    ON = auto()
    TROUBLED = auto()


class FolderWatch(QObject):
    """``changed``: state or figures are new. ``early_found`` (count): answer with :meth:`take_early`,
    :meth:`pass_early` or :meth:`stop`.
    """

    changed = Signal()
    early_found = Signal(int)

    def __init__(
        self,
        session: Session,
        flow: CaptureFlow,
        memory: WatchMemory,
        parent: QObject | None = None,
        *,
        interval_ms: int = INTERVAL_MS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.memory = memory
        self.state = WatchState.OFF
        self.folder: Path | None = None
        self.trouble = ""
        self.taken = 0
        self.refused: tuple[Refused, ...] = ()
        self._session = session
        self._flow = flow
        self._interval_ms = interval_ms
        self._clock = clock
        self._watch: Watch | None = None
        self._early: tuple[Arrived, ...] = ()
        self._coming: Arrived | None = None
        self._told: list[str] = []
        self._figures: tuple[object, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        # A coarse timer may come too early for a file to have stayed the same for a second.
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._look)
        flow.landed.connect(self._on_flow_landed)

    @property
    def is_on(self) -> bool:
        return self.state is not WatchState.OFF

    @property
    def early_to_come(self) -> int:
        """How many of the files that lay there before are still to be read."""
        return watch_folder.early_to_come(self._watch) if self._watch and self.is_on else 0

    def start(self, folder: Path) -> None:
        """Watches ``folder`` from now on, in place of another; see ``early_found`` for what lies there."""
        self._begin(folder, self._on_resumed, self._on_start_failed)

    def go_on_from_last_time(self) -> None:
        """What came while the program was closed is taken without asking, by names: nobody waited for it."""
        folder = self.memory.folder
        if folder is not None and self.memory.is_on and not self._session.collection.read_only:
            self._begin(folder, self._on_found, self._on_look_failed)

    def take_early(self) -> None:
        if self.state is WatchState.ASKING:
            self._enter(WatchState.ON)
            self._look()

    def pass_early(self) -> None:
        watch = self._watch
        if self.state is WatchState.ASKING and watch is not None:
            self._run(lambda: watch_folder.pass_over(self._session.collection, watch), self._on_found)

    def locked(self) -> tuple[Path, ...]:
        """Refused files that only lack their password."""
        return tuple(one.path for one in self.refused if one.is_locked)

    def take_locked(self) -> None:
        """Asks for the passwords; the pages go where their files' names say: the place they came for is another now."""
        asked, folder = set(self.locked()), self.folder

        def settle(outcome: Outcome) -> None:
            if folder == self.folder:
                gone = asked - {one.path for one in outcome.refused}
                self.refused = tuple(one for one in self.refused if one.path not in gone)
                self.taken += len(gone)
                self._enter(self.state, self.trouble)

        take_in(self._session, sorted(asked), done=settle)

    def stop(self) -> None:
        self._timer.stop()
        if self.folder is not None:
            self.memory.keep(self.folder, is_on=False)
        self._lose()
        self._enter(WatchState.OFF)

    # One look after the other

    def _begin(
        self, folder: Path, done: Callable[[Watch], None], failed: Callable[[UserError], None]
    ) -> None:
        self._timer.stop()
        self._lose()
        self.folder = folder
        self.taken, self.refused = 0, ()
        self.memory.keep(folder, is_on=True)
        self._enter(WatchState.STARTING)
        self._run(lambda: watch_folder.resume(self._session.collection, folder), done, failed)

    def _look(self) -> None:
        watch, folder, collection = self._watch, self.folder, self._session.collection
        if folder is None:
            return
        if watch is None:
            self._run(lambda: watch_folder.resume(collection, folder), self._on_found)
            return
        self._session.runner.run(
            lambda job: watch_folder.poll(collection, watch, self._clock(), job.is_cancelled),
            lambda poll: self._on_polled(watch, poll),
            lambda error: self._on_look_failed(error) if watch is self._watch else None,
            owner=self,
        )

    def _run(
        self,
        work: Callable[[], Watch],
        done: Callable[[Watch], None],
        failed: Callable[[UserError], None] | None = None,
    ) -> None:
        """Unless the clerk has gone to another folder meanwhile, or stopped."""
        folder, failed = self.folder, failed or self._on_look_failed

        def is_still_wanted() -> bool:
            return self.is_on and folder == self.folder

        self._session.runner.run(
            lambda _job: work(),
            lambda watch: done(watch) if is_still_wanted() else None,
            lambda error: failed(error) if is_still_wanted() else None,
            owner=self,
        )

    def _on_resumed(self, watch: Watch) -> None:
        self._watch = watch
        if watch.early:
            self._enter(WatchState.ASKING)
            self.early_found.emit(len(watch.early))
        else:
            self._on_found(watch)

    def _on_found(self, watch: Watch) -> None:
        self._watch = watch
        if self.state is WatchState.TROUBLED:
            self._session.message.emit(f"“{watch.folder.name}”回来了，接着监视。")
        self._enter(WatchState.ON)
        self._look()

    def _on_start_failed(self, error: UserError) -> None:
        self.stop()
        self._session.failed.emit(str(error))

    def _on_look_failed(self, error: UserError) -> None:
        """Said once; what lies there when it is back, nobody waited for."""
        if error.code.startswith("watch_"):
            self._lose()
        if str(error) != self.trouble:
            self._session.failed.emit(str(error))
        self._enter(WatchState.TROUBLED, str(error))
        self._timer.start(self._interval_ms)

    def _on_polled(self, before: Watch, poll: Poll) -> None:
        if before is not self._watch:
            self._let_go((*poll.live, *poll.early))
            return
        self._watch = poll.watch
        pause = max(self._interval_ms, round(poll.listing_s * 1000 * LISTINGS_APART))
        # Before anything can go wrong with what has come: the indicator goes on saying that the folder is watched.
        self._timer.start(0 if poll.more else pause)
        for arrived in poll.live:
            self._land(arrived)
        self._early += poll.early
        if self._early and not self.early_to_come:
            self._land_early()
        self._tell(poll)
        self._enter(WatchState.ON)

    # What has arrived

    def _land(self, arrived: Arrived) -> None:
        """Into the locked place, remembered in the same change."""
        flow, self._coming = self._flow, arrived
        lock = flow.lock()
        flow.arrive(
            arrived.pages,
            lock,
            name=arrived.name,
            also=lambda change: change.remember_watched([arrived.file]),
            gives_again=True,
        )
        if self._coming is None:
            flow.go_on(lock)
        else:
            self._put_off((arrived,))

    def _on_flow_landed(self, landed: tuple[Landed, ...]) -> None:
        arrived, self._coming = self._coming, None
        if arrived is None or self._watch is None:
            return
        self._watch = watch_folder.placed(self._watch, [arrived])
        self.taken += 1
        teacher = self._session.teacher(landed[0].teacher_id)
        whose = f"第{teacher.serial}号 " if teacher else ""
        where = "、".join(dict.fromkeys(self._flow.words(one) for one in landed))
        self._told.append(f"{whose}{where} ← {arrived.name}")

    def _land_early(self) -> None:
        early, self._early = self._early, ()
        outcome = self._session.act(watch_folder.place_early, early)
        if outcome is None or self._watch is None:
            self._put_off(early)
            return
        self._watch = watch_folder.placed(self._watch, early)
        self.taken += len(early)
        self._session.came.emit(outcome.page_ids, None)
        self._session.undoable.emit(take_pages.summary(outcome))

    def _lose(self) -> None:
        """What has been seen of the folder so far; whoever watches it again reads it again."""
        self._let_go(self._early)
        self._watch, self._early = None, ()

    def _let_go(self, arrived: tuple[Arrived, ...]) -> None:
        if arrived:
            let_go(self._session, [page for one in arrived for page in one.pages])

    def _put_off(self, arrived: tuple[Arrived, ...]) -> None:
        self._coming = None
        self._let_go(arrived)
        if self._watch is not None:
            self._watch = watch_folder.put_off(self._watch, arrived, self._clock())

    def _tell(self, poll: Poll) -> None:
        """The last word is the gravest."""
        session, told = self._session, self._told
        self._told = []
        if poll.done:
            session.act(Collection.remember_watched, poll.done)
        if len(told) == 1:
            session.undoable.emit(told[0])
        elif told:
            session.message.emit(f"收到 {len(told)} 个文件，最后一个：{told[-1]}")
        if poll.repeated:
            names = "、".join(f"“{name}”" for name in poll.repeated)
            session.message.emit(f"{names}已收过，没有再收。")
        count = len(poll.refused)
        if count:
            self.refused += poll.refused
            self._flow.refuse(poll.refused)
            several = f"{count} 个文件没有收入，原因在下方“监视”里。"
            session.failed.emit(poll.refused[0].reason if count == 1 else several)

    def _enter(self, state: WatchState, trouble: str = "") -> None:
        self.state, self.trouble = state, trouble
        figures = (state, self.folder, trouble, self.taken, len(self.refused), self.early_to_come)
        if figures != self._figures:
            self._figures = figures
            self.changed.emit()
