"""Which documents go into which mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certclerk.core.splitting import Parts, Room, fewest, overfull, packed

MUCH = st.lists(st.integers(0, 40), max_size=60)
FEW = st.lists(st.integers(0, 14), max_size=7)


@st.composite
def rooms(draw: st.DrawFn) -> Room:
    further = draw(st.integers(1, 40))
    return Room(draw(st.integers(-5, further)), further)


@pytest.mark.parametrize(
    ("sizes", "room", "parts"),
    [
        ([], Room(10, 10), ()),
        ([4, 4, 4], Room(10, 10), ((0, 1), (2,))),
        ([4, 4, 2], Room(10, 10), ((0, 1, 2),)),
        ([4, 4, 4], Room(5, 10), ((0,), (1, 2))),
        ([0, 0], Room(0, 10), ((0, 1),)),
        # Roster order would need three.
        ([6, 6, 4, 4], Room(10, 10), ((0, 2), (1, 3))),
        # What is too large for any stands alone, and the others stay together.
        ([4, 30, 4], Room(10, 10), ((0, 2), (1,))),
        ([30, 4, 4], Room(10, 10), ((0,), (1, 2))),
        # Too large for the first alone: another goes there.
        ([8, 4], Room(5, 10), ((1,), (0,))),
        # Nothing fits the first.
        ([4, 4], Room(-5, 10), ((0,), (1,))),
        ([4, 4, 3], Room(2, 11), ((0,), (1, 2))),
        ([12, 8, 8], Room(5, 16), ((0,), (1, 2))),
    ],
)
def test_packed(sizes: list[int], room: Room, parts: Parts) -> None:
    assert packed(sizes, room) == parts


@given(MUCH, rooms())
def test_every_document_is_in_one_mail_and_no_mail_of_several_is_too_large(
    sizes: list[int], room: Room
) -> None:
    parts = packed(sizes, room)
    assert sorted(index for part in parts for index in part) == list(range(len(sizes)))
    assert all(part and list(part) == sorted(part) for part in parts)
    for number, part in enumerate(parts):
        assert len(part) == 1 or sum(sizes[index] for index in part) <= room.of(number)
    unavoidable = [index for index, size in enumerate(sizes) if size > room.further]
    nothing_fits_the_first = bool(sizes) and min(sizes) > room.first
    spare = set(overfull(parts, sizes, room)) - set(unavoidable)
    assert not spare or (nothing_fits_the_first and len(spare) == 1)
    assert packed(sizes, room) == parts


@given(MUCH, rooms())
def test_never_more_mails_than_in_roster_order_with_the_same_mails_too_full(
    sizes: list[int], room: Room
) -> None:
    parts, plain = packed(sizes, room), in_order(sizes, room)
    too_full = len(overfull(parts, sizes, room)), len(overfull(plain, sizes, room))
    assert too_full[0] <= too_full[1]
    assert len(parts) <= len(plain) or too_full[0] < too_full[1]


@settings(deadline=None)
@given(FEW, st.integers(1, 14))
def test_within_the_bound_of_the_fewest_that_there_can_be(sizes: list[int], space: int) -> None:
    room = Room(space, space)
    best = min((len(parts) for parts in every_split(sizes) if _fits(parts, sizes, room)), default=0)
    assert fewest(sizes, room) <= best <= len(packed(sizes, room)) <= (11 * best + 6) / 9


@settings(deadline=None)
@given(FEW, rooms())
def test_roster_order_stays_where_it_needs_no_more_mails_than_can_be(sizes: list[int], room: Room) -> None:
    plain = in_order(sizes, room)
    if len(plain) == fewest(sizes, room) and not overfull(plain, sizes, room):
        assert packed(sizes, room) == plain


def in_order(sizes: Sequence[int], room: Room) -> Parts:
    """As a clerk does it who goes down the list."""
    parts: list[list[int]] = []
    for index, size in enumerate(sizes):
        held = sum(sizes[other] for other in parts[-1]) if parts else 0
        if not parts or held + size > room.of(len(parts) - 1):
            parts.append([])
        parts[-1].append(index)
    return tuple(map(tuple, parts))


def every_split(sizes: Sequence[int]) -> Iterator[list[list[int]]]:
    if not sizes:
        yield []
        return
    *others, _ = sizes
    for parts in every_split(others):
        for part in range(len(parts)):
            yield [[*each, len(others)] if number == part else each for number, each in enumerate(parts)]
        yield [*parts, [len(others)]]


def _fits(parts: list[list[int]], sizes: Sequence[int], room: Room) -> bool:
    return all(
        len(part) == 1 or sum(sizes[index] for index in part) <= room.of(number)
        for number, part in enumerate(parts)
    )
