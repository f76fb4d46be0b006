"""录入时间 on the last page of the package wizard: what comes after the mail is sent."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QGridLayout, QLabel

from certclerk.core.appointment import cautions, countdown
from certclerk.gui import style
from certclerk.gui.appointment.calendar_row import CalendarRow
from certclerk.gui.session import Session
from certclerk.gui.wizard import paragraph
from certclerk.jobs import counter


class AppointmentCard(QFrame):
    """The days, what to beware of, where to go, and the calendar file."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setProperty("role", "card")
        heading = QLabel("录入时间")
        heading.setProperty("role", "heading")
        self._text = paragraph("appointmentText")
        self._cautions = paragraph("appointmentWarning")
        self._cautions.setProperty("role", "doubt")
        self._note = paragraph("calendarNote")
        self._note.setProperty("role", "caption")
        self._calendar = CalendarRow(session)
        self._calendar.told.connect(self._on_calendar_told)
        grid = QGridLayout(self)
        grid.setContentsMargins(style.WIDE, style.GAP, style.WIDE, style.GAP)
        grid.setVerticalSpacing(style.HALF)
        grid.setColumnStretch(0, 1)
        grid.addWidget(heading, 0, 0)
        grid.addWidget(self._calendar, 0, 1)
        for row, part in enumerate((self._text, self._cautions, self._note), start=1):
            grid.addWidget(part, row, 0, 1, 2)

    def refresh(self) -> None:
        session = self._session
        appointment, today = counter.appointment(session.collection), session.today()
        remark = appointment.remark if appointment else ""
        days = "　".join(filter(None, (countdown(appointment, today), remark)))
        self._text.setText("\n".join((days, "　".join(session.notice.contact.lines()))).strip())
        self._cautions.setText("".join(cautions(appointment, today)))
        self._cautions.setVisible(bool(self._cautions.text()))
        self._note.hide()
        self._calendar.refresh()

    def _on_calendar_told(self, _tone: style.Tone, words: str) -> None:
        self._note.setText(words)
        self._note.show()
