"""The focused page of a stack, large, under the name of the teacher who is about to get it."""

from __future__ import annotations

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from certclerk.core.errors import UserError
from certclerk.core.records import Page
from certclerk.gui import style
from certclerk.gui.elided_label import ElidedLabel
from certclerk.gui.scan.page_canvas import PageCanvas, levels
from certclerk.gui.scan.thumbnails import Key, Thumbnails, key_of
from certclerk.gui.session import Session
from certclerk.gui.stack.model import Cell
from certclerk.gui.tasks import Job
from certclerk.jobs.pictures import picture

# px of the longer side: a name in print can be read.
SHOWN_PX = 1600


class StackPreview(QWidget):
    """Name, number and title of the scan are there to be compared with the words above it."""

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stackPreview")
        self._session = session
        self._thumbnails = thumbnails
        self._page: Page | None = None
        self._job: Job | None = None
        self._title = QLabel()
        self._title.setObjectName("stackPreviewTitle")
        self._title.setProperty("role", "title")
        self._mark = QLabel()
        self._mark.setObjectName("stackPreviewMark")
        self._mark.setProperty("role", "doubt")
        self.canvas = PageCanvas(self)
        self._source = ElidedLabel("stackPreviewSource", "扫描件")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.HALF)
        layout.addWidget(self._title)
        layout.addWidget(self._mark)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self._source)
        thumbnails.arrived.connect(self._on_thumbnail_arrived)
        self.show_cell(None)

    def show_cell(self, cell: Cell | None) -> None:
        page = cell.page if cell else None
        self._title.setText(cell.title if cell else "")
        self._mark.setText(cell.mark if cell else "")
        self._mark.setVisible(bool(cell and cell.mark))
        number = f"第 {cell.number + 1} 页 · " if cell and cell.number is not None else ""
        self._source.set_text(f"{number}{page.source}" if page else "")
        before, self._page = self._page, page
        if page is None:
            self._stop()
            self.canvas.clear(cell.closed or "这里还没有页" if cell else "")
        elif before is None or key_of(before) != key_of(page) or not self.canvas.has_picture():
            self._load(page)

    def _load(self, page: Page) -> None:
        self._stop()
        self.canvas.clear("正在载入…")
        self._show_small(page)
        collection = self._session.collection

        def take(pictures: tuple[QImage, ...]) -> None:
            if self._page is not None and key_of(self._page) == key_of(page):
                self.canvas.show_picture(pictures, max(page.width, page.height))

        def refuse(error: UserError) -> None:
            if self._page is not None and key_of(self._page) == key_of(page):
                self.canvas.clear(str(error))

        self._job = self._session.runner.run(
            lambda _job: levels(QImage.fromData(picture(collection, page, SHOWN_PX))),
            take,
            refuse,
            owner=self,
        )

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _show_small(self, page: Page) -> None:
        small = self._thumbnails.of(page)
        if small is not None:
            self.canvas.show_picture((small.toImage(),), max(page.width, page.height))

    def _on_thumbnail_arrived(self, key: Key) -> None:
        if self._page is not None and key == key_of(self._page) and not self.canvas.has_picture():
            self._show_small(self._page)
