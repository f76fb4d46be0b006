"""Asks for the password that a collection had when its backup was made."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from certclerk.gui.password_dialog import PasswordDialog
from certclerk.gui.showing import hand_back


def ask_password(parent: QWidget | None, name: str, wrong: bool) -> str | None:
    """None when the clerk gives none."""
    dialog = PasswordDialog(parent, f"“{name}”的备份有密码，请输入备份那时采集文件的密码。", wrong)
    answer = dialog.password.text if dialog.exec() else None
    hand_back(dialog)
    dialog.deleteLater()
    return answer
