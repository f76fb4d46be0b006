"""What happens when pages are put somewhere by hand: moved, swapped, or taking another's place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from certclerk.core.flow import pages_at
from certclerk.core.placing import Effect, effect
from certclerk.core.progress import Gap
from certclerk.core.records import Certificate, Page, Teacher
from certclerk.gui.session import Session
from certclerk.jobs.page_moves import move_alike, move_pages, swap_pages, take_over


@dataclass(frozen=True, slots=True)
class Prospect:
    """What putting pages somewhere would do, and to which page that lies ``there``."""

    effect: Effect
    there: tuple[Page, ...]


def prospect(session: Session, pages: Sequence[Page], gap: Gap) -> Prospect:
    moving = {page.id for page in pages}
    there = tuple(page for page in pages_at(session.teachers(), gap) if page.id not in moving)
    return Prospect(effect(pages, session.notice.slot(gap.slot), gap.certificate_id, there), there)


def put_pages(session: Session, page_ids: Sequence[int], gap: Gap, position: int | None = None) -> None:
    """Into a slot, before its page number ``position`` as it is shown now (from 0; None: the end).

    In a slot of one page that has one: a page from another slot changes places with it, one from the
    tray sends it to the tray.
    """
    pages = [page for page in (find_page(session, page_id) for page_id in page_ids) if page is not None]
    if not pages:
        return
    found, label = prospect(session, pages, gap), session.notice.slot(gap.slot).label
    match found.effect:
        case Effect.ADD:
            place = _among_others(session, pages, gap, position)
            session.act(move_pages, [page.id for page in pages], gap.certificate_id, gap.slot, place)
        case Effect.SWAP:
            if session.did(swap_pages, pages[0], found.there[0]):
                session.undoable.emit(f"已与{label}交换。")
        case Effect.TAKE_OVER:
            if session.did(take_over, pages[0].id, gap.certificate_id, gap.slot, found.there):
                session.undoable.emit(f"原来的{label}在待归位。")
        case Effect.TOO_MANY:
            session.failed.emit(f"{label}只有一页，请一次放一页。没有移动。")
        case Effect.NOTHING:
            pass


def put_alike(session: Session, page_ids: Sequence[int], certificate_id: int) -> None:
    """Pages that lie in slots into the same slots of another certificate."""
    certificate = _certificate(session, certificate_id)
    pages = [page for page in (find_page(session, page_id) for page_id in page_ids) if page and page.slot]
    if certificate is not None and pages and session.did(move_alike, pages, certificate):
        session.undoable.emit(f"已移动 {len(pages)} 页。")


def find_page(session: Session, page_id: int) -> Page | None:
    """A page by its id, wherever it lies but in the trash."""
    owner = owner_of(session, page_id)
    held = owner.pages() if owner else session.tray()
    return next((page for page in held if page.id == page_id), None)


def owner_of(session: Session, page_id: int) -> Teacher | None:
    """Who has the page in a slot."""
    held = (teacher for teacher in session.teachers() if any(page.id == page_id for page in teacher.pages()))
    return next(held, None)


def _certificate(session: Session, certificate_id: int) -> Certificate | None:
    for teacher in session.teachers():
        for certificate in teacher.certificates:
            if certificate.id == certificate_id:
                return certificate
    return None


def _among_others(session: Session, pages: Sequence[Page], gap: Gap, position: int | None) -> int | None:
    """``position`` counted without the pages that are on their way."""
    if position is None:
        return None
    before = pages_at(session.teachers(), gap)[:position]
    return sum(1 for page in before if page not in pages)
