"""Buttons with a name for tests, a name for screen readers, and a look."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from certclerk.gui import texts

if TYPE_CHECKING:
    from enum import StrEnum

    from PySide6.QtWidgets import QDialog, QDialogButtonBox, QToolButton


def button(text: str, name: str, *, spoken: str = "", role: str = "") -> QPushButton:
    """``role`` as the style sheet knows it: primary, quiet, danger."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAccessibleName(spoken or text.rstrip("…"))
    made.setAutoDefault(False)
    if role:
        made.setProperty("role", role)
    return made


def chip(name: str) -> QToolButton:
    """One of a row, of which one is chosen; see :func:`show_count`."""
    from PySide6.QtWidgets import QToolButton

    made = QToolButton()
    made.setObjectName(name)
    made.setCheckable(True)
    made.setProperty("role", "chip")
    return made


def show_count(chip: QToolButton, state: StrEnum | None, count: int) -> None:
    """How many people a chip stands for; None: everybody."""
    word = state.value if state else texts.ALL
    chip.setText(f"{word} {count}")
    chip.setAccessibleName(f"{word}，{count} 人")


def close_button(dialog: QDialog) -> QPushButton:
    """Of a dialog that is only read: Enter presses it."""
    made = button(texts.CLOSE, "closeButton", role="primary")
    made.setDefault(True)
    made.clicked.connect(dialog.accept)
    return made


def accept_or_cancel(
    dialog: QDialog, accept_text: str, accept_name: str, accepted: Callable[[], None]
) -> tuple[QDialogButtonBox, QPushButton]:
    """The row under a dialog: the button that does it (Enter), and 取消 (Esc)."""
    from PySide6.QtWidgets import QDialogButtonBox

    box = QDialogButtonBox()
    accept = button(accept_text, accept_name, role="primary")
    accept.setDefault(True)
    box.addButton(accept, QDialogButtonBox.ButtonRole.AcceptRole)
    box.addButton(button(texts.CANCEL, "cancelButton"), QDialogButtonBox.ButtonRole.RejectRole)
    box.accepted.connect(accepted)
    box.rejected.connect(dialog.reject)
    return box, accept
