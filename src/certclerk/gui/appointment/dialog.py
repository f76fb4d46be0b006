"""录入时间: when and where the certificates are keyed in; the clerk enters the days that were told later."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.appointment import appointment_of, cautions, countdown, spelled
from certclerk.core.notice import Appointment
from certclerk.gui import style
from certclerk.gui.appointment.calendar_row import CalendarRow
from certclerk.gui.buttons import button, close_button
from certclerk.gui.day_field import DayField
from certclerk.gui.session import Session
from certclerk.gui.wizard import DOUBTFUL, PLAIN, RIGHT, Banner, paragraph, set_look
from certclerk.jobs import counter

WIDTH = 560
BACKWARDS = "最后一天不能早于第一天。"


class AppointmentDialog(QDialog):
    """Follows the collection while it is open; a change of the days is kept when it is asked for."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._filled: Appointment | None = None
        self.setObjectName("appointmentDialog")
        self.setWindowTitle("录入时间")
        self.setMinimumWidth(WIDTH)
        self._days = paragraph("appointmentDays")
        self._days.setProperty("role", "title")
        self._spelled = paragraph("appointmentSpelled")
        self._spelled.setProperty("role", "caption")
        self._cautions = Banner("appointmentCautions")
        self._done = Banner("appointmentDone")
        self._done.hide()
        self._where = paragraph("appointmentWhere")
        self._copy = button("复制", "copyContactButton", spoken="复制地址和联系方式")
        self._first = DayField("firstDayField", "第一天")
        self._last = DayField("lastDayField", "最后一天")
        self._remark = QLineEdit()
        self._remark.setObjectName("appointmentRemarkField")
        self._remark.setAccessibleName("备注")
        self._remark.setPlaceholderText("如：上午，带单位介绍信")
        self._word = QLabel()
        self._word.setObjectName("appointmentWord")
        self._word.setProperty("role", "field-error")
        self._keep = button("保存日期", "saveDaysButton", spoken="保存填写的录入时间")
        self._restore = button(
            "恢复通知的时间", "restoreDaysButton", spoken="不用自己填的，恢复通知的录入时间"
        )
        self._calendar = CalendarRow(session)
        self._lay_out()
        self._connect()
        self._fill(counter.appointment(session.collection))
        self._show()

    def _lay_out(self) -> None:
        days = QHBoxLayout()
        days.setSpacing(style.GAP)
        days.addWidget(self._first)
        days.addWidget(QLabel("至"))
        days.addWidget(self._last)
        days.addStretch(1)
        acts = QHBoxLayout()
        acts.setSpacing(style.GAP)
        acts.addWidget(self._keep)
        acts.addWidget(self._restore)
        acts.addWidget(self._word, 1)
        form = QFormLayout()
        form.setHorizontalSpacing(style.GAP)
        form.setVerticalSpacing(style.GAP)
        form.addRow("日期", days)
        form.addRow("备注", self._remark)
        form.addRow("", acts)
        where = QHBoxLayout()
        where.setSpacing(style.GAP)
        where.addWidget(self._where, 1)
        where.addWidget(self._copy)
        foot = QHBoxLayout()
        foot.addWidget(self._calendar)
        foot.addStretch(1)
        foot.addWidget(close_button(self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        for widget in (self._days, self._spelled, self._cautions):
            layout.addWidget(widget)
        layout.addWidget(_card("窗口", where))
        layout.addWidget(_card("改日期", form))
        layout.addWidget(self._done)
        layout.addLayout(foot)

    def _connect(self) -> None:
        for field in (self._first, self._last):
            field.dateChanged.connect(self._on_edited)
        self._remark.textChanged.connect(self._on_edited)
        self._remark.returnPressed.connect(self._keep.click)
        self._keep.clicked.connect(self._on_keep_clicked)
        self._restore.clicked.connect(self._on_restore_clicked)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._calendar.told.connect(self._done.say)
        self._session.changed.connect(self._on_session_changed)

    def _on_session_changed(self, _teachers: frozenset[int] | None) -> None:
        """A method, not a function made here: it goes with the window."""
        self._show()

    def _show(self) -> None:
        """As the collection has it now."""
        session = self._session
        collection, today = session.collection, session.today()
        own, unit = collection.own_appointment(), session.filing().unit
        appointment = appointment_of(session.notice, unit, own)
        self._days.setText(countdown(appointment, today))
        listed = countdown(appointment_of(session.notice, unit), today)
        remark = appointment.remark if appointment else ""
        facts = (spelled(appointment), remark, f"自己填写的；通知：{listed}" if own else "")
        self._spelled.setText("\n".join(fact for fact in facts if fact))
        self._spelled.setVisible(bool(self._spelled.text()))
        told = "\n".join(cautions(appointment, today))
        self._cautions.say(DOUBTFUL, told)
        self._cautions.setVisible(bool(told))
        self._where.setText("\n".join(session.notice.contact.lines()))
        self._copy.setEnabled(bool(self._where.text()))
        if appointment != self._filled:
            # Else what is being typed stays, whatever else has changed.
            self._fill(appointment)
            self._calendar.refresh()
        self._restore.setEnabled(own is not None and not collection.read_only)
        self._on_edited()

    def _fill(self, appointment: Appointment | None) -> None:
        self._filled = appointment
        start, end = (appointment.start, appointment.end) if appointment else (None, None)
        for field, day in ((self._first, start), (self._last, end)):
            field.set_day(day or self._session.today())
        self._remark.setText(appointment.remark if appointment else "")
        fields: tuple[QWidget, ...] = (self._first, self._last, self._remark)
        for each in fields:
            each.setEnabled(not self._session.collection.read_only)

    def _on_edited(self) -> None:
        """A span that begins before it ends can be kept, where it is another than what holds."""
        backwards = self._last.day < self._first.day
        self._word.setText(BACKWARDS if backwards else "")
        filled = self._filled
        holds = (filled.start, filled.end, filled.remark) if filled else None
        typed = (self._first.day, self._last.day, self._remark.text().strip())
        usable = not backwards and typed != holds and not self._session.collection.read_only
        self._keep.setEnabled(usable)
        set_look(self._keep, "role", "primary" if usable else "")

    def _on_keep_clicked(self) -> None:
        first, last, remark = self._first.day, self._last.day, self._remark.text().strip()
        if self._session.did(counter.set_appointment, first, last, remark):
            self._done.say(RIGHT, "日期已保存。已加入日历的，请再加入一次，会替换原来的。")

    def _on_restore_clicked(self) -> None:
        if self._session.did(counter.clear_appointment):
            self._done.say(RIGHT, "已恢复通知的录入时间。")

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._where.text())
        self._done.say(PLAIN, "地址和联系方式已复制。")


def _card(title: str, content: QHBoxLayout | QFormLayout) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    layout = QVBoxLayout(card)
    layout.setContentsMargins(style.WIDE, style.GAP, style.WIDE, style.GAP)
    layout.setSpacing(style.GAP)
    heading = QLabel(title)
    heading.setProperty("role", "heading")
    layout.addWidget(heading)
    layout.addLayout(content)
    return card
