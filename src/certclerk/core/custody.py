"""Booklets on the clerk's desk (收证, 还证): who has handed theirs in, and whose is still here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from certclerk.core.dates import month_and_day
from certclerk.core.fields import title
from certclerk.core.group_message import certificate_labels, lines, request
from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Filing, Teacher
from certclerk.core.roster_list import Column, RosterList, list_table, unit_and_day
from certclerk.core.scope import Scope, scopes
from certclerk.core.wording import named

TITLE = "教师资格证书收还签收表"
COLUMNS = (
    Column("序号", 6.0),
    Column(title("name"), 11.0),
    Column(title("kind"), 14.0),
    Column(title("number"), 20.0),
    Column("收证日期", 12.5),
    Column("交证人签名", 13.0),
    Column("还证日期", 12.5),
    Column("领回人签名", 13.0),
)
FOOT = "交证时在“交证人签名”处签名，领回时核对证书后在“领回人签名”处签名。"
ASKED = "需要证书原件，以下证书还没有交来"
# Handwriting needs the room.
LINES = 2


class Stand(StrEnum):
    """Where a booklet is."""

    OWED = "未收"
    HERE = "在手"
    RETURNED = "已还"


@dataclass(frozen=True, slots=True)
class Custody:
    """The days (ISO) on which a booklet came and went back, empty where it did not."""

    received_on: str = ""
    returned_on: str = ""

    @property
    def stand(self) -> Stand:
        if self.returned_on:
            return Stand.RETURNED
        return Stand.HERE if self.received_on else Stand.OWED

    def __str__(self) -> str:
        day = self.returned_on or self.received_on
        return f"{self.stand.value} {month_and_day(date.fromisoformat(day))}" if day else self.stand.value


NEVER = Custody()


def custody_sheet(
    teachers: Sequence[Teacher], custody: Mapping[int, Custody], filing: Filing, notice: Notice
) -> RosterList:
    """One row for each booklet that is collected or was handed in; ``custody`` by certificate id. The text asks
    for those that have not come.

    ``filing.unit`` is the official name and ``filing.filled_on`` the day of the list.
    """
    held = [
        (teacher, certificate, custody.get(certificate.id, NEVER))
        for teacher in teachers
        for certificate in collected(teacher, custody, notice)
    ]
    owed = tuple(_owed(teacher, custody, notice) for teacher in teachers)
    asked = [(teacher, words) for teacher, words in zip(teachers, owed, strict=True) if words]
    text = "\n".join((request(filing, notice, ASKED), *lines(asked, teachers))) if asked else ""
    table = list_table(
        TITLE,
        unit_and_day(filing),
        COLUMNS,
        (
            (
                teacher.serial,
                named(teacher.name),
                certificate.kind,
                certificate.number,
                own.received_on,
                "",
                own.returned_on,
                "",
            )
            for teacher, certificate, own in held
        ),
        unit=filing.unit,
        landscape=True,
        least_lines=LINES,
        foot=FOOT,
    )
    return RosterList(
        table, _summary([own.stand for _, _, own in held]), text, tuple(teacher.id for teacher, _, _ in held)
    )


def collected(teacher: Teacher, custody: Mapping[int, Custody], notice: Notice) -> tuple[Certificate, ...]:
    """Those that are wanted, and those that were handed in whether or not they are."""
    verdict, verdicts = scopes(teacher, notice)
    out = verdict.scope is Scope.OUT
    return tuple(
        certificate
        for certificate, own in zip(teacher.certificates, verdicts, strict=True)
        if certificate.id in custody or not (out or own.scope is Scope.OUT)
    )


def stands(teacher: Teacher, custody: Mapping[int, Custody], notice: Notice) -> frozenset[Stand]:
    """Where the booklets of one teacher are."""
    return frozenset(custody.get(each.id, NEVER).stand for each in collected(teacher, custody, notice))


def _owed(teacher: Teacher, custody: Mapping[int, Custody], notice: Notice) -> str:
    labels = certificate_labels(teacher)
    return "、".join(
        labels.get(each.id, each.kind) or "证书"
        for each in collected(teacher, custody, notice)
        if custody.get(each.id, NEVER).stand is Stand.OWED
    )


def _summary(stands: Sequence[Stand]) -> str:
    if not stands:
        return "没有需要收的证书。"
    counts = "，".join(f"{stand.value} {stands.count(stand)} 本" for stand in Stand)
    return f"共 {len(stands)} 本：{counts}。"
