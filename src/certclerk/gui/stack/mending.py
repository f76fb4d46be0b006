"""The second step of stack mode: the grid of teachers and pages, what lies beside it, and one page large."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from certclerk.core import stack
from certclerk.core.records import Teacher
from certclerk.core.stack import Deal
from certclerk.gui import style, texts
from certclerk.gui.buttons import button
from certclerk.gui.scan.thumbnails import Thumbnails
from certclerk.gui.session import Session
from certclerk.gui.stack.model import CELL_ROLE, BesideModel, DealModel, Stack
from certclerk.gui.stack.preview import StackPreview
from certclerk.gui.stack.table import BesideList, DealTable

# px: so that the buttons above the grid have room.
LEAST_GRID = 460


class StackMending(QWidget):
    """``changed``: another deal; ``accept_wanted``: Enter in the grid. Ctrl+Z takes the last mend back."""

    changed = Signal()
    accept_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        thumbnails = Thumbnails(session, self)
        self._stack = Stack((), {}, {})
        self._before: list[Deal] = []
        self.model = DealModel(session.notice, self)
        self.table = DealTable(self.model, thumbnails)
        self._beside_model = BesideModel(self)
        self.beside = BesideList(thumbnails)
        self.beside.setModel(self._beside_model)
        self.preview = StackPreview(session, thumbnails)
        self._gap = button("空一格", "gapButton")
        self._out = button("抽出", "pullOutButton")
        self._undo = button(texts.UNDO, "undoMendButton")
        self._head = QLabel()
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self._connect(thumbnails)

    @property
    def deal(self) -> Deal:
        return self.model.deal

    def show_stack(self, pages: Stack, deal: Deal, teachers: Sequence[Teacher]) -> None:
        self._stack, self._before = pages, []
        self.model.show_stack(pages, deal, teachers)
        self.table.go_to(0)
        left = min(max(self.table.needed_width(), LEAST_GRID), self.width() * 3 // 5)
        self._split.setSizes([left, self.width() - left])
        self._refresh()

    def _mend(self, deal: Deal, place: int | None) -> None:
        if deal != self.deal:
            self._before.append(self.deal)
            self._show(deal, place)

    def _take_back(self) -> None:
        if self._before:
            self._show(self._before.pop(), None)

    def _show(self, deal: Deal, place: int | None) -> None:
        self.model.show_mended(deal)
        if place is not None:
            self.table.go_to(place)
        self._refresh()

    def _refresh(self) -> None:
        numbers = self.deal.left_over()
        self._beside_model.show_numbers(self._stack, numbers)
        for part in (self._head, self.beside):
            part.setVisible(bool(numbers))
        self._head.setText(f"不放入的 {len(numbers)} 页，会到待归位（可以拖回上面）")
        self._undo.setEnabled(bool(self._before))
        self._show_current()
        # The strip below may have come and covered it.
        QTimer.singleShot(0, self.table, self._keep_in_sight)
        self.changed.emit()

    def _keep_in_sight(self) -> None:
        self.table.scrollTo(self.table.currentIndex())

    def _show_current(self) -> None:
        index = self.table.currentIndex()
        place = self.table.place()
        self._gap.setEnabled(place is not None)
        self._out.setEnabled(place is not None)
        self.preview.show_cell(index.data(CELL_ROLE) if index.isValid() else None)

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(style.GAP)
        for part, key, tip in (
            (self._gap, "Insert", "这一页没有扫到：空出这一格，它和后面的都后移一格"),
            (self._out, "Delete", "这一页是多出来的：抽出到下面，后面的都前移一格；空格也这样去掉"),
            (self._undo, "Ctrl+Z", "退回上一步调整"),
        ):
            part.setToolTip(f"{tip}（{key}）")
            tools.addWidget(part)
        hint = QLabel("拖动可以换位置，后面的跟着移动。")
        hint.setProperty("role", "caption")
        tools.addWidget(hint)
        tools.addStretch(1)
        self._head.setObjectName("stackBesideHead")
        self._head.setProperty("role", "caption")
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.HALF)
        column.addLayout(tools)
        column.addWidget(self.table, 1)
        column.addWidget(self._head)
        column.addWidget(self.beside)
        self._split.setObjectName("stackSplit")
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(style.WIDE)
        self._split.addWidget(left)
        self._split.addWidget(self.preview)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._split)

    def _connect(self, thumbnails: Thumbnails) -> None:
        thumbnails.arrived.connect(self.model.touch)
        thumbnails.arrived.connect(lambda _key: self.beside.viewport().update())
        self.table.selectionModel().currentChanged.connect(lambda _now, _before: self._show_current())
        self.table.gap_wanted.connect(lambda place: self._mend(stack.with_gap(self.deal, place), place))
        self.table.out_wanted.connect(lambda place: self._mend(stack.without(self.deal, place), place))
        self.table.page_dropped.connect(
            lambda number, place: self._mend(stack.moved(self.deal, number, place), place)
        )
        self.table.accept_wanted.connect(self.accept_wanted)
        self.beside.page_dropped.connect(
            lambda number: self._mend(stack.pulled_out(self.deal, number), self.table.place())
        )
        self.beside.clicked.connect(self._on_beside_clicked)
        self.beside.selectionModel().currentChanged.connect(lambda now, _before: self._on_beside_clicked(now))
        self._gap.clicked.connect(lambda: self._at_place(self.table.gap_wanted.emit))
        self._out.clicked.connect(lambda: self._at_place(self.table.out_wanted.emit))
        self._undo.clicked.connect(self._take_back)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self, self._take_back)

    def _at_place(self, wanted: object) -> None:
        place = self.table.place()
        if place is not None and callable(wanted):
            wanted(place)
        self.table.setFocus()

    def _on_beside_clicked(self, index: QModelIndex) -> None:
        if index.isValid() and self.beside.hasFocus():
            self.preview.show_cell(index.data(CELL_ROLE))
