"""The table of those who differ: ticked by mouse or space bar, several at a time."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from certclerk.gui import style
from certclerk.gui.copies.model import STATE, WHO, CopiesModel
from certclerk.gui.importing.merge_table import MergeCells

# px of the columns but the last.
WIDTHS = {WHO: 260, STATE: 150}


class CopiesTable(QTableView):
    """Space ticks the lines that are selected, Enter goes to the next one."""

    def __init__(self, model: CopiesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._copies = model
        self.setObjectName("copiesTable")
        self.setAccessibleName("两份里不同的教师")
        self.setModel(model)
        self.setItemDelegate(MergeCells(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(style.ROW_HEIGHT - style.HALF)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        head.setStretchLastSection(True)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if row >= 0 and event.key() == Qt.Key.Key_Space:
            self._copies.toggle(sorted(index.row() for index in self.selectionModel().selectedRows()))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_to(min(row + 1, self._copies.rowCount() - 1))
        else:
            super().keyPressEvent(event)

    def go_to(self, row: int) -> None:
        self.setCurrentIndex(self._copies.index(row, WHO))
