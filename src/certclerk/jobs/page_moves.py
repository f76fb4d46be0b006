"""Pages from where they lie to where they belong, several or two at once in one change and one undo."""

from __future__ import annotations

from collections.abc import Sequence

from certclerk.collection import Change, Collection
from certclerk.core.placing import REPLACED, Effect, effect
from certclerk.core.records import Certificate, Page
from certclerk.core.wording import named
from certclerk.jobs.take_pages import Stored, settle


def move_pages(
    collection: Collection,
    page_ids: Sequence[int],
    certificate_id: int,
    slot: str,
    position: int | None = None,
) -> None:
    """Into a slot in this order, before its page number ``position`` (from 0, these not counted; None: the end)."""
    with collection.change(f"移动到 {_place(collection, certificate_id, slot)}") as change:
        for offset, page_id in enumerate(page_ids):
            change.place_page(page_id, certificate_id, slot, None if position is None else position + offset)


def swap_pages(collection: Collection, one: Page, other: Page) -> None:
    """Two pages that lie in slots take each other's place."""
    assert one.certificate_id is not None and one.slot and other.certificate_id is not None and other.slot
    first = _place(collection, one.certificate_id, one.slot)
    second = _place(collection, other.certificate_id, other.slot)
    with collection.change(f"交换 {first} 与 {second}") as change:
        _swap(change, one, other)


def take_over(
    collection: Collection, page_id: int, certificate_id: int, slot: str, there: Sequence[Page]
) -> None:
    """Into a slot of one page; those that lie ``there`` go to the tray, where they are seen."""
    place = _place(collection, certificate_id, slot)
    with collection.change(f"移动到 {place}") as change:
        for page in there:
            change.send_to_tray(page.id, f"由 {place} 换下")
        change.place_page(page_id, certificate_id, slot)


def move_alike(collection: Collection, pages: Sequence[Page], to: Certificate) -> None:
    """Pages that lie in slots each into the same slot of another certificate; what lies in a slot of one page
    there changes places with the page that comes.
    """
    teacher = collection.owner(to.id)
    slot_of = collection.notice.slot
    with collection.change(f"移动 {len(pages)} 页到 {named(teacher.name)}") as change:
        for page in pages:
            assert page.slot
            there = to.pages_in(page.slot)
            if effect([page], slot_of(page.slot), to.id, there) is Effect.SWAP:
                _swap(change, page, there[0])
            elif page.certificate_id != to.id:
                change.place_page(page.id, to.id, page.slot)


def replace_page(collection: Collection, page: Page, stored: Stored) -> None:
    """Stored pages take the place of one that lies in a slot; it goes to the trash."""
    assert page.certificate_id is not None and page.slot
    with collection.change(f"替换 {_place(collection, page.certificate_id, page.slot)}") as change:
        change.trash_page(page.id, REPLACED)
        for offset, fresh in enumerate(stored.pages):
            page_id = change.add_page(fresh.page)
            change.place_page(page_id, page.certificate_id, page.slot, page.position + offset)
    settle(collection, stored.pages)


def _swap(change: Change, one: Page, other: Page) -> None:
    assert one.certificate_id is not None and one.slot and other.certificate_id is not None and other.slot
    change.place_page(one.id, other.certificate_id, other.slot, other.position)
    change.place_page(other.id, one.certificate_id, one.slot, one.position)


def _place(collection: Collection, certificate_id: int, slot: str) -> str:
    """As the history names it: 李娜 · 封面."""
    teacher = collection.owner(certificate_id)
    return f"{named(teacher.name)} · {collection.notice.slot(slot).label}"
