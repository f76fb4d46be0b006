"""Where a finding is: made by rules, read by everyone else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Finding, Teacher
from certclerk.core.rules.catalogue import CATALOGUE

# Places or people that a finding names when many share something.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at besides its record.

    ``filled_on`` is the filling date; ``authority_digits`` those that the batch has in common, or empty.
    """

    notice: Notice
    filled_on: date
    authority_digits: str = ""
    damaged: frozenset[str] = frozenset()


def unit_finding(code: str, message: str, field: str) -> Finding:
    return Finding(code, CATALOGUE[code].severity, message, field=field)


def teacher_finding(code: str, message: str, teacher: Teacher, field: str, value: str = "") -> Finding:
    return Finding(
        code,
        CATALOGUE[code].severity,
        message,
        teacher_id=teacher.id,
        serial=teacher.serial,
        field=field,
        value=value,
    )


def certificate_finding(
    code: str, message: str, teacher: Teacher, certificate: Certificate, field: str, value: str = ""
) -> Finding:
    return replace(
        teacher_finding(code, message, teacher, field, value),
        certificate_id=certificate.id,
        certificate=[owned.id for owned in teacher.certificates].index(certificate.id),
    )


def named_others(sharing: Iterable[Teacher], own: Teacher) -> str:
    """The first few of ``sharing`` besides ``own``, who may be many: all named at each would be their square."""
    others = list(islice((other for other in sharing if other.id != own.id), NAMED + 1))
    words = "、".join(f"第{other.serial}号{other.name}" for other in others[:NAMED])
    return f"{words}等" if len(others) > NAMED else words
