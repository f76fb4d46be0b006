"""Dates as schools write them. A year-month stays one: a day is never invented."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from certclerk.core.names import half_width, single_spaced

EARLIEST_YEAR = 1900
LATEST_YEAR = 2100

# Day 0 of the 1900 system as spreadsheets really count it (with the 29 February 1900 that never was).
_SERIAL_EPOCH = date(1899, 12, 30)
# Its fraction is a time of day. Before 1970 it is rather a year and a month without their dot (20109).
_SERIAL = re.compile(r"([0-9]{5})(\.[0-9]+)?")
_EARLIEST_SERIAL_YEAR = 1970
_FORMS = (
    re.compile(r"(?P<year>[0-9]{4})年(?P<month>[0-9]{1,2})月((?P<day>[0-9]{1,2})[日号]?)?"),
    re.compile(r"(?P<year>[0-9]{4})(?P<sep>[-./])(?P<month>[0-9]{1,2})((?P=sep)(?P<day>[0-9]{1,2}))?"),
    re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})?"),
)
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
_TIME_TAIL = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?$")
# A space between two digits is left in: without it 2010 1 1 would read as November.
_LOOSE_SPACES = re.compile(r"(?<![0-9]) | (?![0-9])")


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A day, or a month whose day is not known (``day`` None)."""

    year: int
    month: int
    day: int | None = None

    @property
    def iso(self) -> str:
        month = f"{self.year:04}-{self.month:02}"
        return month if self.day is None else f"{month}-{self.day:02}"

    @property
    def earliest(self) -> date:
        return date(self.year, self.month, self.day or 1)

    @property
    def latest(self) -> date:
        return date(self.year, self.month, self.day or monthrange(self.year, self.month)[1])


def parse_date(text: str) -> PartialDate | None:
    """2010.9 · 2010年9月1日 · 20100901 · 2010/9/1 · 2010-09 · a spreadsheet serial; None: not understood."""
    compact = _LOOSE_SPACES.sub("", _TIME_TAIL.sub("", single_spaced(half_width(text))))
    serial = _SERIAL.fullmatch(compact)
    if serial:
        return _from_serial(int(serial[1]))
    for form in _FORMS:
        match = form.fullmatch(compact)
        if match:
            return _checked(
                int(match["year"]), int(match["month"]), int(match["day"]) if match["day"] else None
            )
    return None


# A school's certificates share few dates, and each rule about them asks again.
@lru_cache(maxsize=4096)
def from_iso(text: str) -> PartialDate | None:
    """The date of a stored value; None where the record holds text that was not understood."""
    match = _ISO.fullmatch(text)
    return _checked(int(match[1]), int(match[2]), int(match[3]) if match[3] else None) if match else None


def from_day(day: date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


def chinese(day: date) -> str:
    """As it is written in documents: 2009年1月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def month_and_day(day: date) -> str:
    """Where the year goes without saying: 1月1日."""
    return f"{day.month}月{day.day}日"


def _from_serial(days: int) -> PartialDate | None:
    day = _SERIAL_EPOCH + timedelta(days=days)
    return from_day(day) if _EARLIEST_SERIAL_YEAR <= day.year <= LATEST_YEAR else None


def _checked(year: int, month: int, day: int | None) -> PartialDate | None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR or not 1 <= month <= 12:
        return None
    if day is not None and not 1 <= day <= monthrange(year, month)[1]:
        return None
    return PartialDate(year, month, day)
