"""Which pages look alike, kept from change to change: a change costs no more than its own pages.

A page that is as it was is not looked up again; one that comes is, among all others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from itertools import islice

from certclerk.core.records import Finding, Page, Teacher
from certclerk.core.rules.near import Block, Near
from certclerk.core.rules.place import Context
from certclerk.core.rules.rescans import (
    Cells,
    fingerprint,
    is_told_apart,
    page_rescanned,
    rescans_within,
    two_scans,
)

# A page that looks like more others than this is a page of the form, printed alike for everybody.
_MOST_ALIKE = 3
# More than this are laid into a block.
MOST_SINGLE = 256


class Alike:
    """Who has pages that look alike, kept from change to change: the same four methods as of any shared thing."""

    def __init__(self) -> None:
        # By page: whose it is, and the page itself.
        self._pages: dict[int, tuple[int, Page]] = {}
        self._stale: set[int] = set()
        # The pages that have been compared, as they were then.
        self._compared: dict[int, tuple[Page, Cells]] = {}
        self._laid: dict[int, tuple[Block, int]] = {}
        # Those that look like few others, all of which are kept, and those that look like too many, of which one too
        # many is kept.
        self._few, self._many = Near(self._laid), Near(self._laid)
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
        touched = self._look_up(context)
        if everything:
            touched = self._pages.keys() | self._told.keys()
        concerned = {self._told.pop(page_id)[0] for page_id in touched & self._told.keys()}
        touched &= self._pages.keys()
        alike = self._to_be_told(touched, teachers)
        places = {key: place for place, key in enumerate(teachers)} if alike else {}
        for page_id, others in alike.items():
            teacher_id, page = self._pages[page_id]
            held = sorted(
                (self._pages[other] for other in others), key=lambda one: (places[one[0]], one[1].id)
            )
            twins = [(teachers[holder], twin) for holder, twin in held]
            for finding in page_rescanned(page, teachers[teacher_id], twins, context):
                self._told[page_id] = (teacher_id, finding)
                concerned.add(teacher_id)
        self._stale = set()
        return concerned & teachers.keys()

    def of(self, teacher: Teacher) -> Iterator[Finding]:
        for page in teacher.pages():
            if page.id in self._told:
                yield self._told[page.id][1]

    def _look_up(self, context: Context) -> set[int]:
        """Compares every page that is new or another; all that came, or look like what came, went or is another."""
        touched = self._stale.union(*(self._kept_by.get(page_id, ()) for page_id in self._stale))
        known = {page_id for page_id in self._stale if page_id in self._others}
        same = {page_id for page_id in known if self._compared[page_id][0] == self._page(page_id)}
        # Of what looked like too many, not all others are known.
        losers: set[int] = set()
        for page_id in known - same:
            losers.update(keeper for keeper in self._kept_by[page_id] if keeper in self._many)
            for keeper in self._kept_by.pop(page_id):
                self._others[keeper].discard(page_id)
            self._forget(page_id)
            self._laid.pop(page_id, None)
        losers &= self._others.keys()
        for page_id in losers:
            self._forget(page_id)
        fresh = {}
        for page_id in sorted((self._stale - same) & self._pages.keys() | losers):
            page = self._pages[page_id][1]
            cells = fingerprint(page)
            if cells is not None and is_told_apart(page, context):
                fresh[page_id] = cells
                self._compared[page_id] = (page, cells)
        self._lay(fresh)
        return touched.union(*(self._insert(page_id, cells) for page_id, cells in fresh.items()))

    def _page(self, page_id: int) -> Page | None:
        return self._pages[page_id][1] if page_id in self._pages else None

    def _lay(self, fresh: Mapping[int, Cells]) -> None:
        """Pages into a block, with those that are single, where they have become many."""
        prints = {page_id: cells for page_id, cells in fresh.items() if page_id not in self._laid}
        prints |= self._few.single | self._many.single
        if len(prints) > MOST_SINGLE:
            block = Block(prints)
            self._laid.update((page_id, (block, index)) for index, page_id in enumerate(prints))
            self._few.settle()
            self._many.settle()

    def _forget(self, page_id: int) -> None:
        for other in self._others.pop(page_id):
            self._kept_by[other].discard(page_id)
        self._few.discard(page_id)
        self._many.discard(page_id)
        del self._compared[page_id]

    def _insert(self, page_id: int, cells: Cells) -> set[int]:
        """Compares a page with all others; those that look like it and did not know."""
        alike = list(self._near(page_id, cells, self._few))
        if len(alike) <= _MOST_ALIKE:
            alike += islice(self._near(page_id, cells, self._many), _MOST_ALIKE + 1 - len(alike))
        told = set()
        for other in alike:
            if other in self._few and page_id not in self._others[other]:
                self._keep(other, page_id)
                told.add(other)
                if len(self._others[other]) > _MOST_ALIKE:
                    self._few.discard(other)
                    self._many.add(other, self._compared[other][1])
        self._others[page_id] = set()
        for other in alike[: _MOST_ALIKE + 1]:
            self._keep(page_id, other)
        (self._many if len(alike) > _MOST_ALIKE else self._few).add(page_id, cells)
        return told

    def _keep(self, page_id: int, other: int) -> None:
        self._others[page_id].add(other)
        self._kept_by[other].add(page_id)

    def _near(self, page_id: int, cells: Cells, among: Near) -> Iterator[int]:
        page = self._compared[page_id][0]
        return (other for other in among.to(cells) if two_scans(page, self._compared[other][0]))

    def _to_be_told(self, touched: Set[int], teachers: Mapping[int, Teacher]) -> dict[int, set[int]]:
        """By page, those that look like it; of a page that looks like too many, nothing is told."""
        alike = {page_id: {*self._others[page_id]} for page_id in touched & self._others.keys()}
        for teacher_id in {self._pages[page_id][0] for page_id in touched}:
            for one, other in rescans_within(teachers[teacher_id]):
                alike.setdefault(one.id, set()).add(other.id)
                alike.setdefault(other.id, set()).add(one.id)
        return {
            page_id: found
            for page_id, found in alike.items()
            if found and page_id in touched and page_id not in self._many
        }
