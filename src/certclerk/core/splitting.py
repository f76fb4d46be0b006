"""Documents into mails: whole teachers, as few mails as can be found, in roster order where that costs none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Parts = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of documents that fit in the first part and in each further one, which has no less."""

    first: int
    further: int

    def of(self, part: int) -> int:
        return self.further if part else self.first


def packed(sizes: Sequence[int], room: Room) -> Parts:
    """Indices of ``sizes`` (bytes) in the parts they go to, ascending in each; each in one part, no part empty.

    A part above its room holds a single item: one that is too large for any part, or any one in the first part where
    nothing fits that. Equal input gives equal parts.

    The order given stays where it needs no more parts. Else the parts are those of first fit decreasing: of equal
    rooms at most 11/9 of the fewest possible and 2/3 (G. Dósa, 2007), in practice hardly ever more than the fewest.
    """
    in_order = _next_fit(sizes, room)
    best = _burden(in_order, sizes, room)
    if best == (0, fewest(sizes, room)):
        return in_order
    decreasing = _first_fit_decreasing(sizes, room)
    return decreasing if _burden(decreasing, sizes, room) < best else in_order


def fewest(sizes: Sequence[int], room: Room) -> int:
    """No split needs fewer parts unless it fills one too full that need not be: the bytes have no room in fewer."""
    alone = sum(size > room.further for size in sizes)
    rest = [size for size in sizes if size <= room.further]
    if not rest:
        return alone
    # Where something stands alone, it had best be in the smaller first part.
    beyond = sum(rest) - (0 if alone else max(room.first, 0))
    further = -(-max(beyond, 0) // max(room.further, 1))
    return max(alone + further, alone + 1) if alone else 1 + further


def overfull(parts: Parts, sizes: Sequence[int], room: Room) -> tuple[int, ...]:
    """Indices of the items that stand alone in a part because they are too large for it."""
    return tuple(
        members[0]
        for part, members in enumerate(parts)
        if sum(sizes[index] for index in members) > room.of(part)
    )


def _burden(parts: Parts, sizes: Sequence[int], room: Room) -> tuple[int, int]:
    """What is to be avoided: first that an item is too large for its part only, then parts."""
    return sum(sizes[index] <= room.further for index in overfull(parts, sizes, room)), len(parts)


def _next_fit(sizes: Sequence[int], room: Room) -> Parts:
    parts: list[list[int]] = []
    left = 0
    for index, size in enumerate(sizes):
        if not parts or size > left:
            parts.append([])
            left = room.of(len(parts) - 1)
        left -= size
        parts[-1].append(index)
    return tuple(map(tuple, parts))


def _first_fit_decreasing(sizes: Sequence[int], room: Room) -> Parts:
    decreasing = sorted(range(len(sizes)), key=lambda index: (-sizes[index], index))
    first: list[int] = []
    further: list[list[int]] = []
    left = [room.first]
    for index in decreasing:
        size = sizes[index]
        if size > room.further:
            further.append([index])
            left.append(-1)
            continue
        part = next((number for number, space in enumerate(left) if size <= space), len(left))
        if part == len(left):
            further.append([])
            left.append(room.further)
        (further[part - 1] if part else first).append(index)
        left[part] -= size
    if not first:
        first = _spared(further, sizes)
    ordered = sorted((sorted(part) for part in further if part), key=min)
    return tuple(map(tuple, (sorted(first), *ordered)))


def _spared(parts: list[list[int]], sizes: Sequence[int]) -> list[int]:
    """What goes to a first part that nothing fits, out of ``parts``: one that stands alone, else the smallest."""
    alone = [part for part in parts if len(part) == 1]
    if alone:
        parts.remove(alone[-1])
        return alone[-1]
    part = min(parts, key=lambda members: sizes[members[-1]])
    return [part.pop()]
