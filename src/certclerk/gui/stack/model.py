"""A deal as a table: who, then a column for each page of a certificate; and what lies beside it as a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Page, Teacher
from certclerk.core.stack import Deal, Seat
from certclerk.gui import texts
from certclerk.gui.scan.thumbnails import Key, key_of
from certclerk.gui.stack.words import teacher_label

Index = QModelIndex | QPersistentModelIndex
CELL_ROLE = Qt.ItemDataRole.UserRole
STACKED = "application/x-certclerk-stacked"
WHO = 0


@dataclass(frozen=True, slots=True)
class Stack:
    """The pages by number; ``known`` says where one lies already, ``twice`` which one before it is the same."""

    pages: tuple[Page, ...]
    known: Mapping[int, str]
    twice: Mapping[int, int]

    def mark(self, number: int) -> str:
        """Why a page deserves a second look; empty for most."""
        if number in self.twice:
            return f"与第 {self.twice[number] + 1} 页相同"
        return f"已在 {self.known[number]}" if number in self.known else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows: ``number`` of the stack's page that is dealt to it, or the page that ``stays`` there;
    ``closed`` says why no page is dealt to it.
    """

    title: str
    number: int | None = None
    page: Page | None = None
    mark: str = ""
    closed: str = ""


class DealModel(QAbstractTableModel):
    """Rows are certificates in roster order, the first column says whose."""

    def __init__(self, notice: Notice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notice = notice
        self._teachers: dict[int, Teacher] = {}
        self._certificates: dict[int, Certificate] = {}
        self._stack = Stack((), {}, {})
        self._deal = Deal((), (), ())
        self._places: dict[Seat, int] = {}
        self._shown: dict[Key, list[QModelIndex]] = {}

    @property
    def deal(self) -> Deal:
        return self._deal

    def show_stack(self, stack: Stack, deal: Deal, teachers: Iterable[Teacher]) -> None:
        self.beginResetModel()
        self._teachers = {teacher.id: teacher for teacher in teachers}
        self._certificates = {
            held.id: held for teacher in self._teachers.values() for held in teacher.certificates
        }
        self._stack = stack
        self._take(deal)
        self.endResetModel()

    def show_mended(self, deal: Deal) -> None:
        """The same rows and columns, other pages in them."""
        self._take(deal)
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 1), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def place_at(self, index: Index) -> int | None:
        """Where on the deal's line a cell is; None for one that takes no page."""
        return self._places.get(Seat(index.row(), index.column() - 1))

    def index_of(self, number: int) -> QModelIndex:
        """The cell in which a page lies; invalid when it lies beside the grid."""
        for seat, page in self._deal.seated():
            if page == number:
                return self.index(seat.row, seat.column + 1)
        return QModelIndex()

    def teacher_at(self, row: int) -> Teacher:
        return self._teachers[self._deal.rows[row].teacher_id]

    def cell(self, index: Index) -> Cell:
        seat = Seat(index.row(), index.column() - 1)
        column = self._deal.columns[seat.column]
        label = self._notice.slot(column.slot).label + (f" {column.number}" if column.of > 1 else "")
        title = f"{teacher_label(self.teacher_at(seat.row))} · {label}"
        place = self._places.get(seat)
        if place is None:
            certificate = self._certificates[self._deal.rows[seat.row].certificate_id]
            there = certificate.pages_in(column.slot)
            page = there[column.number - 1] if column.number <= len(there) else None
            return Cell(title, None, page, "", "已有" if page else texts.ABSENT)
        number = self._deal.page(place)
        if number is None:
            return Cell(title)
        return Cell(title, number, self._stack.pages[number], self._stack.mark(number))

    def touch(self, key: Key) -> None:
        """A thumbnail has come."""
        for index in self._shown.get(key, ()):
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._deal.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 1 + len(self._deal.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        if section == WHO:
            return "教师"
        column = self._deal.columns[section - 1]
        label = self._notice.slot(column.slot).label
        return f"{label} {column.number}" if column.of > 1 else label

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if index.column() == WHO:
            return self._who(index.row(), role)
        cell = self.cell(index)
        if role == CELL_ROLE:
            return cell
        what = cell.closed or ("" if cell.number is None else f"第 {cell.number + 1} 页")
        if role == Qt.ItemDataRole.DisplayRole:
            return what
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return "，".join(filter(None, (cell.title, what or "空", cell.mark)))
        if role == Qt.ItemDataRole.ToolTipRole and cell.page is not None:
            return "\n".join(filter(None, (what, cell.page.source, cell.mark)))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        own = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == WHO:
            return own
        if self.place_at(index) is None:
            return own
        return own | Qt.ItemFlag.ItemIsDropEnabled | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return [STACKED]

    def mimeData(self, indexes: Sequence[Index]) -> QMimeData:
        numbers = (self.cell(index).number for index in indexes if index.column() != WHO)
        return carrying(next((number for number in numbers if number is not None), None))

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def _take(self, deal: Deal) -> None:
        self._deal = deal
        self._places = {seat: place for place, seat in enumerate(deal.seats())}
        self._shown = defaultdict(list)
        for row in range(self.rowCount()):
            for column in range(1, self.columnCount()):
                index = self.index(row, column)
                page = self.cell(index).page
                if page is not None:
                    self._shown[key_of(page)].append(index)

    def _who(self, row: int, role: int) -> Any:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        certificate = self._certificates[self._deal.rows[row].certificate_id]
        return f"{teacher_label(self.teacher_at(row))}\n{_what(certificate)}"


class BesideModel(QAbstractListModel):
    """What was pulled out, and what is beyond the last seat."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers: tuple[int, ...] = ()
        self._stack = Stack((), {}, {})

    def show_numbers(self, stack: Stack, numbers: Sequence[int]) -> None:
        self.beginResetModel()
        self._stack, self._numbers = stack, tuple(numbers)
        self.endResetModel()

    def number(self, index: Index) -> int:
        return self._numbers[index.row()]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._numbers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._numbers):
            return None
        number = self._numbers[index.row()]
        page = self._stack.pages[number]
        if role == CELL_ROLE:
            return Cell("不放入，到待归位", number, page, self._stack.mark(number))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"第 {number + 1} 页"
        return page.source if role == Qt.ItemDataRole.ToolTipRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        own = super().flags(index)
        return own | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else own

    def mimeTypes(self) -> list[str]:
        return [STACKED]

    def mimeData(self, indexes: Sequence[Index]) -> QMimeData:
        return carrying(next((self.number(index) for index in indexes), None))


def carrying(number: int | None) -> QMimeData:
    """A page of the stack on its way; nothing for None."""
    mime = QMimeData()
    if number is not None:
        mime.setData(STACKED, str(number).encode("ascii"))
    return mime


def carried(mime: QMimeData) -> int | None:
    return int(bytes(mime.data(STACKED).data())) if mime.hasFormat(STACKED) else None


def _what(certificate: Certificate) -> str:
    return " · ".join(filter(None, (certificate.kind or texts.NO_KIND, certificate.subject)))
