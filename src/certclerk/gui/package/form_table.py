"""The rows of a form, with the choice above each column of what it is to be filled with."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from certclerk.gui import style
from certclerk.gui.importing.mapping_header import MappingHeader
from certclerk.jobs.forms import Layout, Sheet, column_letters

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

NOT_FILLED = "不填"
SHOWN_ROWS = 60
# px
LEAST_COLUMN, LARGEST_COLUMN = 112, 220


class FormModel(QAbstractTableModel):
    """The first rows of the sheet as they are; the head's in bold, what is above it faint."""

    def __init__(self) -> None:
        super().__init__()
        self._sheet: Sheet | None = None
        self._layout: Layout | None = None

    def show(self, sheet: Sheet | None, layout: Layout | None) -> None:
        self.beginResetModel()
        self._sheet, self._layout = sheet, layout
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() or self._sheet is None else min(len(self._sheet.rows), SHOWN_ROWS)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self._layout is None else len(self._layout.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if self._layout is None:
            return None
        if orientation is Qt.Orientation.Vertical:
            shown = {
                Role.DisplayRole: str(section + 1),
                Role.ToolTipRole: f"点一下，以第 {section + 1} 行为表头",
            }
            return shown.get(Role(role))
        if role != Role.DisplayRole:
            return None
        return f"{column_letters(section)}　{self._layout.title_of(section)}".rstrip()

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid() or self._sheet is None or self._layout is None:
            return None
        if role == Role.DisplayRole:
            return self._sheet.cell(index.row(), index.column()).text
        row, layout = index.row() + 1, self._layout
        if role == Role.BackgroundRole and layout.header_row <= row < layout.first_data_row:
            return QColor(style.ACCENT_TINT)
        if role == Role.ForegroundRole and row < layout.header_row:
            return QColor(style.QUIET)
        return None


class FormTable(QTableView):
    """``mapped`` (column from 0, key or ""); ``head_chosen`` (the sheet's row): its number was clicked."""

    mapped = Signal(int, str)
    head_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("formTable")
        self.setAccessibleName("表样的内容")
        self._model = FormModel()
        self._header = MappingHeader(self, 0, (("", NOT_FILLED),), "填入")
        self.setModel(self._model)
        self.setHorizontalHeader(self._header)
        numbers = self.verticalHeader()
        numbers.setMinimumWidth(36)
        numbers.setDefaultSectionSize(style.ROW_HEIGHT - style.HALF)
        numbers.setSectionsClickable(True)
        numbers.sectionClicked.connect(lambda row: self.head_chosen.emit(row + 1))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self._header.mapped.connect(self.mapped)

    def offer(self, columns: tuple[tuple[str, str], ...]) -> None:
        """Keys and titles of what can be filled in."""
        self._model.show(None, None)
        self._header.offer((("", NOT_FILLED), *columns))

    def show_layout(self, sheet: Sheet, layout: Layout) -> None:
        fresh = self._model.columnCount() != len(layout.columns)
        self._model.show(sheet, layout)
        self._header.show_layout(layout)
        if fresh:
            for column in range(len(layout.columns)):
                title = str(self._model.headerData(column, Qt.Orientation.Horizontal))
                wanted = self.fontMetrics().horizontalAdvance(title) + 2 * style.WIDE
                self.setColumnWidth(column, min(LARGEST_COLUMN, max(LEAST_COLUMN, wanted)))

    def set_tab_order(self, before: QWidget) -> None:
        self._header.set_tab_order(before, self)
