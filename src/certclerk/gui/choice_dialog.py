"""Asks the clerk to choose between a few ways, each a button that says what it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from certclerk.gui import style, texts
from certclerk.gui.buttons import button
from certclerk.gui.showing import hand_back

CANCEL_BUTTON = "cancelButton"


@dataclass(frozen=True, slots=True)
class Way:
    """``name`` is the button's object name and the answer; ``role`` as the style sheet knows it."""

    name: str
    label: str
    role: str = ""


class ChoiceDialog(QDialog):
    """A headline, what to know before choosing, and the buttons. ``chosen`` is the name of the one that was pressed,
    empty where it was ``cancel`` or Esc; Enter presses ``default``.
    """

    def __init__(
        self,
        parent: QWidget | None,
        name: str,
        title: str,
        headline: str,
        said: str,
        ways: Sequence[Way],
        *,
        default: str = CANCEL_BUTTON,
        cancel: str = texts.CANCEL,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setMinimumWidth(420)
        self.chosen = ""
        self._head, self._words = QLabel(), QLabel()
        self._head.setProperty("role", "heading")
        self._words.setObjectName("said")
        for label in (self._head, self._words):
            label.setWordWrap(True)
        self.say(headline, said)
        buttons = QHBoxLayout()
        buttons.setSpacing(style.GAP)
        buttons.addStretch(1)
        for way in (*ways, Way(CANCEL_BUTTON, cancel)):
            offered = button(way.label, way.name, role=way.role)
            pressed = self.reject if way.name == CANCEL_BUTTON else partial(self._choose, way.name)
            offered.clicked.connect(lambda _checked=False, pressed=pressed: pressed())
            buttons.addWidget(offered)
            if way.name == default:
                offered.setDefault(True)
                offered.setFocus()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(self._head)
        layout.addWidget(self._words)
        layout.addSpacing(style.GAP)
        layout.addLayout(buttons)

    def say(self, headline: str, said: str) -> None:
        self._head.setText(headline)
        self._words.setText(said)

    def _choose(self, name: str) -> None:
        self.chosen = name
        self.accept()


def ask_way(
    parent: QWidget | None, name: str, title: str, headline: str, said: str, ways: Sequence[Way]
) -> str:
    """The name of the way chosen; empty when the clerk thought better of it."""
    dialog = ChoiceDialog(parent, name, title, headline, said, ways)
    dialog.exec()
    chosen = dialog.chosen
    hand_back(dialog)
    dialog.deleteLater()
    return chosen
