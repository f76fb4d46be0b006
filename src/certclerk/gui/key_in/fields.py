"""The fields of one certificate in large print, each with its copy button; which is to be copied next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QWidget

from certclerk.core.keying import NUMBERS, KeyField
from certclerk.gui import style
from certclerk.gui.buttons import button
from certclerk.gui.wizard import set_look

VALUE_POINTS = 15
NUMBER_POINTS = 17
LABEL_WIDTH = 84
EMPTY = "（空）"


def digit_of(number: int) -> str:
    """The key of the field at that place (from 0): 1 to 9, then 0."""
    return str((number + 1) % 10)


class KeyFields(QFrame):
    """``copied`` (KeyField): it lies on the clipboard now; ``copied_all``: there is no next one."""

    copied = Signal(object)
    copied_all = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("keyFields")
        self.setAccessibleName("证书内容")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._fields: tuple[KeyField, ...] = ()
        self._next = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(style.GAP, style.GAP, style.GAP, style.GAP)
        self._grid.setHorizontalSpacing(style.WIDE)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[_Row] = []

    @property
    def upcoming(self) -> KeyField | None:
        """What :meth:`copy_next` copies."""
        return self._fields[self._next] if self._next < len(self._fields) else None

    def show_fields(self, fields: Sequence[KeyField]) -> None:
        self._fields = tuple(fields)
        while len(self._rows) < len(fields):
            self._add_row(len(self._rows))
        for index, row in enumerate(self._rows):
            row.show_field(fields[index] if index < len(fields) else None)
        self._go_to(0)

    def copy_next(self) -> None:
        if self._next >= len(self._fields):
            self.copied_all.emit()
        else:
            self.copy(self._next)

    def copy(self, number: int) -> None:
        """Of the field at that place, from 0; an empty one has nothing to copy."""
        if number >= len(self._fields) or not self._fields[number].copied:
            return
        field = self._fields[number]
        QGuiApplication.clipboard().setText(field.copied)
        self._rows[number].mark_copied()
        self._go_to(number + 1)
        self.copied.emit(field)

    def _go_to(self, number: int) -> None:
        while number < len(self._fields) and not self._fields[number].copied:
            number += 1
        self._next = number
        for index, row in enumerate(self._rows):
            row.mark_upcoming(index == number)

    def _add_row(self, number: int) -> None:
        row = _Row(number)
        row.copy.clicked.connect(lambda _checked=False: self.copy(number))
        self._grid.addWidget(row.back, number, 0, 1, 3)
        self._grid.addWidget(row.label, number, 0)
        self._grid.addWidget(row.value, number, 1)
        self._grid.addWidget(row.copy, number, 2)
        self._rows.append(row)


class _Row:
    def __init__(self, number: int) -> None:
        self.back = QWidget()
        self.back.setProperty("role", "key-row")
        self.label = QLabel()
        self.label.setProperty("role", "caption")
        self.label.setMinimumWidth(LABEL_WIDTH)
        self.label.setContentsMargins(style.HALF, 0, 0, 0)
        self.value = QLabel()
        self.value.setObjectName(f"keyValue{digit_of(number)}")
        self.value.setTextFormat(Qt.TextFormat.PlainText)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.value.setWordWrap(True)
        self.copy: QPushButton = button(f"复制 {digit_of(number)}", f"copyButton{digit_of(number)}")
        # A click must not take the keys: space goes on with the next field.
        self.copy.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def show_field(self, field: KeyField | None) -> None:
        for widget in (self.back, self.label, self.value, self.copy):
            widget.setVisible(field is not None)
        if field is None:
            return
        self.label.setText(field.label)
        remark = f"　{field.remark}" if field.remark else ""
        self.value.setText((field.shown or EMPTY) + remark)
        self.value.setAccessibleName(f"{field.label}：{field.copied or '空'}{remark}")
        self.value.setFont(_font(field))
        set_look(self.value, "role", "field-error" if field.remark else "" if field.copied else "caption")
        self.copy.setEnabled(bool(field.copied))
        self.copy.setAccessibleName(f"复制{field.label}")
        set_look(self.copy, "role", "")

    def mark_copied(self) -> None:
        set_look(self.copy, "role", "copied")

    def mark_upcoming(self, upcoming: bool) -> None:
        set_look(self.back, "upcoming", upcoming)


def _font(field: KeyField) -> QFont:
    if field.id not in NUMBERS:
        made = QFont()
        made.setPointSize(VALUE_POINTS)
        return made
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setPointSize(NUMBER_POINTS)
    return made
