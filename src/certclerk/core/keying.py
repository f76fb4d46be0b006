"""Keying certificates in at the counter (录入): what is keyed of each, and how far the clerk has come."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from certclerk.core.certificate_number import LENGTH
from certclerk.core.dates import from_iso
from certclerk.core.fields import title
from certclerk.core.identity import Document, document
from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Teacher
from certclerk.core.scope import Scope, scopes, submitted_of

NO_DAY = "只有年月，没有日"
UNREADABLE = "不是日期"
# Digits as they are read aloud: area, birth, order and check; year, authority, kind and sex, serial.
_GROUPS = {18: (6, 4, 4, 4), 15: (6, 6, 3), LENGTH: (4, 2, 3, 2, 6)}
# Area codes that only residence permits of people from 香港, 澳门 and 台湾 bear.
_PERMIT_AREAS = ("81", "82", "83")
# Fields that are read digit by digit.
NUMBERS = frozenset({"id_number", "number", "issued"})
RESIDENCE_PERMIT = "港澳台居民居住证"
IDENTITY_CARD = "居民身份证"


class KeyState(StrEnum):
    """Of one certificate; ``CHANGED``: keyed in, but the record was changed afterwards."""

    OPEN = "未录入"
    DONE = "已录入"
    PROBLEM = "有问题"
    CHANGED = "录入后有改动"


@dataclass(frozen=True, slots=True)
class Keying:
    """The clerk's tick at a certificate. ``state`` is ``"done"`` or ``"problem"``, which has a ``reason``.

    ``at`` is UTC, ISO 8601; ``row`` the :func:`key_digest` of what was keyed.
    """

    state: str
    reason: str
    at: str
    row: str


@dataclass(frozen=True, slots=True)
class KeyField:
    """``shown`` is grouped for the eye, ``copied`` what goes to the clipboard; ``remark`` is what to know of it."""

    id: str
    label: str
    shown: str
    copied: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A certificate to be keyed in. ``serial`` is the roster's; ``number`` counts from 1 within the teacher."""

    teacher: Teacher
    certificate: Certificate
    number: int
    fields: tuple[KeyField, ...]
    keying: Keying | None = None

    @property
    def state(self) -> KeyState:
        if self.keying is None:
            return KeyState.OPEN
        if self.keying.state == "problem":
            return KeyState.PROBLEM
        return KeyState.DONE if self.keying.row == key_digest(self.fields) else KeyState.CHANGED


def key_entries(
    teachers: Iterable[Teacher], notice: Notice, keyings: Mapping[int, Keying]
) -> tuple[KeyEntry, ...]:
    """The certificates of everyone who is in, in roster order; ``keyings`` by certificate id."""
    return tuple(_entries(teachers, notice, keyings))


def _entries(
    teachers: Iterable[Teacher], notice: Notice, keyings: Mapping[int, Keying]
) -> Iterator[KeyEntry]:
    for teacher in teachers:
        verdict, verdicts = scopes(teacher, notice)
        if verdict.scope is not Scope.IN:
            continue
        for number, certificate in enumerate(submitted_of(teacher, verdict, verdicts), 1):
            fields = key_fields(teacher, certificate)
            yield KeyEntry(teacher, certificate, number, fields, keyings.get(certificate.id))


def key_fields(teacher: Teacher, certificate: Certificate) -> tuple[KeyField, ...]:
    """In the order in which they are keyed."""
    return (
        _plain("name", teacher.name),
        _plain("sex", teacher.sex),
        KeyField("id_type", "证件类型", id_type(teacher.id_number), id_type(teacher.id_number)),
        _grouped("id_number", teacher.id_number),
        _plain("kind", certificate.kind),
        _plain("subject", certificate.subject),
        _grouped("number", certificate.number),
        _plain("authority", certificate.authority),
        _plain("issued", certificate.issued, _lacking(certificate.issued)),
        _plain("note", teacher.note),
    )


def key_digest(fields: Sequence[KeyField]) -> str:
    """Another for every other value: SHA-256 in hex of what is copied."""
    return hashlib.sha256("\x1f".join(field.copied for field in fields).encode()).hexdigest()


def id_type(number: str) -> str:
    """What the document is called where its number is keyed in; empty where its shape says nothing."""
    kind = document(number)
    if kind is Document.RESIDENT:
        return RESIDENCE_PERMIT if number.startswith(_PERMIT_AREAS) else IDENTITY_CARD
    return IDENTITY_CARD if kind is Document.LEGACY else kind.value


def grouped(digits: str) -> str:
    """A number in groups that the eye can hold; as it is where its length is not a known one."""
    sizes = _GROUPS.get(len(digits))
    if sizes is None:
        return digits
    starts = [sum(sizes[:index]) for index in range(len(sizes))]
    return " ".join(digits[start : start + size] for start, size in zip(starts, sizes, strict=True))


def _plain(field: str, value: str, remark: str = "") -> KeyField:
    return KeyField(field, title(field), value, value, remark)


def _lacking(issued: str) -> str:
    """What a form that asks for a day will not take."""
    if not issued:
        return ""
    day = from_iso(issued)
    if day is None:
        return UNREADABLE
    return NO_DAY if day.day is None else ""


def _grouped(field: str, value: str) -> KeyField:
    return KeyField(field, title(field), grouped(value), value)
