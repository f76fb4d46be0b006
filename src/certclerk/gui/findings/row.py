"""A finding of the current teacher: its sentence, and a button for each thing that can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from certclerk.core.records import Finding
from certclerk.gui import style
from certclerk.gui.findings.list import words
from certclerk.gui.findings.remedies import Offer
from certclerk.gui.flow_layout import FlowLayout
from certclerk.gui.icons import icon
from certclerk.jobs.listing import SEVERITY_LABELS


class FindingRow(QFrame):
    """``activated`` (Finding) by a click or Enter on it; ``chosen`` (Finding, Offer) by one of its buttons."""

    activated = Signal(object)
    chosen = Signal(object, object)

    def __init__(
        self, finding: Finding, place: str, offers: Sequence[Offer], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.finding = finding
        self.says = (finding, place, tuple(offers))
        self.setObjectName(f"finding_{finding.code}")
        where = f"{place}，" if place else ""
        self.setAccessibleName(f"{SEVERITY_LABELS[finding.severity]}：{where}{words(finding)}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        tone = style.OF_SEVERITY[finding.severity]
        sign = QLabel()
        shown = ("check", style.GREY) if finding.confirmed else (tone.sign, tone.ink)
        sign.setPixmap(icon(*shown).pixmap(16, 16))
        sentence = QLabel(words(finding))
        sentence.setWordWrap(True)
        if finding.confirmed:
            sentence.setStyleSheet(f"color: {style.QUIET};")
        column = QVBoxLayout()
        column.setSpacing(style.HALF)
        if place:
            caption = QLabel(place)
            caption.setProperty("role", "caption")
            column.addWidget(caption)
        column.addWidget(sentence)
        if offers:
            column.addLayout(self._buttons(offers))
        row = QHBoxLayout(self)
        row.setContentsMargins(style.GAP, 6, style.GAP, 6)
        row.setSpacing(style.HALF + 2)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit(self.finding)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.activated.emit(self.finding)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        area = self.rect()
        if self.underMouse():
            painter.fillRect(area, QColor(style.HOVER))
        painter.setPen(QColor(style.LINE))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        if self.hasFocus():
            painter.setPen(QPen(QColor(style.ACCENT), 2))
            painter.drawRect(QRectF(area).adjusted(1, 1, -1, -1))
        painter.end()

    def _buttons(self, offers: Sequence[Offer]) -> FlowLayout:
        flow = FlowLayout(spacing=style.HALF)
        for offer in offers:
            button = QPushButton(offer.label)
            button.setObjectName(offer.object_name)
            button.setAccessibleName(f"{offer.label.rstrip('…')}：{self.finding.message}")
            button.setCursor(Qt.CursorShape.ArrowCursor)
            button.clicked.connect(lambda _checked=False, offer=offer: self.chosen.emit(self.finding, offer))
            flow.addWidget(button)
        return flow
