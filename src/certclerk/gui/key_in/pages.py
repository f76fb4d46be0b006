"""The scans of the certificate that is being keyed in, one large, the others a click away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from certclerk.core.errors import UserError
from certclerk.core.keying import KeyEntry
from certclerk.core.records import Page
from certclerk.core.submission import ordered_pages
from certclerk.gui import style, texts
from certclerk.gui.buttons import chip
from certclerk.gui.scan.page_canvas import PageCanvas, Zoom
from certclerk.gui.scan.page_figures import shown_size
from certclerk.gui.scan.pictures import Levels, Pictures
from certclerk.gui.session import Session
from certclerk.gui.tasks import Job

# px of the longer side: print stays legible at twice the size of a pane on a small screen.
PICTURE_PX = 2000
# The page with the particulars follows the cover.
FIRST_SHOWN = 1


class KeyPages(QWidget):
    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("keyPages")
        self.setAccessibleName("扫描页")
        self._session = session
        self._pictures = Pictures(session, self)
        self._pages: tuple[Page, ...] = ()
        self._page: Page | None = None
        self._job: Job | None = None
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout()
        self._row.setSpacing(style.HALF)
        self._chips: list[QToolButton] = []
        self.canvas = PageCanvas(self)
        # Dragged about by the mouse, it must not take the keys: PageDown would scroll it.
        self.canvas.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.HALF)
        line = QHBoxLayout()
        line.addLayout(self._row)
        line.addStretch(1)
        for name, text, spoken, zoom in (
            ("keyZoomOut", "－", "缩小", Zoom.OUT),
            ("keyZoomIn", "＋", "放大", Zoom.IN),
            ("keyZoomFit", "适合", "适合窗口", Zoom.FIT),
        ):
            tool = QToolButton()
            tool.setObjectName(name)
            tool.setText(text)
            tool.setAccessibleName(spoken)
            tool.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            tool.clicked.connect(lambda _checked=False, zoom=zoom: self.canvas.apply(zoom))
            line.addWidget(tool)
        layout.addLayout(line)
        layout.addWidget(self.canvas, 1)
        self.canvas.stepped.connect(self._on_canvas_stepped)

    @property
    def page(self) -> Page | None:
        return self._page

    def show_entry(self, entry: KeyEntry | None) -> None:
        pages = ordered_pages(entry.certificate, self._session.notice) if entry else ()
        if pages == self._pages and pages:
            return
        self._pages = pages
        for old in self._chips:
            self._group.removeButton(old)
            old.deleteLater()
        self._chips = []
        for index, page in enumerate(pages):
            made = chip(f"keyPage{index + 1}")
            made.setText(self._session.notice.slot(page.slot or "").label)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.clicked.connect(lambda _checked=False, page=page: self._show_page(page))
            self._group.addButton(made)
            self._row.addWidget(made)
            self._chips.append(made)
        self._show_page(pages[min(FIRST_SHOWN, len(pages) - 1)] if pages else None)

    def _show_page(self, page: Page | None) -> None:
        self._page = page
        if self._job is not None:
            self._job.cancel()
            self._job = None
        if page is None:
            self.canvas.clear("没有扫描页")
            return
        self._chips[self._pages.index(page)].setChecked(True)
        self.canvas.setAccessibleName(f"大图：{self._session.notice.slot(page.slot or '').label}")
        kept = self._pictures.of(page, PICTURE_PX)
        if kept is not None:
            self._show_picture(page, kept)
            return
        self.canvas.clear(texts.LOADING)
        self._job = self._pictures.ask(
            page,
            PICTURE_PX,
            lambda made: self._show_picture(page, made),
            lambda error: self._refuse(page, error),
            self,
        )

    def _show_picture(self, page: Page, made: Levels) -> None:
        if page is not self._page:
            return
        if made[0].isNull():
            self.canvas.clear(texts.UNSHOWABLE)
        else:
            self.canvas.show_picture(made, max(shown_size(page)))

    def _refuse(self, page: Page, error: UserError) -> None:
        if page is self._page:
            self.canvas.clear(str(error))

    def _on_canvas_stepped(self, by: int) -> None:
        if self._page in self._pages:
            index = self._pages.index(self._page) + by
            if 0 <= index < len(self._pages):
                self._show_page(self._pages[index])
