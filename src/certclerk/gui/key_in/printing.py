"""录入汇总, and 录入单 in a preview from which it is printed or saved as a PDF."""

from __future__ import annotations

from PySide6.QtPrintSupport import QPrintPreviewDialog
from PySide6.QtWidgets import QWidget

from certclerk.core.appointment import appointment_of, countdown
from certclerk.core.keying import key_entries
from certclerk.core.names import safe_file_name
from certclerk.gui import files, texts
from certclerk.gui.lists.dialog import ListsDialog
from certclerk.gui.print_preview import show_pages
from certclerk.gui.session import Session
from certclerk.gui.showing import show
from certclerk.jobs import counter
from certclerk.jobs.roster_lists import ListKind

SHEET = "教师资格证书录入单"


def show_summary(parent: QWidget, session: Session) -> None:
    """One of the lists, with their ways out of the program."""
    show(ListsDialog(session, ListKind.KEYING, parent))


def preview_sheet(parent: QWidget, session: Session) -> QPrintPreviewDialog:
    notice, contact = session.notice, session.notice.contact
    unit = notice.official_name(session.filing().unit)
    appointment = appointment_of(notice, unit, session.collection.own_appointment())
    facts = [f"录入时间 {countdown(appointment, session.today())}"]
    where = "　".join(filter(None, (contact.address, contact.office, contact.person, contact.phone)))
    facts += [where] if where else []
    entries = key_entries(session.teachers(), notice, session.collection.keyings())
    stem = safe_file_name(f"{SHEET}_{unit}")

    def save(over: QWidget) -> None:
        start = session.collection.path.parent / f"{stem}.pdf"
        path = files.choose_save(over, "录入单存为 PDF", texts.PDF_FILTER, start)
        if path is None:
            return
        path = files.suffixed(path, ".pdf")
        session.work(
            "保存录入单",
            lambda _job: counter.save_sheet(entries, unit, facts, path),
            lambda _nothing: session.message.emit(f"已存为 {path}"),
        )

    return show_pages(
        parent,
        SHEET,
        stem,
        lambda device: counter.paint_sheet(entries, unit, facts, device),
        lambda error: session.failed.emit(str(error)),
        save,
    )
