"""What a rule looks at, and where a finding is: made by rules, read by everyone else."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from certclerk.core import identity
from certclerk.core.certificate_number import CertificateNumber, parse_number
from certclerk.core.dates import PartialDate, from_iso
from certclerk.core.identity import Document
from certclerk.core.names import is_plain
from certclerk.core.notice import Kind, Notice
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


@dataclass(frozen=True, slots=True)
class TeacherCase:
    """A teacher before the rules, the identity number's kind told once.

    ``plain_name``: Han that any software writes, so that no rule need look at its characters.
    """

    teacher: Teacher
    document: Document
    plain_name: bool

    def finding(self, code: str, message: str, field: str, value: str = "") -> Finding:
        return _of(self.teacher, code, message, field, value)


@dataclass(frozen=True, slots=True)
class CertificateCase:
    """A certificate before the rules, its values read once; ``index`` is its place with its teacher, from 0.

    ``kind``, ``parts`` and ``issued`` are None where the record's text is not one.
    """

    teacher: Teacher
    certificate: Certificate
    index: int
    context: Context
    kind: Kind | None
    parts: CertificateNumber | None
    issued: PartialDate | None

    def finding(self, code: str, message: str, field: str, value: str = "") -> Finding:
        return _of(self.teacher, code, message, field, value, self.certificate.id, self.index)


@dataclass(frozen=True, slots=True)
class Together:
    """A rule about several teachers at once.

    ``keys`` are what a teacher may share with another, one for each time it is had; ``find`` tells of one key
    that is had more than once, given its holders in roster order.
    """

    keys: Callable[[Teacher], Iterable[Hashable]]
    find: Callable[[Hashable, Sequence[Teacher], Context], Iterator[Finding]]


def teacher_case(teacher: Teacher) -> TeacherCase:
    return TeacherCase(teacher, identity.document(teacher.id_number), is_plain(teacher.name))


def certificate_case(teacher: Teacher, index: int, context: Context) -> CertificateCase:
    certificate = teacher.certificates[index]
    return CertificateCase(
        teacher,
        certificate,
        index,
        context,
        context.notice.kind(certificate.kind),
        parse_number(certificate.number),
        from_iso(certificate.issued),
    )


def unit_finding(code: str, message: str, field: str) -> Finding:
    return Finding(code, CATALOGUE[code].severity, message, field=field)


def _of(
    teacher: Teacher,
    code: str,
    message: str,
    field: str,
    value: str,
    certificate_id: int | None = None,
    certificate: int | None = None,
) -> Finding:
    return Finding(
        code,
        CATALOGUE[code].severity,
        message,
        teacher_id=teacher.id,
        serial=teacher.serial,
        certificate_id=certificate_id,
        certificate=certificate,
        field=field,
        value=value,
    )


def named_others(sharing: Iterable[Teacher], own: Teacher) -> str:
    """The first few of ``sharing`` besides ``own``, who may be many: all named at each would be their square."""
    others = list(islice((other for other in sharing if other.id != own.id), NAMED + 1))
    words = "、".join(f"第{other.serial}号{other.name}" for other in others[:NAMED])
    return f"{words}等" if len(others) > NAMED else words
