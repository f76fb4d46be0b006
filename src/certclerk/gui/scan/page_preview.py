"""One page large, to be looked at beside a list: zoomed by the wheel, nothing done to it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from certclerk.core.errors import UserError
from certclerk.core.records import Page
from certclerk.gui import texts
from certclerk.gui.scan.page_canvas import PageCanvas
from certclerk.gui.scan.page_figures import shown_size
from certclerk.gui.scan.pictures import Levels, Pictures
from certclerk.gui.scan.thumbnails import Key, Thumbnails, key_of
from certclerk.gui.session import Session
from certclerk.gui.tasks import Job

# px of the longer side: a name in print can be read.
SHOWN_PX = 1600


class PagePreview(PageCanvas):
    """The thumbnail at once where it is there, the picture when a worker has made it."""

    def __init__(self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = Pictures(session, self)
        self._thumbnails = thumbnails
        self._page: Page | None = None
        self._job: Job | None = None
        thumbnails.arrived.connect(self._on_thumbnail_arrived)

    def show_page(self, page: Page | None, empty: str = "") -> None:
        """For None an empty desk that says ``empty``."""
        before, self._page = self._page, page
        if page is None:
            self._stop()
            self.clear(empty)
        elif before is None or key_of(before) != key_of(page) or not self.has_picture():
            self._load(page)

    def _load(self, page: Page) -> None:
        self._stop()
        self.clear(texts.LOADING)
        self._show_small(page)

        def take(pictures: Levels) -> None:
            if not self._shows(key_of(page)):
                return
            if pictures[0].isNull():
                self.clear(texts.UNSHOWABLE)
            else:
                self.show_picture(pictures, max(shown_size(page)))

        def refuse(error: UserError) -> None:
            if self._shows(key_of(page)):
                self.clear(str(error))

        made = self._pictures.of(page, SHOWN_PX)
        if made is None:
            self._job = self._pictures.ask(page, SHOWN_PX, take, refuse, self)
        else:
            take(made)

    def _shows(self, key: Key) -> bool:
        return self._page is not None and key_of(self._page) == key

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _show_small(self, page: Page) -> None:
        small = self._thumbnails.of(page)
        if small is not None:
            self.show_picture((small.toImage(),), max(shown_size(page)))

    def _on_thumbnail_arrived(self, key: Key) -> None:
        if self._page is not None and self._shows(key) and not self.has_picture():
            self._show_small(self._page)
