"""Tells of an error that nobody expected, with details to copy."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from certclerk.gui import style
from certclerk.gui.buttons import button, close_button


class ErrorDialog(QDialog):
    """Says that something went wrong inside the program, with details to copy."""

    def __init__(self, parent: QWidget | None, details: str) -> None:
        super().__init__(parent)
        self.setObjectName("errorDialog")
        self.setWindowTitle("程序内部出错")
        self.setMinimumWidth(560)
        sentence = QLabel(
            "程序内部出了错，刚才这一步没有完成。此前的内容都已保存，没有受影响，可以继续使用。\n"
            "如果再次出现，请复制下面的详情发给维护人员（其中没有姓名和号码）。"
        )
        sentence.setWordWrap(True)
        self._details = QPlainTextEdit(details)
        self._details.setObjectName("errorDetails")
        self._details.setAccessibleName("错误详情")
        self._details.setReadOnly(True)
        self._details.setMinimumHeight(160)
        copy = button("复制详情", "copyButton")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(close_button(self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.WIDE, style.WIDE, style.WIDE)
        layout.setSpacing(style.GAP)
        layout.addWidget(sentence)
        layout.addWidget(self._details)
        layout.addLayout(buttons)


def show_error(details: str) -> None:
    """One modal dialog over the active window."""
    dialog = ErrorDialog(QApplication.activeWindow(), details)
    dialog.exec()
    dialog.deleteLater()
