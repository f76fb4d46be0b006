"""A headline and lines to read and copy: what was refused, what a check found, keys, codes."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from certclerk.gui import style
from certclerk.gui.buttons import button, close_button

# px: where the second column of a line begins.
TAB = 190


class ListDialog(QDialog):
    """``name`` is its object name; ``more`` buttons stand beside 复制全部."""

    def __init__(
        self,
        parent: QWidget | None,
        name: str,
        title: str,
        headline: str,
        lines: Iterable[str],
        more: Iterable[QPushButton] = (),
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.resize(640, 420)
        head = QLabel(headline)
        head.setObjectName("headline")
        head.setWordWrap(True)
        head.setProperty("role", "heading")
        text = "\n".join(lines)
        self._lines = QPlainTextEdit(text)
        self._lines.setObjectName("lines")
        self._lines.setAccessibleName(title)
        self._lines.setReadOnly(True)
        self._lines.setTabStopDistance(TAB)
        self._lines.setVisible(bool(text))
        copy = button("复制全部", "copyButton")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(f"{headline}\n{text}"))
        copy.setVisible(bool(text))
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        for one in more:
            buttons.addWidget(one)
        buttons.addStretch(1)
        buttons.addWidget(close_button(self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(head)
        layout.addWidget(self._lines, 1)
        layout.addLayout(buttons)
        if not text:
            self.resize(420, self.sizeHint().height())
