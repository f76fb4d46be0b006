"""Where captured pages go: into the locked place, then into what is missing next, to the end of one teacher."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from certclerk.core.notice import Notice
from certclerk.core.progress import Gap, gaps
from certclerk.core.records import Certificate, Page, Teacher
from certclerk.core.scope import submitted_certificates


@dataclass(frozen=True, slots=True)
class Aim:
    """The place that is locked for the next page: at the end of a slot, before its page ``before``, or in place
    of its page ``replaces``, which then goes to the trash. Both are ids of pages.
    """

    gap: Gap
    replaces: int | None = None
    before: int | None = None

    @property
    def beside(self) -> int | None:
        """The page that the next one is taken beside or instead of; None for the end of the slot."""
        return self.replaces if self.replaces is not None else self.before


def places(teacher: Teacher, notice: Notice, start: Gap, count: int, text_pages: int) -> tuple[Gap, ...]:
    """The slots of ``count`` pages that come one after the other, from ``start`` on; fewer where the teacher's
    gaps are no more, and none where ``start`` is a slot of one page that has one by now.

    A slot of many takes pages until it has ``text_pages``; where one has more already, it takes one.
    """
    filled = {
        (held.id, slot.id): len(held.pages_in(slot.id))
        for held in teacher.certificates
        for slot in notice.slots
    }
    if filled[start.certificate_id, start.slot] and not notice.slot(start.slot).many:
        return ()
    open_gaps = [gap for held in submitted_certificates(teacher, notice) for gap in gaps(held, notice)]
    found: list[Gap] = []
    here: Gap | None = start
    while here is not None and len(found) < count:
        found.append(here)
        filled[here.certificate_id, here.slot] += 1
        open_gaps = [gap for gap in open_gaps if gap != here]
        unfinished = notice.slot(here.slot).many and filled[here.certificate_id, here.slot] < text_pages
        if not unfinished:
            here = next(iter(open_gaps), None)
    return tuple(found)


def gap_of(page: Page) -> Gap | None:
    """The place that the page lies in; None in the tray and in the trash."""
    if page.certificate_id is None or page.slot is None:
        return None
    return Gap(page.certificate_id, page.slot)


def holder(teacher: Teacher, gap: Gap) -> Certificate | None:
    """The certificate of ``teacher`` that the gap is in, if it is one of theirs."""
    return next((held for held in teacher.certificates if held.id == gap.certificate_id), None)


def pages_at(teachers: Iterable[Teacher], gap: Gap) -> tuple[Page, ...]:
    """The pages that lie in the place, in order."""
    held = (holder(teacher, gap) for teacher in teachers)
    return next((certificate.pages_in(gap.slot) for certificate in held if certificate), ())
