"""The loop of the clerk's day: a page arrives, lies in its place, and the next place is locked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from certclerk.collection import Change
from certclerk.core.errors import UserError
from certclerk.core.flow import Aim, gap_of, places
from certclerk.core.progress import Gap
from certclerk.core.records import Page
from certclerk.core.wording import named
from certclerk.gui import texts
from certclerk.gui.capture.habits import HabitsFile
from certclerk.gui.capture.waiting import Waiting, WaitingPages
from certclerk.gui.scan.page_placing import find_page, owner_of
from certclerk.gui.session import Session
from certclerk.jobs.capture_pages import Landed, capture, doubt_of, take_back
from certclerk.jobs.take_pages import Incoming, Refused, StoredPage


@dataclass(frozen=True, slots=True)
class Lock:
    """Whose page comes next and where; ``aim`` None: nowhere, so to the tray.

    ``lacking``: the teacher lacked a page when the place was locked. Who only mends a page is not taken elsewhere.
    """

    teacher_id: int | None
    aim: Aim | None
    lacking: bool = False


class CaptureFlow(QObject):
    """``landed`` (tuple of Landed) tells of every arrival. ``refused`` (tuple of sentences) of what was no page."""

    landed = Signal(object)
    refused = Signal(object)

    def __init__(self, session: Session, habits: HabitsFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.habits = habits
        self._session = session
        self._taken: list[Landed] = []
        self.waiting = WaitingPages(session, self._place_waiting, self)
        session.came.connect(self._on_session_came)

    def lock(self) -> Lock:
        """The place that is locked now; a source that takes its time asks before it begins."""
        session = self._session
        lacking = session.current is not None and bool(session.standing(session.current).gaps)
        return Lock(session.current, session.aim, lacking)

    def arrive(
        self,
        pages: Sequence[StoredPage],
        lock: Lock | None = None,
        *,
        name: str = "",
        also: Callable[[Change], None] = lambda _change: None,
        gives_again: bool = False,
    ) -> Lock:
        """One arrival, a page or a file of some, goes where ``lock`` says (None: where is locked now).

        A file's ``name`` that names somebody else sends it to the tray. Without pages nothing happens. Returns the
        lock for what comes next of the same source. When a teacher's last page has arrived, :meth:`go_on` goes on.
        What cannot be placed waits, unless its source ``gives_again`` what was not taken.
        """
        lock = lock or self.lock()
        if not pages:
            return lock
        if self.waiting and not gives_again:
            self.waiting.keep(Waiting(lock, tuple(pages)))
            return lock
        try:
            return self._put(pages, lock, name, also)
        except UserError as error:
            self._session.failed.emit(str(error))
            if not gives_again:
                self.waiting.keep(Waiting(lock, tuple(pages)), str(error))
            return lock

    def keep(self, incoming: Incoming, lock: Lock, why: str) -> None:
        """What could not even be stored waits too."""
        self._session.failed.emit(why)
        self.waiting.keep(Waiting(lock, incoming=incoming), why)

    def _place_waiting(self, pages: Sequence[StoredPage], lock: Lock) -> Lock:
        return self._put(pages, lock) if pages else lock

    def _put(
        self,
        pages: Sequence[StoredPage],
        lock: Lock,
        name: str = "",
        also: Callable[[Change], None] = lambda _change: None,
    ) -> Lock:
        """Raises UserError."""
        session, notice, wanted = self._session, self._session.notice, self.habits.now.text_pages
        teacher = session.teacher(lock.teacher_id)
        doubt = doubt_of(name, session.teachers(), teacher, notice) if name and teacher else ""
        with session.refreshing.spread():
            landed = capture(
                session.collection, pages, lock.teacher_id, lock.aim, wanted, doubt=doubt, also=also
            )
        self._taken += landed
        following = lock.aim
        if teacher is not None and lock.aim is not None and landed[0].gap is not None:
            gaps = places(teacher, notice, lock.aim.gap, len(pages) + 1, wanted)
            following = Aim(gaps[-1]) if len(gaps) > len(pages) else None
            if lock.teacher_id == session.current and following is not None:
                self._aim(following.gap)
        self.landed.emit(landed)
        return replace(lock, aim=following)

    def refuse(self, refused: Sequence[Refused]) -> None:
        """What could not be taken is told; nothing else stops."""
        if refused:
            self.refused.emit(tuple(one.reason for one in refused))

    def go_on(self, lock: Lock) -> None:
        """To the next teacher with something missing, if the lock's is still shown and lacks nothing any more."""
        session, here = self._session, lock.teacher_id
        if not self.habits.now.advance or not lock.lacking or here is None or here != session.current:
            return
        if not session.standing(here).gaps and session.aim is None:
            with session.refreshing.spread():
                session.select_next_gap()

    def take_back(self) -> None:
        """The page that arrived last, of those that still lie there, goes to the trash; its place is locked again."""
        session = self._session
        last = next(filter(self.lies_there, reversed(self._taken)), None)
        if last is None:
            last_done = session.collection.undo_label
            undo = f"要退回“{last_done}”，请按 Ctrl+Z。" if last_done else ""
            session.message.emit(f"没有可以收回的页：这次打开后还没有一页一页收到新的页。{undo}")
            return
        if session.did(take_back, last):
            where = f" {self.words(last)}" if last.gap else f"{texts.TRAY}的一页"
            session.undoable.emit(f"已收回{where}，在回收站。")
        if last.gap is not None and last.teacher_id is not None:
            session.select(last.teacher_id)
            replaces = last.replaced.id if last.replaced else None
            session.set_aim(Aim(last.gap, replaces=replaces, before=last.before))

    def words(self, landed: Landed) -> str:
        """Where a page has come to, in a line."""
        return self._place(landed.teacher_id, landed.gap)

    def words_of(self, lock: Lock) -> str:
        """Where the next page of its source goes."""
        return self._place(lock.teacher_id, lock.aim.gap if lock.aim else None)

    def lies_there(self, landed: Landed) -> bool:
        """Whether the page is still where it came to; the clerk may have moved or deleted it since."""
        page = find_page(self._session, landed.page_id)
        return page is not None and landed.gap == gap_of(page)

    def _on_session_came(self, page_ids: tuple[int, ...], lacking: int | None) -> None:
        """Pages that were put in place without the flow are its last ones all the same."""
        landed = tuple(self._landed(page) for key in page_ids if (page := find_page(self._session, key)))
        if landed:
            self._taken += landed
            self.landed.emit(landed)
        self.go_on(Lock(lacking, None, lacking=True))

    def _landed(self, page: Page) -> Landed:
        owner = owner_of(self._session, page.id)
        return Landed(page.id, page.source, owner.id if owner else None, gap_of(page))

    def _place(self, teacher_id: int | None, gap: Gap | None) -> str:
        teacher = self._session.teacher(teacher_id) if gap else None
        return f"{named(teacher.name)} · {self._label(gap)}" if teacher else self._label(None)

    def _label(self, gap: Gap | None) -> str:
        return self._session.notice.slot(gap.slot).label if gap else texts.TRAY

    def _aim(self, gap: Gap) -> None:
        if self._session.target != gap:
            self._session.set_target(gap.certificate_id, gap.slot)
