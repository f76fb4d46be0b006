"""The roster's view: keys of a spreadsheet, rows to be dragged, and teachers as places to drop pages on."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyledItemDelegate,
    QTableView,
    QWidget,
)

from certclerk.gui import style
from certclerk.gui.mime import ROWS, carries_pages_or_files, carrying_rows, pages_carried, scans_carried
from certclerk.gui.roster.blocks import At
from certclerk.gui.roster.delegates import RosterDelegate
from certclerk.gui.roster.editor import CellEditor
from certclerk.gui.roster.frozen import FROZEN, FrozenColumns
from certclerk.gui.roster.keys import OURS, KeyAct, key_act, next_typed
from certclerk.gui.roster.layout import TableLayout
from certclerk.gui.roster.model import RosterModel
from certclerk.gui.roster.painter import RosterPainter
from certclerk.gui.roster.rows import Row

Index = QModelIndex | QPersistentModelIndex

TYPING = (
    QAbstractItemView.EditTrigger.DoubleClicked
    | QAbstractItemView.EditTrigger.EditKeyPressed
    | QAbstractItemView.EditTrigger.AnyKeyPressed
)
NO_TYPING = QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
# By its number a row is taken.
GRIP = 0


class RosterTable(QTableView):
    """``key_acted`` (KeyAct): what the clerk wants done to the selected cells; ``head_menu_wanted`` on the heads.

    Drops name the teacher under them; ``rows_dropped`` the gap between teachers (0: before the first shown).
    """

    key_acted = Signal(object)
    menu_wanted = Signal(QPoint)
    head_menu_wanted = Signal(QPoint)
    pages_dropped = Signal(object, int)
    files_dropped = Signal(object, int)
    rows_dropped = Signal(int)
    drag_refused = Signal()

    def __init__(
        self,
        model: RosterModel,
        delegate: RosterDelegate,
        dots_a_certificate: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("rosterTable")
        self.setAccessibleName("名册")
        self._dropping_on = -1
        self._gap = -1
        self._grip: QPoint | None = None
        # While a row is typed with Tab: the column that it began in, and the row and column come to since.
        self._typed: tuple[int, int, int] | None = None
        self.setModel(model)
        self.setItemDelegate(delegate)
        delegate.left.connect(self._on_editor_left)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setAcceptDrops(True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(style.ROW_HEIGHT)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(
            lambda point: self.head_menu_wanted.emit(head.mapToGlobal(point))
        )
        self.setSortingEnabled(True)
        self._painter = RosterPainter(self, dots_a_certificate)
        self.frozen = FrozenColumns(self, dots_a_certificate)
        self.columns = TableLayout(self)

    def roster(self) -> RosterModel:
        model = self.model()
        assert isinstance(model, RosterModel)
        return model

    def set_wide(self, wide: bool) -> None:
        """All fields with cells to type in, or rows to choose from."""
        self.sort_as_roster()
        self.columns.remember()
        self.roster().set_wide(wide)
        self.columns.apply()
        behavior = QAbstractItemView.SelectionBehavior
        self.setSelectionBehavior(behavior.SelectItems if wide else behavior.SelectRows)
        self.setEditTriggers(TYPING if wide else NO_TYPING)
        self.setShowGrid(wide)
        self.frozen.set_wanted(wide)

    def finish_typing(self) -> None:
        """What is being typed in a cell counts, as where the clerk goes on to another."""
        editor = self.indexWidget(self.currentIndex())
        if isinstance(editor, CellEditor):
            self.commitData(editor)
            self.closeEditor(editor, QStyledItemDelegate.EndEditHint.NoHint)

    def sort_as_roster(self) -> None:
        """Back from an order by a column."""
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    def selected_cells(self) -> list[At]:
        """From top to bottom and left to right, none that is hidden; where none is selected, the current one."""
        shown = [column for column in range(self.roster().columnCount()) if not self.isColumnHidden(column)]
        cells = [
            At(row, column)
            for block in self._blocks()
            for row in range(block.top(), block.bottom() + 1)
            for column in shown
            if block.left() <= column <= block.right()
        ]
        current = self.currentIndex()
        if not cells and current.isValid():
            return [At(current.row(), current.column())]
        return sorted(set(cells))

    def selected_rows(self) -> list[Row]:
        """From top to bottom, each once."""
        places = sorted({row for block in self._blocks() for row in range(block.top(), block.bottom() + 1)})
        model = self.roster()
        return [model.row(model.index(place, 0)) for place in places]

    def _blocks(self) -> list[QItemSelectionRange]:
        chosen = self.selectionModel().selection()
        return [chosen.at(place) for place in range(chosen.count())]

    def select_whole_rows(self) -> None:
        flags = self.selectionModel().SelectionFlag
        self.selectionModel().select(self.selectionModel().selection(), flags.Select | flags.Rows)

    # Keys

    def event(self, event: QEvent) -> bool:
        """These keys are the table's while it has the focus, whatever the window uses them for."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            act = key_act(event, wide=self.roster().wide)
            pictured = act is KeyAct.PASTE and not QApplication.clipboard().text()
            if act is not None and act in OURS and not pictured:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # what the cell's editor leaves over
            return
        act = key_act(event, wide=self.roster().wide)
        match act:
            case None:
                super().keyPressEvent(event)
            case KeyAct.DOWN | KeyAct.UP:
                self._on_editor_left(1 if act is KeyAct.DOWN else -1, 0)
            case KeyAct.ROWS:
                self.select_whole_rows()
            case _:
                self.key_acted.emit(act)

    def focusNextPrevChild(self, onward: bool) -> bool:
        """Tab goes from cell to cell in the full table, and at its ends to what comes next in the window."""
        if self.roster().wide and self._step(1 if onward else -1):
            return True
        return super().focusNextPrevChild(onward)

    def _on_editor_left(self, down: int, right: int) -> None:
        """Enter at the end of a row goes to where the next one begins."""
        if right:
            self._step(right)
            return
        here = self.currentIndex()
        column = self._began_at(here) if down > 0 else here.column()
        there = self.model().index(here.row() + down, column)
        if there.isValid():
            self.setCurrentIndex(there)
        self.setFocus()

    def _step(self, right: int) -> bool:
        """To the next cell that can be typed in, round the end of the row; False where there is none."""
        here = self.currentIndex()
        there = next_typed(self, here, right)
        if not there.isValid():
            return False
        self._typed = (self._began_at(here), there.row(), there.column())
        self.setCurrentIndex(there)
        self.setFocus()
        return True

    def _began_at(self, index: Index) -> int:
        """The column in which the clerk began to type this row; the index's own where it was come to otherwise."""
        if self._typed is None or self._typed[1:] != (index.row(), index.column()):
            return index.column()
        return self._typed[0]

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Only Tab goes on with a row; who comes to a cell in another way begins there."""
        super().currentChanged(current, previous)
        if self._typed and self._typed[1:] != (current.row(), current.column()):
            self._typed = None

    # The strip of frozen columns is as good as the cells themselves

    def indexAt(self, point: QPoint) -> QModelIndex:
        column, row = self.frozen.column_at(point.x()), self.rowAt(point.y())
        return self.model().index(row, column) if min(row, column) >= 0 else super().indexAt(point)

    def visualRect(self, index: Index) -> QRect:
        box = super().visualRect(index)
        if index.isValid() and self.frozen.holds(index.column()):
            box.moveLeft(self.frozen.left_of(index.column()))
        return box

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Sideways only for what neither stands in the strip nor beside it."""
        bar = self.horizontalScrollBar()
        before = bar.value()
        super().scrollTo(index, hint)
        if self.roster().wide and index.column() < FROZEN:
            bar.setValue(before)
        elif self.roster().wide:
            covered = self.frozen.width - self.columnViewportPosition(index.column())
            if covered > 0:
                bar.setValue(bar.value() - covered)

    def edit(self, index: Index, *how: object) -> bool | None:  # type: ignore[override]
        """A cell in the strip is typed in where it really stands."""
        opened = super().edit(index, *how)
        if opened and self.frozen.holds(index.column()):
            self.horizontalScrollBar().setValue(0)
        return bool(opened) if how else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.frozen.place()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the menu key it opens at the current row, wherever the mouse is."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        point = self.visualRect(self.currentIndex()).center() if by_key else event.pos()
        if self.indexAt(point).isValid():
            self.menu_wanted.emit(self.viewport().mapToGlobal(point))

    # Dragging rows by their number

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        plain = event.button() == Qt.MouseButton.LeftButton and not event.modifiers()
        if plain and index.isValid() and index.column() == GRIP:
            self._grip = event.position().toPoint()
            if not self.selectionModel().isRowSelected(index.row()):
                super().mousePressEvent(event)
                self.select_whole_rows()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            super().mouseMoveEvent(event)
        elif (event.position().toPoint() - self._grip).manhattanLength() >= QApplication.startDragDistance():
            self._grip = None
            if self.roster().sorted_by_clerk:
                self.drag_refused.emit()
            elif self.roster().can_be_reordered:
                drag = QDrag(self)
                drag.setMimeData(carrying_rows())
                drag.exec(Qt.DropAction.MoveAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A row that was taken and not dragged is chosen."""
        if self._grip is not None:
            index = self.indexAt(self._grip)
            self._grip = None
            flags = self.selectionModel().SelectionFlag
            self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        super().mouseReleaseEvent(event)

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        mime = event.mimeData()
        own = mime.hasFormat(ROWS) and event.source() in (self, None)
        if own or carries_pages_or_files(mime):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)  # scrolls near the edges
        point = event.position().toPoint()
        if event.mimeData().hasFormat(ROWS):
            self._mark_drop(-1, self._gap_at(point.y()))
            event.acceptProposedAction()
            return
        index = self.indexAt(point)
        self._mark_drop(index.row() if index.isValid() else -1, -1)
        if index.isValid():
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark_drop(-1, -1)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._mark_drop(-1, -1)
        point, mime = event.position().toPoint(), event.mimeData()
        if mime.hasFormat(ROWS):
            event.acceptProposedAction()
            self.rows_dropped.emit(self.roster().teachers_above(self._gap_at(point.y())))
            return
        index = self.indexAt(point)
        if not index.isValid():
            return
        teacher_id = self.roster().row(index).teacher_id
        pages = pages_carried(mime)
        event.acceptProposedAction()
        if pages:
            self.pages_dropped.emit(pages, teacher_id)
        else:
            self.files_dropped.emit(scans_carried(mime), teacher_id)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        self._painter.paint(painter, event.rect(), focused=self.hasFocus())
        if self._dropping_on < 0 and self._gap < 0:
            painter.end()
            return
        painter.setPen(QPen(QColor(style.ACCENT), 2))
        if self._gap >= 0:
            y = max(1, self._top_of(self._gap))
            painter.drawLine(0, y, self.viewport().width(), y)
        else:
            top, height = self._top_of(self._dropping_on), self.rowHeight(self._dropping_on)
            painter.drawRect(QRect(0, top, self.viewport().width(), height).adjusted(1, 1, -1, -1))
        painter.end()

    def _mark_drop(self, row: int, gap: int) -> None:
        if (row, gap) != (self._dropping_on, self._gap):
            self._dropping_on, self._gap = row, gap
            self.viewport().update()

    def _gap_at(self, y: int) -> int:
        """The row before which rows would be put: never between the certificates of one teacher."""
        row = self.rowAt(y)
        if row < 0:
            return self.model().rowCount()
        first, after = self.roster().rows_of_teacher_at(row)
        middle = (self._top_of(first) + self._top_of(after)) / 2
        return first if y < middle else after

    def _top_of(self, row: int) -> int:
        """px; that of the end of the table for the row after the last."""
        if row < self.model().rowCount():
            return self.rowViewportPosition(row)
        return self.rowViewportPosition(row - 1) + style.ROW_HEIGHT if row else 0
