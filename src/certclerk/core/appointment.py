"""The unit's days at the counter as they stand to a given day, and what to beware of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from certclerk.core.dates import chinese, month_and_day
from certclerk.core.holidays import holidays
from certclerk.core.notice import Appointment, Notice

SATURDAY = 5
UNTOLD = "通知未列出录入时间"
CALL_FIRST = "请先电话确认"


def appointment_of(notice: Notice, unit: str, own: Appointment | None = None) -> Appointment | None:
    """What the clerk entered (``own``), else what the notice says of the unit, if it does."""
    listed = notice.unit(unit)
    return own or (listed.appointment if listed else None)


def countdown(appointment: Appointment | None, today: date) -> str:
    """The days with how far off they are; a past one is over, never counted down."""
    if appointment is None:
        return UNTOLD
    start, end = appointment.start, appointment.end
    if start is None or end is None:
        return appointment.arranged
    when = str(appointment) if start.year == today.year else f"{start.year}年{appointment}"
    if today > end:
        return f"{when} 已过"
    if today >= start:
        return f"{when} 就在这几天" if today < end else f"{when} 今天截止"
    return f"{when} 还有{(start - today).days}天"


def spelled(appointment: Appointment | None) -> str:
    """The days in full, as they are said on the telephone; empty where none is known."""
    if appointment is None or appointment.start is None or appointment.end is None:
        return ""
    start, end = appointment.start, appointment.end
    first = f"{chinese(start)}（{_weekday(start)}）"
    if start == end:
        return first
    last = month_and_day(end) if start.year == end.year else chinese(end)
    return f"{first}至{last}（{_weekday(end)}），共{(end - start).days + 1}天"


def cautions(appointment: Appointment | None, today: date) -> tuple[str, ...]:
    """Sentences: holidays and weekends inside the days, a day still to be told, one that is over."""
    return tuple(_cautions(appointment, today))


def _cautions(appointment: Appointment | None, today: date) -> Iterator[str]:
    if appointment is None:
        yield f"{UNTOLD}：接到通知后，请填写日期。"
        return
    start, end = appointment.start, appointment.end
    if start is None or end is None:
        yield f"录入时间{appointment.arranged}：接到通知后，请填写日期。"
        return
    if today > end:
        yield f"录入时间已过（{chinese(end)}止）。没有录完的，请与窗口联系；约到新的日期后，请填写日期。"
        return
    named: dict[str, list[date]] = {}
    for day, name in holidays(start, end):
        named.setdefault(name, []).append(day)
    for name, days in named.items():
        yield f"其间有{name}（{'、'.join(map(month_and_day, days))}），{CALL_FIRST}。"
    taken = {day for days in named.values() for day in days}
    weekend = [day for day in _days(start, end) if day.weekday() >= SATURDAY and day not in taken]
    if weekend:
        yield f"其间有周末（{'、'.join(map(month_and_day, weekend))}），{CALL_FIRST}。"


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(offset) for offset in range((last - first).days + 1))


def _weekday(day: date) -> str:
    return "星期" + "一二三四五六日"[day.weekday()]
