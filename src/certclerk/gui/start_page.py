"""What the window shows while no collection is open: recent ones, 新建, 打开, 用示例试一试.

It is painted before anything else is imported, and does without the enums of ``Qt`` for that.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from certclerk.gui import style, texts
from certclerk.gui.buttons import button

WIDTH = 860
CHOICE_SIZE = QSize(280, 68)
PICTURE = QSize(28, 28)
CARD_HEIGHT = 220
# More of them stand in the menu.
SHOWN = 5
# Object name, icon, what it says, what it means.
CHOICES = (
    ("newButton", "new", "新建采集", "选通知和单位，建一个文件"),
    ("openButton", "folder", "打开采集", "继续上次的工作"),
    ("sampleButton", "sample", "用示例试一试", "虚构的教师和样本证书"),
)


class StartPage(QWidget):
    """Says what the clerk wants; ``recent_wanted`` with the path of a collection."""

    new_wanted = Signal()
    open_wanted = Signal()
    sample_wanted = Signal()
    recent_wanted = Signal(object)
    clear_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("startPage")
        self.setAccessibleName("开始")
        self._trouble = QLabel()
        self._recent = QVBoxLayout()
        self._entries: list[_Entry] = []
        self._none = QLabel("打开过的采集会列在这里。")
        self._clear = button("清空列表", "clearRecentButton", role="quiet")
        self._work = QFrame()
        self._work_label = ""
        self._work_text = QLabel()
        self._work_bar = QProgressBar()
        self._choices = [_Choice(*choice) for choice in CHOICES]
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self._centre())
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(across)
        outer.addStretch(3)
        self._connect()
        self.show_recent(())

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Those that are no longer there stay in the list, greyed: the U盘 may come back."""
        for entry in self._entries:
            entry.setParent(None)
            entry.deleteLater()
        self._entries = [_Entry(path, place) for place, path in enumerate(paths[:SHOWN], 1)]
        for entry in self._entries:
            entry.clicked.connect(lambda _checked=False, path=entry.path: self.recent_wanted.emit(path))
            self._recent.addWidget(entry)
        self._none.setVisible(not paths)
        self._clear.setVisible(bool(paths))

    def show_days(self, path: Path, words: str) -> None:
        """The days at the counter of the collection there, as they were read since the page was shown."""
        for entry in self._entries:
            if entry.path == path:
                entry.show_days(words)

    def show_trouble(self, sentence: str) -> None:
        """Why the last wish was not fulfilled; empty clears it."""
        self._trouble.setText(sentence)
        self._trouble.setVisible(bool(sentence))

    def begin_work(self, label: str) -> None:
        """Nothing else is begun until :meth:`end_work`."""
        self._work_label = label
        self.show_work(0, 0, "")
        self._work.show()
        self._set_choices_enabled(False)

    def show_work(self, done: int, total: int, what: str) -> None:
        """Steps ``done`` of ``total`` (0: not known yet); without a word of ``what`` they are not worth counting."""
        self._work_bar.setRange(0, total)
        self._work_bar.setValue(done)
        counted = f" {what}（{done}/{total}）" if total and what else ""
        self._work_text.setText(f"{self._work_label}{counted}")

    def end_work(self) -> None:
        self._work.hide()
        self._set_choices_enabled(True)

    def add_icons(self) -> None:
        """The first picture of the page goes without them."""
        for choice in self._choices:
            choice.add_icon()

    def _set_choices_enabled(self, enabled: bool) -> None:
        for part in (*self._choices, *self._entries):
            part.setEnabled(enabled)

    def _connect(self) -> None:
        for choice, wish in zip(
            self._choices, (self.new_wanted, self.open_wanted, self.sample_wanted), strict=True
        ):
            choice.clicked.connect(wish)
        self._clear.clicked.connect(self.clear_wanted)

    def _centre(self) -> QWidget:
        centre = QWidget()
        centre.setFixedWidth(WIDTH)
        title = QLabel(texts.PROGRAM)
        title.setProperty("role", "title")
        subtitle = QLabel(
            "导入名册，扫描证书，检查，生成可以直接发送的报送包。每一步自动保存，资料只留在本机。"
        )
        subtitle.setProperty("role", "caption")
        self._trouble.setObjectName("troubleLabel")
        self._trouble.setAccessibleName("没有成功的原因")
        self._trouble.setProperty("role", "trouble")
        self._trouble.setWordWrap(True)
        self._trouble.hide()
        choices = QVBoxLayout()
        choices.setSpacing(style.GAP)
        for choice in self._choices:
            choices.addWidget(choice)
        choices.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(2 * style.WIDE)
        columns.addLayout(choices)
        columns.addWidget(self._recent_card(), 1)
        layout = QVBoxLayout(centre)
        layout.setSpacing(style.GAP)
        layout.addWidget(title)
        layout.addWidget(subtitle)
        layout.addSpacing(style.WIDE)
        layout.addWidget(self._trouble)
        layout.addLayout(columns)
        layout.addWidget(self._work_card())
        return centre

    def _recent_card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        card.setMinimumHeight(CARD_HEIGHT)
        head = QLabel("最近打开")
        head.setProperty("role", "heading")
        self._none.setProperty("role", "caption")
        top = QHBoxLayout()
        top.addWidget(head)
        top.addStretch(1)
        top.addWidget(self._clear)
        layout = QVBoxLayout(card)
        layout.addLayout(top)
        layout.addWidget(self._none)
        layout.addLayout(self._recent)
        layout.addStretch(1)
        return card

    def _work_card(self) -> QFrame:
        self._work.setProperty("role", "card")
        self._work_bar.setObjectName("workBar")
        self._work_bar.setAccessibleName("进度")
        self._work_bar.setTextVisible(False)
        self._work_bar.setFixedHeight(8)
        stop = button(texts.CANCEL, "workCancelButton")
        stop.clicked.connect(self.stop_wanted)
        layout = QHBoxLayout(self._work)
        layout.addWidget(self._work_text)
        layout.addWidget(self._work_bar, 1)
        layout.addWidget(stop)
        self._work.hide()
        return self._work


class _Entry(QPushButton):
    """A collection that was opened before: its name, and where it lies."""

    def __init__(self, path: Path, place: int) -> None:
        super().__init__()
        self.path = path
        there = path.is_file()
        name = path.stem if there else f"{path.stem}（找不到）"
        self.setObjectName(f"recent{place}")
        self.setAccessibleName(name)
        self.setAccessibleDescription(str(path.parent))
        self.setToolTip(str(path))
        self.setProperty("role", "entry")
        head, small, self._days = QLabel(name), QLabel(str(path.parent)), QLabel()
        head.setProperty("role", "heading" if there else "gone")
        small.setProperty("role", "caption")
        self._days.setObjectName("entryDays")
        self._days.setProperty("role", "caption")
        top = QHBoxLayout()
        top.addWidget(head, 1)
        top.addWidget(self._days)
        column = QVBoxLayout(self)
        column.setContentsMargins(style.GAP, style.HALF, style.GAP, style.HALF)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(small)

    def show_days(self, words: str) -> None:
        self._days.setText(f"录入时间 {words}" if words else "")
        self.setAccessibleDescription("，".join(filter(None, (str(self.path.parent), self._days.text()))))


class _Choice(QPushButton):
    """A large button: a picture, words, and under them in small what they mean."""

    def __init__(self, name: str, sign: str, words: str, meaning: str) -> None:
        super().__init__()
        self._sign = sign
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setAccessibleDescription(meaning)
        self.setProperty("role", "choice")
        self.setFixedSize(CHOICE_SIZE)
        self._picture = QLabel()
        self._picture.setFixedSize(PICTURE)
        head, small = QLabel(words), QLabel(meaning)
        head.setProperty("role", "heading")
        small.setProperty("role", "caption")
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addStretch(1)
        text.addWidget(head)
        text.addWidget(small)
        text.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(style.WIDE, style.GAP, style.WIDE, style.GAP)
        row.setSpacing(style.WIDE)
        row.addWidget(self._picture)
        row.addLayout(text, 1)

    def add_icon(self) -> None:
        from certclerk.gui import icons

        self._picture.setPixmap(icons.picture(self._sign, PICTURE.width(), style.ACCENT))
