"""The table of a merge's steps: ticked by mouse or space bar, persons' lines over their own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from certclerk.gui.importing.merge_model import ROSTER, TABLE, WHO, MergeModel
from certclerk.gui.ticked import TickTable

WIDTHS = {WHO: 186, ROSTER: 250, TABLE: 250}


class MergeTable(TickTable):
    """Space ticks the line, Enter goes to the next person."""

    def __init__(self, model: MergeModel, parent: QWidget | None = None) -> None:
        super().__init__(model, "mergeTable", "逐项核对", WIDTHS, parent)
        self._steps = model
        model.relined.connect(self.go_to)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if row >= 0 and event.key() == Qt.Key.Key_Space:
            self._steps.toggle([row])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Not the wizard's 导入.
            self.go_to(self._steps.next_person(row))
        else:
            super().keyPressEvent(event)
