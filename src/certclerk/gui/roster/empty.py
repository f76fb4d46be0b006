"""Why the roster shows nobody, and the way out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QVBoxLayout, QWidget

from certclerk.gui import style
from certclerk.gui.buttons import button

NO_TEACHERS = "名册还是空的。\n\n请用上方的“导入名册”选择学校的名册表，\n或用“添加教师”逐个填写。"


class RosterEmpty(QWidget):
    """Lies over the cells of ``table`` while there are none. ``all_wanted``: the clerk gives up looking."""

    all_wanted = Signal()

    def __init__(self, table: QAbstractScrollArea) -> None:
        super().__init__(table.viewport())
        self._room = table.viewport()
        self._text = QLabel()
        self._text.setObjectName("rosterEmpty")
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setWordWrap(True)
        self._text.setProperty("role", "caption")
        self._all = button("显示全部教师", "showAllButton")
        self._all.clicked.connect(self.all_wanted)
        layout = QVBoxLayout(self)
        layout.setSpacing(style.WIDE)
        layout.addStretch(1)
        layout.addWidget(self._text)
        layout.addWidget(self._all, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        self._room.installEventFilter(self)
        self.hide()

    def say(self, query: str, filtered: bool, *, anybody: bool) -> None:
        """``query`` as it was typed; ``anybody``: whether the roster has teachers at all."""
        where = "在筛选出的教师中" if filtered else ""
        if not anybody:
            words = NO_TEACHERS
        elif query:
            words = f"{where}没有找到“{query}”。\n\n可以查姓名、拼音（全拼或首字母）和各种号码的一部分。"
        else:
            words = "没有符合条件的教师。"
        self._text.setText(words)
        self._all.setVisible(anybody)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._room and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._room.rect().adjusted(style.WIDE, 0, -style.WIDE, 0))
        return False
