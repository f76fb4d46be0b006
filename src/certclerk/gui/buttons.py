"""Buttons with a name for tests, a name for screen readers, and a look."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from certclerk.gui import texts

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog, QDialogButtonBox


def button(text: str, name: str, *, spoken: str = "", role: str = "") -> QPushButton:
    """``role`` as the style sheet knows it: primary, quiet, danger."""
    made = QPushButton(text)
    made.setObjectName(name)
    made.setAccessibleName(spoken or text.rstrip("…"))
    made.setAutoDefault(False)
    if role:
        made.setProperty("role", role)
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
