"""序 and 姓名 staying in sight while the full table is scrolled sideways."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from certclerk.gui import style
from certclerk.gui.roster.painter import RosterPainter

Index = QModelIndex | QPersistentModelIndex

FROZEN = 2


class _Strip(QTableView):
    """The second view: painted as the first, framed where that has the focus."""

    def __init__(self, table: QTableView, dots_a_certificate: int) -> None:
        super().__init__(table)
        self._table = table
        self._painter = RosterPainter(self, dots_a_certificate)

    def scrollTo(
        self, _index: Index, _hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Never by itself: it stands where the first view stands."""

    def scroll_down_to(self, row: int) -> None:
        if row > self.verticalScrollBar().maximum():
            # Rows have come that this view would lay out only later.
            self.updateGeometries()
        self.verticalScrollBar().setValue(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self.palette().base())
        self._painter.paint(painter, event.rect(), focused=self._table.hasFocus())
        painter.end()


class FrozenColumns:
    """A second view of the first columns over ``table``; it shares model, selection and painter, and takes no mouse.

    It is there only while those columns are scrolled away: what is clicked or typed belongs to ``table``, which
    asks :meth:`column_at` whose cell lies under the mouse.
    """

    def __init__(self, table: QTableView, dots_a_certificate: int) -> None:
        self._table = table
        self._wanted = False
        self._head = QHeaderView(Qt.Orientation.Horizontal, table)
        self._head.setObjectName("frozenHead")
        self._head.setModel(table.model())
        self._head.setSectionsClickable(True)
        self._head.setSortIndicatorShown(True)
        self._head.setSortIndicatorClearable(True)
        self._head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._head.setHighlightSections(False)
        self._head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cells = _Strip(table, dots_a_certificate)
        self._cells.setObjectName("frozenCells")
        self._cells.setModel(table.model())
        self._cells.setSelectionModel(table.selectionModel())
        self._cells.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._cells.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cells.setFrameShape(QFrame.Shape.NoFrame)
        self._cells.setStyleSheet(f"#frozenCells {{ border-right: 2px solid {style.STRONG_LINE}; }}")
        self._cells.setSelectionMode(table.selectionMode())
        self._cells.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._cells.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._cells.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._cells.horizontalHeader().hide()
        rows = self._cells.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(style.ROW_HEIGHT)
        self._connect()
        self.place()

    def _connect(self) -> None:
        table, head = self._table, self._table.horizontalHeader()
        table.verticalScrollBar().valueChanged.connect(self._cells.scroll_down_to)
        table.horizontalScrollBar().valueChanged.connect(lambda _value: self.place())
        head.sectionResized.connect(lambda *_: self.place())
        # Not the methods themselves: Qt for Python finds no wrapper for one of another view's head.
        head.sortIndicatorChanged.connect(lambda column, order: self._head.setSortIndicator(column, order))
        self._head.sortIndicatorChanged.connect(lambda column, order: head.setSortIndicator(column, order))

    def set_wanted(self, wanted: bool) -> None:
        self._wanted = wanted
        self.place()

    @property
    def shown(self) -> bool:
        return not self._cells.isHidden()

    @property
    def width(self) -> int:
        """px of the strip, whether it is there or not."""
        return sum(self._table.columnWidth(column) for column in range(FROZEN))

    def holds(self, column: int) -> bool:
        """Whether the column is seen in the strip now."""
        return self.shown and column < FROZEN

    def left_of(self, column: int) -> int:
        return sum(self._table.columnWidth(before) for before in range(column))

    def column_at(self, x: int) -> int:
        """The strip's column at ``x`` px of the table's viewport; -1 beside the strip."""
        if not self.shown or x < 0:
            return -1
        return next((c for c in range(FROZEN) if x < self.left_of(c) + self._table.columnWidth(c)), -1)

    def place(self) -> None:
        """Over the table's left edge while something is scrolled away there."""
        table = self._table
        there = self._wanted and table.horizontalScrollBar().value() > 0
        self._cells.setVisible(there)
        self._head.setVisible(there)
        if not there:
            return
        for column in range(table.model().columnCount()):
            for seen in (self._cells.setColumnHidden, self._head.setSectionHidden):
                seen(column, column >= FROZEN)
        for column in range(FROZEN):
            self._cells.setColumnWidth(column, table.columnWidth(column))
            self._head.resizeSection(column, table.columnWidth(column))
        room, head = table.viewport().geometry(), table.horizontalHeader()
        self._head.setGeometry(room.left(), head.y(), self.width, head.height())
        self._cells.setGeometry(room.left(), room.top(), self.width, room.height())
        self._cells.scroll_down_to(table.verticalScrollBar().value())
        self._cells.raise_()
        self._head.raise_()
