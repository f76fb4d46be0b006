"""Pages from where they lie to where they belong, several or two at once in one change and one undo."""

from __future__ import annotations

from collections.abc import Sequence

from certclerk.collection import Collection
from certclerk.core.records import Page
from certclerk.jobs.take_pages import Stored


def move_pages(
    collection: Collection,
    page_ids: Sequence[int],
    certificate_id: int,
    slot: str,
    position: int | None = None,
) -> None:
    """Into a slot in this order, before its page number ``position`` (from 0, these not counted; None: the end)."""
    with collection.change(f"移动到{collection.notice.slot(slot).label}") as change:
        for offset, page_id in enumerate(page_ids):
            change.place_page(page_id, certificate_id, slot, None if position is None else position + offset)


def swap_pages(collection: Collection, one: Page, other: Page) -> None:
    """Two pages that lie in slots take each other's place."""
    assert one.certificate_id is not None and one.slot and other.certificate_id is not None and other.slot
    with collection.change("交换两页") as change:
        change.place_page(one.id, other.certificate_id, other.slot, other.position)
        change.place_page(other.id, one.certificate_id, one.slot, one.position)


def take_over(
    collection: Collection, page_id: int, certificate_id: int, slot: str, there: Sequence[Page]
) -> None:
    """Into a slot of one page; those that lie ``there`` go to the tray, where they are seen."""
    label = collection.notice.slot(slot).label
    with collection.change(f"移动到{label}") as change:
        for page in there:
            change.send_to_tray(page.id, f"由{label}换下")
        change.place_page(page_id, certificate_id, slot)


def replace_page(collection: Collection, page: Page, stored: Stored) -> None:
    """Stored pages take the place of one that lies in a slot; it goes to the trash."""
    assert page.certificate_id is not None and page.slot
    with collection.change("替换页") as change:
        change.trash_page(page.id, "被新的一页替换")
        for offset, fresh in enumerate(stored.pages):
            page_id = change.add_page(fresh.page)
            change.place_page(page_id, page.certificate_id, page.slot, page.position + offset)
