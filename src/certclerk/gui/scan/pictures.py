"""Large pictures of pages: made in a worker, kept while there is room, and made ahead for the pages beside."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from certclerk.core.errors import UserError
from certclerk.core.records import Page
from certclerk.gui.scan.page_canvas import levels
from certclerk.gui.scan.thumbnails import Key, key_of
from certclerk.gui.session import Session
from certclerk.gui.tasks import Job
from certclerk.jobs.pictures import picture

# Bytes of pixels; a fitted page takes about two million.
ROOM = 96_000_000
# While pages stream in, the workers have better to do.
AHEAD_AFTER_MS = 300

Levels = tuple[QImage, ...]


class Pictures(QObject):
    """A page's picture with its halves, largest first, at most so many px long."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._kept: OrderedDict[tuple[Key, int], Levels] = OrderedDict()
        self._size = 0
        self._ahead: list[tuple[Page, int]] = []
        self._making: Job | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._make_next)

    def of(self, page: Page, most_px: int) -> Levels | None:
        """The picture if it is here."""
        key = (key_of(page), most_px)
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def ask(
        self,
        page: Page,
        most_px: int,
        take: Callable[[Levels], None],
        refuse: Callable[[UserError], None],
        owner: QObject,
    ) -> Job:
        """Makes it and calls ``take``; what cannot be decoded comes as a null picture."""

        def keep(made: Levels) -> None:
            self._keep((key_of(page), most_px), made)
            take(made)

        collection = self._session.collection
        return self._session.runner.run(
            lambda _job: levels(QImage.fromData(picture(collection, page, most_px))),
            keep,
            refuse,
            owner=owner,
        )

    def look_ahead(self, pages: Sequence[Page], most_px: int) -> None:
        """Makes those that are not here yet, one at a time, once the clerk stays; what was to be made before is
        forgotten.
        """
        self._ahead = [(page, most_px) for page in pages if self.of(page, most_px) is None]
        self._pause.start(AHEAD_AFTER_MS)

    def _make_next(self) -> None:
        if self._making is not None or not self._ahead:
            return
        page, most_px = self._ahead.pop(0)

        def go_on(_error: UserError | Levels) -> None:
            self._making = None
            self._make_next()

        self._making = self.ask(page, most_px, go_on, go_on, self)

    def _keep(self, key: tuple[Key, int], made: Levels) -> None:
        if made[0].isNull() or key in self._kept:
            return
        self._kept[key] = made
        self._size += _bytes_of(made)
        while self._size > ROOM and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._size -= _bytes_of(oldest)


def _bytes_of(made: Levels) -> int:
    return sum(image.sizeInBytes() for image in made)
