"""The roster as a workbook that an import reads back: proven by reading it, before it is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from certclerk.core.errors import UserError
from certclerk.core.fields import CERTIFICATE_FIELDS, TEACHER_FIELDS, title
from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, ProposedTeacher, Roster, Teacher
from certclerk.core.roster_sheet import SheetRow, as_proposed, choices, guide, says_anything, sheet_rows
from certclerk.output.roster_workbook import HEAD_ROWS, roster_workbook
from certclerk.roster import Proposal, ProposedRow, detect, parse_workbook, propose


@dataclass(frozen=True, slots=True)
class Export:
    """``losses`` are sentences, each about a teacher of whom an import would not get back everything.

    ``too_long``: an import would not take a workbook of so many rows.
    """

    workbook: bytes
    teachers: int
    certificates: int
    losses: tuple[str, ...]
    too_long: bool = False


def export(roster: Roster, notice: Notice, day: date) -> Export:
    """The fields of every teacher as an .xlsx; what is no field (pages, confirmations, scope) stays here."""
    rows = tuple(sheet_rows(roster.teachers))
    workbook = roster_workbook((row.values for row in rows), choices(notice), guide(notice), day)
    read = _read_back(workbook, notice)
    return Export(
        workbook=workbook,
        teachers=len(roster.teachers),
        certificates=sum(len(as_proposed(teacher).certificates) for teacher in roster.teachers),
        losses=tuple(_losses(roster.teachers, rows, read)) if read else (),
        too_long=read is None,
    )


def template(notice: Notice, day: date) -> bytes:
    """The same workbook without a teacher."""
    return roster_workbook((), choices(notice), guide(notice), day)


def _read_back(workbook: bytes, notice: Notice) -> Proposal | None:
    """None where it has more rows than are taken in."""
    try:
        sheet = parse_workbook(workbook, "名册.xlsx").sheets[0]
    except UserError as error:
        if error.code != "roster_too_many_cells":
            raise
        return None
    return propose(sheet, detect(sheet, notice), notice)


def _losses(teachers: Sequence[Teacher], rows: Sequence[SheetRow], read: Proposal) -> Iterator[str]:
    by_number = {row.number: row for row in read.rows}
    of_teacher: dict[int, list[ProposedRow]] = defaultdict(list)
    sharing: dict[int, set[int]] = defaultdict(set)
    for number, written in enumerate(rows, start=HEAD_ROWS + 1):
        if written.teacher_id is None:
            continue
        row = by_number[number]
        of_teacher[written.teacher_id].append(row)
        if row.teacher is not None:
            sharing[row.teacher].add(written.teacher_id)
    serials = {teacher.id: teacher.serial for teacher in teachers}
    for teacher in teachers:
        found = of_teacher[teacher.id]
        joined = {other for row in found if row.teacher is not None for other in sharing[row.teacher]}
        others = sorted(serials[other] for other in joined - {teacher.id})
        reasons = [*_not_written(teacher), *_not_read(teacher, found, others, read)]
        if reasons:
            yield f"第 {teacher.serial} 号{teacher.name}：{'；'.join(reasons)}。"


def _not_written(teacher: Teacher) -> Iterator[str]:
    holders: tuple[Teacher | Certificate, ...] = (teacher, *teacher.certificates)
    refused = [
        refusal.field
        for holder in holders
        for refusal in holder.refusals
        if not getattr(holder, refusal.field)
    ]
    if refused:
        yield f"{_titles(refused)}导入时没有采用，写成空格"
    if not all(map(says_anything, teacher.certificates)):
        yield "没填内容的证书不写出"


def _not_read(
    teacher: Teacher, rows: Sequence[ProposedRow], others: Sequence[int], read: Proposal
) -> Iterator[str]:
    """``others`` are the serials of those whom an import makes one with this teacher."""
    indices = {row.teacher for row in rows}
    lost = next((row.reason for row in rows if row.teacher is None), "")
    if lost:
        yield f"再导入时会漏掉（{lost}）"
    elif others:
        yield f"再导入时会与第 {'、'.join(map(str, others))} 号并成一位"
    elif len(indices) > 1:
        yield f"再导入时会分成 {len(indices)} 位"
    else:
        yield from _differences(as_proposed(teacher), read.teachers[indices.pop() or 0])


def _differences(wanted: ProposedTeacher, got: ProposedTeacher) -> Iterator[str]:
    if len(got.certificates) != len(wanted.certificates):
        yield f"{len(wanted.certificates)} 本证书里有完全相同的，再导入时只有 {len(got.certificates)} 本"
        return
    other = [field for field in TEACHER_FIELDS if getattr(wanted, field) != getattr(got, field)]
    for one, two in zip(wanted.certificates, got.certificates, strict=True):
        other += [field for field in CERTIFICATE_FIELDS if getattr(one, field) != getattr(two, field)]
    if other:
        yield f"{_titles(other)}再导入时会不同"


def _titles(field_ids: Sequence[str]) -> str:
    return "、".join(map(title, dict.fromkeys(field_ids)))
