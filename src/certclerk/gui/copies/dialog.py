"""与另一份比较: whom two copies have otherwise, side by side, and single teachers taken over from the other one."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.core.records import Page
from certclerk.core.two_copies import Comparison, Standing
from certclerk.gui import style, texts
from certclerk.gui.buttons import button
from certclerk.gui.choice_dialog import ChoiceDialog, Way
from certclerk.gui.copies import words
from certclerk.gui.copies.details import Details, pages_of
from certclerk.gui.copies.model import CopiesModel
from certclerk.gui.copies.table import CopiesTable
from certclerk.gui.list_dialog import ListDialog
from certclerk.gui.progress_dialog import ProgressDialog
from certclerk.gui.session import Session
from certclerk.gui.showing import show
from certclerk.gui.tasks import Job, TaskRunner
from certclerk.gui.wizard import DOUBTFUL, PLAIN, RIGHT, WRONG, Banner, fitting
from certclerk.jobs.two_copies import Choice, Prepared, Taken, compare_copies, let_go, prepare, take_over


@dataclass(frozen=True, slots=True)
class Compared:
    """With the moment of each copy's newest change."""

    comparison: Comparison
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class OtherCopy:
    """Open for reading, with a worker of its own."""

    collection: Collection
    runner: TaskRunner


class CopiesDialog(QDialog):
    """Closes ``other`` when it closes, and goes with the session's collection.

    ``taken``: teachers or pages were taken over, so this is the copy to go on with. ``caught_up``: as both stand now,
    this one has all teachers and pages of the other.
    """

    taken = Signal()
    caught_up = Signal()

    def __init__(self, session: Session, other: Collection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("copiesDialog")
        self.setWindowTitle("与另一份比较")
        self.resize(fitting(self))
        self._session = session
        self._other = OtherCopy(other, TaskRunner(1, self))
        self._comparing = self._outdated = False
        self._taken_at: int | None = None
        self._prepared: Prepared | None = None
        self._heading, self._where, self._counts = QLabel(texts.LOADING), QLabel(), QLabel()
        self._model = CopiesModel()
        self.table = CopiesTable(self._model)
        self.details = Details(session.notice, session, self._other)
        self._banner = Banner("copiesBanner")
        self._all_new = button("全选“只在另一份”", "allNewButton")
        self._none = button("全不选", "untickButton")
        self._undo = button(texts.UNDO, "undoTakenButton")
        self._take = button("", "takeOverButton", role="primary")
        self._close = button(texts.CLOSE, "closeButton")
        self._lay_out()
        self._connect()
        self._show_ticks()
        self._compare()

    def done(self, result: int) -> None:
        """Whatever is being read or copied is stopped first."""
        self._other.runner.close()
        if self._prepared is not None:
            let_go(self._session.collection, self._prepared)
        self._other.collection.close()
        super().done(result)

    # Showing

    def _compare(self) -> None:
        """Once more where something changed meanwhile."""
        if self._comparing:
            self._outdated = True
            return
        self._comparing, self._outdated = True, False
        here, there = self._session.collection, self._other.collection
        self._other.runner.run(
            lambda _job: Compared(compare_copies(here, there), here.changed_at(), there.changed_at()),
            self._show,
            self._on_not_compared,
            ended=self._on_compared,
            owner=self,
        )

    def _on_compared(self) -> None:
        self._comparing = False
        if self._outdated:
            self._compare()

    def _on_not_compared(self, error: UserError) -> None:
        if not self._model.rowCount():
            self._heading.setText("没有比较成。")
        self._fail(error)

    def _show(self, compared: Compared) -> None:
        comparison = compared.comparison
        before = self._model.line(self.table.currentIndex().row())
        done = words.nothing_to_take(comparison)
        self._heading.setText(words.heading(comparison))
        self._where.setText(
            f"{words.THERE}：{self._other.collection.path}（{words.changed(compared.there)}）　"
            f"{words.HERE}：{words.changed(compared.here)}"
        )
        writable = not self._session.collection.read_only
        self._counts.setText(f"{words.counted(comparison)}　{words.HINT if writable and not done else ''}")
        self._model.show(comparison, writable=writable)
        there = self._model.rowCount() > 0
        for part in (self._split, self._take):
            part.setVisible(there)
        if there:
            self.table.go_to(self._model.row_of(before))
        self._show_current()
        if done:
            self.caught_up.emit()

    def _show_current(self) -> None:
        line = self._model.line(self.table.currentIndex().row())
        pair = line.pair if line else None
        notice = self._session.notice
        self.details.show_sides(words.sides(pair) if pair else ())
        if pair is None:
            self.details.show_pages((), self._model.waiting if line else ())
        else:
            self.details.show_pages(pages_of(pair.here, notice), pages_of(pair.there, notice))

    def _show_ticks(self) -> None:
        chosen, pages = self._model.choices(), self._model.tray()
        amount = words.amount(len(chosen), len(pages))
        self._take.setText(f"取得{amount}…" if amount else "取得所选…")
        self._take.setAccessibleName(self._take.text().rstrip("…"))
        self._take.setEnabled(bool(amount))
        self._none.setEnabled(bool(amount))
        new = self._model.count(Standing.ONLY_THERE)
        self._all_new.setText(f"全选“只在另一份”的 {new} 位")
        writable = not self._session.collection.read_only
        self._none.setVisible(writable and self._model.rowCount() > 0)
        self._all_new.setVisible(writable and new > 0)

    # Taking over

    def _on_take_clicked(self) -> None:
        chosen, pages = self._model.choices(), self._model.tray()
        kept = [(choice.pair, choice.as_own) for choice in chosen]
        asking = ChoiceDialog(
            self,
            "takeOverDialog",
            "从另一份取得",
            f"从另一份取得{words.amount(len(chosen), len(pages))}？",
            words.effect(kept, len(pages)),
            (Way("takeButton", "取得", "primary"),),
        )
        asking.accepted.connect(lambda: self._prepare(chosen, pages))
        show(asking)

    def _prepare(self, chosen: tuple[Choice, ...], pages: tuple[Page, ...]) -> None:
        here, there = self._session.collection, self._other.collection
        jobs: list[Job] = []

        def work(job: Job) -> Prepared:
            jobs.append(job)
            self._prepared = prepare(here, there, chosen, pages, job.progress, job.is_cancelled)
            return self._prepared

        copying = ProgressDialog(self._other.runner, "复制扫描页", "copyingDialog", work, self)
        copying.made.connect(lambda _prepared: self._take_over(wanted=not jobs[-1].cancelled))
        show(copying)
        copying.start()

    def _take_over(self, *, wanted: bool) -> None:
        prepared, self._prepared = self._prepared, None
        assert prepared is not None
        if not wanted:
            let_go(self._session.collection, prepared)
            return
        try:
            taken = take_over(self._session.collection, prepared)
        except UserError as error:
            self._fail(error)
            self._compare()
        else:
            self._tell(taken)

    def _tell(self, taken: Taken) -> None:
        said = words.done(taken)
        self._banner.say(DOUBTFUL if taken.refused else RIGHT, said)
        if taken.refused:
            lines = map(str, taken.refused)
            show(ListDialog(self, "notTakenDialog", "没有取得的", "这些没有取得，其余都已取得：", lines))
        if taken.teachers or taken.pages:
            self._taken_at = self._session.collection.moment()
            self._undo.show()
            self._session.undoable.emit(said)
            self.taken.emit()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fail(self, error: UserError) -> None:
        self._banner.say(WRONG, str(error))

    def _on_undo_pressed(self) -> None:
        """Nothing else is taken back by a key while the window that would show it is covered."""
        if self._undo.isVisible():
            self._undo.click()

    # Inner workings

    def _on_session_changed(self, _teachers: frozenset[int] | None) -> None:
        moment = self._session.collection.moment()
        if self._taken_at is not None and moment < self._taken_at and self._undo.isVisible():
            self._banner.say(PLAIN, "已撤销，这一份和取得以前一样。")
        self._undo.setVisible(moment == self._taken_at)
        self._compare()

    def _lay_out(self) -> None:
        for name, label, role in (
            ("copiesHeading", self._heading, "title"),
            ("copiesPlaces", self._where, "caption"),
            ("copiesCounts", self._counts, ""),
        ):
            label.setObjectName(name)
            label.setProperty("role", role)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._where.setWordWrap(True)
        self._undo.hide()
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setObjectName("copiesSplit")
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(style.GAP)
        self._split.addWidget(self.table)
        self._split.addWidget(self.details)
        self._split.setSizes([220, 240])
        buttons = QHBoxLayout()
        buttons.setSpacing(style.GAP)
        buttons.addWidget(self._all_new)
        buttons.addWidget(self._none)
        buttons.addStretch(1)
        for part in (self._undo, self._take, self._close):
            buttons.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        for label in (self._heading, self._where, self._counts):
            layout.addWidget(label)
        layout.addWidget(self._split, 1)
        layout.addStretch(0)
        layout.addWidget(self._banner)
        layout.addLayout(buttons)
        if self._session.collection.read_only:
            self._banner.say(DOUBTFUL, words.READ_ONLY)
        else:
            self._banner.hide()

    def _connect(self) -> None:
        self._session.changed.connect(self._on_session_changed)
        self._session.closing.connect(self.reject)
        self._model.ticked.connect(self._show_ticks)
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._show_current())
        self._all_new.clicked.connect(lambda: self._model.tick_all(Standing.ONLY_THERE))
        self._none.clicked.connect(self._model.untick_all)
        self._undo.clicked.connect(self._session.undo)
        undo = QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self)
        undo.activated.connect(self._on_undo_pressed)
        self._take.clicked.connect(self._on_take_clicked)
        self._close.clicked.connect(self.accept)
