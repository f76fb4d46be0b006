"""成叠扫描件: a stack is read, dealt to the roster, mended in a grid, and placed in one change."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from certclerk.core import stack
from certclerk.core.errors import UserError
from certclerk.core.records import Teacher
from certclerk.core.scope import Scope
from certclerk.core.stack import Deal
from certclerk.gui import style, texts
from certclerk.gui.buttons import button
from certclerk.gui.scan.page_intake import let_go, storing
from certclerk.gui.session import Session
from certclerk.gui.stack.asking import StackAsking
from certclerk.gui.stack.mending import StackMending
from certclerk.gui.stack.model import Stack
from certclerk.gui.stack.words import Line, tally_line
from certclerk.gui.tasks import Job
from certclerk.gui.window_dialogs import show_refused
from certclerk.jobs import stack as job
from certclerk.jobs.take_pages import Stored

_NOTHING = Stored((), (), 0)


class StackDialog(QDialog):
    """First asks, then shows the grid. What was read for it is forgotten unless it is accepted."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stackDialog")
        self.setWindowTitle("成叠扫描件")
        self.resize(1240, 640)
        self._session = session
        self._stored = _NOTHING
        self._reading: Job | None = None
        self._planned: Deal | None = None
        self._closed = False
        self.asking = StackAsking(session.notice, self._teachers())
        self.mending = StackMending(session)
        self._steps = QStackedWidget()
        self._tally = QLabel()
        self._refused = button("没有收入的文件…", "refusedButton", role="quiet")
        self._back = button("上一步", "backButton")
        self._next = button("下一步", "stackNextButton", role="primary")
        self._accept = button("放入", "acceptButton", role="primary")
        self._cancel = button(texts.CANCEL, "cancelButton")
        self._lay_out()
        self._connect()
        self._show_step(self.asking)

    # Reading

    def read(self, paths: tuple[Path, ...]) -> None:
        """The files of the stack, in place of those that were read before."""
        self._drop()
        session = self._session
        self.asking.show_reading(0, 0, "")

        def take(stored: Stored) -> None:
            # The collection keeps bytes for this dialog alone: none may be left when it has gone.
            if self._closed or self._reading is not reading:
                let_go(session, stored.pages)
                return
            self._reading = None
            self._show_read(stored)

        def fail(error: UserError) -> None:
            if not self._closed:
                self._reading = None
                self.asking.show_read("", str(error))

        def report(done: int, total: int, what: str) -> None:
            if not self._closed and self._reading is reading:
                self.asking.show_reading(done, total, what)

        reading = session.runner.run(
            storing(session, paths),
            take,
            fail,
            progress=report,
        )
        self._reading = reading
        self._refresh()

    def _show_read(self, stored: Stored) -> None:
        self._stored, self._planned = stored, None
        count = len(stored.refused)
        doubt = f"有 {count} 个文件没有收入，它们后面的页都会前移，请在下一步补上空格。" if count else ""
        passed = f"，略过 {stored.droppings} 个无关文件" if stored.droppings else ""
        self.asking.show_read(f"读入 {len(stored.pages)} 页{passed}。", doubt)
        self._refresh()
        if self._next.isEnabled():
            self._next.setFocus()

    # Steps

    def accept(self) -> None:
        """Enter goes on to the grid, and there places the pages."""
        if self._steps.currentWidget() is self.asking:
            self._next.click()
        else:
            self._accept.click()

    def reject(self) -> None:
        """Esc goes one step back: what was mended in the grid is kept."""
        if self._steps.currentWidget() is self.mending:
            self._show_step(self.asking)
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window's own cross means it."""
        self.done(QDialog.DialogCode.Rejected)
        event.accept()

    def done(self, result: int) -> None:
        self._closed = True
        self._drop()
        super().done(result)

    def _plan(self) -> Deal:
        notice, asked = self._session.notice, self.asking
        columns = stack.columns(notice, asked.counts())
        rows = stack.rows(self._teachers(), notice, columns, asked.first, skip_filled=asked.skip_filled)
        return stack.deal(columns, rows, len(self._stored.pages))

    def _teachers(self) -> tuple[Teacher, ...]:
        """Those in scope, as they are now: pages may come from elsewhere meanwhile."""
        standing = self._session.standing
        return tuple(one for one in self._session.teachers() if standing(one.id).scope.scope is Scope.IN)

    def _show_grid(self) -> None:
        """As it was left, unless the clerk asked for something else meanwhile."""
        pages, plan = self._stored.pages, self._plan()
        self._show_step(self.mending)
        if plan != self._planned:
            self._planned = plan
            shown = Stack(
                tuple(job.as_page(page, number) for number, page in enumerate(pages)),
                job.known_pages(pages, self._session.roster(), self._session.notice),
                job.twice(pages),
            )
            self.mending.show_stack(shown, plan, self._teachers())
        self.mending.table.setFocus()

    def _place(self) -> None:
        stored, deal = self._stored, self.mending.deal
        accepted = self._session.act(job.accept, deal, stored.pages)
        if accepted is None:
            return
        self._stored = _NOTHING
        words = [f"放入 {accepted.placed} 页"]
        if accepted.tray:
            words.append(f"{accepted.tray} 页在待归位")
        if accepted.replaced:
            words.append(f"换下的 {accepted.replaced} 页在回收站")
        self.done(QDialog.DialogCode.Accepted)
        self._session.undoable.emit("，".join(words) + "。")

    def _show_step(self, step: QWidget) -> None:
        self._steps.setCurrentWidget(step)
        asking = step is self.asking
        self._next.setVisible(asking)
        self._next.setDefault(asking)
        for part in (self._back, self._accept, self._tally):
            part.setVisible(not asking)
        self._accept.setDefault(not asking)
        self._refresh()

    def _refresh(self) -> None:
        """Both lines of figures, and which buttons can be pressed."""
        self._refused.setVisible(bool(self._stored.refused))
        has_pages = bool(self._stored.pages) and self._reading is None
        if self._steps.currentWidget() is self.asking:
            plan = self._plan()
            self.asking.show_tally(self._line(plan) if has_pages else None)
            self._next.setEnabled(has_pages and plan.room() > 0)
            return
        deal = self.mending.deal
        line, placed = self._line(deal), sum(1 for _ in deal.seated())
        replaced = len(job.in_the_way(deal, self._session.roster(), self._session.notice))
        extra = f"；换下的 {replaced} 页到回收站" if replaced else ""
        self._tally.setText(line.text + extra)
        self._tally.setStyleSheet(f"color: {style.GREEN if line.even and not replaced else style.AMBER}")
        self._accept.setText(f"放入 {placed} 页")
        self._accept.setEnabled(placed > 0)

    def _line(self, deal: Deal) -> Line:
        rows = [deal.rows[seat.row] for seat, _page in deal.seated()]
        return tally_line(deal, self._session.teacher(rows[-1].teacher_id) if rows else None)

    def _drop(self) -> None:
        """Neither what is being read nor what was read is kept."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None
        if self._stored.pages:
            let_go(self._session, self._stored.pages)
        self._stored = _NOTHING

    # Building

    def _lay_out(self) -> None:
        self._tally.setObjectName("stackTally")
        self._tally.setProperty("role", "heading")
        self._tally.setWordWrap(True)
        self._tally.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self._steps.addWidget(self.asking)
        self._steps.addWidget(self.mending)
        buttons = QHBoxLayout()
        buttons.setSpacing(style.GAP)
        buttons.addWidget(self._tally, 1)
        buttons.addWidget(self._refused)
        buttons.addStretch(0)
        for part in (self._back, self._next, self._accept, self._cancel):
            buttons.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(self._steps, 1)
        layout.addLayout(buttons)

    def _connect(self) -> None:
        self.asking.source_chosen.connect(self.read)
        self.asking.changed.connect(self._refresh)
        self.mending.changed.connect(self._refresh)
        self.mending.accept_wanted.connect(self._accept.click)
        self._next.clicked.connect(self._show_grid)
        self._back.clicked.connect(lambda: self._show_step(self.asking))
        self._accept.clicked.connect(self._place)
        self._cancel.clicked.connect(lambda: self.done(QDialog.DialogCode.Rejected))
        self._refused.clicked.connect(self._on_refused_clicked)

    def _on_refused_clicked(self) -> None:
        reasons = [refused.reason for refused in self._stored.refused]
        show_refused(self, f"有 {len(reasons)} 个文件没有收入：", reasons)
