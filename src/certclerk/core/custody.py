"""Booklets on the clerk's desk (收证, 还证): who has handed theirs in, and whose is still here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from certclerk.core.fields import title
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


NEVER = Custody()


def custody_sheet(
    teachers: Sequence[Teacher], custody: Mapping[int, Custody], filing: Filing, notice: Notice
) -> RosterList:
    """One row for each booklet that is collected or was handed in; ``custody`` by certificate id.

    ``filing.unit`` is the official name and ``filing.filled_on`` the day of the list.
    """
    held = [
        (teacher, certificate, custody.get(certificate.id, NEVER))
        for teacher in teachers
        for certificate in _collected(teacher, custody, notice)
    ]
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
        table, _summary([own.stand for _, _, own in held]), "", tuple(teacher.id for teacher, _, _ in held)
    )


def _collected(teacher: Teacher, custody: Mapping[int, Custody], notice: Notice) -> tuple[Certificate, ...]:
    verdict, verdicts = scopes(teacher, notice)
    out = verdict.scope is Scope.OUT
    return tuple(
        certificate
        for certificate, own in zip(teacher.certificates, verdicts, strict=True)
        if certificate.id in custody or not (out or own.scope is Scope.OUT)
    )


def _summary(stands: Sequence[Stand]) -> str:
    if not stands:
        return "没有需要收的证书。"
    counts = "，".join(f"{stand.value} {stands.count(stand)} 本" for stand in Stand)
    return f"共 {len(stands)} 本：{counts}。"
