"""The one voice to the clerk: a bar over the lower edge of the window that moves nothing aside."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from certclerk.gui import icons, style, texts

# ms; an error stays until it is closed.
SHOWN_FOR_MS = 6000
WIDEST = 720


class Voice(Enum):
    """What kind of word it is: ink, ground, icon."""

    WORD = (style.PANEL, style.INK, "info")
    ERROR = (style.RED, style.RED_TINT, "error")


class MessageBar(QFrame):
    """Child of the window it floats in. ``undo_wanted``: the clerk pressed 撤销 in it."""

    undo_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setObjectName("messageBar")
        self.setAccessibleName("消息")
        self._sign = QLabel()
        self._text = QLabel()
        self._text.setObjectName("messageText")
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._undo = QPushButton(texts.UNDO)
        self._undo.setObjectName("messageUndoButton")
        self._undo.clicked.connect(self._on_undo_clicked)
        self._close = QToolButton()
        self._close.setObjectName("messageCloseButton")
        self._close.setAccessibleName(texts.CLOSE)
        self._close.setToolTip(texts.CLOSE)
        self._close.setProperty("role", "quiet")
        self._close.clicked.connect(self.hide)
        self._layout = layout = QHBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.GAP, style.GAP, style.GAP)
        layout.setSpacing(style.GAP)
        for part in (self._sign, self._text, self._undo, self._close):
            layout.addWidget(part, 1 if part is self._text else 0)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        return self._text.text()

    def say(self, text: str) -> None:
        self._show(text, Voice.WORD)

    def warn(self, text: str) -> None:
        self._show(text, Voice.ERROR)

    def offer_undo(self, text: str) -> None:
        self._show(text, Voice.WORD, undo=True)

    def withdraw_undo(self) -> None:
        """Something else has changed since: an offer still standing would take back that instead."""
        if not self._undo.isHidden():
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parent():
            self._place()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        """Who is reading it is given time."""
        self._timer.stop()
        super().enterEvent(event)

    def _show(self, text: str, voice: Voice, *, undo: bool = False) -> None:
        ink, ground, sign = voice.value
        self.setStyleSheet(
            f"#messageBar {{ background: {ground}; border: 1px solid {ink}; border-radius: 6px; }}"
            f"#messageBar QLabel {{ color: {ink}; }}"
        )
        self._sign.setPixmap(icons.icon(sign, ink).pixmap(QSize(style.ICON, style.ICON)))
        self._close.setIcon(icons.icon("close", ink))
        self._text.setText(text)
        self._undo.setVisible(undo)
        self._place()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
        if voice is Voice.ERROR:
            self._timer.stop()
        else:
            self._timer.start(SHOWN_FOR_MS)

    def _on_undo_clicked(self) -> None:
        self.hide()
        self.undo_wanted.emit()

    def _place(self) -> None:
        """Over the lower edge, in the middle, as wide as the sentence up to ``WIDEST``."""
        room = self._room.size()
        margins = self._layout.contentsMargins()
        shown = [part for part in (self._sign, self._undo, self._close) if not part.isHidden()]
        beside = sum(part.sizeHint().width() + style.GAP for part in shown) + margins.left() + margins.right()
        sentence = self._text.fontMetrics().horizontalAdvance(self.text) + style.WIDE
        width = min(WIDEST, room.width() - 4 * style.WIDE, sentence + beside)
        lines = self._text.heightForWidth(width - beside)
        tallest = max(lines, *(part.sizeHint().height() for part in shown))
        height = tallest + margins.top() + margins.bottom()
        left, top = (room.width() - width) // 2, room.height() - height - 2 * style.WIDE
        self.setGeometry(left, top, width, height)
