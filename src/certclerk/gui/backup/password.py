"""Asks for the password that a backup had when it was made."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QVBoxLayout, QWidget

from certclerk.gui import style
from certclerk.gui.buttons import accept_or_cancel
from certclerk.gui.window_dialogs import hand_back


class BackupPasswordDialog(QDialog):
    def __init__(self, parent: QWidget | None, name: str) -> None:
        super().__init__(parent)
        self.setObjectName("backupPasswordDialog")
        self.setWindowTitle("备份的密码")
        self.setMinimumWidth(420)
        words = QLabel(f"“{name}”的备份有密码。请输入备份那时采集文件的密码。")
        words.setWordWrap(True)
        self.field = QLineEdit()
        self.field.setObjectName("backupPasswordField")
        self.field.setAccessibleName("备份的密码")
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        buttons, accept = accept_or_cancel(self, "继续", "acceptButton", self.accept)
        accept.setEnabled(False)
        self.field.textChanged.connect(lambda text: accept.setEnabled(bool(text)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        for part in (words, self.field, buttons):
            layout.addWidget(part)


def ask_password(parent: QWidget | None, name: str) -> str | None:
    """None when the clerk gives none."""
    dialog = BackupPasswordDialog(parent, name)
    answer = dialog.field.text() if dialog.exec() else None
    hand_back(dialog)
    dialog.deleteLater()
    return answer
