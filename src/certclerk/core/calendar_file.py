"""Days at the counter as a calendar file (RFC 5545) that Outlook and Thunderbird take in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from certclerk.core.notice import Appointment, Notice

PRODUCT = "-//certclerk//certclerk//ZH"
# Of one line without its break (RFC 5545, 3.1).
MOST_OCTETS = 75
# 9:00 of the day before: an all-day entry begins at midnight.
REMINDED = "-PT15H"
SUFFIX = ".ics"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """``first`` to ``last``, both included. A calendar that knows ``key`` already replaces what it has under it."""

    key: str
    first: date
    last: date
    title: str
    place: str
    words: str


def counter_entry(
    appointment: Appointment | None, unit: str, notice: Notice, collection_key: str
) -> CalendarEntry | None:
    """None while no day is known. ``collection_key`` may be empty: then notice and unit tell entries apart."""
    if appointment is None or appointment.start is None or appointment.end is None:
        return None
    return CalendarEntry(
        key=f"{collection_key or f'{notice.id}/{unit}'}@certclerk",
        first=appointment.start,
        last=appointment.end,
        title=f"窗口录入：{notice.short_title}（{unit}）",
        place=notice.contact.address,
        words="\n".join(filter(None, (appointment.remark, *notice.contact.lines()))),
    )


def calendar_bytes(entry: CalendarEntry, at: datetime) -> bytes:
    """The file as it is made ``at`` that moment (aware of its zone); a later one replaces an earlier one.

    Outlook takes in an entry only with METHOD, UID and DTSTAMP, and shows days as such by its own mark.
    """
    stamp = at.astimezone(UTC)
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_escaped(entry.key)}",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        # Grows with every minute and fits the 32 bits that it may have.
        f"SEQUENCE:{int(stamp.timestamp()) // 60}",
        f"DTSTART;VALUE=DATE:{_day(entry.first)}",
        f"DTEND;VALUE=DATE:{_day(entry.last + timedelta(days=1))}",
        f"SUMMARY:{_escaped(entry.title)}",
        f"LOCATION:{_escaped(entry.place)}",
        f"DESCRIPTION:{_escaped(entry.words)}",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:{REMINDED}",
        f"DESCRIPTION:{_escaped(entry.title)}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return b"".join(part + b"\r\n" for line in lines for part in folded(line))


def folded(line: str) -> Iterator[bytes]:
    """A content line in UTF-8 as pieces of 75 octets at most, every one but the first after a space.

    No character is split: some programs unfold after decoding.
    """
    piece = b""
    for char in line:
        octets = char.encode()
        if len(piece) + len(octets) > MOST_OCTETS:
            yield piece
            piece = b" "
        piece += octets
    yield piece


def _day(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _escaped(text: str) -> str:
    """As a TEXT value: no control characters, breaks as ``\\n``."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(
        char for char in unified if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs")
    )
    for char in "\\;,":
        plain = plain.replace(char, f"\\{char}")
    return plain.replace("\n", "\\n")
