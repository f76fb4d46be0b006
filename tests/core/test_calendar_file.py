"""The calendar file, read by another program's parser."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from certclerk.core.calendar_file import (
    MOST_OCTETS,
    CalendarEntry,
    calendar_bytes,
    counter_entry,
    folded,
)
from certclerk.core.notice import Appointment, Notice

NOW = datetime(2017, 3, 1, 10, 30, tzinfo=timezone(timedelta(hours=8)))
MARCH = Appointment(date(2017, 3, 13), date(2017, 3, 17), "", "每天 8:00–11:30")
ENTRY = CalendarEntry("k@certclerk", date(2017, 3, 13), date(2017, 3, 17), "录入", "泉州", "带上单位介绍信")


def read(data: bytes) -> Event:
    calendar = Calendar.from_ical(data)
    assert not calendar.errors
    (event,) = calendar.walk("VEVENT")
    assert isinstance(event, Event)
    assert not event.errors
    return event


def test_the_days_are_one_all_day_entry_with_an_alarm(quanzhou: Notice) -> None:
    entry = counter_entry(MARCH, "泉州第一中学", quanzhou, "ab12")
    assert entry is not None
    event = read(calendar_bytes(entry, NOW))
    assert event.decoded("DTSTART") == date(2017, 3, 13)
    assert event.decoded("DTEND") == date(2017, 3, 18)
    assert event.decoded("DTSTAMP") == datetime(2017, 3, 1, 2, 30, tzinfo=UTC)
    assert event["UID"] == "ab12@certclerk"
    assert "泉州第一中学" in event["SUMMARY"]
    assert event["LOCATION"] == quanzhou.contact.address
    assert event["DESCRIPTION"].splitlines()[0] == "每天 8:00–11:30"
    assert quanzhou.contact.phone in event["DESCRIPTION"]
    (alarm,) = event.walk("VALARM")
    assert alarm["ACTION"] == "DISPLAY" and alarm["DESCRIPTION"]
    assert datetime(2017, 3, 13) + alarm.decoded("TRIGGER") == datetime(2017, 3, 12, 9)


def test_what_outlook_asks_of_a_file_is_there() -> None:
    data = calendar_bytes(ENTRY, NOW)
    calendar = Calendar.from_ical(data)
    assert calendar["METHOD"] == "PUBLISH" and calendar["VERSION"] == "2.0" and calendar["PRODID"]
    assert data.endswith(b"END:VCALENDAR\r\n") and b"\n" not in data.replace(b"\r\n", b"")
    assert not data.startswith(b"\xef\xbb\xbf")


def test_a_later_file_replaces_an_earlier_one() -> None:
    earlier = read(calendar_bytes(ENTRY, NOW))
    later = read(calendar_bytes(replace(ENTRY, last=date(2017, 3, 20)), NOW + timedelta(minutes=1)))
    assert earlier["UID"] == later["UID"]
    assert earlier["SEQUENCE"] < later["SEQUENCE"] < 2**31


def test_two_units_without_a_key_do_not_replace_one_another(quanzhou: Notice) -> None:
    keys = {entry.key for unit in "甲乙" if (entry := counter_entry(MARCH, unit, quanzhou, ""))}
    assert len(keys) == 2


def test_without_a_day_there_is_no_entry(quanzhou: Notice) -> None:
    for unknown in (None, Appointment(None, None, "另行安排", "")):
        assert counter_entry(unknown, "泉州第一中学", quanzhou, "ab12") is None


SPOKEN = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\n\\;,:\"'^䶮"))


@given(SPOKEN, SPOKEN, SPOKEN)
def test_whatever_the_clerk_typed_comes_back(title: str, place: str, words: str) -> None:
    event = read(calendar_bytes(replace(ENTRY, title=title, place=place, words=words), NOW))
    assert (event["SUMMARY"], event["LOCATION"], event["DESCRIPTION"]) == (title, place, words)


def test_control_characters_are_left_out() -> None:
    event = read(calendar_bytes(replace(ENTRY, words="一\r\n二\r三\x07\x1f四"), NOW))
    assert event["DESCRIPTION"] == "一\n二\n三四"


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=400))
def test_folding_splits_no_character_and_loses_none(line: str) -> None:
    first, *others = folded(line)
    assert all(len(piece) <= MOST_OCTETS for piece in (first, *others))
    assert all(piece[:1] == b" " for piece in others)
    # Each piece is whole characters.
    assert "".join((first.decode(), *(piece[1:].decode() for piece in others))) == line


def test_lines_are_folded_as_late_as_they_may_be() -> None:
    assert [len(piece) for piece in folded("a" * 150)] == [75, 75, 2]
    assert [len(piece) for piece in folded("汉" * 50)] == [75, 73, 4]
