"""What the window shows while no collection is open: recent ones, 新建, 打开, 用示例试一试."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from certclerk.gui import icons, style, texts

PATH_ROLE = Qt.ItemDataRole.UserRole
WIDTH = 860
CHOICE_SIZE = QSize(280, 68)
# Object name, icon, what it says, what it means.
CHOICES = (
    ("newButton", "new", "新建采集", "选通知和单位，建一个文件"),
    ("openButton", "folder", "打开采集", "继续上次的工作"),
    ("sampleButton", "sample", "用示例试一试", "虚构的教师和样本证书"),
)


class StartPage(QWidget):
    """``new_wanted``, ``open_wanted``, ``sample_wanted``, ``recent_wanted`` (Path), ``clear_wanted``, ``stop_wanted``."""

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
        self._recent = QListWidget()
        self._clear = QPushButton("清空列表")
        self._work = QFrame()
        self._work_text = QLabel()
        self._work_bar = QProgressBar()
        self._choices: list[QPushButton] = []
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(self._centre(), 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)
        self.show_recent(())

    def show_recent(self, paths: Sequence[Path]) -> None:
        """Those that are no longer there stay in the list, greyed: the U盘 may come back."""
        self._recent.clear()
        for path in paths:
            there = path.is_file()
            item = QListWidgetItem(
                f"{path.stem}\n{path.parent}" if there else f"{path.stem}（找不到）\n{path.parent}"
            )
            item.setData(PATH_ROLE, str(path))
            item.setToolTip(str(path))
            item.setIcon(icons.icon("package", style.ACCENT if there else style.STRONG_LINE))
            item.setSizeHint(QSize(0, 52))
            if not there:
                item.setForeground(QColor(style.QUIET))
                font = QFont(self.font())
                font.setItalic(True)
                item.setFont(font)
            self._recent.addItem(item)
        self._clear.setVisible(bool(paths))
        if not paths:
            item = QListWidgetItem("打开过的采集会列在这里。")
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._recent.addItem(item)

    def show_trouble(self, sentence: str) -> None:
        """Why the last wish was not fulfilled; empty clears it."""
        self._trouble.setText(sentence)
        self._trouble.setVisible(bool(sentence))

    def show_work(self, done: int, total: int, what: str) -> None:
        self._work.show()
        self._work_bar.setRange(0, total)
        self._work_bar.setValue(done)
        counted = f"（{done}/{total}）" if total else ""
        self._work_text.setText(f"正在制作示例 {what}{counted}")
        self._set_choices_enabled(False)

    def end_work(self) -> None:
        self._work.hide()
        self._set_choices_enabled(True)

    def _set_choices_enabled(self, enabled: bool) -> None:
        for button in self._choices:
            button.setEnabled(enabled)
        self._recent.setEnabled(enabled)

    def _centre(self) -> QWidget:
        centre = QWidget()
        centre.setFixedWidth(WIDTH)
        title = QLabel(texts.PROGRAM)
        title.setProperty("role", "title")
        subtitle = QLabel("导入名册，扫描证书，检查，生成可以直接发送的报送包。每一步自动保存。")
        subtitle.setProperty("role", "caption")
        self._trouble.setObjectName("troubleLabel")
        self._trouble.setAccessibleName("没有成功的原因")
        self._trouble.setProperty("role", "trouble")
        self._trouble.setWordWrap(True)
        self._trouble.hide()
        columns = QHBoxLayout()
        columns.setSpacing(2 * style.WIDE)
        columns.addLayout(self._choice_column())
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

    def _choice_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(style.GAP)
        wishes = (self.new_wanted, self.open_wanted, self.sample_wanted)
        for (name, sign, words, meaning), wish in zip(CHOICES, wishes, strict=True):
            button = _choice_button(name, sign, words, meaning)
            button.clicked.connect(wish)
            self._choices.append(button)
            column.addWidget(button)
        column.addStretch(1)
        return column

    def _recent_card(self) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        head = QLabel("最近打开")
        head.setProperty("role", "heading")
        self._clear.setObjectName("clearRecentButton")
        self._clear.setProperty("role", "quiet")
        self._clear.clicked.connect(self.clear_wanted)
        self._recent.setObjectName("recentList")
        self._recent.setAccessibleName("最近打开的采集")
        self._recent.setMinimumHeight(220)
        self._recent.itemActivated.connect(self._on_recent_item_chosen)
        self._recent.itemClicked.connect(self._on_recent_item_chosen)
        top = QHBoxLayout()
        top.addWidget(head)
        top.addStretch(1)
        top.addWidget(self._clear)
        layout = QVBoxLayout(card)
        layout.addLayout(top)
        layout.addWidget(self._recent)
        return card

    def _work_card(self) -> QFrame:
        self._work.setProperty("role", "card")
        self._work_bar.setObjectName("sampleBar")
        self._work_bar.setAccessibleName("示例制作进度")
        self._work_bar.setTextVisible(False)
        self._work_bar.setFixedHeight(8)
        stop = QPushButton(texts.CANCEL)
        stop.setObjectName("sampleCancelButton")
        stop.clicked.connect(self.stop_wanted)
        layout = QHBoxLayout(self._work)
        layout.addWidget(self._work_text)
        layout.addWidget(self._work_bar, 1)
        layout.addWidget(stop)
        self._work.hide()
        return self._work

    def _on_recent_item_chosen(self, item: QListWidgetItem) -> None:
        if item.data(PATH_ROLE):
            self.recent_wanted.emit(Path(item.data(PATH_ROLE)))


def _choice_button(name: str, sign: str, words: str, meaning: str) -> QPushButton:
    """A large button: icon, words, and under them in small what they mean."""
    button = QPushButton()
    button.setObjectName(name)
    button.setAccessibleName(words)
    button.setAccessibleDescription(meaning)
    button.setProperty("role", "choice")
    button.setFixedSize(CHOICE_SIZE)
    picture, head, small = QLabel(), QLabel(words), QLabel(meaning)
    picture.setPixmap(icons.icon(sign, style.ACCENT).pixmap(QSize(28, 28)))
    head.setProperty("role", "heading")
    small.setProperty("role", "caption")
    text = QVBoxLayout()
    text.setSpacing(2)
    text.addWidget(head, 0, Qt.AlignmentFlag.AlignBottom)
    text.addWidget(small, 0, Qt.AlignmentFlag.AlignTop)
    row = QHBoxLayout(button)
    row.setContentsMargins(style.WIDE, style.GAP, style.WIDE, style.GAP)
    row.setSpacing(style.WIDE)
    row.addWidget(picture)
    row.addLayout(text, 1)
    for part in (picture, head, small):
        part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return button
