"""本人核对表: each teacher's own row, to be read and signed for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from certclerk.core.fields import CERTIFICATE_FIELDS, title
from certclerk.core.notice import Notice
from certclerk.core.printed_table import CellValue
from certclerk.core.records import Certificate, Filing, Teacher
from certclerk.core.roster_list import Column, RosterList, list_table, unit_and_day
from certclerk.core.scope import Scope, teacher_scope
from certclerk.core.signature import Signature, signature
from certclerk.core.wording import named

TITLE = "教师信息本人核对表"
COLUMNS = (
    Column("序号", 6.0),
    Column(title("name"), 11.0),
    Column(title("sex"), 6.0),
    Column(title("id_number"), 21.0),
    Column(title("kind"), 14.0),
    Column(title("subject"), 10.0),
    Column(title("number"), 20.0),
    Column(title("authority"), 15.0),
    Column(title("issued"), 12.5),
    Column("本人签名", 14.0),
    Column("日期", 12.5),
)
SIGNED_COLUMN = len(COLUMNS) - 2
SIGNED = "已核对"
ABOVE = "同上"
FOOT = "请逐项核对：无误的，签名并写日期；有误的，在该处改正后签名。"
# Handwriting needs the room.
LINES = 2


def signature_sheet(
    teachers: Sequence[Teacher], filing: Filing, notice: Notice, *, open_only: bool = False
) -> RosterList:
    """Everyone who is not out; ``open_only``: only those who have yet to sign for the row as it is now."""
    asked = [teacher for teacher in teachers if teacher_scope(teacher, notice).scope is not Scope.OUT]
    held = [teacher for teacher in asked if signature(teacher) is Signature.HELD]
    lapsed = sum(signature(teacher) is Signature.LAPSED for teacher in asked)
    signed = {teacher.id for teacher in held}
    listed = [teacher for teacher in asked if not (open_only and teacher.id in signed)]
    rows = [(teacher.id, row) for teacher in listed for row in _rows(teacher)]
    table = list_table(
        TITLE,
        unit_and_day(filing),
        COLUMNS,
        (row for _, row in rows),
        unit=filing.unit,
        landscape=True,
        least_lines=LINES,
        foot=FOOT,
    )
    return RosterList(table, _summary(len(asked), len(held), lapsed), "", tuple(owner for owner, _ in rows))


def _rows(teacher: Teacher) -> Iterator[tuple[CellValue, ...]]:
    """One for each certificate, signed for in the first; each says whose it is, since a page may end between."""
    signed = signature(teacher) is Signature.HELD
    own = (teacher.serial, named(teacher.name), teacher.sex, teacher.id_number)
    ending = (SIGNED, teacher.signed_on) if signed else ("", "")
    first, *others = teacher.certificates or (Certificate(0, teacher.id),)
    yield (*own, *_of_certificate(first), *ending)
    for certificate in others:
        yield (*own, *_of_certificate(certificate), ABOVE, "")


def _of_certificate(certificate: Certificate) -> tuple[str, ...]:
    return tuple(getattr(certificate, field) for field in CERTIFICATE_FIELDS)


def _summary(asked: int, held: int, lapsed: int) -> str:
    if not asked:
        return "没有需要核对的教师。"
    changed = f"，核对后又有改动 {lapsed} 人" if lapsed else ""
    return f"共 {asked} 人：已核对 {held} 人，未核对 {asked - held - lapsed} 人{changed}。"
