"""What the clerk who closes a collection sees while its last backup is made."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from certclerk.core.amounts import MB
from certclerk.gui import style
from certclerk.gui.buttons import button


class ClosingDialog(QDialog):
    """Rejected where the clerk does not want to wait."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("closingBackupDialog")
        self.setWindowTitle("正在备份")
        self.setModal(True)
        self.setMinimumWidth(420)
        words = QLabel("改动都已保存。正在备份最后的改动，马上就好。")
        words.setObjectName("closingBackupWords")
        words.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setObjectName("closingBackupBar")
        self._bar.setAccessibleName("备份进度")
        self._bar.setRange(0, 0)
        skip = button("不等了，下次再备份", "skipBackupButton")
        skip.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(skip)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(words)
        layout.addWidget(self._bar)
        layout.addLayout(buttons)

    def show_progress(self, done: int, total: int, _what: str) -> None:
        """In bytes, of which Qt's bar cannot count so many."""
        self._bar.setRange(0, total // MB)
        self._bar.setValue(done // MB)
