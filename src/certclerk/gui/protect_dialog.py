"""采集文件密码: set one, change it, or do without."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QDialog, QFormLayout, QVBoxLayout, QWidget

from certclerk.collection import Collection
from certclerk.gui import style
from certclerk.gui.buttons import accept_or_cancel, button
from certclerk.gui.filing_form import Word
from certclerk.gui.package.password_fields import DIFFERENT, password_field
from certclerk.gui.wizard import paragraph
from certclerk.jobs.collections import LEAST_PASSWORD

MEANING = "设了密码，没有密码的人打不开这份采集；以后的备份同样加密。打开期间，内容在本机内存里是解开的。"
WRONG = "现在的密码不对，请重新输入。"
LOST = "密码忘记后无法找回，任何人都打不开这份采集。"


class ProtectDialog(QDialog):
    """When it is accepted, ``old`` is the password that the collection has and ``new`` what it is to have.

    Either is empty for none.
    """

    def __init__(self, collection: Collection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("protectDialog")
        self.setWindowTitle("采集文件密码")
        self.setMinimumWidth(480)
        self.old = self.new = ""
        self._collection = collection
        self._old = password_field("oldPasswordField", "现在的密码", "")
        self._new = password_field("newPasswordField", "新密码", f"至少 {LEAST_PASSWORD} 个字符")
        self._again = password_field("newPasswordAgainField", "再输一次新密码", "再输一次")
        self._word = Word("protectWord")
        self._noted = QCheckBox("密码已另外记好")
        self._noted.setObjectName("notedBox")
        protected = collection.protected
        buttons, self._accept = accept_or_cancel(
            self, "更改密码" if protected else "设置密码", "acceptButton", self._on_accept
        )
        if protected:
            remove = button("取消密码", "removePasswordButton", role="danger")
            remove.clicked.connect(self._on_remove)
            buttons.addButton(remove, buttons.ButtonRole.ResetRole)
        fields = QFormLayout()
        fields.setSpacing(style.GAP)
        for label, field in (("现在的密码", self._old), ("新密码", self._new), ("再输一次", self._again)):
            field.textChanged.connect(self._refresh)
            if field is not self._old or protected:
                fields.addRow(label, field)
        lost = paragraph("lostNote", LOST)
        lost.setProperty("role", "heading")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(paragraph("protectNote", MEANING))
        layout.addWidget(lost)
        layout.addLayout(fields)
        layout.addWidget(self._word)
        layout.addWidget(self._noted)
        layout.addSpacing(style.GAP)
        layout.addWidget(buttons)
        self._noted.toggled.connect(self._refresh)
        self._refresh()
        (self._old if protected else self._new).setFocus()

    def _refresh(self) -> None:
        self._word.complain("")
        self._accept.setEnabled(self._noted.isChecked() and bool(self._new.text() and self._again.text()))

    def _on_accept(self) -> None:
        complaint, field = self._complaint()
        if field is None:
            self._finish(self._new.text())
        else:
            self._refuse(complaint, field)

    def _on_remove(self) -> None:
        if self._collection.opened_with(self._old.text()):
            self._finish("")
        else:
            self._refuse(WRONG, self._old)

    def _complaint(self) -> tuple[str, QWidget | None]:
        if not self._collection.opened_with(self._old.text()):
            return WRONG, self._old
        if len(self._new.text()) < LEAST_PASSWORD:
            return f"新密码太短，请至少输入 {LEAST_PASSWORD} 个字符。", self._new
        if self._new.text() != self._again.text():
            return DIFFERENT, self._again
        return "", None

    def _refuse(self, complaint: str, field: QWidget) -> None:
        self._word.complain(complaint)
        field.setFocus()

    def _finish(self, new: str) -> None:
        self.old, self.new = self._old.text(), new
        self.accept()
