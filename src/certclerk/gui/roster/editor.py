"""The editor in a roster cell: a line to type in, what is offered for it, and what is understood of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMoveEvent, QShowEvent
from PySide6.QtWidgets import QCompleter, QLabel, QLineEdit, QWidget

from certclerk.core.notice import Notice
from certclerk.gui import icons, style
from certclerk.gui.roster.readings import choices, reading

_Key = Qt.Key
_ENTER = (_Key.Key_Return, _Key.Key_Enter)
# Where a key leads from the cell: rows down, columns to the right.
_WAYS = {
    _Key.Key_Tab: (0, 1),
    _Key.Key_Backtab: (0, -1),
    _Key.Key_Up: (-1, 0),
    _Key.Key_Down: (1, 0),
}


class CellEditor(QLineEdit):
    """``left`` (rows down, columns right): the clerk is done here and goes there; ``filled``: done, with Ctrl+Enter.

    Alt+Down shows what is offered, as in a spreadsheet.
    """

    left = Signal(int, int)
    filled = Signal()

    def __init__(self, field: str, title: str, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setObjectName("cellEditor")
        self.setAccessibleName(title)
        self.setFrame(False)
        self._field, self._notice = field, notice
        self._reading = QLabel(parent)
        self._reading.setObjectName("cellReading")
        self._reading.hide()
        self.destroyed.connect(self._reading.deleteLater)
        self.textEdited.connect(self._show_reading)
        offered = choices(field, notice)
        if offered:
            completer = QCompleter(list(offered), self)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setMaxVisibleItems(len(offered))
            self.setCompleter(completer)
            arrow = self.addAction(
                icons.icon("chevron-down", style.QUIET), QLineEdit.ActionPosition.TrailingPosition
            )
            arrow.setToolTip("选择（Alt+↓）")
            arrow.triggered.connect(self._offer)

    def event(self, event: QEvent) -> bool:
        """Before Qt uses Tab to change the focus; an open list of what is offered hands its keys on to here."""
        if event.type() == QEvent.Type.ShortcutOverride and self._is_ours(event):  # type: ignore[arg-type]
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            act = self._act_of(event)  # type: ignore[arg-type]
            if act is not None:
                event.accept()
                act()
                return True
        return super().event(event)

    def _is_ours(self, event: QKeyEvent) -> bool:
        """The window has other uses for these."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        return bool(control and event.key() in (_Key.Key_D, *_ENTER)) or self._asks_for_offer(event)

    def _asks_for_offer(self, event: QKeyEvent) -> bool:
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        return bool(alt and event.key() in (_Key.Key_Down, _Key.Key_Up))

    def _act_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        key, modifiers = _Key(event.key()), event.modifiers()
        if self._asks_for_offer(event):
            return self._offer
        choosing = self.completer() is not None and self.completer().popup().isVisible()
        if choosing and key in (_Key.Key_Up, _Key.Key_Down):
            return None
        if key in _ENTER:
            if modifiers & Qt.KeyboardModifier.ControlModifier:
                return self.filled.emit
            return self._leaving(-1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1, 0)
        return self._leaving(*_WAYS[key]) if key in _WAYS else None

    def _leaving(self, down: int, right: int) -> Callable[[], object]:
        def leave() -> None:
            if self.completer() is not None and self.completer().popup().isVisible():
                chosen = self.completer().popup().currentIndex().data()
                self.completer().popup().hide()
                if chosen:
                    self.setText(chosen)
            self.left.emit(down, right)

        return leave

    def _offer(self) -> None:
        if self.completer() is not None:
            self.completer().setCompletionPrefix("")
            self.completer().complete()

    # What is understood

    def _show_reading(self, text: str) -> None:
        found = reading(self._field, text, self._notice)
        self._reading.setVisible(found is not None)
        self.setAccessibleDescription(found.words if found else "")
        if found is None:
            return
        tone = (style.INK, style.PANEL) if found.understood else (style.AMBER, style.AMBER_TINT)
        self._reading.setStyleSheet(
            f"color: {tone[0]}; background: {tone[1]}; border: 1px solid {style.STRONG_LINE}; padding: 2px 6px;"
        )
        self._reading.setText(found.words)
        self._reading.adjustSize()
        self._place_reading()
        self._reading.raise_()

    def _place_reading(self) -> None:
        """Under the cell; over it where there is no room, and never across the right edge."""
        box, room = self.geometry(), self._room.rect()
        below = box.bottom() + 1 + self._reading.height() <= room.bottom()
        top = box.bottom() + 1 if below else box.top() - self._reading.height()
        left = min(box.left(), room.right() - self._reading.width())
        self._reading.move(max(0, left), top)

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._place_reading()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Typing opened it: the first character is there by the next turn of the event loop.
        QTimer.singleShot(0, self, lambda: self._show_reading(self.text()) if self.isModified() else None)

    def hideEvent(self, event: QHideEvent) -> None:
        self._reading.hide()
        super().hideEvent(event)
