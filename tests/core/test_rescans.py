"""Two scans of one page are told wherever they lie; what everybody's pages have in common is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certclerk.core.notice import Notice
from certclerk.core.recipe import Recipe
from certclerk.core.records import Certificate, Filing, Finding, Page, Place, Roster, Teacher
from certclerk.core.rules import Checker, check
from certclerk.core.rules.rescans import MOST_APART

DAY = date(2017, 3, 1)
FILING = Filing("泉州第一中学", "陈敏", "22000000")
CELLS = 3220
EVERY = (1 << CELLS) - 1
FORM = int("5a3c1" * 161, 16)


def likeness(dark: int, lying: bool = False, unsure: int = 0) -> str:
    return f"{lying:d}{dark & ~unsure:0805x}{EVERY & ~dark & ~unsure:0805x}"


def spoiled(bits: int, count: int) -> int:
    """With so many cells turned over, spread out."""
    return bits ^ sum(1 << (place * 41 % CELLS) for place in range(count))


def page(page_id: int, slot: str = "text", bits: int = FORM, **changes: object) -> Page:
    plain = Page(
        page_id, f"{page_id:064}", 0, "image/jpeg", 1713, 2421, 300.0, f"{page_id}.jpg", "", 0, Place.SLOT
    )
    known = replace(plain, certificate_id=page_id // 10, slot=slot, likeness=likeness(bits))
    return replace(known, **changes)  # type: ignore[arg-type]


def holder(serial: int, *pages: Page) -> Teacher:
    held = Certificate(serial, serial, "高级中学", "语文", "", "泉州市教育局", "2013-07-01", pages=pages)
    return Teacher(serial, serial, f"教师{serial}", certificates=(held,))


def told(notice: Notice, teachers: Sequence[Teacher], code: str = "page_rescanned") -> list[Finding]:
    findings = check(Roster(FILING, tuple(teachers)), notice, DAY)
    return [finding for finding in findings if finding.code == code]


def places(findings: Sequence[Finding]) -> list[tuple[int | None, str]]:
    return [(finding.serial, finding.field) for finding in findings]


def test_a_second_scan_at_another_teacher_is_told_at_both(quanzhou: Notice) -> None:
    pair = (holder(1, page(10)), holder(2, page(20, bits=spoiled(FORM, MOST_APART))))
    findings = told(quanzhou, pair)
    assert places(findings) == [(1, "text"), (2, "text")]
    assert "第2号教师2的内页" in findings[0].message and "第1号教师1的内页" in findings[1].message


def test_pages_further_apart_are_not_told(quanzhou: Notice) -> None:
    pair = (holder(1, page(10)), holder(2, page(20, bits=spoiled(FORM, MOST_APART + 1))))
    assert told(quanzhou, pair) == []


@pytest.mark.parametrize("slot", ["cover", "remarks"])
def test_covers_and_remarks_are_alike_everywhere(quanzhou: Notice, slot: str) -> None:
    assert told(quanzhou, (holder(1, page(10, slot)), holder(2, page(20, slot)))) == []


def test_one_page_scanned_into_two_slots_of_a_certificate_is_told(quanzhou: Notice) -> None:
    assert places(told(quanzhou, [holder(1, page(10, "cover"), page(11, "text"))])) == [
        (1, "cover"),
        (1, "text"),
    ]
    assert places(told(quanzhou, [holder(1, page(10), page(11))])) == [(1, "text"), (1, "text")]


def test_one_picture_twice_is_the_other_rules_matter(quanzhou: Notice) -> None:
    pair = (holder(1, page(10)), holder(2, page(20, sha256=f"{10:064}")))
    assert told(quanzhou, pair) == []
    assert len(told(quanzhou, pair, "page_twice")) == 2


@pytest.mark.parametrize("same_bytes", [True, False], ids=["one scan", "two scans"])
def test_the_halves_of_a_spread_are_two_pages(quanzhou: Notice, same_bytes: bool) -> None:
    left, right = Recipe(crop=(0.0, 0.0, 0.52, 1.0)), Recipe(crop=(0.48, 0.0, 1.0, 1.0))
    sha256 = f"{10:064}" if same_bytes else f"{11:064}"
    code = "page_twice" if same_bytes else "page_rescanned"
    halves = [holder(1, page(10, recipe=left), page(11, recipe=right, sha256=sha256))]
    assert told(quanzhou, halves, "page_twice") == told(quanzhou, halves, "page_rescanned") == []
    again = [holder(1, page(10, recipe=left)), holder(2, page(20, recipe=left, sha256=sha256))]
    assert places(told(quanzhou, again, code)) == [(1, "text"), (2, "text")]
    whole = [holder(1, page(10, recipe=left)), holder(2, page(20, sha256=sha256))]
    assert places(told(quanzhou, whole, code)) == [(1, "text"), (2, "text")]


def test_a_blank_page_is_like_every_other_and_not_told(quanzhou: Notice) -> None:
    pair = (holder(1, page(10, contrast=0.01)), holder(2, page(20, contrast=0.01)))
    assert told(quanzhou, pair) == []


def test_cells_of_which_one_scan_is_not_sure_do_not_count(quanzhou: Notice) -> None:
    other = likeness(spoiled(FORM, 200), unsure=spoiled(0, 200 - MOST_APART))
    assert len(told(quanzhou, (holder(1, page(10)), holder(2, page(20, likeness=other))))) == 2
    other = likeness(spoiled(FORM, 200), unsure=spoiled(0, 199 - MOST_APART))
    assert told(quanzhou, (holder(1, page(10)), holder(2, page(20, likeness=other)))) == []


def test_turning_a_page_turns_its_fingerprint(quanzhou: Notice) -> None:
    upside_down = int(f"{FORM:0{CELLS}b}"[::-1], 2)
    for lying, rotation in ((False, 180), (True, 90)):
        shown = page(20, likeness=likeness(upside_down, lying), rotation=rotation)
        as_scanned = page(20, likeness=likeness(upside_down, lying))
        assert len(told(quanzhou, (holder(1, page(10)), holder(2, shown)))) == 2
        assert told(quanzhou, (holder(1, page(10)), holder(2, as_scanned))) == []


def test_a_page_that_many_have_is_part_of_the_form(quanzhou: Notice) -> None:
    everybody = [holder(each, page(10 * each)) for each in range(1, 7)]
    assert len(told(quanzhou, everybody[:4])) == 4
    assert told(quanzhou, everybody) == []
    checker = Checker(quanzhou)
    checker.update(Roster(FILING, tuple(everybody)), DAY)
    for count in (4, 6, 3, 1, 5, 2):
        checker.update(Roster(FILING, tuple(everybody[:count])), DAY)
        assert checker.findings() == check(Roster(FILING, tuple(everybody[:count])), quanzhou, DAY)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 3 * MOST_APART), min_size=2, max_size=8), st.randoms())
def test_no_pair_within_the_threshold_is_missed(quanzhou: Notice, spoilt: list[int], chance: object) -> None:
    """Against a comparison of every pair."""
    shuffle = chance.sample  # type: ignore[attr-defined]
    bits = [FORM ^ sum(1 << place for place in shuffle(range(CELLS), count)) for count in spoilt]
    teachers = [holder(each, page(10 * each, bits=one)) for each, one in enumerate(bits, 1)]
    alike: dict[int, int] = dict.fromkeys(range(1, len(bits) + 1), 0)
    for one, other in combinations(alike, 2):
        if (bits[one - 1] ^ bits[other - 1]).bit_count() <= MOST_APART:
            alike[one] += 1
            alike[other] += 1
    expected = [(serial, "text") for serial, count in alike.items() if 1 <= count <= 3]
    assert places(told(quanzhou, teachers)) == expected


def test_only_those_concerned_are_told_again(quanzhou: Notice) -> None:
    people = (holder(1, page(10)), holder(2, page(20)), holder(3, page(30, bits=~FORM & EVERY)))
    checker = Checker(quanzhou)
    checker.update(Roster(FILING, people), DAY)
    renamed = (people[0], replace(people[1], name="林晓雯"), people[2])
    assert set(checker.update(Roster(FILING, renamed), DAY)) == {1, 2}
    assert "林晓雯" in next(found.message for found in checker.of(1) if found.code == "page_rescanned")


@pytest.mark.parametrize("odd", ["0", "x", "0fff", "1zz", "0" + "ff" * 5_000, "\ud800"])
def test_what_is_no_fingerprint_is_like_nothing(quanzhou: Notice, odd: str) -> None:
    assert told(quanzhou, (holder(1, page(10, likeness=odd)), holder(2, page(20, likeness=odd)))) == []
