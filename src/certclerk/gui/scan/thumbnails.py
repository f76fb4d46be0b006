"""Small pictures of pages: made in a worker, kept in memory, painted where a view has room for them."""

from __future__ import annotations

from collections import OrderedDict
from typing import Protocol

from PySide6.QtCore import QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from certclerk.collection import Collection
from certclerk.core.recipe import Recipe
from certclerk.core.records import Page
from certclerk.gui import style
from certclerk.gui.icons import draw
from certclerk.gui.tasks import TaskRunner
from certclerk.jobs.pictures import thumbnail

KEPT = 600

Key = tuple[str, int, int, Recipe]


class Source(Protocol):
    """Where pages lie, and who reads them: a session, or another copy that is looked at."""

    @property
    def collection(self) -> Collection: ...

    @property
    def runner(self) -> TaskRunner: ...


def key_of(page: Page) -> Key:
    """What a picture depends on: its bytes, the frame, how it is turned and edited."""
    return page.sha256, page.frame, page.rotation, page.recipe


class Thumbnails(QObject):
    """``arrived`` (a :data:`Key`) comes once for each picture that :meth:`of` was asked for and had not yet.

    One is made at a time, the one last asked for first, so that what is on screen now never waits
    for what was scrolled past, and the other worker stays free.
    """

    arrived = Signal(object)

    def __init__(self, source: Source, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._kept: OrderedDict[Key, QPixmap] = OrderedDict()
        self._broken: set[Key] = set()
        self._wanted: OrderedDict[Key, Page] = OrderedDict()
        self._making: Key | None = None

    def of(self, page: Page) -> QPixmap | None:
        """The picture if it is here; else None now and ``arrived`` later."""
        key = key_of(page)
        pixmap = self._kept.get(key)
        if pixmap is not None:
            self._kept.move_to_end(key)
        elif key not in self._broken and key != self._making:
            self._wanted[key] = page
            self._wanted.move_to_end(key)
            self._make_next()
        return pixmap

    def is_broken(self, page: Page) -> bool:
        """Whether the page's bytes turned out to be damaged."""
        return key_of(page) in self._broken

    def _make_next(self) -> None:
        if self._making is not None or not self._wanted:
            return
        key, page = self._wanted.popitem()
        self._making = key
        collection = self._source.collection

        def take(image: QImage) -> None:
            if image.isNull():
                self._broken.add(key)
            else:
                self._keep(key, QPixmap.fromImage(image))

        self._source.runner.run(
            lambda _job: _made(collection, page),
            take,
            lambda _error: self._broken.add(key),
            ended=lambda: self._go_on(key),
            owner=self,
        )

    def _go_on(self, key: Key) -> None:
        self._making = None
        self.arrived.emit(key)
        self._make_next()

    def _keep(self, key: Key, pixmap: QPixmap) -> None:
        self._kept[key] = pixmap
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def _made(collection: Collection, page: Page) -> QImage:
    return QImage.fromData(thumbnail(collection, page))


def paint_thumbnail(painter: QPainter, box: QRect, pixmap: QPixmap | None, *, broken: bool = False) -> None:
    """The picture in the middle of ``box``, as large as fits, with an edge; a grey sheet until it is there."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if pixmap is None:
        paper = _fitted(QRectF(box), 0.71)
        painter.fillRect(paper, QColor(style.RED_TINT if broken else style.GREY_TINT))
        if broken:
            side = min(paper.width(), 24.0)
            mark = QRectF(0, 0, side, side)
            mark.moveCenter(paper.center())
            draw(painter, "error", mark, style.RED)
    else:
        paper = _fitted(QRectF(box), pixmap.width() / pixmap.height())
        painter.drawPixmap(paper, pixmap, QRectF(pixmap.rect()))
    painter.setPen(QColor(style.STRONG_LINE))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(paper.adjusted(0, 0, -1, -1))
    painter.restore()


def _fitted(box: QRectF, ratio: float) -> QRectF:
    """The largest rectangle of that width by height in the middle of ``box``, on whole px."""
    width = min(box.width(), box.height() * ratio)
    height = width / ratio
    fitted = QRectF(0, 0, max(1, round(width)), max(1, round(height)))
    fitted.moveCenter(box.center())
    return QRectF(fitted.toRect())
