"""Lines with ticks: persons, and under them what of theirs is ticked or which of a few ways holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
)
from PySide6.QtGui import QPainter
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

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

# The column that ticks and persons stand in.
TICKED = 0
# Whether a line stands under a person, and whether its tick excludes its neighbours'.
UNDER_ROLE = Role.UserRole
EXCLUSIVE_ROLE = Role.UserRole + 1
# px: how far lines under a person are set in, and how much room a tick takes.
INDENT = 24
TICK = 20


class TickModel(QAbstractTableModel):
    """``heads`` of the columns. Whoever derives fills ``_lines``, says the tick of one, and toggles it."""

    def __init__(self, heads: Sequence[str]) -> None:
        super().__init__()
        self._heads = heads
        self._lines: list[Any] = []

    def _tick(self, line: Any) -> Qt.CheckState | None:
        """None where there is nothing to tick."""
        raise NotImplementedError

    def toggle(self, rows: Sequence[int]) -> None:
        """What a click on the ticks of these does."""
        raise NotImplementedError

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return self._heads[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and index.column() == TICKED and self._tick(self._lines[index.row()]) is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def setData(self, index: Index, _value: Any, role: int = Role.EditRole) -> bool:
        if role != Role.CheckStateRole or not self.flags(index) & Qt.ItemFlag.ItemIsUserCheckable:
            return False
        self.toggle([index.row()])
        return True


class TickTable(QTableView):
    """``spoken`` is its accessible name; ``widths`` in px, by column."""

    def __init__(
        self, model: TickModel, name: str, spoken: str, widths: Mapping[int, int], parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setModel(model)
        self.setItemDelegate(TickCells(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
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
        for column, width in widths.items():
            self.setColumnWidth(column, width)

    def go_to(self, row: int) -> None:
        self.setCurrentIndex(self.model().index(row, TICKED))


class TickCells(QStyledItemDelegate):
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
    if index.column() != TICKED:
        return 0
    if index.data(UNDER_ROLE):
        return INDENT
    return TICK if index.data(Qt.ItemDataRole.CheckStateRole) is None else 0


def _set_in(option: QStyleOptionViewItem, indent: int) -> QStyleOptionViewItem:
    moved = QStyleOptionViewItem(option)
    moved.rect = moved.rect.adjusted(indent, 0, 0, 0)  # type: ignore[attr-defined]
    return moved
