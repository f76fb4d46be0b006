from __future__ import annotations

from datetime import date

import pytest

from certclerk.core.appointment import appointment_of, cautions, countdown, spelled
from certclerk.core.holidays import holidays
from certclerk.core.notice import Appointment, Notice

MARCH = Appointment(date(2017, 3, 13), date(2017, 3, 17), "", "")


@pytest.mark.parametrize(
    ("appointment", "today", "words"),
    [
        (MARCH, date(2017, 3, 8), "3月13日–17日 还有5天"),
        (MARCH, date(2017, 3, 12), "3月13日–17日 还有1天"),
        (MARCH, date(2017, 3, 13), "3月13日–17日 就在这几天"),
        (MARCH, date(2017, 3, 17), "3月13日–17日 今天截止"),
        (MARCH, date(2017, 3, 18), "3月13日–17日 已过"),
        (MARCH, date(2016, 12, 31), "2017年3月13日–17日 还有72天"),
        (MARCH, date(2026, 1, 1), "2017年3月13日–17日 已过"),
        (Appointment(None, None, "另行安排", ""), date(2017, 3, 1), "另行安排"),
        (None, date(2017, 3, 1), "通知未列出录入时间"),
    ],
)
def test_a_past_appointment_is_over_not_counted_down(
    appointment: Appointment | None, today: date, words: str
) -> None:
    assert countdown(appointment, today) == words


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2017, 4, 3), date(2017, 4, 7), ["其间有清明节（4月4日），请先电话确认。"]),
        (date(2017, 5, 19), date(2017, 5, 22), ["其间有周末（5月20日、5月21日），请先电话确认。"]),
        (date(2017, 5, 2), date(2017, 5, 5), ["其间有劳动节（5月2日），请先电话确认。"]),
        (date(2017, 3, 13), date(2017, 3, 17), []),
        (
            date(2026, 9, 24),
            date(2026, 9, 27),
            ["其间有中秋节（9月25日），请先电话确认。", "其间有周末（9月26日、9月27日），请先电话确认。"],
        ),
    ],
)
def test_holidays_and_weekends_in_the_days_are_told(first: date, last: date, told: list[str]) -> None:
    assert list(cautions(Appointment(first, last, "", ""), date(2017, 1, 1))) == told


def test_a_day_that_is_yet_to_be_told_or_over_asks_for_one() -> None:
    for appointment, word in (
        (Appointment(None, None, "另行安排", ""), "另行安排"),
        (None, "未列出"),
        (MARCH, "已过"),
    ):
        (told,) = cautions(appointment, date(2017, 3, 20))
        assert word in told and "填写日期" in told


@pytest.mark.parametrize(
    ("appointment", "words"),
    [
        (MARCH, "2017年3月13日（星期一）至3月17日（星期五），共5天"),
        (Appointment(date(2017, 3, 13), date(2017, 3, 13), "", ""), "2017年3月13日（星期一）"),
        (
            Appointment(date(2017, 12, 31), date(2018, 1, 1), "", ""),
            "2017年12月31日（星期日）至2018年1月1日（星期一），共2天",
        ),
        (Appointment(None, None, "另行安排", ""), ""),
        (None, ""),
    ],
)
def test_the_days_are_spelled_with_their_weekdays(appointment: Appointment | None, words: str) -> None:
    assert spelled(appointment) == words


def test_the_lunar_holidays_fall_where_the_calendar_has_them() -> None:
    year = {name: day for day, name in reversed(holidays(date(2025, 1, 1), date(2025, 12, 31)))}
    assert year["春节"] == date(2025, 1, 28)
    assert year["端午节"] == date(2025, 5, 31)
    assert year["中秋节"] == date(2025, 10, 6)
    assert year["清明节"] == date(2025, 4, 4)


def test_what_the_clerk_entered_stands_before_the_notice(quanzhou: Notice) -> None:
    own = Appointment(date(2026, 3, 2), date(2026, 3, 3), "", "")
    listed = appointment_of(quanzhou, "泉州市第一中学")
    assert listed is not None and listed.start == date(2017, 3, 13)
    assert appointment_of(quanzhou, "泉州市第一中学", own) is own
    assert appointment_of(quanzhou, "不在名单上的学校") is None
