"""Asks the clerk to choose between a few ways, each a button that says what it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from certclerk.gui import style, texts
from certclerk.gui.buttons import button
from certclerk.gui.window_dialogs import hand_back

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Way(Generic[T]):
    """``role`` as the style sheet knows it."""

    value: T
    label: str
    object_name: str
    role: str = ""


class ChoiceDialog(QDialog):
    """A headline, what to know before choosing, and the buttons; 取消 is what Enter presses."""

    def __init__(
        self, parent: QWidget | None, name: str, title: str, headline: str, said: str, ways: Sequence[Way[T]]
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setMinimumWidth(420)
        self.chosen: T | None = None
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
            offered = button(way.label, way.object_name, role=way.role)
            offered.clicked.connect(lambda _checked=False, value=way.value: self._choose(value))
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

    def _choose(self, value: T) -> None:
        self.chosen = value
        self.accept()


def ask_way(
    parent: QWidget | None, name: str, title: str, headline: str, said: str, ways: Sequence[Way[T]]
) -> T | None:
    """The value of the way chosen; None when the clerk thought better of it."""
    dialog = ChoiceDialog(parent, name, title, headline, said, ways)
    dialog.exec()
    chosen: T | None = dialog.chosen
    hand_back(dialog)
    dialog.deleteLater()
    return chosen
