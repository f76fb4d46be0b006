"""A field for one day, in Python's dates."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit

FORMAT = "yyyy年M月d日 dddd"
WIDTH = 208


class DayField(QDateEdit):
    """Shows the weekday too, with a calendar to choose from."""

    def __init__(self, name: str, spoken: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(spoken)
        self.setDisplayFormat(FORMAT)
        self.setCalendarPopup(True)
        self.setMinimumWidth(WIDTH)

    @property
    def day(self) -> date:
        shown = self.date()
        return date(shown.year(), shown.month(), shown.day())

    def set_day(self, day: date) -> None:
        self.setDate(QDate(day.year, day.month, day.day))

    def set_iso(self, day: str) -> None:
        self.set_day(date.fromisoformat(day))

    def set_latest(self, day: date) -> None:
        self.setMaximumDate(QDate(day.year, day.month, day.day))
