"""A list of the roster as a view shows it: the cells as they will be printed, with a tick where one is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from certclerk.core.records import Teacher
from certclerk.core.roster_list import RosterList
from certclerk.core.signature import Signature, signature
from certclerk.core.signature_sheet import SIGNED_COLUMN
from certclerk.gui import style

Index = QModelIndex | QPersistentModelIndex

NO_PARENT = QModelIndex()
TICK_COLUMN = 0
_AMBER, _AMBER_TINT = QColor(style.AMBER), QColor(style.AMBER_TINT)


class ListModel(QAbstractTableModel):
    """Without ``signers`` there is nothing to tick. It writes nothing: a tick is asked of ``owner``'s list."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._listed: RosterList | None = None
        self._signatures: dict[int, tuple[Signature, str]] = {}

    def show_list(self, listed: RosterList, signers: Mapping[int, Teacher] | None = None) -> None:
        """``signers``: the teachers of the rows by id, where the list is one to be signed."""
        same = self._listed is not None and _shape(self._listed) == _shape(listed)
        if not same:
            self.beginResetModel()
        self._listed = listed
        self._signatures = {
            key: (signature(teacher), teacher.signed_on) for key, teacher in (signers or {}).items()
        }
        if not same:
            self.endResetModel()
        elif self.rowCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    @property
    def widths(self) -> tuple[float, ...]:
        """Of the columns on paper, in characters."""
        return self._listed.table.grid.widths if self._listed else ()

    def owner(self, row: int) -> int | None:
        """The teacher of a row, where rows are a teacher's."""
        owners = self._listed.owners if self._listed else ()
        return owners[row] if 0 <= row < len(owners) else None

    def signature_of(self, teacher_id: int) -> Signature | None:
        """None where the list is not one to be signed."""
        found = self._signatures.get(teacher_id)
        return found[0] if found else None

    def signature(self, row: int) -> Signature | None:
        """As it is ticked at the row, which is the first of its teacher's; None at the others."""
        owner = self.owner(row)
        return None if owner is None or owner == self.owner(row - 1) else self.signature_of(owner)

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() or self._listed is None else len(self._listed.table.grid.rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() or self._listed is None else len(self._listed.table.grid.widths)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Vertical or self._listed is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._listed.table.grid.columns[section].text
        return self._alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._listed is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(index)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(index)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self._alignment(index.column())
            case Qt.ItemDataRole.CheckStateRole if index.column() == TICK_COLUMN:
                return self._tick(index.row())
            case Qt.ItemDataRole.ForegroundRole if self._lapsed(index):
                return _AMBER
            case Qt.ItemDataRole.BackgroundRole if self._lapsed(index):
                return _AMBER_TINT
        return None

    def _text(self, index: Index) -> str:
        assert self._listed is not None
        if self._lapsed(index):
            return Signature.LAPSED.value
        return str(self._listed.table.grid.rows[index.row()][index.column()])

    def _tip(self, index: Index) -> str:
        owner = self.owner(index.row())
        if self._lapsed(index) and owner is not None:
            return f"{self._signatures[owner][1]} 核对，之后这一行有改动，请本人重新核对"
        return self._text(index)

    def _lapsed(self, index: Index) -> bool:
        return index.column() == SIGNED_COLUMN and self.signature(index.row()) is Signature.LAPSED

    def _tick(self, row: int) -> Qt.CheckState | None:
        found = self.signature(row)
        if found is None:
            return None
        return Qt.CheckState.Checked if found is Signature.HELD else Qt.CheckState.Unchecked

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        assert self._listed is not None
        left = column in self._listed.table.grid.left
        side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignHCenter
        return side | Qt.AlignmentFlag.AlignVCenter


def _shape(listed: RosterList) -> tuple[object, ...]:
    """What two lists share that differ in some cells only."""
    return listed.table.grid.columns, len(listed.table.grid.rows), listed.owners
