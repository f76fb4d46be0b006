"""The bridge from an open collection to Qt: cached records, derived state, and signals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from itertools import chain
from typing import Any, Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal

from certclerk.collection import Changed, Collection
from certclerk.core.custody import Stand
from certclerk.core.errors import UserError
from certclerk.core.flow import Aim, holder
from certclerk.core.notice import Notice
from certclerk.core.progress import Gap, Progress, Standing, State, next_gap, progress, standing
from certclerk.core.records import Filing, Finding, Page, Roster, Teacher
from certclerk.core.rules import Checker
from certclerk.gui.custody.register import CustodyRegister
from certclerk.gui.refreshing import Refreshing
from certclerk.gui.tasks import Job, TaskRunner
from certclerk.jobs.weights import Weights

P = ParamSpec("P")
T = TypeVar("T")

# Findings take some 0.1 ms a teacher to work out: where more are to be checked, a worker does it.
CHECKED_AT_ONCE = 250
# Reading a teacher alone costs some queries; from here on the whole roster is read faster.
REREAD_ALL_FROM = 100


class Session(QObject):
    """One open collection as the panels see it. They read from here and change through :meth:`act`.

    ``changed`` (frozenset of teacher ids, or None: rows came, went or moved): records, tray or filing are new.
    ``checked``: findings, standings and progress are new; it follows each ``changed``, after a large change
    a moment later, so whatever shows findings or states listens to it.
    ``message``, ``failed`` and ``undoable`` are one voice to the clerk: a word, an error, a word with 撤销.
    ``reported`` (headline, tuple of sentences) is what needs a list.
    ``came`` (ids of pages, teacher's id or None): they were dropped or chosen as files, and lie in place now; whose
    locked place they were meant for, if that teacher lacked a page.
    ``working`` (job, done, total, what) and ``rested`` (job) tell how a long job goes; ``job.cancel()`` stops it.
    """

    changed = Signal(object)
    checked = Signal()
    current_changed = Signal(object)
    target_changed = Signal(object)
    message = Signal(str)
    failed = Signal(str)
    undoable = Signal(str)
    reported = Signal(str, object)
    came = Signal(object, object)
    working = Signal(object, int, int, str)
    rested = Signal(object)
    # Undo or redo is about to go, or the collection closes: whoever holds what is being typed hands it in.
    handing_in = Signal()
    # The collection is about to close: windows of its own go.
    closing = Signal()
    # Somebody asks for a place to be shown: the finding's field gets the focus.
    focus_requested = Signal(object)

    def __init__(self, collection: Collection, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.collection = collection
        self.refreshing = Refreshing(self)
        self.runner = TaskRunner(parent=self)
        # Whatever brings pages in: one after the other, so that they land in the order in which they came.
        self.sources = TaskRunner(1, parent=self)
        for runner in (self.runner, self.sources):
            runner.failed.connect(self.failed)
        # What pages were found to weigh; whoever estimates a submission keeps it here.
        self.weights = Weights()
        self.custody = CustodyRegister(collection)
        self._roster = collection.roster()
        self._teachers: dict[int, Teacher] = {}
        self._checker = Checker(collection.notice)
        self._findings: tuple[Finding, ...] | None = None
        self._findings_by_teacher: dict[int | None, tuple[Finding, ...]] = {}
        self._standings: dict[int, Standing] = {}
        self._progress: Progress | None = None
        self._checking = False
        # Whose findings are fewer than the checker's for now.
        self._shortened: set[int] = set()
        self._touched: frozenset[int] | None = None
        self._current: int | None = None
        self._chosen: tuple[Aim, frozenset[int]] | None = None
        self._aim: Aim | None = None
        self._take_roster(self._roster)
        self._restand(self._teachers)
        self._check(len(self._teachers))
        collection.subscribe(self._on_collection_changed)

    # Reading

    @property
    def notice(self) -> Notice:
        return self.collection.notice

    def today(self) -> date:
        return date.today()

    def roster(self) -> Roster:
        return self._roster

    def filing(self) -> Filing:
        return self._roster.filing

    def tray(self) -> tuple[Page, ...]:
        return self._roster.tray

    def teachers(self) -> tuple[Teacher, ...]:
        """In roster order."""
        return self._roster.teachers

    def teacher(self, teacher_id: int | None) -> Teacher | None:
        return None if teacher_id is None else self._teachers.get(teacher_id)

    def findings(self) -> tuple[Finding, ...]:
        """The unit's first, then in roster order, errors before the rest."""
        if self._findings is None:
            everyone = (self.findings_of(key) for key in (None, *self._teachers))
            self._findings = tuple(chain.from_iterable(everyone))
        return self._findings

    def findings_of(self, teacher_id: int | None) -> tuple[Finding, ...]:
        """A teacher's; those of the unit for None."""
        return self._findings_by_teacher.get(teacher_id, ())

    def standing(self, teacher_id: int) -> Standing:
        return self._standings[teacher_id]

    def standings(self) -> tuple[Standing, ...]:
        """In roster order."""
        return tuple(map(self._standings.__getitem__, self._teachers))

    def fits(self, teacher: Teacher, wished: State | Stand) -> bool:
        """Whether that is how the teacher stands, or one of the teacher's booklets."""
        if isinstance(wished, Stand):
            return wished in self.custody.stands(teacher)
        return self._standings[teacher.id].state is wished

    def progress(self) -> Progress:
        if self._progress is None:
            self._progress = progress(self._roster.teachers, self.standings())
        return self._progress

    @property
    def settled(self) -> bool:
        """Whether the findings are those of the roster as it is, or a worker is still at them."""
        return not self._checking

    # The clerk's place

    @property
    def current(self) -> int | None:
        return self._current

    def select(self, teacher_id: int | None) -> None:
        if teacher_id == self._current or (teacher_id is not None and teacher_id not in self._teachers):
            return
        self._current = teacher_id
        self._chosen = None
        is_new = self._take_aim()
        self.current_changed.emit(teacher_id)
        if is_new:
            self.target_changed.emit(self.target)

    def select_next_gap(self) -> bool:
        """To the next teacher with a page missing; False when nobody has one."""
        found = next_gap(self.standings(), self._current)
        if found is None:
            return False
        self.select(found.teacher_id)
        return True

    @property
    def target(self) -> Gap | None:
        """Where the next page goes: the slot the clerk chose, else the current teacher's first gap."""
        return self._aim.gap if self._aim else None

    @property
    def aim(self) -> Aim | None:
        """:attr:`target`, and whose place there the next page takes."""
        return self._aim

    def set_target(self, certificate_id: int, slot: str) -> None:
        """Holds until a page arrives there or another teacher is selected."""
        self.set_aim(Aim(Gap(certificate_id, slot)))

    def set_aim(self, aim: Aim | None) -> None:
        """The same with a place among the slot's pages; None: back to the first gap."""
        pages = self._pages_in(aim.gap) if aim else None
        self._chosen = (aim, pages) if aim is not None and pages is not None else None
        self._refresh_target()

    def request_focus(self, finding: Finding) -> None:
        """Takes the clerk to a finding: its teacher, if it has one, is selected, its field focused by who shows it."""
        if finding.teacher_id is not None:
            self.select(finding.teacher_id)
        self.focus_requested.emit(finding)

    # Acting

    def act(
        self, act: Callable[Concatenate[Collection, P], T], *arguments: P.args, **named: P.kwargs
    ) -> T | None:
        """Calls ``act(collection, …)``; a UserError is told to the clerk and gives None."""
        try:
            return act(self.collection, *arguments, **named)
        except UserError as error:
            self.failed.emit(str(error))
            return None

    def did(
        self, act: Callable[Concatenate[Collection, P], object], *arguments: P.args, **named: P.kwargs
    ) -> bool:
        """:meth:`act` for those who have something to say afterwards: whether it was done."""
        before = self.collection.moment()
        self.act(act, *arguments, **named)
        return self.collection.moment() != before

    def work(self, label: str, work: Callable[[Job], T], done: Callable[[T], object]) -> Job:
        """A job that the status bar shows, with a button to stop it; a UserError is told to the clerk."""
        return self._show_work(self.runner, label, work, done)

    def take(
        self,
        label: str,
        work: Callable[[Job], None],
        handed: Callable[[Any], object],
        ended: Callable[[], object],
    ) -> Job:
        """The same for a source of pages, which hands them over one by one."""
        return self._show_work(self.sources, label, work, lambda _nothing: None, handed, ended)

    def _show_work(
        self,
        runner: TaskRunner,
        label: str,
        work: Callable[[Job], T],
        done: Callable[[T], object],
        handed: Callable[[Any], object] | None = None,
        ended: Callable[[], object] = lambda: None,
    ) -> Job:
        def report(count: int, total: int, what: str) -> None:
            self.working.emit(job, count, total, f"{label} {what}")

        def end() -> None:
            self.rested.emit(job)
            ended()

        job = runner.run(work, done, progress=report, handed=handed, ended=end)
        self.working.emit(job, 0, 0, label)
        return job

    def undo(self) -> None:
        self._travel(Collection.undo, "已撤销")

    def redo(self) -> None:
        self._travel(Collection.redo, "已重做")

    def _travel(self, step: Callable[[Collection], str | None], done: str) -> None:
        """Says what was done, and shows the teacher whom it concerns if it is one."""
        self.handing_in.emit()
        label = self.act(step)
        if label:
            if self._touched and len(self._touched) == 1:
                self.select(*self._touched)
            self.message.emit(f"{done}：{label}")

    def close(self) -> None:
        """Takes what is still being typed, waits for the workers, then closes the file."""
        self.handing_in.emit()
        self.sources.close()
        self.runner.close()
        self.refreshing.close()
        self.collection.close()

    # Following the collection

    def _on_collection_changed(self, changed: Changed) -> None:
        self._touched = changed.teachers
        self.custody.follow()
        former, order = self._teachers, list(self._teachers)
        self._take_roster(self._reread(changed))
        touched = [key for key, teacher in self._teachers.items() if former.get(key) is not teacher]
        self._forget_certificates(touched)
        self._restand(touched)
        self._keep_place(order)
        self.changed.emit(None if changed.rows else changed.teachers)
        self._check(len(touched))

    def _reread(self, changed: Changed) -> Roster:
        """Records that are as they were stay the same objects: whoever keeps them knows them at a glance."""
        collection = self.collection
        if changed.teachers is None or len(changed.teachers) >= REREAD_ALL_FROM:
            roster = collection.roster()
            known = (self._teachers.get(teacher.id) for teacher in roster.teachers)
            pairs = zip(known, roster.teachers, strict=True)
            return replace(roster, teachers=tuple(old if old == new else new for old, new in pairs))
        order = collection.order() if changed.rows else tuple(self._teachers)
        fresh = {key: collection.teacher(key) for key in changed.teachers}
        held = (fresh.get(key) or self._teachers[key] for key in order)
        return Roster(collection.filing(), tuple(held), collection.tray())

    def _take_roster(self, roster: Roster) -> None:
        self._roster = roster
        self._teachers = {teacher.id: teacher for teacher in roster.teachers}
        self._findings = self._progress = None

    def _forget_certificates(self, teacher_ids: Iterable[int]) -> None:
        """Until they are checked again, nobody is offered to put right a certificate that has gone."""
        for teacher_id in teacher_ids:
            held = {None, *(certificate.id for certificate in self._teachers[teacher_id].certificates)}
            found = self.findings_of(teacher_id)
            if any(finding.certificate_id not in held for finding in found):
                kept = tuple(finding for finding in found if finding.certificate_id in held)
                self._findings_by_teacher[teacher_id] = kept
                self._shortened.add(teacher_id)

    def _check(self, touched: int) -> None:
        """At once, or in a worker: one check at a time, and again if the roster changed meanwhile.

        ``touched`` teachers are new or different; a change of theirs may concern everybody.
        """
        if self._checking:
            return
        roster, day = self._roster, self.today()
        if touched <= CHECKED_AT_ONCE and self._checker.take(roster, day) <= CHECKED_AT_ONCE:
            self._on_checked(roster, self._checker.look())
            return
        self._checking = True
        self.runner.run(
            lambda _job: self._checker.update(roster, day), lambda found: self._on_checked(roster, found)
        )

    def _on_checked(self, roster: Roster, differing: Mapping[int | None, tuple[Finding, ...]]) -> None:
        self._checking = False
        fresh: dict[int | None, tuple[Finding, ...]] = {key: self._checker.of(key) for key in self._shortened}
        fresh.update(differing)
        self._shortened.clear()
        self._findings_by_teacher.update(fresh)
        self._findings = None
        self._restand(key for key in fresh if key is not None)
        if roster is self._roster:
            self.checked.emit()
        else:
            self._check(len(self._teachers))

    def _restand(self, teacher_ids: Iterable[int]) -> None:
        for teacher_id in teacher_ids:
            teacher = self._teachers.get(teacher_id)
            if teacher is not None:
                self._standings[teacher_id] = standing(teacher, self.notice, self.findings_of(teacher_id))
        self._progress = None

    def _keep_place(self, before: list[int]) -> None:
        """The selected teacher is gone: the one who stands in that row now is selected."""
        if self._current is not None and self._current not in self._teachers:
            row = before.index(self._current) if self._current in before else 0
            after = [teacher.id for teacher in self._roster.teachers]
            self._current = after[min(row, len(after) - 1)] if after else None
            self._chosen = None
            self.current_changed.emit(self._current)
        self._refresh_target()

    def _refresh_target(self) -> None:
        if self._take_aim():
            self.target_changed.emit(self.target)

    def _take_aim(self) -> bool:
        """From what was chosen, else the first gap; whether it is another than before."""
        if self._chosen is not None and self._pages_in(self._chosen[0].gap) != self._chosen[1]:
            self._chosen = None
        before = self._aim
        self._aim = self._chosen[0] if self._chosen else self._first_gap()
        return self._aim != before

    def _first_gap(self) -> Aim | None:
        if self._current is None:
            return None
        return next(map(Aim, self._standings[self._current].gaps), None)

    def _pages_in(self, gap: Gap) -> frozenset[int] | None:
        """The ids of the pages that lie there; None when that certificate is no longer the current teacher's."""
        teacher = self.teacher(self._current)
        certificate = holder(teacher, gap) if teacher else None
        return frozenset(page.id for page in certificate.pages_in(gap.slot)) if certificate else None
