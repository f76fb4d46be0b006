"""Which of two copies of a collection is newer, or that each went its own way.

A copy's lineage is the list of its generations: one for each time that it was opened and then changed. What one copy
has at the beginning of its list and the other has too, they have in common.

    A B C      this
    A B C D    that: newer, it holds all that this holds
    A B E      forked after B: each holds what the other lacks

A generation says nothing of how much of it a copy has that was made in its midst. That the newest change tells: whoever
has it has all that came before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto


@dataclass(frozen=True, slots=True)
class Generation:
    """``id`` is random; ``begun_at`` is the moment of its first change, in UTC, ISO 8601."""

    id: str
    begun_at: str


@dataclass(frozen=True, slots=True)
class NewestChange:
    """``number`` of the change in its copy's history, 0 where there was none; ``trace`` is a hash of all that it was."""

    number: int = 0
    trace: str = ""


NO_CHANGE = NewestChange()


class Kinship(Enum):
    """What this copy is to another."""

    SAME = auto()
    OLDER = auto()
    NEWER = auto()
    FORKED = auto()


def kinship(
    this: Sequence[Generation],
    that: Sequence[Generation],
    *,
    this_lacks: bool = False,
    that_lacks: bool = False,
) -> Kinship:
    """``this_lacks``: the newest change of that one; ``that_lacks``: that of this one."""
    common = len(shared(this, that))
    return {
        (True, True): Kinship.SAME,
        (True, False): Kinship.OLDER,
        (False, True): Kinship.NEWER,
        (False, False): Kinship.FORKED,
    }[common == len(this) and not that_lacks, common == len(that) and not this_lacks]


def shared(this: Sequence[Generation], that: Sequence[Generation]) -> tuple[Generation, ...]:
    """What both have from the beginning."""
    common = 0
    for mine, other in zip(this, that, strict=False):
        if mine.id != other.id:
            break
        common += 1
    return tuple(this[:common])
