"""Asking where pages belong: a teacher found by name, pinyin or number, then the certificate's slot."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.progress import Gap, gaps
from certclerk.core.records import Teacher
from certclerk.core.wording import named
from certclerk.gui import style, texts
from certclerk.gui.roster.search import folded, matches
from certclerk.gui.roster.teacher_form import certificate_title
from certclerk.gui.session import Session
from certclerk.gui.window_dialogs import hand_back


class PlaceDialog(QDialog):
    """``gap`` is where the clerk wants the pages, None while nobody with a certificate is chosen."""

    def __init__(
        self, session: Session, count: int, suggested: int | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("placeDialog")
        self.setWindowTitle("移到…")
        self.resize(420, 460)
        self._search = QLineEdit()
        self._search.setObjectName("teacherSearch")
        self._search.setAccessibleName("查找教师")
        self._search.setPlaceholderText("姓名、拼音、序号或号码")
        self._search.setClearButtonEnabled(True)
        self._teachers = QListWidget()
        self._teachers.setObjectName("teacherChoice")
        self._teachers.setAccessibleName("教师")
        self._teachers.setSpacing(2)
        self._certificate = _choice("certificateChoice", "证书")
        self._slot = _choice("slotChoice", "页")
        self._accept = self._lay_out(f"移动 {count} 页" if count > 1 else "移动")
        self._search.textChanged.connect(self._on_search_text_changed)
        self._teachers.currentItemChanged.connect(lambda _now, _before: self._show_certificates())
        self._teachers.itemDoubleClicked.connect(lambda _item: self._accept.click())
        self._certificate.currentIndexChanged.connect(lambda _index: self._show_slots())
        self._fill("", suggested)

    @property
    def gap(self) -> Gap | None:
        certificate_id, slot = self._certificate.currentData(), self._slot.currentData()
        return Gap(certificate_id, slot) if certificate_id is not None and slot else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go through the teachers while the clerk is still typing."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._search.hasFocus():
            step = -1 if event.key() == Qt.Key.Key_Up else 1
            row = self._teachers.currentRow() + step
            self._teachers.setCurrentRow(min(max(row, 0), self._teachers.count() - 1))
        else:
            super().keyPressEvent(event)

    def _lay_out(self, accept: str) -> QPushButton:
        buttons = QDialogButtonBox()
        button = QPushButton(accept)
        button.setObjectName("acceptButton")
        button.setProperty("role", "primary")
        button.setDefault(True)
        buttons.addButton(button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(texts.CANCEL, QDialogButtonBox.ButtonRole.RejectRole).setObjectName("cancelButton")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.addRow("证书", self._certificate)
        form.addRow("页", self._slot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(style.WIDE, style.WIDE, style.WIDE, style.WIDE)
        layout.setSpacing(style.GAP)
        layout.addWidget(self._search)
        layout.addWidget(self._teachers, 1)
        layout.addLayout(form)
        layout.addWidget(buttons)
        return button

    def _on_search_text_changed(self, text: str) -> None:
        self._fill(text, self._chosen_id())

    def _fill(self, text: str, chosen: int | None) -> None:
        query = folded(text)
        self._teachers.clear()
        for teacher in self._session.teachers():
            if matches(teacher, query):
                item = QListWidgetItem(f"{teacher.serial}　{named(teacher.name)}　{_kinds(teacher)}")
                item.setData(Qt.ItemDataRole.UserRole, teacher.id)
                self._teachers.addItem(item)
                if teacher.id == chosen:
                    self._teachers.setCurrentItem(item)
        if self._teachers.currentRow() < 0:
            self._teachers.setCurrentRow(0)
        self._show_certificates()

    def _chosen_id(self) -> int | None:
        item = self._teachers.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item else None

    def _show_certificates(self) -> None:
        teacher = self._session.teacher(self._chosen_id())
        self._certificate.clear()
        wanted = _first_gap(teacher, self._session)
        for certificate in teacher.certificates if teacher else ():
            self._certificate.addItem(certificate_title(certificate), certificate.id)
            if wanted and certificate.id == wanted.certificate_id:
                self._certificate.setCurrentIndex(self._certificate.count() - 1)
        self._show_slots()

    def _show_slots(self) -> None:
        teacher = self._session.teacher(self._chosen_id())
        wanted = _first_gap(teacher, self._session, self._certificate.currentData())
        self._slot.clear()
        held = teacher.certificates if teacher else ()
        certificate = next((one for one in held if one.id == self._certificate.currentData()), None)
        for slot in self._session.notice.slots if certificate else ():
            count = len(certificate.pages_in(slot.id)) if certificate else 0
            self._slot.addItem(f"{slot.label}（已有 {count} 页）" if count else slot.label, slot.id)
            if wanted and slot.id == wanted.slot:
                self._slot.setCurrentIndex(self._slot.count() - 1)
        self._accept.setEnabled(self.gap is not None)


def ask_place(parent: QWidget, session: Session, count: int = 1, suggested: int | None = None) -> Gap | None:
    """Where ``count`` pages are to go, the teacher ``suggested`` (an id) chosen first; None when cancelled."""
    dialog = PlaceDialog(session, count, suggested, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    gap = dialog.gap
    hand_back(dialog)
    dialog.deleteLater()
    return gap if accepted else None


def _first_gap(teacher: Teacher | None, session: Session, certificate_id: int | None = None) -> Gap | None:
    for certificate in teacher.certificates if teacher else ():
        if certificate_id in (None, certificate.id):
            missing = gaps(certificate, session.notice)
            if missing:
                return missing[0]
    return None


def _kinds(teacher: Teacher) -> str:
    return "、".join(certificate.kind or texts.NO_KIND for certificate in teacher.certificates)


def _choice(name: str, spoken: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(spoken)
    return box
