"""Pages without a place, as a list: records in, roles out, and what is carried when they are dragged."""

from __future__ import annotations

from collections.abc import Sequence
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
from certclerk.gui.scan.page_view import added_text
from certclerk.gui.scan.thumbnails import Key, Thumbnails, key_of, paint_thumbnail

Index = QModelIndex | QPersistentModelIndex
PAGE_ROLE = Qt.ItemDataRole.UserRole

_PICTURE = QSize(44, 52)


class TrayModel(QAbstractListModel):
    """A page a row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pages: tuple[Page, ...] = ()

    def show_pages(self, pages: Sequence[Page]) -> None:
        if tuple(pages) == self._pages:
            return
        self.beginResetModel()
        self._pages = tuple(pages)
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
        if role == PAGE_ROLE:
            return page
        if role == Qt.ItemDataRole.DisplayRole:
            return page.source
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{page.source}，{page.reason}" if page.reason else page.source
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{page.source}\n{page.reason}".strip()
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
        painter.setPen(QColor(style.QUIET))
        below = QRect(words.left(), head.bottom() + 1, words.width(), words.bottom() - head.bottom())
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        painter.drawText(below, flags, page.reason or f"{added_text(page)} 加入")
        painter.setPen(QColor(style.LINE))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if state & QStyle.StateFlag.State_HasFocus and how.widget.hasFocus():
            painter.setPen(QPen(QColor(style.ACCENT), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        painter.restore()
