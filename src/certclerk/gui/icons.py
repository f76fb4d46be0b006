"""Line icons painted from short path texts, sharp at any scale; no picture files and no SVG module."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap

from certclerk.gui import style

BOX = 24.0
STROKE = 1.9
SCALES = (1.0, 1.5, 2.0)

# In a box of 24: M and L as in SVG, Q with a control point, Z closes, O centre x, y, radius; F before a
# figure fills it.
PATHS: dict[str, str] = {
    "import": "M12 3 L12 14 M8 10 L12 14 L16 10 M4 14 L4 20 L20 20 L20 14",
    "add-person": "O 10 8 4 M3 20 Q3 14 10 14 Q13 14 14.5 15.2 M18 13 L18 21 M14 17 L22 17",
    "add": "M12 5 L12 19 M5 12 L19 12",
    "scan": "M4 10 L18 4 M4 13 L20 13 L20 19 L4 19 Z M7.5 16 L7.6 16 M11 16 L16 16",
    "pages": "M6 3 L14 3 L19 8 L19 21 L6 21 Z M14 3 L14 8 L19 8 M9 13 L16 13 M9 17 L16 17",
    "undo": "M8 5 L4 9 L8 13 M4 9 L14 9 Q20 9 20 14 Q20 19 14 19 L9 19",
    "redo": "M16 5 L20 9 L16 13 M20 9 L10 9 Q4 9 4 14 Q4 19 10 19 L15 19",
    "package": "M4 8 L12 4 L20 8 L20 17 L12 21 L4 17 Z M4 8 L12 12 L20 8 M12 12 L12 21",
    "next": "M12 4 L12 16 M7 11 L12 16 L17 11 M6 20 L18 20",
    "up": "M12 19 L12 6 M6.5 11.5 L12 6 L17.5 11.5",
    "down": "M12 5 L12 18 M6.5 12.5 L12 18 L17.5 12.5",
    "search": "O 10.5 10.5 6 M15 15 L20.5 20.5",
    "close": "M6 6 L18 18 M18 6 L6 18",
    "table": "M3 5 L21 5 L21 19 L3 19 Z M3 10 L21 10 M3 14.5 L21 14.5 M9 5 L9 19",
    "chevron-right": "M9 5 L16 12 L9 19",
    "chevron-down": "M5 9 L12 16 L19 9",
    "folder": "M3 6 L9 6 L11 9 L21 9 L21 19 L3 19 Z",
    "watch": "M3 6 L9 6 L11 9 L21 9 L21 19 L3 19 Z M12 11 L12 16 M9.5 13.8 L12 16.3 L14.5 13.8",
    "new": "M6 3 L14 3 L19 8 L19 21 L6 21 Z M14 3 L14 8 L19 8 M12.5 11 L12.5 18 M9 14.5 L16 14.5",
    "sample": "M12 4 L14.4 9.2 L20 9.8 L15.8 13.6 L17 19.2 L12 16.3 L7 19.2 L8.2 13.6 L4 9.8 L9.6 9.2 Z",
    "verify": "M12 3 L20 6 L20 12 Q20 18 12 21 Q4 18 4 12 L4 6 Z M8.5 12 L11 14.5 L15.5 9.5",
    "trash": "M4 7 L20 7 M9 7 L9 4 L15 4 L15 7 M6 7 L7 20 L17 20 L18 7 M10 11 L10 16 M14 11 L14 16",
    "rotate-right": "M19 4 L19 9 L14 9 M19 9 Q16 4.5 11.5 5 Q5 6 5 12.5 Q5.5 19 12 19.5 Q16.5 19.5 18.7 15.5",
    "rotate-left": "M5 4 L5 9 L10 9 M5 9 Q8 4.5 12.5 5 Q19 6 19 12.5 Q18.5 19 12 19.5 Q7.5 19.5 5.3 15.5",
    "zoom-in": "O 10.5 10.5 6 M15 15 L20.5 20.5 M10.5 8 L10.5 13 M8 10.5 L13 10.5",
    "zoom-out": "O 10.5 10.5 6 M15 15 L20.5 20.5 M8 10.5 L13 10.5",
    "fit": "M4 9 L4 4 L9 4 M15 4 L20 4 L20 9 M20 15 L20 20 L15 20 M9 20 L4 20 L4 15",
    "full-size": "M4 4 L20 4 L20 20 L4 20 Z M9 9 L9 15 M15 9 L15 15 M12 10.5 L12 10.6 M12 14 L12 14.1",
    "tray": "M4 13 L7 5 L17 5 L20 13 L20 19 L4 19 Z M4 13 L9 13 L10 16 L14 16 L15 13 L20 13",
    "pencil": "M4 20 L5 15 L16 4 L20 8 L9 19 Z",
    "check": "M4.5 12.5 L10 18 L19.5 7",
    "ring": "O 12 12 7",
    "error": "F O 12 12 9 ! M12 7 L12 13 M12 16.6 L12 16.7",
    "warning": "M12 4 L21 20 L3 20 Z M12 10 L12 14.5 M12 17.2 L12 17.3",
    "info": "O 12 12 9 M12 11 L12 16.5 M12 7.6 L12 7.7",
    "question": "O 12 12 9 M9.3 9.8 Q9.5 7.2 12 7.2 Q14.8 7.3 14.7 9.7 Q14.6 11 12.9 12 Q12 12.6 12 13.8 M12 16.8 L12 16.9",
    "dash": "M6 12 L18 12",
    "pause": "M9 6 L9 18 M15 6 L15 18",
}


@cache
def icon(name: str, colour: str = style.INK) -> QIcon:
    """The icon in ``colour``, paler where its control is disabled. Raises KeyError for a name not in the table."""
    made = QIcon()
    for scale in SCALES:
        made.addPixmap(picture(name, style.ICON, colour, scale), QIcon.Mode.Normal)
        made.addPixmap(picture(name, style.ICON, style.STRONG_LINE, scale), QIcon.Mode.Disabled)
    return made


def picture(name: str, size: int, colour: str = style.INK, scale: float = 2.0) -> QPixmap:
    """The icon ``size`` px wide and high, in ``scale`` times as many pixels."""
    pixmap = QPixmap(round(size * scale), round(size * scale))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    draw(painter, name, QRectF(pixmap.rect()), colour)
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap


def draw(painter: QPainter, name: str, box: QRectF, colour: str, ground: str = style.PANEL) -> None:
    """Paints an icon into ``box`` (a square, px); strokes over a filled figure are in ``ground``."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.topLeft())
    painter.scale(box.width() / BOX, box.height() / BOX)
    pen = QPen(QColor(colour), STROKE)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    filled, _, lines = PATHS[name].rpartition("!")
    if filled:
        painter.fillPath(_path(filled.removeprefix("F")), QColor(colour))
        pen.setColor(QColor(ground))
    painter.strokePath(_path(lines), pen)
    painter.restore()


@cache
def _path(text: str) -> QPainterPath:
    path = QPainterPath()
    words = iter(text.replace("M", "M ").replace("L", "L ").replace("Q", "Q ").split())

    def number() -> float:
        return float(next(words))

    for command in words:
        match command:
            case "M":
                path.moveTo(number(), number())
            case "L":
                path.lineTo(number(), number())
            case "Q":
                path.quadTo(number(), number(), number(), number())
            case "O":
                path.addEllipse(QPointF(number(), number()), *[number()] * 2)
            case "Z":
                path.closeSubpath()
    return path
