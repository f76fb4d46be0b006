"""A headline and lines to read and copy: what was refused, what a check found, keys, codes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from certclerk.core.errors import UserError
from certclerk.gui import files, style, texts
from certclerk.gui.buttons import button, close_button
from certclerk.jobs.text_file import save_lines

TEXT_SUFFIX = ".txt"

# px: where the second column of a line begins.
TAB = 190


class ListDialog(QDialog):
    """``name`` is its object name; ``more`` buttons stand beside 复制全部. What is to be worked through later has
    ``saved_as``, a text file that it can be saved as.
    """

    def __init__(
        self,
        parent: QWidget | None,
        name: str,
        title: str,
        headline: str,
        lines: Iterable[str],
        more: Iterable[QPushButton] = (),
        saved_as: Path | None = None,
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
        self._text = f"{headline}\n{text}"
        self._saved_as = saved_as
        copy = button("复制全部", "copyButton")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        copy.setVisible(bool(text))
        save = button("另存清单…", "saveListButton")
        save.clicked.connect(self._on_save_clicked)
        save.setVisible(bool(text) and saved_as is not None)
        self._saved = QLabel()
        self._saved.setObjectName("savedText")
        self._saved.setWordWrap(True)
        self._saved.hide()
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addWidget(save)
        for one in more:
            buttons.addWidget(one)
        buttons.addStretch(1)
        buttons.addWidget(close_button(self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(head)
        layout.addWidget(self._lines, 1)
        layout.addWidget(self._saved)
        layout.addLayout(buttons)
        if not text:
            self.resize(420, self.sizeHint().height())

    def _on_save_clicked(self) -> None:
        chosen = files.choose_save(self, "另存清单", texts.TEXT_FILTER, self._saved_as)
        if chosen is None:
            return
        path = files.suffixed(chosen, TEXT_SUFFIX)
        try:
            save_lines(path, self._text.splitlines())
            self._saved.setText(f"已保存到 {path}")
        except UserError as error:
            self._saved.setText(str(error))
        self._saved.show()
