"""The roster as rows of a sheet, written so that an import joins them into the same teachers again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from certclerk.core.dates import chinese
from certclerk.core.fields import CERTIFICATE_FIELDS, FIELDS, title
from certclerk.core.identity import SEXES
from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Filing, ProposedCertificate, ProposedTeacher, Teacher
from certclerk.core.roster_list import Column, RosterList, list_table, unit_and_day

ROSTER_TITLE = "教师资格证书名册"
GUIDE_TITLE = "名册填写说明"
TEMPLATE_FILE = "名册模板"
COLUMNS = tuple(field.id for field in FIELDS)
# In characters of a workbook's default font.
WIDTHS = {
    "serial": 6.0,
    "name": 12.0,
    "sex": 6.0,
    "id_number": 21.0,
    "kind": 16.0,
    "subject": 11.0,
    "number": 20.0,
    "authority": 18.0,
    "issued": 12.5,
    "note": 20.0,
}
HINTS = {
    "serial": "可以不填；填写时每位教师一个号，不要重复。",
    "name": "必填，与身份证一致；少数民族姓名中间的点写作“·”。",
    "sex": "必填，从下拉列表中选“男”或“女”。",
    "id_number": "必填，18 位，末位可以是 X。",
    "kind": "必填，从下拉列表中选。",
    "subject": "照证书填写；证书上没有的可以不填。",
    "number": "必填，17 位数字。",
    "authority": "照证书印章填写；列表中没有的可以直接输入。",
    "issued": "照证书填写，如 2013-07-01；证书上只有年月的写 2013-07，不要补日。",
    "note": "可以不填。",
}
BEFORE_HINTS = (
    "每本证书一行。一位教师有几本证书的，写成几行，每行都写姓名和身份证号码。",
    "号码和时间各列已设为文本，请直接输入。从别处粘贴时请选“只粘贴文本”，以免号码的末几位变成 0。",
)
# Said once about a teacher: a further row of theirs repeats what tells who it is, not this.
_SAID_ONCE = ("note",)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """``values`` in the order of :data:`COLUMNS`. Without a ``teacher_id`` it is a blank row that parts two."""

    teacher_id: int | None
    values: tuple[str, ...]


BLANK_ROW = SheetRow(None, ("",) * len(COLUMNS))


def sheet_rows(teachers: Iterable[Teacher]) -> Iterator[SheetRow]:
    """A row for each certificate that says anything, one for a teacher without any."""
    for index, teacher in enumerate(teachers):
        if index and not teacher.name and not teacher.id_number:
            # Right below another's row, a row without a person would be read as that person's.
            yield BLANK_ROW
        held = [certificate for certificate in teacher.certificates if says_anything(certificate)]
        for number, certificate in enumerate(held or [None]):
            yield SheetRow(
                teacher.id, tuple(_value(teacher, certificate, column, number) for column in COLUMNS)
            )


def says_anything(certificate: Certificate) -> bool:
    return any(getattr(certificate, field) for field in CERTIFICATE_FIELDS)


def as_proposed(teacher: Teacher) -> ProposedTeacher:
    """What an import of the teacher's rows is to propose."""
    return ProposedTeacher(
        name=teacher.name,
        sex=teacher.sex,
        id_number=teacher.id_number,
        note=teacher.note,
        serial=teacher.serial,
        certificates=tuple(
            ProposedCertificate(**{field: getattr(certificate, field) for field in CERTIFICATE_FIELDS})
            for certificate in teacher.certificates
            if says_anything(certificate)
        ),
    )


def choices(notice: Notice) -> dict[str, tuple[str, ...]]:
    """What a sheet offers in a field's cells."""
    return {
        "sex": SEXES,
        "kind": tuple(kind.name for kind in notice.kinds),
        "authority": notice.authorities,
    }


def guide(notice: Notice) -> tuple[str, ...]:
    """How the sheet is filled in, a sentence a line. Each line is one cell, which no import takes for a head."""
    hints = (f"{title(column)}：{HINTS[column]}" for column in COLUMNS)
    return (*BEFORE_HINTS, *hints, *after_hints(notice))


def after_hints(notice: Notice) -> tuple[str, str]:
    return (
        f"{chinese(notice.cutoff)}以前取得的、其他机构认定的证书也请填写，是否采集由程序判断。",
        "不要改动第一行的列名。填好后保存，在程序中点“导入名册”。",
    )


def whole_roster(teachers: Sequence[Teacher], filing: Filing) -> RosterList:
    """The roster as a list to look at and to print; ``filing.filled_on`` is its day."""
    rows = [row for row in sheet_rows(teachers) if row is not BLANK_ROW]
    columns = [Column(title(field), WIDTHS[field], left=field == "note") for field in COLUMNS]
    values = (row.values for row in rows)
    table = list_table(ROSTER_TITLE, unit_and_day(filing), columns, values, unit=filing.unit, landscape=True)
    held = sum(says_anything(one) for teacher in teachers for one in teacher.certificates)
    summary = f"共 {len(teachers)} 位教师，{held} 本证书。" if teachers else "名册里还没有教师。"
    return RosterList(table, summary, "", tuple(row.teacher_id for row in rows if row.teacher_id is not None))


def guide_list(filing: Filing, notice: Notice) -> RosterList:
    """How the template is filled in, to be handed out with it."""
    columns = (Column("列名", 14.0), Column("怎样填写", 76.0, left=True))
    rows = [(title(column), HINTS[column]) for column in COLUMNS]
    foot = "\n".join((*BEFORE_HINTS, *after_hints(notice)))
    table = list_table(
        GUIDE_TITLE, unit_and_day(filing), columns, rows, unit=filing.unit, foot=foot, file=TEMPLATE_FILE
    )
    return RosterList(table, BEFORE_HINTS[0], "\n".join(guide(notice)))


def _value(teacher: Teacher, certificate: Certificate | None, column: str, number: int) -> str:
    if column in CERTIFICATE_FIELDS:
        return getattr(certificate, column) if certificate else ""
    # Without name and number together, only a blank beside it says that a further row is the same teacher's.
    if number and (column in _SAID_ONCE or not (teacher.name and teacher.id_number)):
        return ""
    return str(getattr(teacher, column))
