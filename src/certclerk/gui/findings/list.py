"""Everybody's findings in one list that stays quick with thousands: a model, and rows that are painted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from certclerk.core.records import Finding
from certclerk.gui import style
from certclerk.gui.icons import icon
from certclerk.jobs.listing import SEVERITY_LABELS

Index = QModelIndex | QPersistentModelIndex
FINDING_ROLE = Qt.ItemDataRole.UserRole
PLACE_ROLE = Qt.ItemDataRole.UserRole + 1

# Rows are as high as their sentences, so the view measures each that it has: it gets them as it is scrolled.
FETCHED_AT_ONCE = 200

_SIGN = 16
_WORDS = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class FindingList(QAbstractListModel):
    """Each row is a finding and the words for its place, or for None the line that folds the confirmed ones."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: Sequence[Finding | None] = ()
        self._words: Callable[[Finding | None], str] = str
        self._has_more = False
        self._rows: tuple[tuple[Finding | None, str], ...] = ()

    def show_findings(
        self, findings: Sequence[Finding | None], words: Callable[[Finding | None], str]
    ) -> None:
        """Tells the view only of the part that differs, so that its place and choice stay."""
        self._all, self._words = findings, words
        self._show(max(FETCHED_AT_ONCE, len(self._rows)))

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._has_more

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._show(len(self._rows) + FETCHED_AT_ONCE)

    def _show(self, count: int) -> None:
        # A view that is told of rows may ask for more while they are on the way.
        self._has_more = False
        new = tuple((finding, self._words(finding)) for finding in self._all[:count])
        head = _common(self._rows, new)
        tail = _common(self._rows[head:][::-1], new[head:][::-1])
        gone, come = len(self._rows) - head - tail, len(new) - head - tail
        if gone:
            self.beginRemoveRows(QModelIndex(), head, head + gone - 1)
            self._rows = self._rows[:head] + self._rows[head + gone :]
            self.endRemoveRows()
        if come:
            self.beginInsertRows(QModelIndex(), head, head + come - 1)
            self._rows = new
            self.endInsertRows()
        self._has_more = len(new) < len(self._all)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._rows):
            return None
        finding, place = self._rows[index.row()]
        if role == FINDING_ROLE:
            return finding
        if role == PLACE_ROLE:
            return place
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{SEVERITY_LABELS[finding.severity]}，{place}：{words(finding)}" if finding else place
        if role == Qt.ItemDataRole.ToolTipRole:
            return words(finding) if finding else None
        return None


class FindingDelegate(QStyledItemDelegate):
    """Sign, place, and the whole sentence on as many lines as it takes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._heights: dict[tuple[str, int], int] = {}
        self._small = style.scaled(parent.font(), 0.9)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        finding, place = index.data(FINDING_ROLE), index.data(PLACE_ROLE)
        # PySide's stubs know none of the option's own fields.
        how: Any = option
        area: QRect = how.rect
        state: QStyle.StateFlag = how.state
        painter.save()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(style.ACCENT_TINT if chosen else style.HOVER))
        if finding is None:
            self._paint_words(painter, area.adjusted(style.GAP, 6, 0, 0), place, self._small, style.ACCENT)
        else:
            self._paint_finding(painter, area, finding, place)
        painter.setPen(QColor(style.LINE))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if state & QStyle.StateFlag.State_HasFocus and how.widget.hasFocus():
            painter.setPen(QPen(QColor(style.ACCENT), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        finding = index.data(FINDING_ROLE)
        if finding is None:
            return QSize(0, 30)
        how: Any = option
        room = how.widget.viewport().width() - style.GAP * 2 - _SIGN - style.HALF
        key = (words(finding), room)
        if key not in self._heights:
            metrics = QFontMetrics(how.font)
            sentence = metrics.boundingRect(0, 0, room, 10_000, _WORDS, key[0]).height()
            self._heights[key] = sentence + QFontMetrics(self._small).height() + 12
        return QSize(0, self._heights[key])

    def _paint_finding(self, painter: QPainter, area: QRect, finding: Finding, place: str) -> None:
        tone = style.OF_SEVERITY[finding.severity]
        sign = "check" if finding.confirmed else tone.sign
        corner = area.topLeft()
        box = QRect(corner.x() + style.GAP, corner.y() + 6, _SIGN, _SIGN)
        icon(sign, style.GREY if finding.confirmed else tone.ink).paint(painter, box)
        inner = area.adjusted(style.GAP + _SIGN + style.HALF, 6, -style.GAP, -6)
        self._paint_words(painter, inner, place, self._small, style.QUIET)
        below = inner.adjusted(0, QFontMetrics(self._small).height(), 0, 2)
        ink = style.QUIET if finding.confirmed else style.INK
        self._paint_words(painter, below, words(finding), painter.font(), ink)

    def _paint_words(self, painter: QPainter, area: QRect, text: str, font: QFont, ink: str) -> None:
        painter.save()
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(area, _WORDS, text)
        painter.restore()


def words(finding: Finding) -> str:
    """The sentence, and the clerk's reason where there is one."""
    if not finding.confirmed:
        return finding.message
    noted = "；写入备注栏" if finding.noted else ""
    return f"{finding.message}（已确认：{finding.confirmed}{noted}）"


def _common(one: Sequence[object], other: Sequence[object]) -> int:
    """How many rows both begin with."""
    shared = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        shared += 1
    return shared
