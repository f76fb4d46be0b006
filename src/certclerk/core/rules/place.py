"""Where a finding is: made by rules, read by everyone else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Finding, Teacher
from certclerk.core.rules.catalogue import CATALOGUE


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
    return Finding(
        code,
        CATALOGUE[code].severity,
        message,
        teacher_id=teacher.id,
        serial=teacher.serial,
        certificate_id=certificate.id,
        certificate=[owned.id for owned in teacher.certificates].index(certificate.id),
        field=field,
        value=value,
    )
