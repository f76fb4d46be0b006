"""录入汇总 and 录入单 in a preview, from which they are printed, also into a PDF."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from certclerk.core.appointment import appointment_of, countdown
from certclerk.core.key_in_summary import key_in_summary
from certclerk.core.keying import KeyEntry, key_entries
from certclerk.core.names import safe_file_name
from certclerk.core.records import Filing
from certclerk.gui.print_preview import show_pages, show_preview
from certclerk.gui.session import Session
from certclerk.jobs.counter import paint_sheet

SHEET = "教师资格证书录入单"


def preview_summary(parent: QWidget, session: Session) -> None:
    filing = session.filing()
    unit = session.notice.official_name(filing.unit)
    listed = key_in_summary(_entries(session), Filing(unit, filing.clerk, filing.phone, session.today()))
    show_preview(parent, listed.table, lambda error: session.failed.emit(str(error)))


def preview_sheet(parent: QWidget, session: Session) -> None:
    notice, contact = session.notice, session.notice.contact
    unit = notice.official_name(session.filing().unit)
    appointment = appointment_of(notice, unit, session.collection.own_appointment())
    facts = [f"录入时间 {countdown(appointment, session.today())}"]
    where = "　".join(filter(None, (contact.address, contact.office, contact.person, contact.phone)))
    facts += [where] if where else []
    entries = _entries(session)
    show_pages(
        parent,
        SHEET,
        safe_file_name(f"{SHEET}_{unit}"),
        lambda device: paint_sheet(entries, unit, facts, device),
        lambda error: session.failed.emit(str(error)),
    )


def _entries(session: Session) -> tuple[KeyEntry, ...]:
    return key_entries(session.teachers(), session.notice, session.collection.keyings())
