"""The table of the import preview: rows to choose the head from, columns to map, cells with what they were."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from certclerk.gui import style
from certclerk.gui.importing.mapping_header import MappingHeader
from certclerk.gui.importing.preview import FIRST_CELL, ORIGINAL_ROLE, STATUS, PreviewModel, ProblemRows
from certclerk.jobs.roster_preview import Layout, Proposal, Remark, Sheet

Index = QModelIndex | QPersistentModelIndex

# px
LARGEST_COLUMN = 240
LEAST_COLUMN = 104
LEAST_STATUS, LARGEST_STATUS = 132, 190
FITTED_ROWS = 50


class PreviewTable(QTableView):
    """``mapped`` (column of the sheet from 0, field or ""); ``head_chosen`` (the sheet's row): its number was clicked."""

    mapped = Signal(int, str)
    head_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("previewTable")
        self.setAccessibleName("导入预览")
        self._model = PreviewModel()
        self._rows = ProblemRows(self._model)
        self._header = MappingHeader(self)
        self.setModel(self._rows)
        self.setHorizontalHeader(self._header)
        numbers = self.verticalHeader()
        numbers.setMinimumWidth(36)
        numbers.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        numbers.setDefaultSectionSize(style.ROW_HEIGHT - style.HALF)
        numbers.setSectionsClickable(True)
        numbers.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setCornerButtonEnabled(False)
        self.setItemDelegate(PreviewCells(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._header.mapped.connect(self.mapped)
        numbers.sectionClicked.connect(lambda row: self.head_chosen.emit(self._number(row)))

    def show_proposal(self, sheet: Sheet, layout: Layout, proposal: Proposal) -> None:
        """Stays scrolled where it is, unless the sheet has other columns."""
        same_columns = self._model.columnCount() == FIRST_CELL + len(layout.columns)
        scrolled = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        self._model.show(sheet, layout, proposal)
        self._header.show_layout(layout)
        if same_columns:
            self.horizontalScrollBar().setValue(scrolled[0])
            self.verticalScrollBar().setValue(scrolled[1])
        else:
            self._fit_columns()

    def show_only_problems(self, only: bool) -> None:
        self._rows.show_only_problems(only)

    def set_tab_order(self, before: QWidget) -> None:
        """After ``before`` come the choices of the head, then the table."""
        self._header.set_tab_order(before, self)

    def current_number(self) -> int | None:
        """The sheet's row that the cursor is in."""
        index = self.currentIndex()
        return self._number(index.row()) if index.isValid() else None

    def go_to(self, remark: Remark) -> None:
        column = STATUS if remark.column is None else FIRST_CELL + remark.column
        index = self._rows.mapFromSource(self._model.index(self._model.row_of(remark.row), column))
        self.setCurrentIndex(index)
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _number(self, row: int) -> int:
        return self._model.number(self._rows.mapToSource(self._rows.index(row, STATUS)).row())

    def _fit_columns(self) -> None:
        """By the heads and the first teachers' rows: titles and notes are as wide as the sheet."""
        model = self._model
        accepted = (row for row in range(model.rowCount()) if model.is_accepted(row))
        rows = tuple(islice(accepted, FITTED_ROWS))
        for section in range(FIRST_CELL, model.columnCount()):
            shown = [self._whole(model.index(row, section)) for row in rows]
            shown.append(str(model.headerData(section, Qt.Orientation.Horizontal)))
            self.setColumnWidth(section, self._fitting(shown, LEAST_COLUMN, LARGEST_COLUMN))
        states = [f"　　{model.index(row, STATUS).data()}" for row in rows]
        self.setColumnWidth(STATUS, self._fitting(states, LEAST_STATUS, LARGEST_STATUS))

    def _fitting(self, shown: Iterable[str], least: int, largest: int) -> int:
        metrics = self.fontMetrics()
        wanted = max((metrics.horizontalAdvance(text) for text in shown), default=0) + 2 * style.WIDE
        return min(largest, max(least, wanted))

    def _whole(self, index: Index) -> str:
        return f"{index.data() or ''} {index.data(ORIGINAL_ROLE) or ''}"


class PreviewCells(QStyledItemDelegate):
    """What is understood, behind it faintly what was read where that differs.

    Selected cells stand in a frame, so that their tints keep meaning what they mean.
    """

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        plain = QStyleOptionViewItem(option)
        selected = bool(plain.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        plain.state &= ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus)  # type: ignore[attr-defined]
        super().paint(painter, plain, index)
        original = index.data(ORIGINAL_ROLE)
        if original is not None:
            self._paint_original(painter, plain, index, original)
        if selected:
            painter.setPen(QPen(QColor(style.ACCENT), 2))
            painter.drawRect(plain.rect.adjusted(1, 1, -1, -1))  # type: ignore[attr-defined]

    def _paint_original(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, original: str
    ) -> None:
        self.initStyleOption(option, index)
        element = QStyle.SubElement.SE_ItemViewItemText
        widget = option.widget  # type: ignore[attr-defined]
        where: QRect = QApplication.style().subElementRect(element, option, widget)
        metrics = option.fontMetrics  # type: ignore[attr-defined]
        taken = metrics.horizontalAdvance(option.text) + style.GAP + style.HALF  # type: ignore[attr-defined]
        rest = where.adjusted(taken, 0, 0, 0)
        if rest.width() < metrics.averageCharWidth() * 2:
            return
        painter.setPen(QColor(style.FAINT))
        text = metrics.elidedText(original, Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
