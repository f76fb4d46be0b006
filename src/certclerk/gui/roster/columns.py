"""The roster's columns: one tuple of title, reader, sort key, editor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from certclerk.core import fields
from certclerk.core.names import natural_key
from certclerk.core.notice import Notice
from certclerk.core.progress import Dot, Standing, State
from certclerk.core.records import Certificate, Teacher
from certclerk.core.signature import Signature, signature

STATE_ORDER = {state: index for index, state in enumerate(State)}
DOT_SIGNS = {Dot.FILLED: "●", Dot.ABSENT: "–", Dot.MISSING: "○"}
# An abbreviation is sought for kinds longer than this many characters.
LONG_KIND = 3


@dataclass(frozen=True, slots=True)
class Seen:
    """What a cell is made from. ``certificate`` None: the teacher has none."""

    teacher: Teacher
    certificate: Certificate | None
    standing: Standing
    notice: Notice


@dataclass(frozen=True, slots=True)
class Column:
    """``field`` is the record's field that the cell edits, empty where it shows something derived.

    ``teacher_only``: in the full table it stands on a teacher's first row only. ``width`` in characters.
    """

    id: str
    title: str
    width: int
    read: Callable[[Seen], str]
    sort: Callable[[Teacher, Standing, Notice], Any]
    field: str = ""
    teacher_only: bool = True


def short_kind(name: str, notice: Notice) -> str:
    """A kind's usual short word: 高中 for 高级中学."""
    kind = notice.kind(name)
    if kind is None or len(name) <= LONG_KIND:
        return name
    return min((kind.name, *kind.synonyms), key=len)


def _kinds(seen: Seen) -> str:
    """The first certificate's, and how many more there are."""
    held = seen.teacher.certificates
    first = short_kind(held[0].kind, seen.notice) if held else ""
    return f"{first} +{len(held) - 1}" if len(held) > 1 else first


def _pages(seen: Seen) -> str:
    return "".join(DOT_SIGNS[dot] for dot in seen.standing.dots)


def _teacher_value(seen: Seen, field: str) -> str:
    value: str = getattr(seen.teacher, field)
    return value


def _certificate_value(seen: Seen, field: str) -> str:
    value: str = getattr(seen.certificate, field) if seen.certificate else ""
    return value


def _sort_by_teacher(teacher: Teacher, _standing: Standing, _notice: Notice, field: str) -> Any:
    return natural_key(getattr(teacher, field))


def _sort_by_certificate(teacher: Teacher, _standing: Standing, notice: Notice, field: str) -> Any:
    value: str = getattr(teacher.certificates[0], field) if teacher.certificates else ""
    if field == "kind":
        order = [kind.name for kind in notice.kinds]
        return order.index(value) if value in order else len(order)
    return natural_key(value)


def _field_column(field: str, width: int) -> Column:
    of_teacher = field in fields.TEACHER_FIELDS
    return Column(
        id=field,
        title=fields.title(field),
        width=width,
        read=partial(_teacher_value if of_teacher else _certificate_value, field=field),
        sort=partial(_sort_by_teacher if of_teacher else _sort_by_certificate, field=field),
        field=field,
        teacher_only=of_teacher,
    )


SERIAL = Column("serial", "序", 4, lambda seen: str(seen.teacher.serial), lambda teacher, *_: teacher.serial)
NAME = _field_column("name", 15)
KINDS = Column("kinds", "种类", 8, _kinds, partial(_sort_by_certificate, field="kind"))
PAGES = Column(
    "pages", "页", 8, _pages, lambda _teacher, standing, _notice: (len(standing.gaps), -len(standing.dots))
)
STATE = Column(
    "state",
    "状态",
    8,
    lambda seen: seen.standing.state.value,
    lambda _teacher, standing, _notice: STATE_ORDER[standing.state],
)
SIGNATURE = Column(
    "signature",
    "本人核对",
    20,
    lambda seen: signature_words(seen.teacher),
    lambda teacher, *_: (signature(teacher).value, teacher.signed_on),
)

COMPACT: tuple[Column, ...] = (SERIAL, NAME, KINDS, PAGES, STATE)
FULL: tuple[Column, ...] = (
    SERIAL,
    NAME,
    _field_column("sex", 5),
    _field_column("id_number", 21),
    _field_column("kind", 14),
    _field_column("subject", 10),
    _field_column("number", 20),
    _field_column("authority", 14),
    _field_column("issued", 12),
    _field_column("note", 14),
    PAGES,
    SIGNATURE,
    STATE,
)
# The clerk may want to see these too.
HIDDEN_AT_FIRST = ("signature",)


def signature_words(teacher: Teacher) -> str:
    """已核对 2017-03-01 · 核对后有改动 · empty where nobody has signed yet."""
    state = signature(teacher)
    if state is Signature.NONE:
        return ""
    return f"{state.value} {teacher.signed_on}" if state is Signature.HELD else state.value
