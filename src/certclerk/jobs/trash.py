"""Pages out of the trash: back to where they lay, or to the tray; each is one change and one undo."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from certclerk.collection import Collection
from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Page, Roster, Teacher, Trashed
from certclerk.core.wording import named

PUT_BACK = "从回收站放回"


class Taken(Enum):
    """What happens where a slot of one page has another page by now."""

    SWAP = auto()  # that one goes to the trash
    TRAY = auto()  # the one that comes back goes to the tray


@dataclass(frozen=True, slots=True)
class Home:
    """Where a page in the trash lay, as it is now; ``there`` is what a slot of one page holds by now."""

    teacher: Teacher
    certificate: Certificate
    slot: str
    there: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """``swapped`` pages went to the trash for those that came back."""

    placed: int
    tray: int
    swapped: int


def home(trashed: Trashed, roster: Roster, notice: Notice) -> Home | None:
    """None where the page lay in the tray, or its certificate or slot is no more."""
    if trashed.slot not in {slot.id for slot in notice.slots}:
        return None
    for teacher in roster.teachers:
        for certificate in teacher.certificates:
            if certificate.id == trashed.certificate_id:
                one = not notice.slot(trashed.slot).many
                there = certificate.pages_in(trashed.slot) if one else ()
                return Home(teacher, certificate, trashed.slot, there)
    return None


def where(trashed: Trashed, roster: Roster, notice: Notice) -> str:
    """Where it lay, in words: 李娜 · 封面."""
    if trashed.slot is None:
        return "待归位"
    found = home(trashed, roster, notice)
    return f"{named(found.teacher.name)} · {notice.slot(found.slot).label}" if found else "证书已删除"


def put_back(collection: Collection, items: Sequence[Trashed], taken: Taken) -> Returned:
    """Each to where it lay, in the order of the places; to the tray where that is no more.

    Of several that lay in one slot of one page, the first of ``items`` gets it.
    """
    roster, notice = collection.roster(), collection.notice
    homes = {item.page.id: home(item, roster, notice) for item in items}
    label = f"放回 {where(items[0], roster, notice)}" if len(items) == 1 else f"放回 {len(items)} 页"
    filled: set[tuple[int, str]] = set()
    placed = swapped = 0
    with collection.change(label) as change:
        for item in _in_order(items, notice):
            found = homes[item.page.id]
            key = (found.certificate.id, found.slot) if found else None
            if found is None or key in filled or (found.there and taken is Taken.TRAY):
                change.send_to_tray(item.page.id, PUT_BACK)
                continue
            for page in found.there:
                change.trash_page(page.id, "由放回的页换下")
                swapped += 1
            change.place_page(item.page.id, found.certificate.id, found.slot, item.position)
            placed += 1
            if key is not None and not notice.slot(found.slot).many:
                filled.add(key)
    return Returned(placed, len(items) - placed, swapped)


def to_tray(collection: Collection, page_ids: Iterable[int]) -> None:
    moving = tuple(page_ids)
    with collection.change(f"从回收站移到待归位 {len(moving)} 页") as change:
        for page_id in moving:
            change.send_to_tray(page_id, PUT_BACK)


def _in_order(items: Sequence[Trashed], notice: Notice) -> list[Trashed]:
    """Pages of one slot of many by their places, so that each comes before those it lay before."""
    many = {slot.id for slot in notice.slots if slot.many}
    return sorted(items, key=lambda item: item.position if item.slot in many else 0)
