"""How full the mails of a submission are, drawn: one box a mail."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from certclerk.gui import style

# px; more mails than fit at the least width are told by the text beside it.
HEIGHT = 24
LEAST_BOX, LARGEST_BOX = 10, 64


class SizeMeter(QWidget):
    """Boxes of one mail each, filled as far as the bytes go; more than two are shown in amber."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sizeMeter")
        self.setAccessibleName("预计大小与邮件数")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._mails = 0.0

    def show_mails(self, mails: float) -> None:
        """``mails``: bytes over one mail's room; 0 clears."""
        self._mails = mails
        self.setAccessibleDescription(f"约 {math.ceil(mails)} 封邮件" if mails else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(LARGEST_BOX * 4, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        count = math.ceil(self._mails)
        if not count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = max(LEAST_BOX, min(LARGEST_BOX, self.width() / count))
        shown = min(count, int(self.width() // width))
        ink = QColor(style.AMBER if count > 2 else style.ACCENT)
        for index in range(shown):
            box = QRectF(index * width + 0.5, 0.5, width - style.HALF, self.height() - 1)
            painter.setPen(QColor(style.STRONG_LINE))
            painter.setBrush(QColor(style.PANEL))
            painter.drawRoundedRect(box, 3, 3)
            filled = QRectF(box)
            filled.setWidth(box.width() * min(1.0, self._mails - index))
            painter.setPen(ink)
            painter.setBrush(ink)
            painter.drawRoundedRect(filled, 3, 3)
        painter.end()
