"""What happens when pages are put into a slot where others may lie already: one rule for doing it and for saying it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from certclerk.core.notice import Slot
from certclerk.core.records import Page, Place

# Why a page is in the trash that another one was scanned or taken in for.
REPLACED = "被新的一页替换"


class Effect(Enum):
    NOTHING = auto()  # they are there already
    ADD = auto()  # among those that are there, if any
    SWAP = auto()  # the two change places
    TAKE_OVER = auto()  # the one that is there goes to the tray
    TOO_MANY = auto()  # the slot takes one page, and these are several


def effect(pages: Sequence[Page], slot: Slot, certificate_id: int, there: Sequence[Page]) -> Effect:
    """Of putting ``pages`` into that slot, where besides them the pages ``there`` lie."""
    if slot.many:
        return Effect.ADD
    if len(pages) > 1:
        return Effect.TOO_MANY
    if all((page.certificate_id, page.slot) == (certificate_id, slot.id) for page in pages):
        return Effect.NOTHING
    if not there:
        return Effect.ADD
    return Effect.SWAP if pages[0].place is Place.SLOT and len(there) == 1 else Effect.TAKE_OVER
