"""The roster as Qt's views read it: records in, roles out; it writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from certclerk.core.progress import Dot, State
from certclerk.core.records import Finding, Severity, Teacher
from certclerk.gui import style
from certclerk.gui.roster.cells import SEVERITIES, Cell, cell_of, findings_at, held_in
from certclerk.gui.roster.columns import COMPACT, FULL, Column, Seen
from certclerk.gui.roster.rows import Row, Wish, arranged, keeping_order, rows_of, runs
from certclerk.gui.roster.search import Finder
from certclerk.gui.session import Session
from certclerk.jobs.acts import Edit

Index = QModelIndex | QPersistentModelIndex

# Beyond Qt's roles.
DOTS_ROLE = Qt.ItemDataRole.UserRole
STATE_ROLE = Qt.ItemDataRole.UserRole + 1
SEVERITY_ROLE = Qt.ItemDataRole.UserRole + 2

NO_PARENT = QModelIndex()
# With more runs of rows than this coming or going, all at once is quicker than one by one.
MOST_RUNS = 12
MOST_MESSAGES = 8
_TO_READ = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_TO_EDIT = _TO_READ | Qt.ItemFlag.ItemIsEditable
_TINTS = {severity: QColor(style.OF_SEVERITY[severity].tint) for severity in SEVERITIES}
_QUIET = QColor(style.QUIET)


@dataclass(slots=True)
class _Drawn:
    """A row's cells, and the very records they were made from; None where another row speaks for the teacher."""

    seen: Seen
    findings: tuple[Finding, ...]
    cells: tuple[Cell | None, ...]


class RosterModel(QAbstractTableModel):
    """Compact: a row for each teacher. Wide: a row for each certificate, all fields in cells."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._wide = False
        self._columns: tuple[Column, ...] = COMPACT
        self._wish = Wish()
        self._sort_column = -1
        self._descending = False
        self._rows: tuple[Row, ...] = ()
        self._place: dict[int, int] | None = None
        self._finder = Finder()
        # Only rows that somebody has looked at: nobody needs to be told of a change in others.
        self._drawn: dict[Row, _Drawn] = {}
        # Shown whatever the filter: who is worked on does not vanish when they no longer fit it.
        self._kept: int | None = session.current
        self._take(self._arranged())
        session.changed.connect(self._on_session_changed)
        session.checked.connect(self._on_session_checked)
        session.current_changed.connect(self._on_session_current_changed)

    # What is shown

    @property
    def columns(self) -> tuple[Column, ...]:
        return self._columns

    @property
    def wide(self) -> bool:
        return self._wide

    @property
    def wish(self) -> Wish:
        return self._wish

    @property
    def sorted_by_clerk(self) -> bool:
        """Whether rows stand in another order than the roster's."""
        return 0 <= self._sort_column < len(self._columns)

    def set_wide(self, wide: bool) -> None:
        if wide == self._wide:
            return
        self.beginResetModel()
        self._wide = wide
        self._columns = FULL if wide else COMPACT
        self._sort_column = -1
        self._drawn.clear()
        self._take(self._arranged())
        self.endResetModel()

    def set_wish(self, wish: Wish) -> None:
        self._wish = wish
        self._kept = None
        self._show(self._arranged())

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By a column of the view; -1: roster order. The collection's order stays."""
        self._sort_column = column
        self._descending = order == Qt.SortOrder.DescendingOrder
        self._show(self._arranged())

    def row(self, index: Index) -> Row:
        return self._rows[index.row()]

    def teacher_ids(self) -> tuple[int, ...]:
        """Those shown, from top to bottom."""
        return tuple(dict.fromkeys(row.teacher_id for row in self._rows))

    @property
    def can_be_reordered(self) -> bool:
        return not self.sorted_by_clerk and not self._session.collection.read_only

    def rows_of_teacher_at(self, row: int) -> tuple[int, int]:
        """The first row of the teacher whose row this is, and the one after the last."""
        first = self.place_of(self._rows[row].teacher_id)
        after = row + 1
        while after < len(self._rows) and self._rows[after].teacher_id == self._rows[row].teacher_id:
            after += 1
        return first, after

    def teachers_above(self, row: int) -> int:
        """How many teachers are shown over this row."""
        return len({shown.teacher_id for shown in self._rows[:row]})

    def place_of(self, teacher_id: int | None) -> int:
        """The first row of a teacher; -1 where none is shown."""
        if self._place is None:
            self._place = {}
            for place, row in enumerate(self._rows):
                self._place.setdefault(row.teacher_id, place)
        return -1 if teacher_id is None else self._place.get(teacher_id, -1)

    def column_of(self, field: str) -> int:
        """-1 where no column shows it."""
        return next(
            (place for place, column in enumerate(self._columns) if field in (column.field, column.id)), -1
        )

    def edit_of(self, index: Index, text: str) -> Edit | None:
        """The edit that ``text`` in this cell is; None where it cannot be edited."""
        if not self.flags(index) & Qt.ItemFlag.ItemIsEditable:
            return None
        row, column = self._rows[index.row()], self._columns[index.column()]
        return Edit(row.teacher_id, None if column.teacher_only else row.certificate_id, column.field, text)

    # QAbstractTableModel

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and section < len(self._columns):
            if role == Qt.ItemDataRole.DisplayRole:
                return self._columns[section].title
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        row, column = self._rows[index.row()], self._columns[index.column()]
        silent = column.teacher_only and row.place
        closed = not column.field or silent or self._session.collection.read_only
        return _TO_READ if closed else _TO_EDIT

    def cell(self, row: int, column: int) -> Cell | None:
        """None where the row above speaks for the teacher."""
        drawn = self._draw(self._rows[row])
        return drawn.cells[column] if drawn else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        read = _READERS.get(role)
        if read is None or not index.isValid():
            return None
        drawn, place = self._draw(self._rows[index.row()]), index.column()
        cell = drawn.cells[place] if drawn else None
        return read(self, drawn, self._columns[place], cell) if drawn and cell else None

    # Roles

    def _text(self, _drawn: _Drawn, _column: Column, cell: Cell) -> str:
        return cell.text

    def _spoken(self, drawn: _Drawn, column: Column, cell: Cell) -> str:
        if column.id != "pages":
            return cell.text
        standing = drawn.seen.standing
        missing = "、".join(self._session.notice.slot(gap.slot).label for gap in standing.gaps)
        return f"缺{missing}" if missing else "页已齐" if standing.dots else ""

    def _tooltip(self, drawn: _Drawn, column: Column, cell: Cell) -> str | None:
        lines = [finding.message for finding in findings_at(drawn.findings, drawn.seen, column)]
        if column.id == "kinds":
            lines = [held.kind for held in drawn.seen.teacher.certificates]
        elif column.id == "pages":
            lines.insert(0, self._spoken(drawn, column, cell))
        elif column.id == "state":
            lines = [finding.message for finding in drawn.findings]
            verdict = drawn.seen.standing.scope
            if verdict.reason:
                lines.insert(0, f"{verdict.scope.label}：{verdict.reason}")
        if len(lines) > MOST_MESSAGES:
            lines[MOST_MESSAGES - 1 :] = [f"…共 {len(lines)} 条，见右侧“检查”"]
        return "\n".join(line for line in lines if line) or None

    def _severity(self, _drawn: _Drawn, _column: Column, cell: Cell) -> Severity | None:
        return cell.severity

    def _background(self, _drawn: _Drawn, _column: Column, cell: Cell) -> QColor | None:
        return _TINTS[cell.severity] if cell.severity else None

    def _foreground(self, _drawn: _Drawn, _column: Column, cell: Cell) -> QColor | None:
        return _QUIET if cell.quiet else None

    def _dots(self, _drawn: _Drawn, _column: Column, cell: Cell) -> tuple[Dot, ...] | None:
        return cell.dots

    def _state(self, _drawn: _Drawn, _column: Column, cell: Cell) -> State | None:
        return cell.state

    def _draw(self, row: Row) -> _Drawn | None:
        drawn = self._drawn.get(row)
        if drawn is None or not self._is_current(drawn):
            teacher = self._session.teacher(row.teacher_id)
            if teacher is None:
                return None
            seen = Seen(
                teacher, held_in(teacher, row), self._session.standing(teacher.id), self._session.notice
            )
            findings = self._session.findings_of(teacher.id)
            cells = (cell_of(seen, findings, column, row) for column in self._columns)
            drawn = self._drawn[row] = _Drawn(seen, findings, tuple(cells))
        return drawn

    def _is_current(self, drawn: _Drawn) -> bool:
        """Records are values: as long as they are the very same ones, so are the cells."""
        session, teacher = self._session, drawn.seen.teacher
        findings = session.findings_of(teacher.id)
        if findings is not drawn.findings and findings == drawn.findings:
            # A new check found the same: so that the next look is quick again.
            drawn.findings = findings
        return (
            findings is drawn.findings
            and session.teacher(teacher.id) is teacher
            and session.standing(teacher.id) is drawn.seen.standing
        )

    # Following the session

    def _on_session_changed(self, teacher_ids: frozenset[int] | None) -> None:
        if teacher_ids is None or not self._in_place(teacher_ids):
            self._rearrange()
        self._tell_outdated()

    def _on_session_checked(self) -> None:
        if self._wish.state is not None:
            self._rearrange()
        self._tell_outdated()

    def _on_session_current_changed(self, _teacher_id: int | None) -> None:
        former, self._kept = self._kept, self._session.current
        wished = self._wish.state
        if wished is None:
            return
        there = self._session.teacher(former) if self.place_of(former) >= 0 else None
        left_over = there is not None and not self._session.fits(there, wished)
        if left_over or self.place_of(self._kept) < 0:
            self._rearrange()

    def _in_place(self, teacher_ids: frozenset[int]) -> bool:
        """Whether these have the rows that they had, so that nothing comes, goes or moves."""
        if self._wish != Wish():
            return False
        for teacher_id in teacher_ids:
            teacher, place = self._session.teacher(teacher_id), self.place_of(teacher_id)
            if teacher is None or place < 0:
                return False
            wanted = rows_of(teacher, self._wide)
            here = self._rows[place : place + len(wanted) + 1]
            if [row for row in here if row.teacher_id == teacher_id] != list(wanted):
                return False
        return True

    def _tell_outdated(self) -> None:
        """Tells of the rows that were looked at and would be drawn otherwise now."""
        outdated = {row for row, drawn in self._drawn.items() if not self._is_current(drawn)}
        if not outdated:
            return
        for row in outdated:
            del self._drawn[row]
        stretches = runs([place for place, row in enumerate(self._rows) if row in outdated])
        few = len(stretches) <= MOST_RUNS
        for first, last in stretches if few else [(stretches[0][0], stretches[-1][1])]:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self._columns) - 1))

    # Rows coming, going and moving

    def _arranged(self, *, sorting: bool = True) -> tuple[Row, ...]:
        return arranged(
            self._session.teachers(),
            self._session.fits,
            self._wish,
            self._finder,
            every_certificate=self._wide,
            always=self._kept,
            sort_key=self._sort_key() if sorting and self.sorted_by_clerk else None,
            descending=self._descending,
        )

    def _sort_key(self) -> Callable[[Teacher], Any]:
        session, column = self._session, self._columns[self._sort_column]
        return lambda teacher: column.sort(teacher, session.standing(teacher.id), session.notice)

    def _rearrange(self) -> None:
        """After a change of the records: what the clerk sorted does not jump about."""
        wanted = self._arranged(sorting=False)
        self._show(keeping_order(wanted, self._rows) if self.sorted_by_clerk else wanted)

    def _show(self, wanted: tuple[Row, ...]) -> None:
        """Removes, moves, inserts, so that selection and scroll position stay."""
        if wanted == self._rows:
            return
        still, there = set(wanted), set(self._rows)
        leaving = runs([place for place, row in enumerate(self._rows) if row not in still])
        coming = runs([place for place, row in enumerate(wanted) if row not in there])
        if len(leaving) + len(coming) > MOST_RUNS:
            self._show_at_once(wanted, still, there)
            return
        for first, last in reversed(leaving):
            self.beginRemoveRows(NO_PARENT, first, last)
            self._take((*self._rows[:first], *self._rows[last + 1 :]))
            self.endRemoveRows()
        self._permute(tuple(row for row in wanted if row in there))
        for first, last in coming:
            self.beginInsertRows(NO_PARENT, first, last)
            self._take((*self._rows[:first], *wanted[first : last + 1], *self._rows[first:]))
            self.endInsertRows()

    def _show_at_once(self, wanted: tuple[Row, ...], still: set[Row], there: set[Row]) -> None:
        """Those that leave go as one run at the end, those that come as another: no editor is closed by it."""
        staying = tuple(row for row in wanted if row in there)
        gone = tuple(row for row in self._rows if row not in still)
        come = tuple(row for row in wanted if row not in there)
        self._permute((*staying, *gone))
        if gone:
            self.beginRemoveRows(NO_PARENT, len(staying), len(staying) + len(gone) - 1)
            self._take(staying)
            self.endRemoveRows()
        if come:
            self.beginInsertRows(NO_PARENT, len(staying), len(wanted) - 1)
            self._take((*staying, *come))
            self.endInsertRows()
        self._permute(wanted)

    def _permute(self, wanted: tuple[Row, ...]) -> None:
        if wanted == self._rows:
            return
        self.layoutAboutToBeChanged.emit()
        former = self.persistentIndexList()
        kept = [(self._rows[index.row()], index.column()) for index in former]
        self._take(wanted)
        place = {row: at for at, row in enumerate(wanted)}
        self.changePersistentIndexList(former, [self.index(place[row], column) for row, column in kept])
        self.layoutChanged.emit()

    def _take(self, rows: tuple[Row, ...]) -> None:
        self._rows = rows
        self._place = None


_READERS = {
    Qt.ItemDataRole.DisplayRole: RosterModel._text,
    Qt.ItemDataRole.EditRole: RosterModel._text,
    Qt.ItemDataRole.AccessibleTextRole: RosterModel._spoken,
    Qt.ItemDataRole.ToolTipRole: RosterModel._tooltip,
    Qt.ItemDataRole.BackgroundRole: RosterModel._background,
    Qt.ItemDataRole.ForegroundRole: RosterModel._foreground,
    DOTS_ROLE: RosterModel._dots,
    STATE_ROLE: RosterModel._state,
    SEVERITY_ROLE: RosterModel._severity,
}
