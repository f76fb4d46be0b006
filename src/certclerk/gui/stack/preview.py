"""The focused page of a stack, large, under the name of the teacher who is about to get it."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from certclerk.gui import style
from certclerk.gui.elided_label import ElidedLabel
from certclerk.gui.scan.page_preview import PagePreview
from certclerk.gui.scan.thumbnails import Thumbnails
from certclerk.gui.session import Session
from certclerk.gui.stack.model import Cell


class StackPreview(QWidget):
    """Name, number and title of the scan are there to be compared with the words above it."""

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stackPreview")
        self._title = QLabel()
        self._title.setObjectName("stackPreviewTitle")
        self._title.setProperty("role", "title")
        self._mark = QLabel()
        self._mark.setObjectName("stackPreviewMark")
        self._mark.setProperty("role", "doubt")
        self.canvas = PagePreview(session, thumbnails)
        self._source = ElidedLabel("stackPreviewSource", "扫描件")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.HALF)
        layout.addWidget(self._title)
        layout.addWidget(self._mark)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self._source)
        self.show_cell(None)

    def show_cell(self, cell: Cell | None) -> None:
        page = cell.page if cell else None
        self._title.setText(cell.title if cell else "")
        self._mark.setText(cell.mark if cell else "")
        self._mark.setVisible(bool(cell and cell.mark))
        number = f"第 {cell.number + 1} 页 · " if cell and cell.number is not None else ""
        self._source.set_text(f"{number}{page.source}" if page else "")
        self.canvas.show_page(page, cell.closed or "这里还没有页" if cell else "")
