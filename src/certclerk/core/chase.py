"""催交名单: what each teacher still owes, drawn from the findings, as a sheet and as words for a chat group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from certclerk.core.fields import title
from certclerk.core.group_message import certificate_labels, lines, request
from certclerk.core.notice import Notice
from certclerk.core.progress import MISSING_PAGE
from certclerk.core.records import Filing, Finding, Teacher
from certclerk.core.roster_list import Column, RosterList, list_table, unit_and_day
from certclerk.core.scope import Scope, scopes
from certclerk.core.wording import named

TITLE = "材料催交名单"
COLUMNS = (
    Column("序号", 6.0),
    Column("姓名", 12.0),
    Column("缺扫描页", 28.0, left=True),
    Column("缺信息", 22.0, left=True),
    Column("请说明", 18.0, left=True),
    Column("交齐", 8.0),
)
NOBODY = "没有需要催交的教师。"

# What only its teacher can tell, by the code of the finding; the field itself is what is lacking.
LACKING = frozenset(
    {
        "name_missing",
        "sex_missing",
        "id_missing",
        "kind_missing",
        "number_missing",
        "issued_missing",
        "authority_missing",
        "cell_refused",
    }
)
QUESTIONS = {"reissue": "证书是否补发或换发", "issued_open": "发证时间到哪一日"}
# Neither is asked for anything: the one is not collected, the other not this time.
_LEFT_ALONE = (Scope.OUT, Scope.HOLD)

_Of = tuple[int | None, str]


@dataclass(frozen=True, slots=True)
class Due:
    """What one teacher owes, each part in words without numbers, empty where nothing of it is owed."""

    teacher: Teacher
    pages: str
    fields: str
    questions: str


def chase(
    teachers: Sequence[Teacher], findings: Iterable[Finding], filing: Filing, notice: Notice
) -> RosterList:
    """``filing.unit`` is the official name and ``filing.filled_on`` the day of the list."""
    owing = tuple(dues(teachers, findings, notice))
    table = list_table(
        TITLE,
        unit_and_day(filing),
        COLUMNS,
        (
            (due.teacher.serial, named(due.teacher.name), due.pages, due.fields, due.questions, "")
            for due in owing
        ),
        unit=filing.unit,
    )
    summary = f"{len(owing)} 位教师还有材料没有交齐。" if owing else NOBODY
    asked = [(due.teacher, "；".join(filter(None, (due.pages, due.fields, due.questions)))) for due in owing]
    text = "\n".join((request(filing, notice, "还缺以下材料"), *lines(asked, teachers))) if owing else NOBODY
    return RosterList(table, summary, text, tuple(due.teacher.id for due in owing))


def dues(teachers: Iterable[Teacher], findings: Iterable[Finding], notice: Notice) -> Iterator[Due]:
    """Those who owe something, in roster order."""
    by_teacher: dict[int | None, list[Finding]] = defaultdict(list)
    for finding in findings:
        if not finding.confirmed:
            by_teacher[finding.teacher_id].append(finding)
    for teacher in teachers:
        found = by_teacher.get(teacher.id)
        if not found:
            continue
        verdict, verdicts = scopes(teacher, notice)
        if verdict.scope in _LEFT_ALONE:
            continue
        pairs = zip(teacher.certificates, verdicts, strict=True)
        out = {certificate.id for certificate, own in pairs if own.scope is Scope.OUT}
        due = _due(teacher, [each for each in found if each.certificate_id not in out], notice)
        if due.pages or due.fields or due.questions:
            yield due


def _due(teacher: Teacher, findings: Iterable[Finding], notice: Notice) -> Due:
    pages: list[_Of] = []
    fields: list[_Of] = []
    questions: list[_Of] = []
    for finding in findings:
        if finding.code == MISSING_PAGE:
            pages.append((finding.certificate_id, notice.slot(finding.field).label))
        elif finding.code in LACKING:
            fields.append((finding.certificate_id, title(finding.field)))
        elif finding.code in QUESTIONS:
            questions.append((finding.certificate_id, QUESTIONS[finding.code]))
    labels = certificate_labels(teacher)
    return Due(teacher, *(_words(each, labels) for each in (pages, fields, questions)))


def _words(owed: Iterable[_Of], labels: dict[int | None, str]) -> str:
    by_label: dict[str, dict[str, None]] = defaultdict(dict)
    for certificate_id, what in owed:
        by_label[labels.get(certificate_id, "")][what] = None
    return "；".join(
        f"{f'{label}证书：' if label else ''}{'、'.join(whats)}" for label, whats in by_label.items()
    )
