"""Asking for files with pages, for a slot, a teacher, or in place of a page."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from certclerk.core.progress import Gap
from certclerk.core.records import Page
from certclerk.gui import files, texts
from certclerk.gui.mime import Scans
from certclerk.gui.scan.page_intake import storing, take_in
from certclerk.gui.scan.page_placing import find_page
from certclerk.gui.session import Session
from certclerk.jobs.page_moves import replace_page
from certclerk.jobs.take_pages import SlotTarget, Stored, TeacherTarget


def choose_pages(parent: QWidget, session: Session, gap: Gap | None) -> None:
    """One file for one ``gap`` goes there; several are told apart by their names, within the current teacher."""
    paths = files.choose_files(parent, "选择扫描页", texts.PAGE_FILTER)
    if paths:
        take_in(session, paths, target_of(session, Scans(paths), gap))


def target_of(session: Session, scans: Scans, gap: Gap | None) -> SlotTarget | TeacherTarget | None:
    """Where files go that were chosen or dropped for ``gap``."""
    if gap is not None and (scans.is_one_file or session.notice.slot(gap.slot).many):
        return SlotTarget(gap.certificate_id, gap.slot)
    return TeacherTarget(session.current) if session.current is not None else None


def choose_replacement(parent: QWidget, session: Session, page: Page) -> None:
    """Asks for the file whose picture takes the place of ``page``, which goes to the trash."""
    path = files.choose_file(parent, "选择新的扫描页", texts.PAGE_FILTER)
    if path is None:
        return

    def put(stored: Stored) -> None:
        if stored.refused:
            session.failed.emit(stored.refused[0].reason)
        elif len(stored.pages) > 1 and not session.notice.slot(page.slot or "").many:
            session.failed.emit(f"“{path.name}”有 {len(stored.pages)} 页，而这里只有一页。没有替换。")
        elif find_page(session, page.id) != page:
            session.failed.emit(f"“{page.source}”已经不在原处了。没有替换。")
        elif stored.pages and session.did(replace_page, page, stored):
            session.undoable.emit(f"已替换“{page.source}”，原来的在回收站。")

    session.work("读入", storing(session, [path]), put)
