"""The roster's view: keys of a spreadsheet, and teachers as places to drop pages on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView, QTableView, QWidget

from certclerk.gui import style
from certclerk.gui.mime import carries_pages_or_files, files_carried, pages_carried
from certclerk.gui.roster_model import RosterModel
from certclerk.gui.roster_rows import Row

TYPING = (
    QAbstractItemView.EditTrigger.DoubleClicked
    | QAbstractItemView.EditTrigger.EditKeyPressed
    | QAbstractItemView.EditTrigger.AnyKeyPressed
)
NO_TYPING = QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed


class RosterTable(QTableView):
    """``clear_wanted``, ``paste_wanted`` (text) and ``copy`` work on cells; drops name the teacher under them."""

    clear_wanted = Signal()
    paste_wanted = Signal(str)
    leave_wanted = Signal()
    menu_wanted = Signal(QPoint)
    pages_dropped = Signal(object, int)
    files_dropped = Signal(object, int)

    def __init__(self, model: RosterModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rosterTable")
        self.setAccessibleName("名册")
        self._dropping_on = -1
        self.setModel(model)
        self.setAlternatingRowColors(True)
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
        self.setSortingEnabled(True)
        model.modelReset.connect(self._on_model_reset)
        self._on_model_reset()

    def roster(self) -> RosterModel:
        model = self.model()
        assert isinstance(model, RosterModel)
        return model

    def set_wide(self, wide: bool) -> None:
        """All fields with cells to type in, or rows to choose from."""
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.roster().set_wide(wide)
        behavior = QAbstractItemView.SelectionBehavior
        self.setSelectionBehavior(behavior.SelectItems if wide else behavior.SelectRows)
        self.setEditTriggers(TYPING if wide else NO_TYPING)
        self.setShowGrid(wide)

    def selected_rows(self) -> list[Row]:
        """From top to bottom, each once."""
        places = sorted({index.row() for index in self.selectedIndexes()})
        model = self.roster()
        return [model.row(model.index(place, 0)) for place in places]

    def copy(self) -> None:
        """The selected block, as spreadsheets take it."""
        chosen = self.selectedIndexes()
        if not chosen:
            return
        columns = sorted({index.column() for index in chosen})
        lines = []
        for place in sorted({index.row() for index in chosen}):
            cells = (self.model().index(place, column) for column in columns)
            lines.append("\t".join(str(cell.data() or "") for cell in cells))
        QGuiApplication.clipboard().setText("\n".join(lines))

    # Keys

    def event(self, event: QEvent) -> bool:
        """These keys are the table's while it has the focus, whatever the window uses them for."""
        if event.type() == QEvent.Type.ShortcutOverride and self._is_ours(event):  # type: ignore[arg-type]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # what the cell's editor leaves over
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste) and self.roster().wide:
            self.paste_wanted.emit(QGuiApplication.clipboard().text())
        elif event.key() == Qt.Key.Key_Delete and not event.modifiers() and self.roster().wide:
            self.clear_wanted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_enter()
        elif event.key() == Qt.Key.Key_Escape and self.roster().wide:
            self.leave_wanted.emit()
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Enter goes to the cell below, as in a spreadsheet."""
        super().closeEditor(editor, hint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            self._move(1, 0)

    def _is_ours(self, event: QKeyEvent) -> bool:
        keys = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Paste)
        return any(event.matches(key) for key in keys)

    def _on_enter(self) -> None:
        index = self.currentIndex()
        if self.roster().wide and index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.edit(index)
        else:
            self._move(1, 0)

    def _move(self, down: int, right: int) -> None:
        index = self.currentIndex()
        there = index.sibling(index.row() + down, index.column() + right)
        if there.isValid():
            self.setCurrentIndex(there)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the menu key it opens at the current row, wherever the mouse is."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        point = self.visualRect(self.currentIndex()).center() if by_key else event.pos()
        if self.indexAt(point).isValid():
            self.menu_wanted.emit(self.viewport().mapToGlobal(point))

    # Columns

    def _on_model_reset(self) -> None:
        head, model = self.horizontalHeader(), self.roster()
        digit = self.fontMetrics().horizontalAdvance("0")
        for place, column in enumerate(model.columns):
            head.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
            head.resizeSection(place, round(column.width * digit * 1.06) + 2 * style.GAP)
        head.setStretchLastSection(model.wide)
        if not model.wide:
            head.setSectionResizeMode(model.column_of("name"), QHeaderView.ResizeMode.Stretch)

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carries_pages_or_files(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)  # scrolls near the edges
        index = self.indexAt(event.position().toPoint())
        self._set_dropping_on(index.row() if index.isValid() else -1)
        if index.isValid():
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_dropping_on(-1)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_dropping_on(-1)
        index = self.indexAt(event.position().toPoint())
        if not index.isValid():
            return
        teacher_id = self.roster().row(index).teacher_id
        pages = pages_carried(event.mimeData())
        event.acceptProposedAction()
        if pages:
            self.pages_dropped.emit(pages, teacher_id)
        else:
            self.files_dropped.emit(files_carried(event.mimeData()), teacher_id)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._dropping_on >= 0:
            painter = QPainter(self.viewport())
            painter.setPen(QPen(QColor(style.ACCENT), 2))
            painter.drawRect(self._row_box(self._dropping_on).adjusted(1, 1, -1, -1))
            painter.end()

    def _set_dropping_on(self, place: int) -> None:
        if place != self._dropping_on:
            self._dropping_on = place
            self.viewport().update()

    def _row_box(self, place: int) -> QRect:
        return QRect(0, self.rowViewportPosition(place), self.viewport().width(), self.rowHeight(place))
