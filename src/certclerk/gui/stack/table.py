"""The grid of a deal and the strip beside it: painted thumbnails, keys, and pages dragged from seat to seat."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from certclerk.gui import style
from certclerk.gui.scan.thumbnails import Thumbnails, paint_thumbnail
from certclerk.gui.stack.model import CELL_ROLE, WHO, Cell, DealModel, Index, carried

ROW_HEIGHT = 116
CELL_WIDTH = 104
CELL_SIZE = QSize(CELL_WIDTH, ROW_HEIGHT)
WHO_WIDTH = 148
# A page beside the grid is smaller.
BESIDE_SIZE = QSize(76, 92)
_FOOT = 18
_FADED = 0.35


class DealTable(QTableView):
    """``gap_wanted``, ``out_wanted`` (a place on the line) and ``accept_wanted`` are keys; ``page_dropped``
    (number of the page, place).
    """

    gap_wanted = Signal(int)
    out_wanted = Signal(int)
    accept_wanted = Signal()
    page_dropped = Signal(int, int)

    def __init__(self, model: DealModel, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stackTable")
        self.setAccessibleName("每位教师分到的页")
        self._model = model
        self.over = QModelIndex()
        self.setModel(model)
        self.setItemDelegate(CellDelegate(thumbnails, self, CELL_SIZE))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalScrollBar().setSingleStep(ROW_HEIGHT // 3)
        head = self.horizontalHeader()
        head.setDefaultSectionSize(CELL_WIDTH)
        head.setSectionsClickable(False)
        head.setHighlightSections(False)
        model.modelReset.connect(self._widen)

    def place(self) -> int | None:
        """Of the current cell."""
        return self._model.place_at(self.currentIndex())

    def needed_width(self) -> int:
        """px that show every column."""
        return self.horizontalHeader().length() + self.verticalScrollBar().sizeHint().width() + style.GAP

    def go_to(self, place: int) -> None:
        """The cell of a place on the line becomes the current one."""
        seats = self._model.deal.seats()
        if 0 <= place < len(seats):
            self.setCurrentIndex(self._model.index(seats[place].row, seats[place].column + 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, place = event.key(), self.place()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept_wanted.emit()
        elif key == Qt.Key.Key_Insert and place is not None:
            self.gap_wanted.emit(place)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and place is not None:
            self.out_wanted.emit(place)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carried(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)  # scrolls at the edges
        index = self.indexAt(event.position().toPoint())
        self._show_over(index)
        event.setAccepted(self._model.place_at(index) is not None)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_over(QModelIndex())
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_over(QModelIndex())
        number = carried(event.mimeData())
        place = self._model.place_at(self.indexAt(event.position().toPoint()))
        if number is not None and place is not None:
            # What is taken away from here is the deal's business, not that of the view.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.page_dropped.emit(number, place)

    def _show_over(self, index: QModelIndex) -> None:
        if index != self.over:
            self.over = index if self._model.place_at(index) is not None else QModelIndex()
            self.viewport().update()

    def _widen(self) -> None:
        self.setColumnWidth(WHO, WHO_WIDTH)


class BesideList(QListView):
    """What does not go to a teacher. ``page_dropped`` (number): out of the grid."""

    page_dropped = Signal(int)

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stackBeside")
        self.setAccessibleName("不放入的页，会到待归位")
        self.setItemDelegate(CellDelegate(thumbnails, self, BESIDE_SIZE))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setUniformItemSizes(True)
        self.setFixedHeight(BESIDE_SIZE.height() + style.WIDE)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(False)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carried(event.mimeData()) is not None and event.source() is not self:
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        number = carried(event.mimeData())
        if number is not None:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.page_dropped.emit(number)


class CellDelegate(QStyledItemDelegate):
    """A page small, its number beneath; a gap drawn as one; what stays there paler."""

    def __init__(self, thumbnails: Thumbnails, parent: QAbstractItemView, size: QSize) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._view = parent
        self._size = size
        self._bold = style.scaled(parent.font(), 1.1, bold=True)
        self._small = style.scaled(parent.font(), 0.9)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return self._size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        # PySide's stubs know none of the option's own fields.
        how: Any = option
        area, state = how.rect, how.state
        cell = index.data(CELL_ROLE)
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(style.ACCENT_TINT))
        if cell is None:
            self._paint_who(painter, area, index.data())
        else:
            self._paint_cell(painter, area, cell)
        painter.setPen(QColor(style.LINE))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        focused = state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus()
        if focused or getattr(self._view, "over", None) == index:
            painter.setPen(QPen(QColor(style.ACCENT), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        painter.restore()

    def _paint_who(self, painter: QPainter, area: QRect, text: str) -> None:
        who, what = text.split("\n")
        words = area.adjusted(style.GAP, style.GAP, -style.HALF, -style.GAP)
        painter.setPen(QColor(style.INK))
        painter.setFont(self._bold)
        taken = painter.boundingRect(words, Qt.TextFlag.TextWordWrap, who)
        painter.drawText(words, Qt.TextFlag.TextWordWrap, who)
        painter.setPen(QColor(style.QUIET))
        painter.setFont(self._small)
        below = QRect(
            words.left(), taken.bottom() + style.HALF, words.width(), words.bottom() - taken.bottom()
        )
        painter.drawText(below, Qt.TextFlag.TextWordWrap, what)

    def _paint_cell(self, painter: QPainter, area: QRect, cell: Cell) -> None:
        box = area.adjusted(style.GAP, 6, -style.GAP, -_FOOT - 6)
        foot = QRect(area.left() + 2, box.bottom() + 3, area.width() - 4, _FOOT)
        painter.setFont(self._small)
        if cell.page is None:
            self._paint_empty(painter, box, cell)
            return
        faded = bool(cell.closed)
        painter.setOpacity(_FADED if faded else 1.0)
        broken = self._thumbnails.is_broken(cell.page)
        paint_thumbnail(painter, box, self._thumbnails.of(cell.page), broken=broken)
        painter.setOpacity(1.0)
        words = cell.closed or cell.mark or str((cell.number or 0) + 1)
        painter.setPen(QColor(style.AMBER if cell.mark else style.QUIET))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, foot.width())
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, shown)

    def _paint_empty(self, painter: QPainter, box: QRect, cell: Cell) -> None:
        if not cell.closed:
            pen = QPen(QColor(style.STRONG_LINE), 1, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawRect(box.adjusted(8, 0, -8, 0))
        painter.setPen(QColor(style.QUIET))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cell.closed or "空")
