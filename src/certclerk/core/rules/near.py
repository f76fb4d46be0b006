"""Which of many fingerprints are near to another, without comparing each.

Fingerprints of one form differ in a few hundredths of their cells, and any part of them is shared by most teachers:
there is no part to look candidates up by. So many lie side by side in a block, cell by cell: a whole number has a bit
for each page, and one operation on it compares a cell with all of them. The cells in which a page is unlike most
others come first; some dozens tell it from nearly all, and the few that are left are compared one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import compress

from certclerk.core.rules.rescans import CELLS, MOST_APART, Cells

# Pages by which is judged in which cells a block's pages differ.
_SAMPLE = 256
# Of them: cells that tell fewer apart are not worth the look.
_LEAST_TOLD_APART = 0.3
# As many left are sooner compared than told apart further.
_FEW = 16
# Cells in threes count once, so that most of the work is a mere "or"; they are counted by eights.
_EIGHTS = -(-(MOST_APART + 1) // 8)
_HEAD_START = 8 * _EIGHTS - MOST_APART - 1

# Of a fingerprint's whole number: its places, and its hexadecimal digits.
_PLACES = 2 * CELLS[0] * CELLS[1]
_DIGITS = _PLACES // 4
_HEXADECIMAL = b"0123456789abcdef"
_BIT_OF_DIGIT = tuple(
    bytes.maketrans(_HEXADECIMAL, bytes(b"01"[digit >> bit & 1] for digit in range(16)))
    for bit in (3, 2, 1, 0)
)
_TRUTH = bytes.maketrans(b"01", b"\0\1")


class Block:
    """Fingerprints side by side, none of which is ever changed."""

    def __init__(self, prints: Mapping[int, Cells]) -> None:
        self._ids = tuple(prints)
        self._sought = tuple(cells.sought for cells in prints.values())
        self._places = _telling(tuple(prints.values())[:: max(1, len(prints) // _SAMPLE)])
        columns = _columns(self._sought, self._places)
        # By cell, a bit for each page that has it in ``sought``, the first page's the lowest.
        self._slices = tuple(columns[place] for place in self._places)

    def near(self, cells: Cells, among: int) -> Iterator[int]:
        """Ids of the pages within MOST_APART; ``among``: a bit for each page to be looked at."""
        left = self.not_told_apart(cells, among)
        while left:
            index = left.bit_length() - 1
            left ^= 1 << index
            if (cells.told & self._sought[index]).bit_count() <= MOST_APART:
                yield self._ids[index]

    def not_told_apart(self, cells: Cells, among: int) -> int:
        """Those of ``among`` that are not known to be further apart than MOST_APART after some dozens of cells."""
        has = f"{cells.told:0{_PLACES}b}".encode().translate(_TRUTH)
        contradicting = compress(self._slices, map(has.__getitem__, self._places))
        threes = (one | two | three for one, two, three in zip(*[contradicting] * 3, strict=False))
        eights: Iterator[int] = threes
        for level in range(3):
            eights = _carried(eights, among if _HEAD_START >> level & 1 else 0)
        # By number of eights: who has had so many.
        reached = [among, *[0] * _EIGHTS]
        for eight in eights:
            for count in range(_EIGHTS, 0, -1):
                reached[count] |= reached[count - 1] & eight
            if reached[-1] and (among & ~reached[-1]).bit_count() <= _FEW:
                break
        return among & ~reached[-1]


class Near:
    """Pages to be looked through for those near another: in blocks as far as they have been laid there, else singly.

    ``laid``: of a page its block and its place in it; several may share it.
    """

    def __init__(self, laid: Mapping[int, tuple[Block, int]]) -> None:
        self._laid = laid
        self._members: set[int] = set()
        self._in_block: dict[Block, int] = defaultdict(int)
        self.single: dict[int, Cells] = {}

    def __contains__(self, page_id: int) -> bool:
        return page_id in self._members

    def add(self, page_id: int, cells: Cells) -> None:
        self._members.add(page_id)
        if page_id in self._laid:
            block, index = self._laid[page_id]
            self._in_block[block] |= 1 << index
        else:
            self.single[page_id] = cells

    def discard(self, page_id: int) -> None:
        self._members.discard(page_id)
        if self.single.pop(page_id, None) is None and page_id in self._laid:
            block, index = self._laid[page_id]
            self._in_block[block] &= ~(1 << index)
            if not self._in_block[block]:
                del self._in_block[block]

    def settle(self) -> None:
        """Single pages that have been laid since are single no longer."""
        for page_id in self.single.keys() & self._laid.keys():
            self.add(page_id, self.single.pop(page_id))

    def to(self, cells: Cells) -> Iterator[int]:
        """The ids of those within MOST_APART."""
        sought = [single.sought for single in self.single.values()]
        apart = map(int.bit_count, map(cells.told.__and__, sought))
        yield from compress(self.single, map(MOST_APART.__ge__, apart))
        for block, among in self._in_block.items():
            yield from block.near(cells, among)


def _telling(sample: Sequence[Cells]) -> list[int]:
    """Places in ``told`` that some page has and many contradict; those that most contradict first."""
    every = range(_PLACES)
    had = _columns([cells.told for cells in sample], every)
    sought = _columns([cells.sought for cells in sample], every)
    contradicted = {place: column.bit_count() for place, column in sought.items()}
    least = _LEAST_TOLD_APART * len(sample)
    worth = [place for place in every if had[place] and contradicted[place] >= least]
    return sorted(worth, key=contradicted.__getitem__, reverse=True)


def _columns(numbers: Sequence[int], places: Sequence[int]) -> dict[int, int]:
    """For each place, counted from the highest bit: that bit of all numbers, the first one's the lowest."""
    rows = b"".join(b"%0*x" % (_DIGITS, number) for number in reversed(numbers))
    by_digit: dict[int, list[int]] = defaultdict(list)
    for place in places:
        by_digit[place // 4].append(place)
    columns = {}
    for digit, own in by_digit.items():
        column = rows[digit::_DIGITS]
        for place in own:
            columns[place] = int(column.translate(_BIT_OF_DIGIT[place % 4]), 2)
    return columns


def _carried(vectors: Iterator[int], held: int) -> Iterator[int]:
    """What two bits and the one held carry, for all pages at once; the sum is held on."""
    for one in vectors:
        other = next(vectors, 0)
        differ = held ^ one
        yield held & one | differ & other
        held = differ ^ other
