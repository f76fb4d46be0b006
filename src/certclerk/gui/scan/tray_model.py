"""Pages without a place, as a list: records in, roles out, and what is carried when they are dragged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from certclerk.core.records import Page
from certclerk.gui import style
from certclerk.gui.mime import PAGES, carrying_pages
from certclerk.gui.scan.page_figures import added_text
from certclerk.gui.scan.thumbnails import Key, Thumbnails, key_of, paint_thumbnail
from certclerk.jobs.suggestions import Suggestion, without_hint

Index = QModelIndex | QPersistentModelIndex
PAGE_ROLE = Qt.ItemDataRole.UserRole
LIKELY_ROLE = Qt.ItemDataRole.UserRole + 1
WHY_ROLE = Qt.ItemDataRole.UserRole + 2
KEY_ROLE = Qt.ItemDataRole.UserRole + 3

_PICTURE = QSize(44, 52)


class TrayModel(QAbstractListModel):
    """A page a row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pages: tuple[Page, ...] = ()
        self._suggestions: Mapping[int, Suggestion] = {}

    def show_pages(self, pages: Sequence[Page], suggested: Mapping[int, Suggestion]) -> None:
        """``suggested`` by page id."""
        if (tuple(pages), suggested) == (self._pages, self._suggestions):
            return
        self.beginResetModel()
        self._pages, self._suggestions = tuple(pages), suggested
        self.endResetModel()

    def row_of(self, page_id: int) -> int | None:
        return next((row for row, page in enumerate(self._pages) if page.id == page_id), None)

    def touch(self, key: Key) -> None:
        """The thumbnail of these rows has come."""
        for row, page in enumerate(self._pages):
            if key_of(page) == key:
                index = self.index(row)
                self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._pages)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._pages):
            return None
        page = self._pages[index.row()]
        suggested = self._suggestions.get(page.id)
        likely = f"可能是 {suggested.place}" if suggested else ""
        why = (
            "；".join(filter(None, (suggested.why, without_hint(page.reason)))) if suggested else page.reason
        )
        if role == PAGE_ROLE:
            return page
        if role == LIKELY_ROLE:
            return likely
        if role == WHY_ROLE:
            return why
        if role == KEY_ROLE and suggested:
            return "Enter 采用" if suggested.gap else "Enter 选页位"
        if role == Qt.ItemDataRole.DisplayRole:
            return page.source
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return "，".join(filter(None, (page.source, likely, why)))
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (page.source, likely, why)))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        own = super().flags(index)
        return own | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else own

    def mimeTypes(self) -> list[str]:
        return [PAGES]

    def mimeData(self, indexes: Sequence[Index]) -> QMimeData:
        return carrying_pages(self._pages[row].id for row in sorted({index.row() for index in indexes}))


class TrayDelegate(QStyledItemDelegate):
    """Thumbnail, file name, and beneath it why the page is here."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._small = style.scaled(parent.font(), 0.9)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(160, _PICTURE.height() + 2 * style.HALF)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        # PySide's stubs know none of the option's own fields.
        how: Any = option
        page, area, state = index.data(PAGE_ROLE), how.rect, how.state
        painter.save()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, QColor(style.ACCENT_TINT if chosen else style.HOVER))
        box = QRect(area.left() + style.GAP, area.top() + style.HALF, _PICTURE.width(), _PICTURE.height())
        broken = self._thumbnails.is_broken(page)
        paint_thumbnail(painter, box, self._thumbnails.of(page), broken=broken)
        words = QRect(box.right() + 1 + style.GAP, box.top(), 0, box.height())
        words.setRight(area.right() - style.GAP)
        name = how.fontMetrics.elidedText(page.source, Qt.TextElideMode.ElideMiddle, words.width())
        painter.setFont(how.font)
        painter.setPen(QColor(style.INK))
        head = QRect(words.left(), words.top(), words.width(), how.fontMetrics.height())
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(self._small)
        below = QRect(words.left(), head.bottom() + 1, words.width(), words.bottom() - head.bottom())
        likely = index.data(LIKELY_ROLE)
        if likely:
            below = self._paint_likely(painter, below, likely, index.data(KEY_ROLE) if chosen else "")
        painter.setPen(QColor(style.QUIET))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        wrap = Qt.TextFlag.TextSingleLine if likely else Qt.TextFlag.TextWordWrap
        why = index.data(WHY_ROLE) or f"{added_text(page)} 加入"
        if likely:
            why = painter.fontMetrics().elidedText(why, Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, flags | wrap, why)
        painter.setPen(QColor(style.LINE))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if state & QStyle.StateFlag.State_HasFocus and how.widget.hasFocus():
            painter.setPen(QPen(QColor(style.ACCENT), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        painter.restore()

    def _paint_likely(self, painter: QPainter, area: QRect, likely: str, key: str) -> QRect:
        """Whose it may be, with the key that does something about it; returns what is left beneath."""
        metrics = painter.fontMetrics()
        line = QRect(area.left(), area.top(), area.width(), metrics.height())
        painter.setPen(QColor(style.ACCENT_DARK))
        room = line.width() - (metrics.horizontalAdvance(key) + style.GAP if key else 0)
        painter.drawText(
            line, Qt.AlignmentFlag.AlignLeft, metrics.elidedText(likely, Qt.TextElideMode.ElideRight, room)
        )
        if key:
            painter.setPen(QColor(style.QUIET))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight, key)
        return area.adjusted(0, line.height() + 1, 0, 0)
