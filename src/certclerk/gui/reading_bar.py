"""The bar over the panes of a collection that is open for reading because somebody else has it open."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from certclerk.gui import style
from certclerk.gui.buttons import button

if TYPE_CHECKING:
    from certclerk.gui.main_window import MainWindow


class ReadingBar(QFrame):
    """Says of when it is what is shown, and offers the ways on."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        collection = window.opened.collection
        self._path, self._password = collection.path, collection.password
        self.setObjectName("readingBar")
        self.setStyleSheet(f"#readingBar {{ background: {style.AMBER_TINT}; }}")
        said = f"只读：别处正开着这份采集。这里是 {datetime.now():%H:%M} 的内容，可以查看，不能修改。"
        self.setAccessibleName(said)
        text = QLabel(said)
        text.setObjectName("readingText")
        text.setWordWrap(True)
        again = button("重新读入", "readAgainButton")
        again.clicked.connect(partial(self._open_again, read_only=True))
        edit = button("改为编辑", "editButton", spoken="关闭只读，打开来编辑")
        edit.clicked.connect(partial(self._open_again, read_only=False))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.HALF, style.WIDE, style.HALF)
        layout.setSpacing(style.GAP)
        layout.addWidget(text, 1)
        layout.addWidget(again)
        layout.addWidget(edit)

    def _open_again(self, _checked: bool = False, *, read_only: bool) -> None:
        """Where it cannot be edited yet, what is open stays."""
        self._window.open_path(self._path, self._password, read_only=read_only, again=True)
