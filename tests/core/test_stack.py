"""A deal is drawn row by row: pages by number, ``-`` a gap, ``x`` a cell that takes no page; then what is aside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certclerk.core import stack
from certclerk.core.notice import Notice
from certclerk.core.records import Absence, Certificate, Page, Place, Teacher
from certclerk.core.stack import Column, Deal, Row, Seat

Mend = Callable[[Deal], Deal]


def certificate(key: int, issued: str = "2013-07-01", *filled: str, absent: str = "") -> Certificate:
    pages = tuple(
        Page(10 * key + at, "0" * 64, 0, "image/jpeg", 1, 1, None, "a.jpg", "", 0, Place.SLOT, key, slot)
        for at, slot in enumerate(filled)
    )
    return Certificate(
        key, key, "高级中学", "语文", "20133500542000001", "泉州市教育局", issued,
        absences=(Absence(absent, "没有"),) if absent else (), pages=pages,
    )  # fmt: skip


def teacher(key: int, *certificates: Certificate, choice: str = "") -> Teacher:
    held = tuple(replace(one, teacher_id=key) for one in certificates)
    return Teacher(key, key, f"教师{key}", choice=choice, certificates=held)


def drawn(held: Deal) -> str:
    seats = held.seats()
    lines = []
    for at, row in enumerate(held.rows):
        cells = []
        for column, free in enumerate(row.free):
            page = held.page(seats.index(Seat(at, column))) if free else None
            cells.append("x" if not free else "-" if page is None else str(page))
        lines.append(" ".join(cells))
    beside = " ".join(map(str, held.left_over()))
    return " | ".join(lines) + (f" : {beside}" if beside else "")


def dealt(pages: int, people: int = 3, each: int = 2) -> Deal:
    to = [Row(number, number, (True,) * each) for number in range(people)]
    return stack.deal([Column(f"slot{number}") for number in range(each)], to, pages)


def test_pages_are_dealt_in_roster_order(quanzhou: Notice) -> None:
    everyone = [teacher(1, certificate(1)), teacher(2, certificate(2), certificate(3))]
    columns = stack.columns(quanzhou, {"cover": 1, "text": 2, "remarks": 0})
    assert columns == (Column("cover", 1, 1), Column("text", 1, 2), Column("text", 2, 2))
    rows = stack.rows(everyone, quanzhou, columns)
    assert [(row.teacher_id, row.certificate_id) for row in rows] == [(1, 1), (2, 2), (2, 3)]
    assert drawn(stack.deal(columns, rows, 8)) == "0 1 2 | 3 4 5 | 6 7 -"
    assert drawn(stack.deal(columns, rows, 11)) == "0 1 2 | 3 4 5 | 6 7 8 : 9 10"


def test_the_profiles_required_slots_are_proposed(quanzhou: Notice, invented: Notice) -> None:
    assert stack.proposed_counts(quanzhou) == {"cover": 1, "text": 1, "remarks": 1}
    for slot in invented.slots:
        assert stack.proposed_counts(invented)[slot.id] == int(slot.required)


def test_only_what_is_submitted_is_dealt_to_and_from_the_chosen_teacher_on(quanzhou: Notice) -> None:
    everyone = [
        teacher(1, certificate(1)),
        teacher(2, certificate(2), choice="hold"),
        teacher(3),
        teacher(4, certificate(4, "2001-07-01"), certificate(5)),
        teacher(6, certificate(6)),
    ]
    columns = stack.columns(quanzhou, {"cover": 1})
    assert [row.certificate_id for row in stack.rows(everyone, quanzhou, columns)] == [1, 5, 6]
    assert [row.certificate_id for row in stack.rows(everyone, quanzhou, columns, 2)] == [5, 6]


def test_what_is_there_is_passed_over_if_so_chosen(quanzhou: Notice) -> None:
    everyone = [
        teacher(1, certificate(1, "2013-07-01", "cover", "text")),
        teacher(2, certificate(2, absent="remarks")),
    ]
    columns = stack.columns(quanzhou, {"cover": 1, "text": 2, "remarks": 1})
    rows = stack.rows(everyone, quanzhou, columns)
    assert drawn(stack.deal(columns, rows, 9)) == "x x 0 1 | 2 3 4 x : 5 6 7 8"
    rows = stack.rows(everyone, quanzhou, columns, skip_filled=False)
    assert drawn(stack.deal(columns, rows, 8)) == "0 1 2 3 | 4 5 6 7"


@pytest.mark.parametrize(
    ("mend", "after"),
    [
        (lambda deal: stack.with_gap(deal, 1), "0 - | 1 2 | 3 4 : 5"),
        (lambda deal: stack.without(deal, 2), "0 1 | 3 4 | 5 - : 2"),
        (lambda deal: stack.without(stack.with_gap(deal, 2), 2), "0 1 | 2 3 | 4 5"),
        (lambda deal: stack.moved(deal, 0, 3), "1 2 | 3 0 | 4 5"),
        (lambda deal: stack.moved(deal, 4, 1), "0 4 | 1 2 | 3 5"),
        (lambda deal: stack.moved(deal, 3, 3), "0 1 | 2 3 | 4 5"),
        (lambda deal: stack.moved(stack.with_gap(deal, 1), 4, 1), "0 4 | 1 2 | 3 5"),
        (lambda deal: stack.moved(stack.with_gap(deal, 4), 1, 4), "0 2 | 3 - | 1 4 : 5"),
        (lambda deal: stack.moved(stack.without(deal, 1), 1, 3), "0 2 | 3 1 | 4 5"),
        (lambda deal: stack.moved(stack.with_gap(stack.without(deal, 1), 3), 1, 3), "0 2 | 3 1 | 4 5"),
        (lambda deal: stack.pulled_out(deal, 5), "0 1 | 2 3 | 4 - : 5"),
        (lambda deal: stack.moved(stack.without(stack.without(deal, 5), 4), 5, 5), "0 1 | 2 3 | - 5 : 4"),
    ],
)  # fmt: skip
def test_every_mend_shifts_what_comes_after(mend: Mend, after: str) -> None:
    assert drawn(mend(dealt(6))) == after


def test_a_page_pulled_out_twice_is_out_once() -> None:
    held = stack.pulled_out(dealt(4), 2)
    assert stack.pulled_out(held, 2) == held


def test_what_is_beyond_the_last_seat_can_be_dragged_in() -> None:
    held = stack.moved(dealt(8), 7, 0)
    assert drawn(held) == "7 0 | 1 2 | 3 4 : 5 6"


def test_the_tally_counts_people_certificates_seats_and_what_is_short() -> None:
    found = stack.tally(dealt(5))
    assert (found.people, found.certificates, found.room, found.pages) == (3, 3, 6, 5)
    assert (found.reached, found.gaps, found.beyond) == (3, 1, 0)
    found = stack.tally(stack.without(dealt(4), 1))
    assert (found.reached, found.reached_room, found.gaps, found.aside) == (2, 4, 1, 1)
    assert stack.tally(dealt(8)).beyond == 2
    assert stack.tally(dealt(0)).reached == 0


# Laws

mends = st.lists(
    st.one_of(
        st.tuples(st.just("gap"), st.integers(0, 14)),
        st.tuples(st.just("without"), st.integers(0, 14)),
        st.tuples(st.just("out"), st.integers(0, 9)),
        st.tuples(st.just("move"), st.integers(0, 9), st.integers(0, 11)),
    ),
    max_size=12,
)
STEPS: dict[str, Callable[..., Deal]] = {
    "gap": stack.with_gap,
    "without": stack.without,
    "out": stack.pulled_out,
    "move": stack.moved,
}


@given(mends)
def test_no_sequence_of_mends_loses_or_doubles_a_page(steps: list[tuple[str, int]]) -> None:
    held = dealt(10, people=4, each=3)
    for name, *arguments in steps:
        if name == "move" and arguments[0] >= 10:
            continue
        held = STEPS[name](held, *arguments)
        seated = [page for _, page in held.seated()]
        assert sorted([*seated, *held.left_over()]) == list(range(10))
        assert not held.line or held.line[-1] is not None


@given(mends)
def test_pages_keep_their_order_unless_one_is_moved(steps: list[tuple[str, int]]) -> None:
    held = dealt(10, people=4, each=3)
    for name, *arguments in steps:
        before = [page for page in held.line if page is not None]
        held = STEPS[name](held, *arguments)
        after = [page for page in held.line if page is not None]
        moving = arguments[0] if name == "move" else None
        stayed = set(before) & set(after) - {moving}
        assert [page for page in before if page in stayed] == [page for page in after if page in stayed]


@given(mends, st.integers(0, 9), st.integers(0, 11))
def test_a_page_lands_where_it_is_dropped(steps: list[tuple[str, int]], page: int, place: int) -> None:
    held = dealt(10, people=4, each=3)
    for name, *arguments in steps:
        held = STEPS[name](held, *arguments)
    assert stack.moved(held, page, place).page(place) == page


@given(mends, st.integers(0, 14))
def test_a_gap_that_was_put_in_is_taken_out_again(steps: list[tuple[str, int]], place: int) -> None:
    held = dealt(10, people=4, each=3)
    for name, *arguments in steps:
        held = STEPS[name](held, *arguments)
    if held.page(place) is not None:
        assert stack.without(stack.with_gap(held, place), place) == held
