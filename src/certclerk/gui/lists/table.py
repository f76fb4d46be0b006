"""The preview of a list: columns as wide as on paper, rows that can be ticked by mouse and by Space."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from certclerk.gui import style
from certclerk.gui.lists.model import TICK_COLUMN, ListModel

# px: what a character of a column's width takes on the screen at least, and a tick before it.
CHARACTER = 6.3
TICK = 20
# So that all columns of a wide list are seen at once.
SMALLER = 0.9
# In a longer list every row has one line, and its tip the rest.
WRAPPED_ROWS = 300


class ListTable(QTableView):
    """``tick_wanted`` (row): the clerk asks to tick or untick it."""

    tick_wanted = Signal(int)

    def __init__(self, model: ListModel) -> None:
        super().__init__()
        self._list = model
        self._pressed = QModelIndex()
        model.modelReset.connect(self._fit)
        self.setObjectName("listTable")
        self.setAccessibleName("清单预览")
        self.setModel(model)
        self.setFont(style.scaled(self.font(), SMALLER))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(style.ROW_HEIGHT)
        self.verticalHeader().setMinimumSectionSize(style.ROW_HEIGHT)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(TICK)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Columns in the proportion of the paper's, at least as wide as their text needs."""
        widths = self._list.widths
        tick = TICK if self._list.signature(0) is not None else 0
        scale = max(CHARACTER, (self.viewport().width() - tick) / max(1.0, sum(widths)))
        for column, width in enumerate(widths):
            self.setColumnWidth(column, int(width * scale) + (tick if column == TICK_COLUMN else 0))
        if self._list.rowCount() <= WRAPPED_ROWS:
            self.resizeRowsToContents()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.tick_wanted.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed = self.indexAt(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A tick begins and ends in one cell: dragging over several chooses them."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        choosing = event.modifiers() != Qt.KeyboardModifier.NoModifier
        if choosing or index != self._pressed or index.column() != TICK_COLUMN:
            return
        if self._list.signature(index.row()) is not None:
            self.tick_wanted.emit(index.row())
