"""The table of a merge's steps: ticked by mouse or space bar, persons' lines over their own."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from certclerk.gui import style
from certclerk.gui.importing.merge_model import EXCLUSIVE_ROLE, ROSTER, TABLE, UNDER_ROLE, WHO, MergeModel

Index = QModelIndex | QPersistentModelIndex

# px: how far lines under a person are set in, how much room a tick takes, and the columns but the last.
INDENT = 24
TICK = 20
WIDTHS = {WHO: 186, ROSTER: 250, TABLE: 250}


class MergeTable(QTableView):
    """Space ticks the line, Enter goes to the next person."""

    def __init__(self, model: MergeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps = model
        self.setObjectName("mergeTable")
        self.setAccessibleName("逐项核对")
        self.setModel(model)
        model.relined.connect(self.go_to)
        self.setItemDelegate(MergeCells(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
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
            self._steps.toggle(row)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Not the wizard's 导入.
            self.go_to(self._steps.next_person(row))
        else:
            super().keyPressEvent(event)

    def go_to(self, row: int) -> None:
        self.setCurrentIndex(self._steps.index(row, WHO))


class MergeCells(QStyledItemDelegate):
    """Lines under a person are set in; ways to decide have round ticks, for one of them holds."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        indent = _indent(index)
        if not indent:
            super().paint(painter, option, index)
            return
        moved = _set_in(option, indent)
        if moved.state & QStyle.StateFlag.State_Selected:  # type: ignore[attr-defined]
            painter.fillRect(option.rect, option.palette.highlight())  # type: ignore[attr-defined]
        elif ground := index.data(Qt.ItemDataRole.BackgroundRole):
            painter.fillRect(option.rect, ground)  # type: ignore[attr-defined]
        if not index.data(EXCLUSIVE_ROLE):
            super().paint(painter, moved, index)
            return
        self.initStyleOption(moved, index)
        box = self._tick_box(moved)
        moved.features &= ~QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator  # type: ignore[attr-defined]
        moved.rect = moved.rect.adjusted(box.width() + style.HALF, 0, 0, 0)  # type: ignore[attr-defined]
        widget = option.widget  # type: ignore[attr-defined]
        painted = widget.style() if widget else QApplication.style()
        painted.drawControl(QStyle.ControlElement.CE_ItemViewItem, moved, painter, widget)
        radio = QStyleOptionButton()
        radio.rect = box  # type: ignore[attr-defined]
        chosen = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        radio.state = QStyle.StateFlag.State_Enabled | (  # type: ignore[attr-defined]
            QStyle.StateFlag.State_On if chosen else QStyle.StateFlag.State_Off
        )
        painted.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorRadioButton, radio, painter, widget)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """A click on a tick is where the tick was painted."""
        return super().editorEvent(event, model, _set_in(option, _indent(index)), index)

    def _tick_box(self, option: QStyleOptionViewItem) -> QRect:
        widget = option.widget  # type: ignore[attr-defined]
        painted = widget.style() if widget else QApplication.style()
        element = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        box: QRect = painted.subElementRect(element, option, widget)
        return box


def _indent(index: Index) -> int:
    """px by which the first column's cells are set in: a person without a tick stands under those with one."""
    if index.column() != WHO:
        return 0
    if index.data(UNDER_ROLE):
        return INDENT
    return TICK if index.data(Qt.ItemDataRole.CheckStateRole) is None else 0


def _set_in(option: QStyleOptionViewItem, indent: int) -> QStyleOptionViewItem:
    moved = QStyleOptionViewItem(option)
    moved.rect = moved.rect.adjusted(indent, 0, 0, 0)  # type: ignore[attr-defined]
    return moved
