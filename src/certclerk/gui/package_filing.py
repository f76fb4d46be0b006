"""First page of the package wizard: who submits, as the head of both annexes says it."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDateEdit,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
    QWizardPage,
)

from certclerk.core.errors import UserError
from certclerk.core.records import Filing
from certclerk.gui import style
from certclerk.gui.package_request import PackageRequest
from certclerk.gui.wizard import complaint, set_look
from certclerk.jobs import acts

FORM_WIDTH = 620


class FilingPage(QWizardPage):
    """单位, 经办人, 联系电话 and 填报时间; leaving it keeps them in the collection."""

    def __init__(self, request: PackageRequest) -> None:
        super().__init__()
        self._request = request
        self.setTitle("报送信息")
        self.setSubTitle("这些内容印在附件的表头，也写进邮件。")
        self._unit = self._unit_field()
        self._clerk = _text_field("clerkField", "经办人")
        self._phone = _text_field("phoneField", "联系电话")
        self._filled_on = QDateEdit()
        self._filled_on.setObjectName("filledOnField")
        self._filled_on.setAccessibleName("填报时间")
        self._filled_on.setDisplayFormat("yyyy年M月d日")
        self._filled_on.setCalendarPopup(True)
        self._filled_on.setMinimumWidth(180)
        self._today = QPushButton("今天")
        self._today.setObjectName("todayButton")
        self._today.setAccessibleName("填报时间用今天")
        self._unit_note = complaint("unitNote")
        self._clerk_note = complaint("clerkNote")
        self._phone_note = complaint("phoneNote")
        self._filled_on_note = complaint("filledOnNote")
        self._failure = complaint("filingFailure")
        self._lay_out()
        self._unit.currentTextChanged.connect(self._on_edited)
        self._clerk.textChanged.connect(self._on_edited)
        self._phone.textChanged.connect(self._on_edited)
        self._filled_on.dateChanged.connect(self._on_edited)
        self._today.clicked.connect(lambda: self._filled_on.setDate(_qdate(self._request.session.today())))

    def initializePage(self) -> None:
        filing = self._request.session.filing()
        self._unit.setEditText(filing.unit)
        self._clerk.setText(filing.clerk)
        self._phone.setText(filing.phone)
        self._filled_on.setDate(_qdate(filing.filled_on or self._request.session.today()))
        self._show_notes(strict=False)

    def validatePage(self) -> bool:
        wrong = self._show_notes(strict=True)
        if wrong:
            wrong[0].setFocus(Qt.FocusReason.OtherFocusReason)
            return False
        session = self._request.session
        day = self._day()
        former = session.filing()
        # A day that nobody chose stays open, so that a package made tomorrow carries tomorrow's.
        chosen = None if former.filled_on is None and day == session.today() else day
        unit = session.notice.official_name(self._unit.currentText().strip())
        filing = Filing(unit, self._clerk.text().strip(), self._phone.text().strip(), chosen)
        try:
            if filing != former:
                acts.set_filing(session.collection, filing)
        except UserError as error:
            self._failure.setText(str(error))
            self._failure.show()
            return False
        self._request.day = day
        return True

    def _unit_field(self) -> QComboBox:
        field = QComboBox()
        field.setObjectName("unitField")
        field.setAccessibleName("单位")
        field.setEditable(True)
        field.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        field.addItems([unit.name for unit in self._request.session.notice.units])
        completer = QCompleter(field.model(), field)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        field.setCompleter(completer)
        return field

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(FORM_WIDTH)
        form = QFormLayout(card)
        form.setContentsMargins(style.WIDE * 2, style.WIDE * 2, style.WIDE * 2, style.WIDE)
        form.setHorizontalSpacing(style.WIDE)
        form.setVerticalSpacing(style.GAP)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        day = QHBoxLayout()
        day.setSpacing(style.GAP)
        day.addWidget(self._filled_on)
        day.addWidget(self._today)
        day.addStretch(1)
        rows: tuple[tuple[QWidget, QWidget | QLayout, QLabel], ...] = (
            (self._unit, self._unit, self._unit_note),
            (self._clerk, self._clerk, self._clerk_note),
            (self._phone, self._phone, self._phone_note),
            (self._filled_on, day, self._filled_on_note),
        )
        for field, content, note in rows:
            label = QLabel(field.accessibleName())
            label.setBuddy(field)
            form.addRow(label, content)
            form.addRow("", note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, style.GAP, 0, 0)
        layout.addWidget(card)
        layout.addWidget(self._failure)
        layout.addStretch(1)

    def _day(self) -> date:
        return date.fromisoformat(self._filled_on.date().toString(Qt.DateFormat.ISODate))

    def _on_edited(self) -> None:
        self._failure.hide()
        self._show_notes(strict=False)

    def _show_notes(self, *, strict: bool) -> list[QWidget]:
        """Says beside each field what is to be known; ``strict``: also what is missing. Returns those fields."""
        wrong: list[QWidget] = []
        for field, text, note, hint in (
            (self._unit, self._unit.currentText(), self._unit_note, self._unit_hint()),
            (self._clerk, self._clerk.text(), self._clerk_note, ""),
            (self._phone, self._phone.text(), self._phone_note, self._phone_hint()),
            (self._filled_on, "-", self._filled_on_note, self._day_hint()),
        ):
            missing = strict and not text.strip()
            if missing:
                wrong.append(field)
            set_look(field, "wrong", missing)
            note.setText(f"请填写{field.accessibleName()}。" if missing else hint)
            set_look(note, "role", "field-error" if missing else "caption")
            note.setVisible(bool(note.text()))
        return wrong

    def _unit_hint(self) -> str:
        notice, name = self._request.session.notice, self._unit.currentText().strip()
        if not name or not notice.units:
            return ""
        unit = notice.unit(name)
        if unit is None:
            return "通知的名单里没有这个单位：统计表会在末尾为它加一行，录入时间请向主管部门确认。"
        if unit.name != name:
            return f"将使用通知统计表里的名称：{unit.name}。"
        return ""

    def _phone_hint(self) -> str:
        text = self._phone.text().strip()
        digits = sum(character.isdigit() for character in text)
        strange = any(not (character.isdigit() or character in "-+()（）转 、，,;；/") for character in text)
        return "看起来不像电话号码，请核对。" if text and (strange or digits < 7) else ""

    def _day_hint(self) -> str:
        return "晚于今天，请核对。" if self._day() > self._request.session.today() else ""


def _text_field(name: str, spoken: str) -> QLineEdit:
    field = QLineEdit()
    field.setObjectName(name)
    field.setAccessibleName(spoken)
    return field


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
