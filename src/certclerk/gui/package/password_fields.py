"""Fields for passwords; that for the ZIPs, typed twice."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from certclerk.gui import style
from certclerk.gui.wizard import paragraph, set_look

MEANING = (
    "不需要就留空。加密后 Windows 自带的资源管理器打不开，对方须用 7-Zip、WinRAR 或 Bandizip；"
    "密码请另行告知对方，程序不保存，忘了只能重新生成。"
)
DIFFERENT = "两次输入的密码不一样，请重新输入。"


class PasswordFields(QWidget):
    """``note`` stands below them, where the page has its notes. ``changed``: another password, or none."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._first = password_field("zipPasswordField", "压缩包密码", "密码（可不设）")
        self._again = password_field("zipPasswordAgainField", "再输一次压缩包密码", "再输一次")
        self.note = paragraph("zipPasswordNote", MEANING)
        self.note.setProperty("role", "caption")
        self.setFocusProxy(self._first)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        for field in (self._first, self._again):
            layout.addWidget(field)
            field.textChanged.connect(self._on_text_changed)

    def password(self) -> str:
        return self._first.text()

    def accepted(self) -> bool:
        """Whether both are the same; else that is said, and the second waits to be typed."""
        same = self._first.text() == self._again.text()
        self._show(MEANING if same else DIFFERENT, wrong=not same)
        if not same:
            self._again.selectAll()
            self._again.setFocus()
        return same

    def _on_text_changed(self) -> None:
        self._show(MEANING, wrong=False)
        self.changed.emit()

    def _show(self, text: str, *, wrong: bool) -> None:
        self.note.setText(text)
        set_look(self.note, "role", "field-error" if wrong else "caption")
        set_look(self._again, "wrong", wrong)


def password_field(name: str, spoken: str, hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    field.setAccessibleName(spoken)
    field.setPlaceholderText(hint)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field


def show_box(*fields: QLineEdit) -> QCheckBox:
    """Lets read what is typed into them."""
    modes = QLineEdit.EchoMode

    def show(shown: bool) -> None:
        for field in fields:
            field.setEchoMode(modes.Normal if shown else modes.Password)

    box = QCheckBox("显示密码")
    box.setObjectName("showPasswordBox")
    box.toggled.connect(show)
    return box
