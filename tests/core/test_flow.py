"""Where pages go that come one after the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from certclerk.core.flow import places
from certclerk.core.notice import Notice
from certclerk.core.progress import Gap
from certclerk.core.records import Absence, Certificate, Page, Place, Teacher

FIRST = Certificate(
    id=1, teacher_id=1, kind="小学", number="20133599022000001", authority="泉州市教育局", issued="2013-07-01"
)
SECOND = replace(FIRST, id=2, kind="高级中学", number="20133599042000002")
OUT = replace(FIRST, id=3, choice="out", issued="")


def teacher(*certificates: Certificate) -> Teacher:
    return Teacher(id=1, serial=1, name="林晓雯", certificates=certificates)


def having(certificate: Certificate, *slots: str, absent: str = "") -> Certificate:
    pages = tuple(
        Page(index, "0" * 64, 0, "image/jpeg", 1, 1, None, "a", "", 0, Place.SLOT, certificate.id, slot)
        for index, slot in enumerate(slots)
    )
    return replace(certificate, pages=pages, absences=(Absence(absent, "没有"),) if absent else ())


@pytest.mark.parametrize(
    ("held", "start", "count", "text_pages", "expected"),
    [
        ((FIRST,), "1 cover", 3, 1, "1 cover, 1 text, 1 remarks"),
        ((FIRST,), "1 cover", 4, 2, "1 cover, 1 text, 1 text, 1 remarks"),
        ((FIRST,), "1 cover", 9, 1, "1 cover, 1 text, 1 remarks"),
        ((FIRST,), "1 cover", 1, 1, "1 cover"),
        ((FIRST, SECOND), "1 remarks", 3, 1, "1 remarks, 1 cover, 1 text"),
        ((FIRST, SECOND), "1 cover", 4, 1, "1 cover, 1 text, 1 remarks, 2 cover"),
        ((having(FIRST, "cover", absent="remarks"), SECOND), "1 text", 2, 1, "1 text, 2 cover"),
        ((having(FIRST, "cover", "text", "remarks"),), "1 text", 2, 1, "1 text"),
        ((having(FIRST, "cover", "text", "remarks"),), "1 text", 2, 3, "1 text, 1 text"),
        ((FIRST, OUT), "1 remarks", 9, 1, "1 remarks, 1 cover, 1 text"),
        ((having(FIRST, "cover"),), "1 cover", 2, 1, ""),
    ],
)
def test_pages_fill_what_is_missing_in_order_and_stop_at_the_teachers_end(
    quanzhou: Notice, held: tuple[Certificate, ...], start: str, count: int, text_pages: int, expected: str
) -> None:
    certificate, slot = start.split()
    gap = Gap(int(certificate), slot)
    found = places(teacher(*held), quanzhou, gap, count, text_pages)
    assert ", ".join(f"{gap.certificate_id} {gap.slot}" for gap in found) == expected
