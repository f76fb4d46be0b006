"""Which certificate of a table is which of a teacher's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from certclerk.core.certificate_number import parse_number
from certclerk.core.fields import CERTIFICATE_FIELDS
from certclerk.core.records import Certificate, ProposedCertificate

Either = Certificate | ProposedCertificate
P = TypeVar("P", bound=Either)
# Digits that may differ in two readings of one number; beyond it they are two certificates.
MISTYPED = 2


def paired(
    held: Sequence[Certificate], proposed: Sequence[P], fields: Collection[str]
) -> tuple[tuple[Certificate | None, P], ...]:
    """Each of ``proposed`` with the one it is, None where it is a further one.

    The same in all ``fields``, or else by number, or else by a kind that neither side has twice. The last one
    left on both sides is the same where nothing speaks against it, as where it was added by hand and is blank.
    """
    columns = [field for field in CERTIFICATE_FIELDS if field in fields]
    free = list(held)
    left = list(range(len(proposed)))
    found: dict[int, Certificate] = {}

    def take(place: int, certificate: Certificate) -> None:
        found[place] = certificate
        free.remove(certificate)
        left.remove(place)

    def said(certificate: Either) -> tuple[str, ...]:
        return tuple(getattr(certificate, column) for column in columns)

    for place in tuple(left):
        same = next((one for one in free if said(one) == said(proposed[place])), None)
        if same is not None:
            take(place, same)
    for key in (_number, _kind) if left else ():
        once = _once(held, key) & _once(proposed, key)
        for place in tuple(left):
            value = key(proposed[place])
            same = next((one for one in free if key(one) == value), None)
            if value not in once or same is None:
                continue
            # The same number settles it; of the same kind there may be two.
            if key is _number or not _are_two(same, proposed[place]):
                take(place, same)
    if len(free) == len(left) == 1 and _may_be_one(free[0], proposed[left[0]]):
        take(left[0], free[0])
    return tuple((found.get(place), certificate) for place, certificate in enumerate(proposed))


def _number(certificate: Either) -> str:
    return certificate.number


def _kind(certificate: Either) -> str:
    return certificate.kind


def _may_be_one(one: Either, other: Either) -> bool:
    """Not with two numbers, nor with two kinds."""
    numbers_fit = not one.number or not other.number
    return numbers_fit and (one.kind == other.kind or not one.kind or not other.kind)


def _are_two(one: Either, other: Either) -> bool:
    """Whole numbers that differ in more digits than a slip of the hand would change."""
    if parse_number(one.number) is None or parse_number(other.number) is None:
        return False
    differing = sum(mine != theirs for mine, theirs in zip(one.number, other.number, strict=True))
    return differing > MISTYPED


def _once(certificates: Sequence[Either], key: Callable[[Either], str]) -> set[str]:
    """What exactly one of them has."""
    return {value for value, count in Counter(map(key, certificates)).items() if value and count == 1}
