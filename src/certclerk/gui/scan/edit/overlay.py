"""What is painted over a page that is being edited: shade around the frame, its lines and handles, a proposal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from certclerk.gui import style

# px
HANDLE = 12.0
HELD = 16.0
REACH = 15.0
SIDE_REACH = 7.0
_SHADE = QColor(24, 31, 40, 150)
_LIGHT = QColor(255, 255, 255, 230)
_DARK = QColor(24, 31, 40, 140)
_FINE = QColor(21, 95, 176, 90)
_LINES = 12


@dataclass(frozen=True, slots=True)
class Overlay:
    """``frame`` and ``handles`` in px of the desk, clockwise; ``held`` the handle with the focus. ``divided``: thirds
    within the frame; ``aligned``: lines over all of it. ``words`` instead of a picture, ``caption`` over one.
    """

    frame: tuple[QPointF, ...] = ()
    handles: tuple[QPointF, ...] = ()
    held: int | None = None
    divided: bool = False
    aligned: QRectF = field(default_factory=QRectF)
    proposed: QPolygonF = field(default_factory=QPolygonF)
    words: str = ""
    caption: str = ""


def paint_overlay(painter: QPainter, area: QRect, overlay: Overlay) -> None:
    """An overlay of nothing is the bare desk."""
    if not overlay.frame and not overlay.caption:
        painter.fillRect(area, QColor(style.DESK))
        painter.setPen(QColor(style.PANEL))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, overlay.words)
        return
    if overlay.caption:
        _paint_caption(painter, area, overlay.caption)
        return
    frame = QPolygonF(list(overlay.frame))
    shade = QPainterPath()
    shade.addRect(QRectF(area))
    shade.addPolygon(frame)
    shade.closeSubpath()
    # A large path costs a third without smoothing, and the frame's line lies over its edge.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillPath(shade, _SHADE)
    _paint_lines(painter, overlay)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if not overlay.proposed.isEmpty():
        for colour, dash in ((QColor(24, 31, 40, 200), 0.0), (QColor("#ffc44d"), 4.0)):
            painter.setPen(QPen(colour, 2.0, Qt.PenStyle.DashLine, Qt.PenCapStyle.FlatCap))
            if not dash:
                painter.setPen(QPen(colour, 2.0))
            painter.drawPolygon(overlay.proposed)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_DARK, 3.0))
    painter.drawPolygon(frame)
    painter.setPen(QPen(_LIGHT, 1.4))
    painter.drawPolygon(frame)
    for index, point in enumerate(overlay.handles):
        _paint_handle(painter, point, held=index == overlay.held)


def nearest(points: Sequence[QPointF], point: QPointF, *, sides: bool) -> int | None:
    """The handle within reach, or of a frame of eight (``sides``) the one whose side runs there."""
    distances = [math.hypot((point - other).x(), (point - other).y()) for other in points]
    closest = min(distances, default=REACH)
    if closest < REACH:
        return distances.index(closest)
    for middle in range(1, len(points), 2) if sides else ():
        one, other = points[middle - 1], points[(middle + 1) % len(points)]
        if _distance(QLineF(one, other), point) < SIDE_REACH:
            return middle
    return None


def _distance(line: QLineF, point: QPointF) -> float:
    way, to = line.p2() - line.p1(), point - line.p1()
    along = QPointF.dotProduct(way, to) / max(QPointF.dotProduct(way, way), 1e-6)
    apart = to - way * min(max(along, 0.0), 1.0)
    return math.hypot(apart.x(), apart.y())


def _paint_lines(painter: QPainter, overlay: Overlay) -> None:
    if overlay.divided:
        one, two, three, four = overlay.frame
        thirds = [
            line
            for share in (1 / 3, 2 / 3)
            for line in (
                QLineF(one + (two - one) * share, four + (three - four) * share),
                QLineF(one + (four - one) * share, two + (three - two) * share),
            )
        ]
        # Dark and light dashes in turn: to be seen on paper and on leather.
        for pen in (QPen(_DARK, 1.0), QPen(_LIGHT, 1.0, Qt.PenStyle.DashLine)):
            painter.setPen(pen)
            painter.drawLines(thirds)
    if not overlay.aligned.isNull():
        area = overlay.aligned
        painter.setPen(QPen(_FINE, 1.0))
        for number in range(1, _LINES):
            across = area.left() + area.width() * number / _LINES
            down = area.top() + area.height() * number / _LINES
            painter.drawLine(QLineF(across, area.top(), across, area.bottom()))
            painter.drawLine(QLineF(area.left(), down, area.right(), down))


def _paint_handle(painter: QPainter, point: QPointF, *, held: bool) -> None:
    side = HELD if held else HANDLE
    box = QRectF(point.x() - side / 2, point.y() - side / 2, side, side)
    painter.setPen(QPen(QColor(style.PANEL if held else style.ACCENT_DARK), 2.0))
    painter.setBrush(QColor(style.ACCENT if held else style.PANEL))
    painter.drawRoundedRect(box, 3, 3)
    if held:
        painter.setPen(QPen(QColor(style.ACCENT_DARK), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(-1.5, -1.5, 1.5, 1.5), 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_caption(painter: QPainter, area: QRect, words: str) -> None:
    box = QRectF(painter.fontMetrics().boundingRect(words)).adjusted(-10, -5, 10, 5)
    box.moveCenter(QPointF(area.center().x(), area.top() + 8 + box.height() / 2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(24, 31, 40, 210))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QColor(style.PANEL))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
