"""The certificate that is keyed in now: whose, how it stands, its fields, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from certclerk.core.keying import KeyEntry, KeyField, KeyState
from certclerk.core.wording import named
from certclerk.gui import style
from certclerk.gui.buttons import button
from certclerk.gui.key_in.fields import KeyFields
from certclerk.gui.key_in.queue import COLOURS, SIGNS

# Where in the column the fields are, and what stands in their place.
FIELDS_PLACE = 2


class KeyRecord(QWidget):
    """``done``, ``problem`` and ``cleared``: the clerk wants that mark; ``stepped`` (int): to a neighbour."""

    done = Signal()
    problem = Signal()
    cleared = Signal()
    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._entry: KeyEntry | None = None
        self._name = QLabel()
        self._name.setObjectName("keyInName")
        self._name.setProperty("role", "title")
        self._state = QLabel()
        self._state.setObjectName("keyInState")
        self.fields = KeyFields()
        self._said = QLabel()
        self._said.setObjectName("keyInSaid")
        self._said.setProperty("role", "caption")
        self._said.setWordWrap(True)
        self._copy = _button("复制下一项（空格）", "copyNextButton", role="primary")
        self._done = _button("已录入（回车）", "keyDoneButton")
        self._problem = _button("有问题…（F2）", "keyProblemButton")
        self._clear = _button("取消标记（Delete）", "keyClearButton")
        self._column = QVBoxLayout(self)
        self._lay_out()
        self._copy.clicked.connect(lambda _checked=False: self.fields.copy_next())
        self._done.clicked.connect(lambda _checked=False: self.done.emit())
        self._problem.clicked.connect(lambda _checked=False: self.problem.emit())
        self._clear.clicked.connect(lambda _checked=False: self.cleared.emit())
        self.fields.copied.connect(self._on_fields_copied)
        self.fields.copied_all.connect(lambda: self.say("这一本已复制完；按回车标为已录入，转到下一本。"))

    def show_entry(self, entry: KeyEntry | None) -> None:
        """What was copied stays marked where it is the same certificate, unchanged."""
        former, self._entry = self._entry, entry
        name = f"{entry.teacher.serial}　{named(entry.teacher.name)}" if entry else "没有符合条件的证书"
        self._name.setText(name)
        self._show_state(entry)
        if entry is None or former is None or _content(entry) != _content(former):
            self.fields.show_fields(entry.fields if entry else ())
            self._said.clear()
        for each in (self._copy, self._done, self._problem):
            each.setEnabled(entry is not None)
        self._clear.setEnabled(entry is not None and entry.keying is not None)

    def say(self, sentence: str) -> None:
        self._said.setText(sentence)

    def hold(self, pane: QWidget) -> None:
        """Takes ``pane`` in where the fields are; one of them is to be shown."""
        if pane.parent() is not self:
            self._column.insertWidget(FIELDS_PLACE, pane, 1)

    def _lay_out(self) -> None:
        heading, marks = QHBoxLayout(), QHBoxLayout()
        heading.setSpacing(style.WIDE)
        heading.addWidget(self._stepper("上一本", "keyPreviousButton", -1))
        heading.addWidget(self._name, 1, Qt.AlignmentFlag.AlignCenter)
        heading.addWidget(self._stepper("下一本", "keyNextButton", 1))
        marks.setSpacing(style.HALF)
        for each in (self._copy, self._done, self._problem, self._clear):
            marks.addWidget(each)
        marks.addStretch(1)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(style.HALF)
        self._column.addLayout(heading)
        self._column.addWidget(self._state, 0, Qt.AlignmentFlag.AlignCenter)
        self._column.addWidget(self.fields)
        self._column.addWidget(self._said)
        self._column.addStretch()
        self._column.addLayout(marks)

    def _stepper(self, text: str, name: str, by: int) -> QPushButton:
        made = _button(text, name)
        made.clicked.connect(lambda _checked=False: self.stepped.emit(by))
        return made

    def _show_state(self, entry: KeyEntry | None) -> None:
        if entry is None:
            self._state.clear()
            return
        reason = f"：{entry.keying.reason}" if entry.keying and entry.state is KeyState.PROBLEM else ""
        self._state.setText(f"{SIGNS[entry.state]} {entry.state.value}{reason}".strip())
        self._state.setStyleSheet(f"color: {COLOURS.get(entry.state, style.QUIET)}")

    def _on_fields_copied(self, field: KeyField) -> None:
        following = self.fields.upcoming
        after = f"；空格接着复制{following.label}" if following else "；这一本已复制完，按回车标为已录入"
        self.say(f"已复制{field.label} {field.shown}{after}。")


def _content(entry: KeyEntry) -> tuple[int, tuple[KeyField, ...]]:
    return entry.certificate.id, entry.fields


def _button(text: str, name: str, role: str = "") -> QPushButton:
    """A click leaves the keys to the window."""
    made = button(text, name, role=role)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made
