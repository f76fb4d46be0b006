"""One field of a form: its title, its input, and beneath it what is wrong with its value."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from certclerk.core.records import Finding, Severity
from certclerk.gui import style
from certclerk.gui.roster.readings import Reading

TITLE_WIDTH = 72


class FieldCell(QWidget):
    """``entered`` (text) when the clerk leaves the field or presses Enter and the text is another.

    Escape gives the record's value back. What is being typed is never overwritten by a refresh.
    """

    entered = Signal(str)

    def __init__(
        self,
        name: str,
        title: str,
        choices: Sequence[str] | None = None,
        *,
        free: bool = False,
        understand: Callable[[str], Reading | None] = lambda _text: None,
        parent: QWidget | None = None,
    ) -> None:
        """``choices`` make it a list to choose from; ``free``: other text may be typed into it.

        ``understand`` gives what is said about a text while it is being typed.
        """
        super().__init__(parent)
        self._value = ""
        self._understand = understand
        self._findings: Sequence[Finding] = ()
        self._choices = tuple(choices or ())
        self._free = free or choices is None
        self.input: QLineEdit | QComboBox = QLineEdit() if choices is None else self._make_list()
        self.input.setObjectName(name)
        self.input.setAccessibleName(title)
        self._line = self.input if isinstance(self.input, QLineEdit) else self.input.lineEdit()
        label = QLabel(title)
        label.setFixedWidth(TITLE_WIDTH)
        label.setBuddy(self.input)
        self._message = QLabel()
        self._message.setObjectName(f"{name}Message")
        self._message.setWordWrap(True)
        self._message.setFont(style.scaled(self._message.font(), 0.9))
        self._message.hide()
        row = QHBoxLayout()
        row.setSpacing(style.HALF)
        row.addWidget(label)
        row.addWidget(self.input, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addWidget(self._message)
        self._message.setContentsMargins(TITLE_WIDTH + style.HALF, 0, 0, 0)
        self._connect()

    @property
    def text(self) -> str:
        return self.input.currentText() if isinstance(self.input, QComboBox) else self.input.text()

    @property
    def is_dirty(self) -> bool:
        return self.text != self._value

    def show_value(self, value: str, *, force: bool = False) -> None:
        """Puts the record's value in, unless the clerk is typing another (``force``: even so)."""
        typing = self.is_dirty and self.input.hasFocus() and not force
        if value == self._value and not force:
            return
        self._value = value
        if not typing:
            self._put(value)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """The sentence of the worst one, and its colour."""
        self._findings = findings
        worst = findings[0] if findings else None
        self._message.setVisible(worst is not None)
        wrong = ""
        if worst is not None:
            tone = style.OF_SEVERITY[worst.severity]
            confirmed = f"（已确认：{worst.confirmed}）" if worst.confirmed else ""
            self._message.setText(worst.message + confirmed)
            self._message.setStyleSheet(f"color: {tone.ink};")
            loud = worst.severity is not Severity.NOTE
            wrong = f"background: {tone.tint};" if loud else ""
        self.input.setAccessibleDescription(worst.message if worst else "")
        if self.input.styleSheet() != wrong:
            self.input.setStyleSheet(wrong)

    def _on_line_text_edited(self, text: str) -> None:
        found = self._understand(text)
        if found is None:
            self.show_findings(self._findings)
            return
        self._message.setText(found.words)
        self._message.setStyleSheet(f"color: {style.QUIET if found.understood else style.AMBER};")
        self._message.show()
        self.input.setAccessibleDescription(found.words)

    def commit(self) -> None:
        """Enters what was typed and not yet entered."""
        if self.is_dirty:
            text, self._value = self.text, self.text
            self.show_findings(self._findings)
            self.entered.emit(text)

    def focus(self) -> None:
        self.input.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._line is not None:
            self._line.selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A wheel that was meant for scrolling must not change a value that it passes over.
        if event.type() == QEvent.Type.Wheel and not self.input.hasFocus():
            event.ignore()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape and self.is_dirty:
                self._put(self._value)
                self.show_findings(self._findings)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(self.input, QComboBox):
                self.commit()
                return True
        return super().eventFilter(watched, event)

    def _make_list(self) -> QComboBox:
        box = QComboBox()
        box.setEditable(self._free)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.addItems(self._choices)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(4)
        return box

    def _connect(self) -> None:
        self.input.installEventFilter(self)
        if self._line is not None:
            self._line.editingFinished.connect(self.commit)
            self._line.textEdited.connect(self._on_line_text_edited)
        if isinstance(self.input, QComboBox):
            self.input.textActivated.connect(lambda _text: self.commit())

    def _put(self, value: str) -> None:
        widget = self.input
        if isinstance(widget, QComboBox) and not self._free:
            offered = (*self._choices, *([value] if value not in self._choices else []))
            if tuple(widget.itemText(index) for index in range(widget.count())) != offered:
                widget.clear()
                widget.addItems(offered)
            widget.setCurrentIndex(offered.index(value))
        elif isinstance(widget, QComboBox):
            widget.setEditText(value)
        else:
            widget.setText(value)
