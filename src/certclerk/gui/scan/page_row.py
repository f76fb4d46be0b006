"""A row of small pages in a dialog, with ticks where some of them are to be chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from certclerk.core.notice import Notice
from certclerk.core.records import Page
from certclerk.gui.scan.thumbnails import Key, Thumbnails, key_of

PICTURE = QSize(64, 80)


class PageRow(QListWidget):
    """``ticked_changed``: the clerk chose others. All are ticked at first; a single page has no tick."""

    ticked_changed = Signal()

    def __init__(
        self, notice: Notice, thumbnails: Thumbnails, name: str, spoken: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._notice = notice
        self._thumbnails = thumbnails
        self._pages: tuple[Page, ...] = ()
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setIconSize(PICTURE)
        self.setGridSize(QSize(PICTURE.width() + 24, PICTURE.height() + 28))
        self.setFixedHeight(PICTURE.height() + 44)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.itemChanged.connect(lambda _item: self.ticked_changed.emit())
        thumbnails.arrived.connect(self._on_thumbnail_arrived)

    def show_pages(self, pages: Sequence[Page], *, ticks: bool = False) -> None:
        self._pages = tuple(pages)
        self.blockSignals(True)
        self.clear()
        for page in pages:
            item = QListWidgetItem(self._notice.slot(page.slot).label if page.slot else page.source)
            item.setToolTip(page.source)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            if ticks and len(pages) > 1:
                item.setFlags(
                    Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable
                )
                item.setCheckState(Qt.CheckState.Checked)
            self._picture(item, page)
            self.addItem(item)
        self.blockSignals(False)
        self.viewport().update()

    def ticked(self) -> tuple[Page, ...]:
        if len(self._pages) < 2:
            return self._pages
        checked = Qt.CheckState.Checked
        return tuple(page for row, page in enumerate(self._pages) if self.item(row).checkState() == checked)

    def _picture(self, item: QListWidgetItem, page: Page) -> None:
        pixmap = self._thumbnails.of(page)
        if pixmap is not None:
            item.setIcon(QIcon(pixmap))

    def _on_thumbnail_arrived(self, key: Key) -> None:
        self.blockSignals(True)
        for row, page in enumerate(self._pages):
            if key_of(page) == key:
                self._picture(self.item(row), page)
        self.blockSignals(False)
        self.viewport().update()
