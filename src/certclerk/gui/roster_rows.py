"""Which rows the roster shows and in what order: pure functions of teachers, standings and the clerk's wish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from certclerk.core.progress import Standing, State
from certclerk.core.records import Teacher
from certclerk.gui.roster_search import matches


@dataclass(frozen=True, slots=True)
class Row:
    """A teacher; in the full table one certificate of a teacher, ``place`` its index from 0.

    ``certificate_id`` None: all of the teacher, or one who has no certificate.
    """

    teacher_id: int
    certificate_id: int | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """What the clerk wants to see. ``state`` None: everybody; ``query`` as folded by roster_search."""

    state: State | None = None
    query: str = ""


def arranged(
    teachers: Iterable[Teacher],
    standing: Callable[[int], Standing],
    wish: Wish,
    *,
    every_certificate: bool,
    always: int | None = None,
    sort_key: Callable[[Teacher], Any] | None = None,
    descending: bool = False,
) -> tuple[Row, ...]:
    """In roster order unless ``sort_key`` says otherwise. Teacher ``always`` is shown whatever the state wished."""
    shown = [
        teacher
        for teacher in teachers
        if (wish.state is None or teacher.id == always or standing(teacher.id).state is wish.state)
        and matches(teacher, wish.query)
    ]
    if sort_key is not None:
        shown.sort(key=sort_key, reverse=descending)
    return tuple(row for teacher in shown for row in _rows_of(teacher, every_certificate))


def _rows_of(teacher: Teacher, every_certificate: bool) -> Iterable[Row]:
    if not every_certificate or not teacher.certificates:
        return [Row(teacher.id)]
    return [Row(teacher.id, held.id, place) for place, held in enumerate(teacher.certificates)]


def keeping_order(wanted: Sequence[Row], former: Sequence[Row]) -> tuple[Row, ...]:
    """``wanted`` in the order that ``former`` had, newcomers at the end."""
    still, there = set(wanted), set(former)
    return (*(row for row in former if row in still), *(row for row in wanted if row not in there))
