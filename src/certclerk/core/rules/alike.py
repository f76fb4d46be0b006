"""Which pages look alike, kept from change to change.

Fingerprints of one form differ in a few hundredths of their bits, and any part of them is shared by most teachers:
there is no part to look candidates up by. So each page that comes is held against all others, a millisecond for
10,000, and what was found is kept: a change costs no more than its own pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import islice

from certclerk.core.records import Finding, Page, Teacher
from certclerk.core.rules.place import Context
from certclerk.core.rules.rescans import (
    MOST_APART,
    fingerprint,
    is_told_apart,
    page_rescanned,
    rescans_within,
    two_scans,
)

# A page that looks like more others than this is a page of the form, printed alike for everybody.
_MOST_ALIKE = 3


class Alike:
    """Who has pages that look alike, kept from change to change: the same four methods as of any shared thing."""

    def __init__(self) -> None:
        # By page: whose it is, and the page itself.
        self._pages: dict[int, tuple[int, Page]] = {}
        self._stale: set[int] = set()
        # The bits of the pages that have been compared: of those that look like few others, all of which are kept,
        # and of those that look like too many, of which one too many is kept.
        self._few: dict[int, int] = {}
        self._many: dict[int, int] = {}
        self._others: dict[int, set[int]] = {}
        self._kept_by: dict[int, set[int]] = defaultdict(set)
        # Who was told of a page, and what.
        self._told: dict[int, tuple[int, Finding]] = {}

    def take(self, teacher: Teacher) -> None:
        for page in teacher.pages():
            if page.likeness:
                self._pages[page.id] = (teacher.id, page)
                self._stale.add(page.id)

    def drop(self, teacher: Teacher) -> None:
        for page in teacher.pages():
            if page.likeness:
                del self._pages[page.id]
                self._stale.add(page.id)

    def refresh(self, teachers: Mapping[int, Teacher], context: Context, *, everything: bool) -> set[int]:
        """Compares the pages that came; the ids of those whose findings may be others now."""
        touched = self._compared(context)
        if everything:
            touched = self._pages.keys() | self._told.keys()
        concerned = {self._told.pop(page_id)[0] for page_id in touched & self._told.keys()}
        touched &= self._pages.keys()
        places = {key: place for place, key in enumerate(teachers)} if touched else {}
        for page_id in touched:
            teacher_id, _ = self._pages[page_id]
            for finding in self._findings(page_id, teachers, places, context):
                self._told[page_id] = (teacher_id, finding)
                concerned.add(teacher_id)
        self._stale = set()
        return concerned & teachers.keys()

    def of(self, teacher: Teacher) -> Iterator[Finding]:
        for page in teacher.pages():
            if page.id in self._told:
                yield self._told[page.id][1]

    def _compared(self, context: Context) -> set[int]:
        """Every page that is new, or that looks like others than before."""
        touched = set(self._stale)
        losers: set[int] = set()
        for page_id in self._stale & self._others.keys():
            for keeper in self._kept_by.pop(page_id, set()):
                self._others[keeper].discard(page_id)
                touched.add(keeper)
                if keeper in self._many:
                    losers.add(keeper)
            self._forget(page_id)
        # Of what looked like too many, not all others are known.
        losers &= self._others.keys()
        for page_id in losers:
            self._forget(page_id)
        for page_id in sorted(self._stale & self._pages.keys() | losers):
            page = self._pages[page_id][1]
            bits = fingerprint(page)
            if bits is not None and is_told_apart(page, context):
                touched |= self._insert(page_id, bits)
        return touched

    def _forget(self, page_id: int) -> None:
        for other in self._others.pop(page_id):
            self._kept_by[other].discard(page_id)
        self._few.pop(page_id, None)
        self._many.pop(page_id, None)

    def _insert(self, page_id: int, bits: int) -> set[int]:
        """Compares a page with all others; those that look like it and did not know."""
        alike = list(self._near(page_id, bits, self._few))
        if len(alike) <= _MOST_ALIKE:
            alike += islice(self._near(page_id, bits, self._many), _MOST_ALIKE + 1 - len(alike))
        told = set()
        for other in alike:
            if other in self._few and page_id not in self._others[other]:
                self._keep(other, page_id)
                told.add(other)
                if len(self._others[other]) > _MOST_ALIKE:
                    self._many[other] = self._few.pop(other)
        self._others[page_id] = set()
        for other in alike[: _MOST_ALIKE + 1]:
            self._keep(page_id, other)
        (self._many if len(alike) > _MOST_ALIKE else self._few)[page_id] = bits
        return told

    def _keep(self, page_id: int, other: int) -> None:
        self._others[page_id].add(other)
        self._kept_by[other].add(page_id)

    def _near(self, page_id: int, bits: int, among: Mapping[int, int]) -> Iterator[int]:
        page = self._pages[page_id][1]
        apart = map(int.bit_count, map(bits.__xor__, among.values()))
        for other, count in zip(among, apart, strict=True):
            if count <= MOST_APART and two_scans(page, self._pages[other][1]):
                yield other

    def _findings(
        self, page_id: int, teachers: Mapping[int, Teacher], places: Mapping[int, int], context: Context
    ) -> Iterator[Finding]:
        teacher_id, page = self._pages[page_id]
        own = teachers[teacher_id]
        alike = {*self._others.get(page_id, ()), *(other.id for other in rescans_within(page, own))}
        if not alike or page_id in self._many:
            return
        held = [self._pages[other] for other in alike]
        held.sort(key=lambda one: (places[one[0]], one[1].id))
        yield from page_rescanned(page, own, [(teachers[holder], twin) for holder, twin in held], context)
