"""新建采集: which notice, which unit, who, and where the file is to lie."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from certclerk.core.errors import UserError
from certclerk.core.names import safe_file_name
from certclerk.core.notice import Notice
from certclerk.gui import files, style, texts
from certclerk.gui.buttons import accept_or_cancel, button
from certclerk.gui.filing_form import FilingForm, Word
from certclerk.gui.package.password_fields import password_field
from certclerk.gui.protect_dialog import LOST, fault_of
from certclerk.jobs.collections import SUFFIX, new_collection, read_notice, shipped_notices

FROM_FILE = "从文件…"
FIELD_WIDTH = 420


class NewCollectionDialog(QDialog):
    """When it is accepted, ``path`` is a collection that was made there."""

    def __init__(self, parent: QWidget | None = None, folder: Path | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("newCollectionDialog")
        self.setWindowTitle("新建采集")
        self._folder = folder or files.documents()
        self._place_typed = False
        self._notices: list[Notice] = list(shipped_notices())
        self._notice_choice = QComboBox()
        self._notice_word = Word("noticeWord")
        self._form = FilingForm()
        self._place = QLineEdit()
        self._place_word = Word("placeWord")
        self._password = password_field("newPasswordField", "密码", "密码（可不设）")
        self._again = password_field("newPasswordAgainField", "再输一次密码", "再输一次")
        self._password_word = Word("passwordWord")
        self._build()
        self._show_notices(0)
        self._suggest_place()
        self._form.unit.setFocus()

    @property
    def path(self) -> Path:
        return Path(self._place.text().strip()).expanduser()

    @property
    def password(self) -> str:
        """Empty for none."""
        return self._password.text()

    def accept(self) -> None:
        """Makes the file; what cannot be is said beside its field, and the dialog stays."""
        self._place_word.complain("")
        if not self._form.unit.currentText().strip():
            self._form.unit_word.complain("请选择或输入单位。")
            self._form.unit.setFocus()
            return
        if not self._place.text().strip():
            self._place_word.complain("请选择文件放在哪里。")
            self._place.setFocus()
            return
        fault, field = fault_of(self._password, self._again)
        if field is not None and (self.password or self._again.text()):
            self._password_word.complain(fault)
            field.setFocus()
            return
        path = self.path if self.path.suffix == SUFFIX else self.path.with_name(self.path.name + SUFFIX)
        self._place.setText(str(path))
        try:
            notice = self._notices[self._notice_choice.currentIndex()]
            with new_collection(path, notice, self._form.filing(), password=self.password):
                pass
        except UserError as error:
            self._place_word.complain(str(error))
            self._place.setFocus()
            return
        super().accept()

    def _build(self) -> None:
        self._notice_choice.setMinimumWidth(FIELD_WIDTH)
        self._notice_choice.activated.connect(self._on_notice_choice_activated)
        self._form.add_field("通知", "noticeChoice", self._notice_choice, self._notice_word)
        self._form.add_rows()
        self._form.edited.connect(self._suggest_place)
        self._place.setObjectName("placeField")
        self._place.setAccessibleName("保存位置")
        self._place.textEdited.connect(self._on_place_text_edited)
        browse = button("浏览…", "placeButton", spoken="选择保存位置")
        browse.clicked.connect(self._on_browse_clicked)
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._place, 1)
        row.addWidget(browse)
        self._form.add_box("保存位置", self._place, box, self._place_word)
        self._add_password()
        buttons, _ = accept_or_cancel(self, "建立", "createButton", self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.WIDE)
        layout.addLayout(self._form)
        layout.addStretch(1)
        layout.addWidget(buttons)

    def _add_password(self) -> None:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        for field in (self._password, self._again):
            row.addWidget(field)
            field.textChanged.connect(self._on_password_changed)
        self._form.add_box("密码", self._password, box, self._password_word)

    def _on_password_changed(self) -> None:
        self._password_word.hint(LOST if self.password or self._again.text() else "")

    def _show_notices(self, current: int) -> None:
        self._notice_choice.clear()
        self._notice_choice.addItems([f"{notice.number}　{notice.short_title}" for notice in self._notices])
        self._notice_choice.addItem(FROM_FILE)
        self._notice_choice.setCurrentIndex(current)
        self._shown = current
        self._form.set_notice(self._notices[current], date.today())

    def _on_notice_choice_activated(self, index: int) -> None:
        self._notice_word.complain("")
        if index < len(self._notices):
            self._show_notices(index)
            return
        self._notice_choice.setCurrentIndex(self._shown)
        path = files.choose_file(self, "选择通知配置", texts.NOTICE_FILTER)
        if path is None:
            return
        try:
            self._notices.append(read_notice(path))
        except UserError as error:
            self._notice_word.complain(str(error))
        else:
            self._show_notices(len(self._notices) - 1)

    def _on_browse_clicked(self) -> None:
        path = files.choose_save(self, "采集文件保存为", texts.COLLECTION_FILTER, self.path)
        if path is not None:
            self._place.setText(str(path))
            self._on_place_text_edited("")

    def _on_place_text_edited(self, _text: str) -> None:
        self._place_typed = True
        self._place_word.complain("")

    def _suggest_place(self) -> None:
        """Follows the unit's name until the clerk says otherwise."""
        if not self._place_typed:
            name = safe_file_name(self._form.filing().unit or "新采集")
            self._place.setText(str(self._folder / f"{name}{SUFFIX}"))
