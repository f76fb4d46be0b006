"""A stack of stored pages into the collection as the clerk accepted its deal: one change, the rest to the tray."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from certclerk.collection import Collection
from certclerk.core.notice import Notice
from certclerk.core.placing import REPLACED
from certclerk.core.progress import Gap
from certclerk.core.records import Original, Page, Roster
from certclerk.core.stack import Deal
from certclerk.core.wording import named
from certclerk.jobs.take_pages import StoredPage, settle

PULLED_OUT = "成叠扫描时抽出"
BEYOND = "成叠扫描时多出，后面没有教师了"


@dataclass(frozen=True, slots=True)
class Accepted:
    """``replaced`` pages lay in slots that got new ones and are in the trash."""

    placed: int
    tray: int
    replaced: int


def as_page(stored: StoredPage, number: int) -> Page:
    """What shows a picture of a stored page that has no record yet; ``number`` stands for its id."""
    held = stored.page
    return Page(
        number, held.sha256, held.frame, held.media_type, held.width, held.height, held.dpi, held.source, ""
    )


def known_pages(pages: Sequence[StoredPage], roster: Roster, notice: Notice) -> dict[int, str]:
    """Where pages of the stack, by their number, lie already, byte for byte: 李娜 · 封面."""
    places = {page.original: "待归位" for page in roster.tray}
    for teacher in roster.teachers:
        for page in teacher.pages():
            label = notice.slot(page.slot or "").label
            places[page.original] = f"{named(teacher.name)} · {label}"
    found = ((number, places.get(held.page.original)) for number, held in enumerate(pages))
    return {number: place for number, place in found if place is not None}


def twice(pages: Sequence[StoredPage]) -> dict[int, int]:
    """Pages of the stack that are one before them over again, byte for byte, and which."""
    first: dict[Original, int] = {}
    found: dict[int, int] = {}
    for number, held in enumerate(pages):
        before = first.setdefault(held.page.original, number)
        if before != number:
            found[number] = before
    return found


def in_the_way(deal: Deal, roster: Roster, notice: Notice) -> tuple[Page, ...]:
    """Pages that a deal puts into the trash: all in its slots of one page, and in slots of many those whose
    number it deals to.
    """
    dealt: dict[Gap, set[int]] = {}
    for seat, _page in deal.seated():
        dealt.setdefault(deal.gap_of(seat), set()).add(deal.columns[seat.column].number)
    return tuple(_filled(dealt, roster, notice))


def accept(collection: Collection, deal: Deal, pages: Sequence[StoredPage]) -> Accepted:
    """Every page to the seat where ``deal`` shows it, what is left over to the tray with the reason."""
    replaced = in_the_way(deal, collection.roster(), collection.notice)
    seated = list(deal.seated())
    with collection.change(f"放入 {len(seated)} 页") as change:
        for page in replaced:
            change.trash_page(page.id, REPLACED)
        for seat, number in seated:
            gap, place = deal.gap_of(seat), deal.columns[seat.column].number - 1
            change.place_page(change.add_page(pages[number].page), gap.certificate_id, gap.slot, place)
        for numbers, reason in ((deal.aside, PULLED_OUT), (deal.beyond(), BEYOND)):
            for number in numbers:
                change.add_page(pages[number].page, reason=reason)
    settle(collection, pages)
    return Accepted(len(seated), len(deal.left_over()), len(replaced))


def _filled(dealt: Mapping[Gap, set[int]], roster: Roster, notice: Notice) -> Iterator[Page]:
    for teacher in roster.teachers:
        for certificate in teacher.certificates:
            for slot in notice.slots:
                numbers = dealt.get(Gap(certificate.id, slot.id), set())
                for number, page in enumerate(certificate.pages_in(slot.id), 1):
                    if number in numbers or (numbers and not slot.many):
                        yield page
