"""First page of the package wizard: who submits, as the head of both annexes says it."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.errors import UserError
from certclerk.gui import style
from certclerk.gui.buttons import button
from certclerk.gui.filing_form import FilingForm, Word
from certclerk.gui.package.form_dialog import FormDialog
from certclerk.gui.package.request import PackageRequest
from certclerk.gui.wizard import CARD_WIDTH, Step, set_look
from certclerk.jobs import acts

# What the clerk may hand in once something was submitted, and whether that is a 补报.
SCOPES = (("全部教师", False), ("补报：只报上次以后新增、有改动的教师", True))
LEAST_PHONE_DIGITS = 7
PHONE_SIGNS = frozenset("-+()（）转 、，,;；/")


class FilingPage(Step):
    """单位, 经办人, 联系电话 and 填报时间; leaving it keeps them in the collection."""

    NAME = "报送信息"
    HINT = "这些内容印在附件的表头，也写进邮件。"

    def __init__(self, request: PackageRequest) -> None:
        super().__init__()
        self._request = request
        self._form = FilingForm()
        self._form.add_rows()
        session = request.session
        self._form.set_notice(session.notice, session.today(), session.collection.own_appointment())
        self._filled_on = QDateEdit()
        self._filled_on.setObjectName("filledOnField")
        self._filled_on.setAccessibleName("填报时间")
        self._filled_on.setDisplayFormat("yyyy年M月d日")
        self._filled_on.setCalendarPopup(True)
        self._filled_on.setMinimumWidth(180)
        self._today = button("今天", "todayButton", spoken="填报时间用今天")
        self._scope = QComboBox()
        for text, supplement in SCOPES:
            self._scope.addItem(text, supplement)
        self._scope.setCurrentIndex(self._scope.findData(request.supplement))
        self._forms_note = QLabel()
        self._forms_note.setObjectName("formsNote")
        self._forms = button("局里的表样…", "formsButton", spoken="用局里发的表样填附件")
        self._word = Word("filingWord")
        self._lay_out()
        self._form.edited.connect(self._on_edited)
        self._filled_on.dateChanged.connect(self._on_edited)
        self._today.clicked.connect(self._on_today_clicked)
        self._forms.clicked.connect(self._on_forms_clicked)

    def initializePage(self) -> None:
        filing = self._request.session.filing()
        self._form.show_filing(filing)
        self._filled_on.setDate(_qdate(filing.filled_on or self._request.session.today()))
        self._on_edited()
        self._show_forms()

    def validatePage(self) -> bool:
        missing = [field for field in self._fields() if not _text(field)]
        for field in self._fields():
            set_look(field, "wrong", field in missing)
        if missing:
            self._word.complain(f"请填写{'、'.join(field.accessibleName() for field in missing)}。")
            missing[0].setFocus(Qt.FocusReason.OtherFocusReason)
            return False
        session, day = self._request.session, self._day()
        former = session.filing()
        # A day that nobody chose stays open, so that a package made tomorrow carries tomorrow's.
        chosen = None if former.filled_on is None and day == session.today() else day
        filing = self._form.filing(chosen)
        try:
            if filing != former:
                acts.set_filing(session.collection, filing)
        except UserError as error:
            self._word.complain(str(error))
            return False
        self._request.day = day
        self._request.supplement = bool(self._scope.currentData())
        return True

    def _lay_out(self) -> None:
        day = QWidget()
        line = QHBoxLayout(day)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(style.GAP)
        line.addWidget(self._filled_on)
        line.addWidget(self._today)
        line.addStretch(1)
        self._form.add_box("填报时间", self._filled_on, day)
        if self._request.session.collection.last_submission_id() is not None:
            self._form.add_field("报送范围", "packageScope", self._scope)
        if self._request.session.notice.annexes:
            forms = QWidget()
            line = QHBoxLayout(forms)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(style.GAP)
            line.addWidget(self._forms_note)
            line.addWidget(self._forms)
            line.addStretch(1)
            self._form.add_box("附件", self._forms, forms)
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(CARD_WIDTH)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(*[style.WIDE * 2] * 4)
        inside.setSpacing(style.WIDE)
        inside.addLayout(self._form)
        inside.addWidget(self._word)
        self.body.addWidget(card)
        self.body.addStretch(1)

    def _fields(self) -> tuple[QWidget, ...]:
        return self._form.unit, self._form.clerk, self._form.phone

    def _day(self) -> date:
        return date.fromisoformat(self._filled_on.date().toString(Qt.DateFormat.ISODate))

    def _on_today_clicked(self) -> None:
        self._filled_on.setDate(_qdate(self._request.session.today()))

    def _on_forms_clicked(self) -> None:
        dialog = FormDialog(self._request.session, self)
        dialog.finished.connect(self._show_forms)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_forms(self) -> None:
        session = self._request.session
        kept = {form.annex: form.file_name for form in session.collection.forms()}
        parts = (
            f"{annex.label or annex.title}照“{kept[annex.file]}”填"
            for annex in session.notice.annexes
            if annex.file in kept
        )
        self._forms_note.setText("，".join(parts) or "用程序自己的表")

    def _on_edited(self) -> None:
        for field in self._fields():
            set_look(field, "wrong", False)
        words = []
        if _strange_phone(self._form.phone.text()):
            words.append("联系电话看起来不像电话号码，请核对。")
        if self._day() > self._request.session.today():
            words.append("填报时间晚于今天，请核对。")
        self._word.hint("".join(words))


def _text(field: QWidget) -> str:
    text = field.text() if isinstance(field, QLineEdit) else field.property("currentText")
    return str(text).strip()


def _strange_phone(text: str) -> bool:
    digits = sum(character.isdigit() for character in text)
    other = {character for character in text.strip() if not character.isdigit()} - PHONE_SIGNS
    return bool(text.strip()) and (bool(other) or digits < LEAST_PHONE_DIGITS)


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
