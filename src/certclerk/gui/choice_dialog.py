"""Asks the clerk to choose between a few ways, each a button that says what it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from certclerk.gui import style, texts
from certclerk.gui.buttons import button
from certclerk.gui.showing import hand_back


@dataclass(frozen=True, slots=True)
class Way:
    """``name`` is the button's object name and the answer; ``role`` as the style sheet knows it."""

    name: str
    label: str
    role: str = ""


class ChoiceDialog(QDialog):
    """A headline, what to know before choosing, and the buttons; 取消 is what Enter presses."""

    def __init__(
        self, parent: QWidget | None, name: str, title: str, headline: str, said: str, ways: Sequence[Way]
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setMinimumWidth(420)
        self.chosen = ""
        head = QLabel(headline)
        head.setProperty("role", "heading")
        words = QLabel(said)
        words.setObjectName("said")
        for label in (head, words):
            label.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(style.GAP)
        buttons.addStretch(1)
        for way in ways:
            offered = button(way.label, way.name, role=way.role)
            offered.clicked.connect(lambda _checked=False, name=way.name: self._choose(name))
            buttons.addWidget(offered)
        cancel = button(texts.CANCEL, "cancelButton")
        cancel.setDefault(True)
        cancel.clicked.connect(self.reject)
        buttons.addWidget(cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(head)
        layout.addWidget(words)
        layout.addSpacing(style.GAP)
        layout.addLayout(buttons)
        cancel.setFocus()

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
