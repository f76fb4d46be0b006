"""What happens when pages are put somewhere by hand: moved, swapped, or taking another's place."""

from __future__ import annotations

from collections.abc import Sequence

from certclerk.core.progress import Gap
from certclerk.core.records import Page, Place, Teacher
from certclerk.gui.session import Session
from certclerk.jobs.page_moves import move_pages, swap_pages, take_over


def put_pages(session: Session, page_ids: Sequence[int], gap: Gap, position: int | None = None) -> None:
    """Into a slot, before its page number ``position`` as it is shown now (from 0; None: the end).

    In a slot of one page that has one: a page from another slot changes places with it, one from the
    tray sends it to the tray.
    """
    slot = session.notice.slot(gap.slot)
    pages = [page for page in (find_page(session, page_id) for page_id in page_ids) if page is not None]
    there = [page for page in _pages_in(session, gap) if page not in pages]
    if not pages:
        return
    if slot.many:
        session.act(
            move_pages,
            [page.id for page in pages],
            gap.certificate_id,
            gap.slot,
            _among_others(session, pages, gap, position),
        )
    elif len(pages) > 1:
        session.failed.emit(f"{slot.label}只有一页，请一次放一页。没有移动。")
    elif not there:
        if (pages[0].certificate_id, pages[0].slot) != (gap.certificate_id, gap.slot):
            session.act(move_pages, [pages[0].id], gap.certificate_id, gap.slot)
    elif pages[0].place is Place.SLOT and len(there) == 1:
        session.act(swap_pages, pages[0], there[0])
        session.undoable.emit(f"已与{slot.label}交换")
    else:
        session.act(take_over, pages[0].id, gap.certificate_id, gap.slot, there)
        session.undoable.emit(f"原来的{slot.label}在待归位")


def likely_owner(session: Session, page: Page) -> Teacher | None:
    """The only teacher whose name the file's name or the reason in the tray holds; a guess to start from."""
    words = f"{page.source} {page.reason}"
    named = [teacher for teacher in session.teachers() if len(teacher.name) > 1 and teacher.name in words]
    return named[0] if len(named) == 1 else None


def find_page(session: Session, page_id: int) -> Page | None:
    """A page by its id, wherever it lies but in the trash."""
    for teacher in session.teachers():
        for page in teacher.pages():
            if page.id == page_id:
                return page
    return next((page for page in session.tray() if page.id == page_id), None)


def _pages_in(session: Session, gap: Gap) -> tuple[Page, ...]:
    for teacher in session.teachers():
        for certificate in teacher.certificates:
            if certificate.id == gap.certificate_id:
                return certificate.pages_in(gap.slot)
    return ()


def _among_others(session: Session, pages: Sequence[Page], gap: Gap, position: int | None) -> int | None:
    """``position`` counted without the pages that are on their way."""
    if position is None:
        return None
    before = _pages_in(session, gap)[:position]
    return sum(1 for page in before if page not in pages)
