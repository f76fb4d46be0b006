"""The table of those who differ: ticked by mouse or space bar, several at a time."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from certclerk.gui.copies.model import STATE, WHO, CopiesModel
from certclerk.gui.ticked import TickTable

WIDTHS = {WHO: 260, STATE: 150}


class CopiesTable(TickTable):
    """Space ticks the lines that are selected, Enter goes to the next one."""

    def __init__(self, model: CopiesModel, parent: QWidget | None = None) -> None:
        super().__init__(model, "copiesTable", "两份里不同的教师", WIDTHS, parent)
        self._copies = model
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if row >= 0 and event.key() == Qt.Key.Key_Space:
            self._copies.toggle(sorted(index.row() for index in self.selectionModel().selectedRows()))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.go_to(min(row + 1, self._copies.rowCount() - 1))
        else:
            super().keyPressEvent(event)
