"""The pages in the trash as a list: where each lay, why it was taken away, and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from certclerk.core.notice import Notice
from certclerk.core.records import Roster, Trashed
from certclerk.gui import style
from certclerk.gui.scan.page_figures import moment_text
from certclerk.gui.scan.thumbnails import Key, Thumbnails, key_of, paint_thumbnail
from certclerk.jobs.trash import where

Index = QModelIndex | QPersistentModelIndex
TRASHED_ROLE = Qt.ItemDataRole.UserRole
WHERE_ROLE = Qt.ItemDataRole.UserRole + 1
WHY_ROLE = Qt.ItemDataRole.UserRole + 2

_PICTURE = QSize(56, 68)


class TrashModel(QAbstractListModel):
    """A page a row, the last trashed first."""

    def __init__(self, notice: Notice, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notice = notice
        self._items: tuple[Trashed, ...] = ()
        self._where: tuple[str, ...] = ()

    def show_trash(self, items: Sequence[Trashed], roster: Roster) -> None:
        places = tuple(where(item, roster, self._notice) for item in items)
        if (tuple(items), places) == (self._items, self._where):
            return
        self.beginResetModel()
        self._items, self._where = tuple(items), places
        self.endResetModel()

    def touch(self, key: Key) -> None:
        """The thumbnail of these rows has come."""
        for row, item in enumerate(self._items):
            if key_of(item.page) == key:
                index = self.index(row)
                self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self._items):
            return None
        item = self._items[index.row()]
        at = moment_text(item.trashed_at) if item.trashed_at else ""
        why = " · ".join(filter(None, (item.page.reason or "由经办人删除", at)))
        if role == TRASHED_ROLE:
            return item
        if role == WHERE_ROLE:
            return self._where[index.row()]
        if role == WHY_ROLE:
            return why
        if role == Qt.ItemDataRole.DisplayRole:
            return item.page.source
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.page.source}，原在{self._where[index.row()]}，{why}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return item.page.source
        return None


class TrashDelegate(QStyledItemDelegate):
    """Thumbnail; where the page lay; why and when it came here; the file's name."""

    def __init__(self, thumbnails: Thumbnails, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._bold = style.scaled(parent.font(), 1.0, bold=True)
        self._small = style.scaled(parent.font(), 0.9)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, _PICTURE.height() + 2 * style.GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        # PySide's stubs know none of the option's own fields.
        how: Any = option
        area, state = how.rect, how.state
        page = index.data(TRASHED_ROLE).page
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(style.ACCENT_TINT))
        box = QRect(area.left() + style.GAP, area.top() + style.GAP, _PICTURE.width(), _PICTURE.height())
        broken = self._thumbnails.is_broken(page)
        paint_thumbnail(painter, box, self._thumbnails.of(page), broken=broken)
        left = box.right() + style.WIDE
        line = QRect(left, box.top(), area.right() - style.GAP - left, _PICTURE.height() // 3)
        for text, font, ink in (
            (f"原在 {index.data(WHERE_ROLE)}", self._bold, style.INK),
            (index.data(WHY_ROLE), self._small, style.QUIET),
            (page.source, self._small, style.QUIET),
        ):
            painter.setFont(font)
            painter.setPen(QColor(ink))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
            line.translate(0, line.height())
        painter.setPen(QColor(style.LINE))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if state & QStyle.StateFlag.State_HasFocus and how.widget.hasFocus():
            painter.setPen(QPen(QColor(style.ACCENT), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -1))
        painter.restore()
