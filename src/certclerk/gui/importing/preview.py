"""The preview of a table to be imported: each row of the sheet, each cell as it is understood."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QColor

from certclerk.gui import style
from certclerk.gui.icons import icon
from certclerk.jobs.roster_preview import (
    Layout,
    Problem,
    Proposal,
    ProposedRow,
    Sheet,
    Status,
    Value,
    column_letters,
    remarks,
)

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole

# Before the sheet's own columns: what becomes of the row. Its number is its vertical head.
STATUS, FIRST_CELL = 0, 1
HAS_PROBLEM_ROLE = Role.UserRole
# What the sheet has in a cell that is understood as something else; None where they are the same.
ORIGINAL_ROLE = Role.UserRole + 1

NOT_TAKEN = "未采用"
_STATUS_INKS = {Status.ACCEPTED: style.GREEN, Status.SKIPPED: style.QUIET, Status.REFUSED: style.RED}
_STATUS_SIGNS = {Status.ACCEPTED: "check", Status.SKIPPED: "dash", Status.REFUSED: "error"}
# What the tints of cells say; each cell says it in words too when pointed at.
LEGEND = (
    ("已整理", style.ACCENT, style.ACCENT_TINT),
    ("看不懂或有出入", style.AMBER, style.AMBER_TINT),
    (NOT_TAKEN, style.RED, style.RED_TINT),
)


class PreviewModel(QAbstractTableModel):
    """Rows of the sheet down to the last with content::

      | 状态         | A 序号 | B 姓名 | C 身份证号码
    1 |              | 泉州第一中学教师名册
    2 | 表头         | 序号   | 姓名   | 身份证号码
    3 | 导入         | 1      | 张三   | 未采用
    4 | 跳过：合计行 | 合计   |        |
    """

    def __init__(self) -> None:
        super().__init__()
        self._sheet: Sheet | None = None
        self._layout: Layout | None = None
        self._proposal: Proposal | None = None
        self._problem_rows: frozenset[int] = frozenset()

    def show(self, sheet: Sheet, layout: Layout, proposal: Proposal) -> None:
        self.beginResetModel()
        self._sheet, self._layout, self._proposal = sheet, layout, proposal
        self._problem_rows = frozenset(remark.row for remark in remarks(proposal))
        self.endResetModel()

    def clear(self) -> None:
        self.beginResetModel()
        self._sheet = self._layout = self._proposal = None
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        if parent.isValid() or self._proposal is None:
            return 0
        return self._above + len(self._proposal.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if parent.isValid() or self._layout is None:
            return 0
        return FIRST_CELL + len(self._layout.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if self._layout is None:
            return None
        if orientation is Qt.Orientation.Vertical and role == Role.ToolTipRole:
            return f"点一下，以第 {self.number(section)} 行为表头"
        if role != Role.DisplayRole:
            return None
        if orientation is Qt.Orientation.Vertical:
            return str(self.number(section))
        if section == STATUS:
            return "状态"
        column = section - FIRST_CELL
        return f"{column_letters(column)}　{self._layout.title_of(column)}".rstrip()

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.proposed_row(index.row())
        if role == HAS_PROBLEM_ROLE:
            return row is not None and row.number in self._problem_rows
        if index.column() == STATUS:
            read = _STATUS_ROLES.get(Role(role))
            return read(self, index, row) if read else None
        if row is None:
            return self._above_data(index, role)
        column = index.column() - FIRST_CELL
        return self._cell_data(row, row.values[column], column, role)

    def number(self, row: int) -> int:
        """The sheet's row of a row here, as the spreadsheet program counts."""
        proposed = self.proposed_row(row)
        return proposed.number if proposed else row + 1

    def row_of(self, number: int) -> int:
        """The row here of the sheet's row ``number``: all rows of the sheet stand here, without a gap."""
        return number - 1

    def proposed_row(self, row: int) -> ProposedRow | None:
        """None for a row above the data."""
        if self._proposal is None or row < self._above:
            return None
        return self._proposal.rows[row - self._above]

    def is_accepted(self, row: int) -> bool:
        proposed = self.proposed_row(row)
        return proposed is not None and proposed.status is Status.ACCEPTED

    @property
    def _above(self) -> int:
        return self._layout.first_data_row - 1 if self._layout else 0

    def _status(self, index: Index, row: ProposedRow | None) -> str:
        if row is None:
            header = self._layout.header_row if self._layout else 0
            return "表头" if index.row() + 1 >= header else ""
        return f"{row.status.label}：{row.reason}" if row.reason else row.status.label

    def _status_ink(self, _index: Index, row: ProposedRow | None) -> QColor:
        return QColor(_STATUS_INKS[row.status] if row else style.QUIET)

    def _status_sign(self, _index: Index, row: ProposedRow | None) -> Any:
        return icon(_STATUS_SIGNS[row.status], _STATUS_INKS[row.status]) if row else None

    def _above_data(self, index: Index, role: int) -> Any:
        if role == Role.DisplayRole and self._sheet is not None:
            return self._sheet.cell(index.row(), index.column() - FIRST_CELL).text
        return QColor(style.QUIET) if role == Role.ForegroundRole else None

    def _cell_data(self, row: ProposedRow, value: Value, column: int, role: int) -> Any:
        assert self._layout is not None
        mapped = self._layout.columns[column].field is not None
        taken = mapped and row.status is Status.ACCEPTED
        if role == Role.DisplayRole:
            if not taken:
                return value.read
            return _shown(value)
        if role == ORIGINAL_ROLE:
            return value.read.replace("\n", "↵") if taken and value.read != _shown(value) else None
        if role == Role.AccessibleTextRole and taken and value.read != _shown(value):
            return f"{_shown(value)}，原值 {value.read}"
        if role == Role.ToolTipRole:
            return _explained(value) if taken else None if mapped else "这一列不导入"
        if role == Role.ForegroundRole:
            return QColor(_ink(value) if taken else style.FAINT)
        if role == Role.BackgroundRole and taken:
            return QColor(tint) if (tint := _tint(value)) else None
        if role == Role.DecorationRole and taken and value.refused:
            return icon("error", style.RED)
        return None


_STATUS_ROLES = {
    Role.DisplayRole: PreviewModel._status,
    Role.ToolTipRole: PreviewModel._status,
    Role.ForegroundRole: PreviewModel._status_ink,
    Role.DecorationRole: PreviewModel._status_sign,
}


class ProblemRows(QSortFilterProxyModel):
    """The same rows, or only those with something about them to be read."""

    def __init__(self, source: PreviewModel) -> None:
        super().__init__()
        self._only = False
        self.setSourceModel(source)

    def show_only_problems(self, only: bool) -> None:
        self._only = only
        self.invalidateFilter()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        return not self._only or bool(self.sourceModel().index(row, STATUS, parent).data(HAS_PROBLEM_ROLE))


def _shown(value: Value) -> str:
    return NOT_TAKEN if value.refused else value.understood


def _explained(value: Value) -> str | None:
    if value.problem is None:
        return None
    if value.problem is Problem.CHANGED:
        return f"原值：{value.read}"
    return f"原值：{value.read}\n{value.reason}"


def _ink(value: Value) -> str:
    if value.refused:
        return style.RED
    return style.AMBER if value.problem in (Problem.NOT_UNDERSTOOD, Problem.CONFLICT) else style.INK


def _tint(value: Value) -> str:
    if value.problem is None:
        return ""
    if value.refused:
        return style.RED_TINT
    return style.ACCENT_TINT if value.problem is Problem.CHANGED else style.AMBER_TINT
