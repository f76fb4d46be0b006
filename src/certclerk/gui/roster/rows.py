"""Which rows the roster shows and in what order: pure functions of teachers, standings and the clerk's wish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from certclerk.core.custody import Stand
from certclerk.core.progress import State
from certclerk.core.records import Teacher
from certclerk.gui.roster.search import Finder


class Row(NamedTuple):
    """A teacher; in the full table one certificate of a teacher, ``place`` its index from 0.

    ``certificate_id`` None: all of the teacher, or one who has no certificate. A tuple, because ten thousand
    of them are compared after a change.
    """

    teacher_id: int
    certificate_id: int | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom the clerk wants to see. ``state`` None: everybody; ``query`` as folded by roster.search."""

    state: State | Stand | None = None
    query: str = ""


def arranged(
    teachers: Sequence[Teacher],
    fits: Callable[[Teacher, State | Stand], bool],
    wish: Wish,
    finder: Finder,
    *,
    every_certificate: bool,
    always: int | None = None,
    sort_key: Callable[[Teacher], Any] | None = None,
    descending: bool = False,
) -> tuple[Row, ...]:
    """In roster order unless ``sort_key`` says otherwise. Teacher ``always`` is shown whatever the state wished."""
    shown: Iterable[Teacher] = finder.found(teachers, wish.query)
    if wish.state is not None:
        shown = [teacher for teacher in shown if teacher.id == always or fits(teacher, wish.state)]
    if sort_key is not None:
        shown = sorted(shown, key=sort_key, reverse=descending)
    return tuple(row for teacher in shown for row in rows_of(teacher, every_certificate))


def rows_of(teacher: Teacher, every_certificate: bool) -> Sequence[Row]:
    if not every_certificate or not teacher.certificates:
        return (Row(teacher.id),)
    return [Row(teacher.id, held.id, place) for place, held in enumerate(teacher.certificates)]


def keeping_order(wanted: Sequence[Row], former: Sequence[Row]) -> tuple[Row, ...]:
    """``wanted`` in the order that ``former`` had, newcomers at the end."""
    still, there = set(wanted), set(former)
    return (*(row for row in former if row in still), *(row for row in wanted if row not in there))


def moved(shown: Sequence[int], chosen: Sequence[int], gap: int) -> tuple[int, ...]:
    """The teachers ``chosen`` put as one block into ``gap``, which stands before ``shown[gap]``.

    Returns the order of those whose place changes, from the first to the last; empty where none does.
    """
    moving = set(chosen)
    block = [teacher_id for teacher_id in shown if teacher_id in moving]
    before = [teacher_id for teacher_id in shown[:gap] if teacher_id not in moving]
    after = [teacher_id for teacher_id in shown[gap:] if teacher_id not in moving]
    order = [*before, *block, *after]
    touched = [place for place, (old, new) in enumerate(zip(shown, order, strict=True)) if old != new]
    return tuple(order[touched[0] : touched[-1] + 1]) if touched else ()


def runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each stretch of neighbours in an ascending list."""
    stretches = groupby(enumerate(places), key=lambda pair: pair[1] - pair[0])
    neighbours = ([place for _, place in stretch] for _, stretch in stretches)
    return [(run[0], run[-1]) for run in neighbours]
