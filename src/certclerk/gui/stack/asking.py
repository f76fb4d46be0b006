"""The first step of stack mode: which pages, from which teacher on, and how many to each certificate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from certclerk.core import stack
from certclerk.core.notice import Notice
from certclerk.core.records import Teacher
from certclerk.gui import files, style, texts
from certclerk.gui.buttons import button
from certclerk.gui.stack.words import Line, teacher_label

MOST_PAGES = 20
_NO_SOURCE = "选一个多页的 PDF 或 TIFF，或几个文件，或整个文件夹；按文件名的次序取页。"


class StackAsking(QWidget):
    """``source_chosen`` (tuple of paths): read these. ``changed``: the plan is another."""

    source_chosen = Signal(object)
    changed = Signal()

    def __init__(self, notice: Notice, teachers: Sequence[Teacher], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._notice = notice
        self._first = QComboBox()
        self._used: dict[str, QCheckBox | QSpinBox] = {}
        self._skip = QCheckBox("已有的页位跳过，不往里放")
        self._files = button("选择文件…", "stackFilesButton")
        self._folder = button("选择文件夹…", "stackFolderButton")
        self._source = QLabel(_NO_SOURCE)
        self._doubt = QLabel()
        self._progress = QProgressBar()
        self._tally = QLabel()
        self._fill(teachers)
        self._lay_out()
        self._connect()

    # What the clerk chose

    def counts(self) -> dict[str, int]:
        return {
            slot: box.value() if isinstance(box, QSpinBox) else int(box.isChecked())
            for slot, box in self._used.items()
        }

    @property
    def first(self) -> int | None:
        """The id of the teacher to begin with."""
        chosen = self._first.currentData()
        return int(chosen) if chosen is not None else None

    @property
    def skip_filled(self) -> bool:
        return self._skip.isChecked()

    # What is told

    def show_reading(self, done: int, total: int, what: str) -> None:
        self._progress.show()
        self._progress.setRange(0, total)
        self._progress.setValue(done)
        self._source.setText(f"正在读入 {what}" if what else "正在读入…")

    def show_read(self, words: str, doubt: str) -> None:
        """``doubt``: what the clerk has to know of what was not taken; empty where all was."""
        self._progress.hide()
        self._source.setText(words or _NO_SOURCE)
        self._doubt.setText(doubt)
        self._doubt.setVisible(bool(doubt))

    def show_tally(self, line: Line | None) -> None:
        self._tally.setText(line.text if line else "")
        self._tally.setStyleSheet(f"color: {style.GREEN if line and line.even else style.AMBER}")

    # Inner workings

    def _fill(self, teachers: Sequence[Teacher]) -> None:
        self._first.setObjectName("firstTeacherChoice")
        self._first.setAccessibleName("从哪一位教师开始")
        for teacher in teachers:
            self._first.addItem(teacher_label(teacher), teacher.id)
        proposed = stack.proposed_counts(self._notice)
        for slot in self._notice.slots:
            if slot.many:
                spin = QSpinBox()
                spin.setRange(0, MOST_PAGES)
                spin.setValue(proposed[slot.id])
                spin.setSuffix(" 页")
                spin.setMinimumWidth(84)
                spin.valueChanged.connect(lambda _value: self.changed.emit())
                self._used[slot.id] = spin
            else:
                box = QCheckBox(slot.label)
                box.setChecked(bool(proposed[slot.id]))
                box.toggled.connect(lambda _on: self.changed.emit())
                self._used[slot.id] = box
            self._used[slot.id].setObjectName(f"stackSlot_{slot.id}")
            self._used[slot.id].setAccessibleName(f"每本证书的{slot.label}")

    def _lay_out(self) -> None:
        self._skip.setObjectName("skipFilledBox")
        self._skip.setAccessibleName(self._skip.text())
        self._skip.setChecked(True)
        for label, name in ((self._source, "stackSource"), (self._doubt, "stackDoubt")):
            label.setObjectName(name)
            label.setWordWrap(True)
        self._source.setProperty("role", "caption")
        self._doubt.setProperty("role", "doubt")
        self._doubt.hide()
        self._progress.setObjectName("stackProgress")
        self._progress.setAccessibleName("读入的进度")
        self._progress.setTextVisible(False)
        self._progress.hide()
        self._tally.setObjectName("stackAskedTally")
        self._tally.setProperty("role", "heading")
        self._tally.setWordWrap(True)
        chosen = QHBoxLayout()
        chosen.addWidget(self._files)
        chosen.addWidget(self._folder)
        chosen.addStretch(1)
        source = QVBoxLayout()
        source.setSpacing(style.GAP)
        for part in (self._source, self._progress, self._doubt):
            source.addWidget(part)
        pages = QHBoxLayout()
        pages.setSpacing(style.WIDE)
        for slot in self._notice.slots:
            box = self._used[slot.id]
            if isinstance(box, QSpinBox):
                pages.addWidget(_beside(slot.label, box))
            else:
                pages.addWidget(box)
        pages.addStretch(1)
        form = QFormLayout()
        form.setHorizontalSpacing(style.WIDE)
        form.setVerticalSpacing(style.WIDE)
        form.addRow("扫描件", chosen)
        form.addRow("", source)
        form.addRow("从哪一位开始", self._first)
        form.addRow("每本证书", pages)
        form.addRow("", self._skip)
        form.addRow("", self._tally)
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(760)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(*[24] * 4)
        title = QLabel("把按名册次序扫好的一叠，一次分给各位教师")
        title.setProperty("role", "title")
        said = QLabel("下一步会列出每位教师分到的页，对过姓名、补好缺页多页以后才放入。")
        said.setProperty("role", "caption")
        inner.addWidget(title)
        inner.addWidget(said)
        inner.addSpacing(style.WIDE)
        inner.addLayout(form)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(card, 4)
        middle.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch(1)
        layout.addLayout(middle)
        layout.addStretch(2)

    def _connect(self) -> None:
        self._files.clicked.connect(self._choose_files)
        self._folder.clicked.connect(self._choose_folder)
        self._first.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self._skip.toggled.connect(lambda _on: self.changed.emit())

    def _choose_files(self) -> None:
        paths = files.choose_files(self, "选择成叠的扫描件", texts.PAGE_FILTER)
        if paths:
            self.source_chosen.emit(paths)

    def _choose_folder(self) -> None:
        folder: Path | None = files.choose_folder(self, "选择放着成叠扫描件的文件夹")
        if folder is not None:
            self.source_chosen.emit((folder,))


def _beside(label: str, box: QWidget) -> QWidget:
    pair = QWidget()
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(QLabel(label))
    row.addWidget(box)
    return pair
