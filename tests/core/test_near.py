"""What is near is found among many as it would be by comparing each pair."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from certclerk.core.rules.near import Block, Near
from certclerk.core.rules.rescans import CELLS, MOST_APART, Cells, apart

COUNT = CELLS[0] * CELLS[1]
EVERY = (1 << COUNT) - 1


def cells(dark: int, pale: int) -> Cells:
    return Cells(dark << COUNT | pale, pale << COUNT | dark)


def prints(seed: int, count: int, own: int, noise: int) -> dict[int, Cells]:
    """Of one form: ``own`` cells are each holder's, and of those a few holders have about the same, but for ``noise``."""
    chance = random.Random(seed)
    form, places = chance.getrandbits(COUNT), chance.sample(range(COUNT), own)
    holders = [
        sum(1 << place for place in places if chance.random() < 0.4) for _ in range(max(1, count * 3 // 4))
    ]
    found = {}
    for page_id in range(count):
        dark = form ^ chance.choice(holders)
        for place in chance.sample(places, min(noise, own)):
            dark ^= 1 << place
        unsure = chance.getrandbits(COUNT) & chance.getrandbits(COUNT) & chance.getrandbits(COUNT)
        found[page_id] = cells(dark & ~unsure, ~dark & EVERY & ~unsure)
    return found


def near_by_pairs(among: dict[int, Cells], to: Cells) -> set[int]:
    return {page_id for page_id, other in among.items() if apart(to, other) <= MOST_APART}


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    count=st.integers(1, 60),
    own=st.sampled_from((0, 1, 5, MOST_APART, 40, 150, 600)),
    noise=st.integers(0, 2 * MOST_APART),
    change=st.data(),
)
def test_a_block_finds_what_comparing_each_finds(
    seed: int, count: int, own: int, noise: int, change: st.DataObject
) -> None:
    found = prints(seed, count, own, noise)
    among = change.draw(st.sets(st.sampled_from(list(found))))
    block = Block(found)
    mask = sum(1 << index for index, page_id in enumerate(found) if page_id in among)
    members = {page_id: found[page_id] for page_id in among}
    for one in (*list(found.values())[:8], *prints(seed + 1, 3, own, noise).values()):
        ids = list(block.near(one, mask))
        assert len(ids) == len(set(ids))
        assert set(ids) == near_by_pairs(members, one)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), noise=st.integers(0, 12), change=st.data())
def test_pages_come_and_go(seed: int, noise: int, change: st.DataObject) -> None:
    """Some laid into a block before they come, some after, some never."""
    every = prints(seed, 40, 200, noise)
    laid: dict[int, tuple[Block, int]] = {}
    near, members = Near(laid), dict[int, Cells]()
    for _ in range(change.draw(st.integers(1, 12))):
        page_id = change.draw(st.sampled_from(list(every)))
        act = change.draw(st.sampled_from(("add", "add", "discard", "lay")))
        if act == "add":
            near.add(page_id, every[page_id])
            members[page_id] = every[page_id]
        elif act == "discard":
            near.discard(page_id)
            members.pop(page_id, None)
        else:
            some = {each: every[each] for each in range(page_id, len(every)) if each not in laid}
            if some:
                block = Block(some)
                laid.update((each, (block, index)) for index, each in enumerate(some))
                near.settle()
        assert all((each in near) == (each in members) for each in every)
        for one in list(every.values())[:10]:
            assert sorted(near.to(one)) == sorted(near_by_pairs(members, one))


def test_of_many_pages_a_few_are_left_to_be_compared_one_by_one() -> None:
    found = prints(1, 500, 300, 0)
    block, everyone = Block(found), (1 << len(found)) - 1
    left = [block.not_told_apart(one, everyone).bit_count() for one in found.values()]
    assert max(left) < 100 and sum(left) / len(left) < 25
