from __future__ import annotations

import pytest

from certclerk.core.notice import Notice
from certclerk.core.placing import Effect, effect
from certclerk.core.records import Page, Place


def page(key: int, certificate_id: int | None = None, slot: str | None = None) -> Page:
    place = Place.SLOT if slot else Place.TRAY
    return Page(key, "", 0, "image/jpeg", 1, 1, None, "a.jpg", "", 0, place, certificate_id, slot)


WAITING, ELSEWHERE, HERE = page(1), page(2, 8, "cover"), page(3, 7, "cover")


@pytest.mark.parametrize(
    ("pages", "slot", "there", "expected"),
    [
        ([WAITING], "cover", [], Effect.ADD),
        ([WAITING], "cover", [HERE], Effect.TAKE_OVER),
        ([ELSEWHERE], "cover", [HERE], Effect.SWAP),
        ([ELSEWHERE], "cover", [HERE, page(4, 7, "cover")], Effect.TAKE_OVER),
        ([HERE], "cover", [], Effect.NOTHING),
        ([WAITING, ELSEWHERE], "cover", [], Effect.TOO_MANY),
        ([WAITING, ELSEWHERE], "text", [page(5, 7, "text")], Effect.ADD),
    ],
)
def test_what_putting_pages_into_a_slot_does(
    quanzhou: Notice, pages: list[Page], slot: str, there: list[Page], expected: Effect
) -> None:
    assert effect(pages, quanzhou.slot(slot), 7, there) is expected
