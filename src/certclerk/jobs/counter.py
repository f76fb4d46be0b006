"""What the clerk ticks around the scanning: booklets that come and go, certificates keyed in, days at the counter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from certclerk.collection import Collection, open_collection
from certclerk.core.appointment import appointment_of, countdown
from certclerk.core.calendar_file import SUFFIX, calendar_bytes, counter_entry
from certclerk.core.custody import NEVER, Custody
from certclerk.core.errors import UserError
from certclerk.core.keying import KeyEntry, Keying, key_digest, key_entries
from certclerk.core.names import safe_file_name
from certclerk.core.notice import Appointment

if TYPE_CHECKING:
    from certclerk.printing.tables import Device
from certclerk.system.files import write_aside


def receive(collection: Collection, certificate_ids: Iterable[int], day: date) -> int:
    """收证: those not here come in on ``day``; returns how many there were."""
    return _hand(
        collection,
        "收证",
        {
            key: Custody(day.isoformat())
            for key, own in _custody(collection, certificate_ids)
            if not own.received_on or own.returned_on
        },
    )


def give_back(collection: Collection, certificate_ids: Iterable[int], day: date) -> int:
    """还证: those that are here go back on ``day``; returns how many there were."""
    return _hand(
        collection,
        "还证",
        {
            key: replace(own, returned_on=day.isoformat())
            for key, own in _custody(collection, certificate_ids)
            if own.received_on and not own.returned_on
        },
    )


def set_custody(collection: Collection, certificate_ids: Iterable[int], custody: Custody) -> int:
    """Days entered by hand, :data:`NEVER` to forget them; returns how many differ."""
    differing = {key: custody for key, own in _custody(collection, certificate_ids) if own != custody}
    return _hand(collection, "改收还证日期", differing)


def _custody(collection: Collection, certificate_ids: Iterable[int]) -> list[tuple[int, Custody]]:
    known = collection.custody()
    return [(key, known.get(key, NEVER)) for key in certificate_ids]


def _hand(collection: Collection, label: str, custody: dict[int, Custody]) -> int:
    if custody:
        with collection.change(f"{label} {len(custody)} 本") as change:
            for key, own in custody.items():
                change.set_custody(key, own)
    return len(custody)


def entries(collection: Collection) -> tuple[KeyEntry, ...]:
    """What is to be keyed in, in roster order."""
    return key_entries(collection.roster().teachers, collection.notice, collection.keyings())


def mark_done(collection: Collection, keyed: Sequence[KeyEntry]) -> int:
    """已录入, for what the entries hold now; returns how many."""
    _key(collection, keyed, "已录入", "done", "")
    return len(keyed)


def mark_problem(collection: Collection, keyed: Sequence[KeyEntry], reason: str) -> None:
    _key(collection, keyed, "录入有问题", "problem", reason)


def clear_mark(collection: Collection, keyed: Sequence[KeyEntry]) -> None:
    with collection.change(_label("取消录入标记", keyed)) as change:
        for entry in keyed:
            change.set_keying(entry.certificate.id, None)


def _key(collection: Collection, keyed: Sequence[KeyEntry], label: str, state: str, reason: str) -> None:
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with collection.change(_label(label, keyed)) as change:
        for entry in keyed:
            change.set_keying(entry.certificate.id, Keying(state, reason, at, key_digest(entry.fields)))


def _label(label: str, keyed: Sequence[KeyEntry]) -> str:
    return f"{label}：{keyed[0].teacher.name}" if len(keyed) == 1 else f"{label} {len(keyed)} 本"


def appointment(collection: Collection) -> Appointment | None:
    """The unit's days: the clerk's own, else the notice's."""
    return appointment_of(collection.notice, collection.filing().unit, collection.own_appointment())


def countdown_at(path: Path, today: date) -> str:
    """What is to be said of the days of a collection that is not open; empty where it cannot be read now.

    Nothing is locked, written or brought up to date.
    """
    try:
        with open_collection(path, read_only=True) as collection:
            return countdown(appointment(collection), today)
    except (UserError, OSError):
        return ""


def calendar_name(collection: Collection) -> str:
    return safe_file_name(f"录入时间_{collection.filing().unit}") + SUFFIX


def save_calendar(collection: Collection, path: Path, now: datetime) -> bool:
    """Whether there was a day to save; ``now`` is aware of its zone. Raises UserError, ``path`` being as it was."""
    unit = collection.filing().unit
    entry = counter_entry(appointment(collection), unit, collection.notice, collection.identity())
    if entry is not None:
        with write_aside(path) as stream:
            stream.write(calendar_bytes(entry, now))
    return entry is not None


def paint_sheet(entries: Sequence[KeyEntry], unit: str, facts: Iterable[str], device: Device) -> None:
    """录入单 on a printer or into its preview. Raises UserError ``printer_refused``."""
    from certclerk.printing.key_in_sheet import paint_key_in

    paint_key_in(entries, unit, facts, device)


def save_sheet(entries: Sequence[KeyEntry], unit: str, facts: Iterable[str], path: Path) -> None:
    """录入单 as a PDF. Raises UserError, what ``path`` held being still there."""
    from certclerk.printing.key_in_sheet import key_in_pdf

    data = key_in_pdf(entries, unit, facts)
    with write_aside(path) as stream:
        stream.write(data)


def set_appointment(collection: Collection, first: date, last: date, remark: str) -> None:
    with collection.change("改录入时间") as change:
        change.set_appointment(Appointment(first, last, "", remark))


def clear_appointment(collection: Collection) -> None:
    """The notice's own again."""
    with collection.change("恢复通知的录入时间") as change:
        change.set_appointment(None)
