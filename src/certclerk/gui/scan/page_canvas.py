"""The desk on which a page's picture lies: zoom, pan, and pictures of the right sharpness for each zoom."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsPixmapItem, QGraphicsScene, QGraphicsView, QWidget

from certclerk.gui import style

STEP = 1.25
LARGEST_ZOOM = 8.0
SMALLEST_ZOOM = 0.02
# px: below this a picture is not halved any further.
SMALLEST_LEVEL = 256
MARGIN = 8


class Zoom(Enum):
    """What the keyboard asks of the desk."""

    IN = auto()
    OUT = auto()
    FIT = auto()
    FULL = auto()


_ZOOM_KEYS = {
    Qt.Key.Key_Plus: Zoom.IN,
    Qt.Key.Key_Equal: Zoom.IN,
    Qt.Key.Key_Minus: Zoom.OUT,
    Qt.Key.Key_0: Zoom.FIT,
    Qt.Key.Key_1: Zoom.FULL,
}


def zoom_of(event: QKeyEvent) -> Zoom | None:
    """Ctrl with plus, minus, 0 (fit) or 1 (every pixel)."""
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        return _ZOOM_KEYS.get(Qt.Key(event.key()))
    return None


def levels(image: QImage) -> tuple[QImage, ...]:
    """The picture and its halves, largest first: painted from the next larger one, fine print stays smooth."""
    found = [image]
    while max(found[-1].width(), found[-1].height()) >= 2 * SMALLEST_LEVEL:
        last = found[-1]
        found.append(
            last.scaled(
                max(1, last.width() // 2),
                max(1, last.height() // 2),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
    return tuple(found)


class PageCanvas(QGraphicsView):
    """Scene coordinates are px of the picture at full size. Fitted until the clerk zooms.

    ``zoomed`` comes with every new zoom; ``stepped`` (-1 or 1) when left or right is pressed.
    """

    zoomed = Signal()
    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pageCanvas")
        self.setAccessibleName("大图")
        self.setScene(QGraphicsScene(self))
        self._item = QGraphicsPixmapItem()
        self._item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self.scene().addItem(self._item)
        self._levels: tuple[QPixmap, ...] = ()
        self._full = QSize()
        self._fits = True
        self._empty_text = ""
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setBackgroundBrush(QColor(style.DESK))
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        # Bars that come and go would shift the picture under the clerk's eyes; hand and arrows move it.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumSize(160, 96)

    @property
    def zoom(self) -> float:
        """Device px per px of the full picture."""
        return self.transform().m11() * self.devicePixelRatioF()

    @property
    def fits(self) -> bool:
        return self._fits

    def has_picture(self) -> bool:
        return bool(self._levels)

    def show_picture(self, pictures: Sequence[QImage], longest: int, *, keep_place: bool = False) -> None:
        """``pictures`` as :func:`levels` gives them; ``longest`` px is the longer side at full size."""
        self._levels = tuple(QPixmap.fromImage(image) for image in pictures)
        first = self._levels[0]
        scale = longest / max(first.width(), first.height())
        self._full = QSize(round(first.width() * scale), round(first.height() * scale))
        self.setSceneRect(QRectF(0, 0, self._full.width(), self._full.height()))
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        if keep_place:
            self._choose_level()
        else:
            self.fit()
        self.viewport().update()

    def clear(self, text: str) -> None:
        """An empty desk that says ``text``."""
        self._levels = ()
        self._empty_text = text
        self._item.setPixmap(QPixmap())
        self.setSceneRect(QRectF())
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.viewport().update()
        self.zoomed.emit()

    def apply(self, zoom: Zoom) -> None:
        match zoom:
            case Zoom.IN:
                self.zoom_by(STEP)
            case Zoom.OUT:
                self.zoom_by(1 / STEP)
            case Zoom.FULL:
                self.zoom_by(1 / self.zoom)
            case Zoom.FIT:
                self.fit()

    def fit(self) -> None:
        """The whole picture, as large as the desk has room for."""
        self._fits = True
        if not self._levels:
            return
        room = self.maximumViewportSize() - QSize(2 * MARGIN, 2 * MARGIN)
        scale = min(room.width() / self._full.width(), room.height() / self._full.height())
        self._set_scale(max(scale, SMALLEST_ZOOM))

    def zoom_by(self, factor: float, around: QPoint | None = None) -> None:
        """The point of the picture under ``around`` (viewport px; None: the middle) stays where it is."""
        if not self._levels:
            return
        wanted = min(max(self.zoom * factor, SMALLEST_ZOOM), LARGEST_ZOOM)
        self._fits = False
        point = around or self.viewport().rect().center()
        held = self.mapToScene(point)
        self._set_scale(wanted / self.devicePixelRatioF())
        moved = self.mapFromScene(held) - point
        for bar, distance in (
            (self.horizontalScrollBar(), moved.x()),
            (self.verticalScrollBar(), moved.y()),
        ):
            bar.setValue(bar.value() + distance)

    def wheelEvent(self, event: QWheelEvent) -> None:
        degrees = event.angleDelta().y() / 120
        if degrees:
            self.zoom_by(STEP**degrees, event.position().toPoint())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if step and plain and (self._fits or not self._levels):
            self.stepped.emit(step)
        elif plain and Qt.Key(event.key()) in (Qt.Key.Key_R, Qt.Key.Key_E, Qt.Key.Key_A, Qt.Key.Key_Delete):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fits:
            self.fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        area = self.viewport().rect()
        if not self._levels:
            painter.setPen(QColor(style.PANEL))
            room = area.adjusted(style.WIDE, style.WIDE, -style.WIDE, -style.WIDE)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, flags, self._empty_text)
        if self.hasFocus():
            painter.setPen(QColor(style.PANEL))
            painter.drawRect(area.adjusted(2, 2, -3, -3))
            painter.setPen(QColor(style.ACCENT))
            painter.drawRect(area.adjusted(0, 0, -1, -1))
            painter.drawRect(area.adjusted(1, 1, -2, -2))
        painter.end()

    def _set_scale(self, scale: float) -> None:
        self.setTransform(QTransform.fromScale(scale, scale))
        self._choose_level()
        self.zoomed.emit()

    def _choose_level(self) -> None:
        needed = self.zoom * self._longest()
        best = self._levels[0]
        for level in self._levels:
            if max(level.width(), level.height()) >= needed:
                best = level
        if best.cacheKey() != self._item.pixmap().cacheKey():
            self._item.setPixmap(best)
        self._item.setScale(self._longest() / max(best.width(), best.height()))

    def _longest(self) -> int:
        return max(self._full.width(), self._full.height(), 1)
