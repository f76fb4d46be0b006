"""A stack of pages dealt to certificates in roster order, and what the clerk mends before it is accepted.

Pages are numbers from 0 in the order in which they were scanned. A deal lays them on a line, a page or a gap for
each seat in reading order; every mend gives a new deal, in which no page is lost and none is there twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from certclerk.core.notice import Notice
from certclerk.core.progress import Gap
from certclerk.core.records import Certificate, Teacher
from certclerk.core.scope import submitted_certificates

# A page, or None for a gap.
Spot = int | None


@dataclass(frozen=True, slots=True)
class Column:
    """``number`` counts the pages of a slot from 1, of ``of`` dealt to it."""

    slot: str
    number: int = 1
    of: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One certificate; ``free`` says of each column whether a page is dealt to it."""

    teacher_id: int
    certificate_id: int
    free: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """A cell that takes a page."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Deal:
    """Cells and pages::

                 cover  text  remarks
        row 0      0      1      2
        row 1      3      -      4        line: 0 1 2 3 None 4   aside: 5

    ``line`` has no gap at its end; what it holds beyond the last seat is too much. ``aside`` was pulled out.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    line: tuple[Spot, ...]
    aside: tuple[int, ...] = ()

    def seats(self) -> tuple[Seat, ...]:
        """In reading order, as the line runs."""
        return tuple(
            Seat(at, column)
            for at, row in enumerate(self.rows)
            for column, free in enumerate(row.free)
            if free
        )

    def place_of(self, seat: Seat) -> int | None:
        """Where on the line a seat is; None for a cell that takes no page."""
        if not self.rows[seat.row].free[seat.column]:
            return None
        return sum(sum(row.free) for row in self.rows[: seat.row]) + sum(
            self.rows[seat.row].free[: seat.column]
        )

    def room(self) -> int:
        return sum(sum(row.free) for row in self.rows)

    def page(self, place: int) -> Spot:
        return self.line[place] if 0 <= place < len(self.line) else None

    def seated(self) -> Iterator[tuple[Seat, int]]:
        """Every page that has a seat, in reading order."""
        for seat, page in zip(self.seats(), self.line, strict=False):
            if page is not None:
                yield seat, page

    def beyond(self) -> tuple[int, ...]:
        """Pages for which there is no seat any more."""
        return tuple(page for page in self.line[self.room() :] if page is not None)

    def left_over(self) -> tuple[int, ...]:
        """What lies beside the grid: pulled out, then beyond the last seat."""
        return self.aside + self.beyond()

    def gap_of(self, seat: Seat) -> Gap:
        return Gap(self.rows[seat.row].certificate_id, self.columns[seat.column].slot)


# Dealing


def columns(notice: Notice, counts: Mapping[str, int]) -> tuple[Column, ...]:
    """The columns for so many pages of each slot a certificate, in the notice's order; a slot of 0 is left out."""
    return tuple(
        Column(slot.id, number, counts.get(slot.id, 0))
        for slot in notice.slots
        for number in range(1, counts.get(slot.id, 0) + 1)
    )


def proposed_counts(notice: Notice) -> dict[str, int]:
    """A page for each slot that the notice requires."""
    return {slot.id: int(slot.required) for slot in notice.slots}


def rows(
    teachers: Sequence[Teacher],
    notice: Notice,
    dealt: Sequence[Column],
    first: int | None = None,
    *,
    skip_filled: bool = True,
) -> tuple[Row, ...]:
    """The certificates that count, in roster order from teacher ``first`` on (an id; None: from the top).

    ``skip_filled``: nothing is dealt to a seat whose page is there or is said not to be (无此页).
    """
    start = next((at for at, teacher in enumerate(teachers) if teacher.id == first), 0)
    return tuple(
        Row(teacher.id, certificate.id, _free(certificate, dealt, skip_filled=skip_filled))
        for teacher in teachers[start:]
        for certificate in submitted_certificates(teacher, notice)
    )


def deal(dealt: Sequence[Column], to: Sequence[Row], pages: int) -> Deal:
    """``pages`` pages to the seats, one after the other."""
    return Deal(tuple(dealt), tuple(to), tuple(range(pages)))


def _free(certificate: Certificate, dealt: Iterable[Column], *, skip_filled: bool) -> tuple[bool, ...]:
    if not skip_filled:
        return tuple(True for _ in dealt)
    return tuple(
        column.number > len(certificate.pages_in(column.slot)) and certificate.absence(column.slot) is None
        for column in dealt
    )


# Mending


def with_gap(held: Deal, place: int) -> Deal:
    """A page is missing there: it and everything after it moves one seat on."""
    return _laid(held, _put(held.line, place, None))


def without(held: Deal, place: int) -> Deal:
    """What is there goes aside, a gap away; everything after it moves up."""
    page = held.page(place)
    return _laid(held, _cut(held.line, place), held.aside if page is None else (*held.aside, page))


def moved(held: Deal, page: int, place: int) -> Deal:
    """A page to that place, from another or from beside the grid.

    Where it came from, everything after it moves up as far as its new place. A gap before is filled by it; a page
    there moves one seat on with all that follow, as far as the place it came from.
    """
    line, aside = held.line, tuple(other for other in held.aside if other != page)
    came_from = line.index(page) if page in line else len(line)
    line = _cut(line, came_from)
    line = (*line, *(None,) * (place - len(line)))
    fills = came_from >= place and place < len(line) and line[place] is None
    return _laid(held, _put(_cut(line, place) if fills else line, place, page), aside)


def pulled_out(held: Deal, page: int) -> Deal:
    """A page out of the grid, wherever it is."""
    return without(held, held.line.index(page)) if page in held.line else held


def _put(line: tuple[Spot, ...], place: int, what: Spot) -> tuple[Spot, ...]:
    return (*line[:place], what, *line[place:])


def _cut(line: tuple[Spot, ...], place: int) -> tuple[Spot, ...]:
    return (*line[:place], *line[place + 1 :])


def _laid(held: Deal, line: tuple[Spot, ...], beside: tuple[int, ...] | None = None) -> Deal:
    end = max((at + 1 for at, page in enumerate(line) if page is not None), default=0)
    return replace(held, line=line[:end], aside=held.aside if beside is None else beside)


# Counting


@dataclass(frozen=True, slots=True)
class Tally:
    """``people``, ``certificates`` and ``room``: of all rows. ``reached``: the rows down to the last one with a
    page, and how many seats they have; ``gaps`` of those seats are empty, ``placed`` are not.
    """

    people: int
    certificates: int
    room: int
    pages: int
    reached: int
    reached_room: int
    placed: int
    beyond: int
    aside: int

    @property
    def gaps(self) -> int:
        return self.reached_room - self.placed


def tally(held: Deal) -> Tally:
    seated = list(held.seated())
    reached = seated[-1][0].row + 1 if seated else 0
    return Tally(
        people=len({row.teacher_id for row in held.rows}),
        certificates=len(held.rows),
        room=held.room(),
        pages=sum(page is not None for page in held.line) + len(held.aside),
        reached=reached,
        reached_room=sum(sum(row.free) for row in held.rows[:reached]),
        placed=len(seated),
        beyond=len(held.beyond()),
        aside=len(held.aside),
    )
