"""A screen-sized copy of the untouched page, spanned, scaled and toned as a recipe wants it, each step kept."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap, QPolygonF, QTransform

from certclerk.core.recipe import Corners, Recipe, flat_size, is_toned, tone_table

_FORMAT = QImage.Format.Format_RGB888


class EditPicture:
    """``image`` is as the page's file wants it seen, before recipe and turning."""

    def __init__(self, image: QImage) -> None:
        self._source = image.convertToFormat(_FORMAT)
        self._spanned: tuple[Corners, QImage] | None = None
        self._small: tuple[object, QImage] | None = None
        self._shown: tuple[object, QPixmap] | None = None

    @property
    def size(self) -> tuple[float, float]:
        return float(self._source.width()), float(self._source.height())

    def ground(self, corners: Corners | None) -> QSizeF:
        """Px of what lies on the desk: the whole picture, or what ``corners`` span."""
        return QSizeF(*flat_size(*self.size, corners))

    def shown(self, recipe: Recipe, corners: Corners | None, size: QSize) -> QPixmap:
        """Spanned to ``corners``, ``size`` px large, in the tones of ``recipe``; not straightened and not cut."""
        tones = (recipe.brightness, recipe.contrast)
        key = (corners, size.width(), size.height())
        if self._shown is None or self._shown[0] != (key, tones):
            if self._small is None or self._small[0] != key:
                whole = self._source if corners is None else self._span(corners)
                smooth = Qt.TransformationMode.SmoothTransformation
                small = whole.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
                self._small = key, small.convertToFormat(_FORMAT)
            made = _toned(self._small[1], recipe) if is_toned(recipe) else self._small[1]
            self._shown = (key, tones), QPixmap.fromImage(made)
        return self._shown[1]

    def _span(self, corners: Corners) -> QImage:
        if self._spanned is None or self._spanned[0] != corners:
            ground = self.ground(corners).toSize()
            spanned = QImage(max(1, ground.width()), max(1, ground.height()), _FORMAT)
            spanned.fill(Qt.GlobalColor.white)
            width, height = self.size
            there = QPolygonF([QPointF(x * width, y * height) for x, y in corners])
            area = QRectF(spanned.rect())
            here = QPolygonF([area.topLeft(), area.topRight(), area.bottomRight(), area.bottomLeft()])
            painter = QPainter(spanned)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            # PySide's overload gives the transform, or None where a quadrangle has no area.
            projection = QTransform.quadToQuad(there, here)
            if isinstance(projection, QTransform):
                painter.setTransform(projection)
            painter.drawImage(0, 0, self._source)
            painter.end()
            self._spanned = corners, spanned
        return self._spanned[1]


def _toned(image: QImage, recipe: Recipe) -> QImage:
    data = bytes(image.constBits()).translate(tone_table(recipe))
    # A copy: the image made over the bytes does not keep them.
    return QImage(data, image.width(), image.height(), image.bytesPerLine(), _FORMAT).copy()
