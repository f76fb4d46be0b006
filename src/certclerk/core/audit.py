"""摸底审核表: everyone of the roster as the notice's rule and the clerk put them, by reason, with names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from certclerk.core.annexes import facts
from certclerk.core.dates import chinese
from certclerk.core.notice import Notice
from certclerk.core.printed_table import CellValue
from certclerk.core.records import Filing, Teacher
from certclerk.core.roster_list import Column, RosterList, list_table
from certclerk.core.scope import Scope, scopes
from certclerk.core.wording import named

TITLE = "教师资格证书摸底审核表"
COLUMNS = (
    Column("审核结果", 13.0),
    Column("原因", 26.0, left=True),
    Column("人数", 7.0),
    Column("教师（名册序号、姓名）", 52.0, left=True),
)
# A row of more names would be higher than a spreadsheet shows.
NAMES_PER_ROW = 60

_ORDER = (Scope.IN, Scope.ASK, Scope.HOLD, Scope.OUT)
_RULE_MET = "符合采集范围"
_NO_REASON = "（未写原因）"
_MORE = "（续）"
# A certificate beside the one for which its teacher is in.
_ASIDE = {Scope.OUT: "另有证书不采集", Scope.ASK: "另有证书待定"}

Groups = dict[tuple[Scope, str], list[Teacher]]


def audit(teachers: Sequence[Teacher], filing: Filing, notice: Notice) -> RosterList:
    """``filing.unit`` is the official name and ``filing.filled_on`` the day of the audit."""
    groups, aside = _groups(teachers, notice)
    rows: list[Sequence[CellValue]] = []
    for (scope, reason), members in groups.items():
        rows += _rows(scope.label, reason, members)
    if teachers:
        rows.append(("合计", "", len(teachers), ""))
    for (scope, reason), members in aside.items():
        rows += _rows(_ASIDE[scope], reason, members)
    summary = _summary(groups, len(teachers))
    table = list_table(
        TITLE, facts(filing, notice), COLUMNS, rows, unit=filing.unit, foot=f"采集范围：{_rule(notice)}"
    )
    return RosterList(table, summary, "\n".join((f"{filing.unit}{TITLE}", summary, *_lines(groups, aside))))


def _groups(teachers: Iterable[Teacher], notice: Notice) -> tuple[Groups, Groups]:
    """Everyone by verdict, and once more those who are in and hold a certificate that is not."""
    groups: Groups = {}
    aside: Groups = {}
    for teacher in teachers:
        verdict, others = scopes(teacher, notice)
        reason = verdict.reason or (_RULE_MET if verdict.scope is Scope.IN else _NO_REASON)
        groups.setdefault((verdict.scope, reason), []).append(teacher)
        if verdict.scope is not Scope.IN:
            continue
        for other in dict.fromkeys(other for other in others if other.scope in _ASIDE):
            aside.setdefault((other.scope, other.reason), []).append(teacher)
    ordered = sorted(groups.items(), key=lambda item: (_ORDER.index(item[0][0]), -len(item[1])))
    return dict(ordered), aside


def _rows(result: str, reason: str, members: Sequence[Teacher]) -> Iterator[tuple[CellValue, ...]]:
    for start in range(0, len(members), NAMES_PER_ROW):
        names = _names(members[start : start + NAMES_PER_ROW])
        if start:
            yield result, f"{reason}{_MORE}", "", names
        else:
            yield result, reason, len(members), names


def _names(members: Iterable[Teacher]) -> str:
    return "、".join(f"{teacher.serial} {named(teacher.name)}" for teacher in members)


def _summary(groups: Groups, total: int) -> str:
    if not total:
        return "名册里还没有教师。"
    counts = (
        (scope.label, sum(len(members) for (each, _), members in groups.items() if each is scope))
        for scope in _ORDER
    )
    return f"共 {total} 人：{'，'.join(f'{label} {count} 人' for label, count in counts)}。"


def _lines(groups: Groups, aside: Groups) -> Iterator[str]:
    for labels, found in ((dict.fromkeys(_ORDER, ""), groups), (_ASIDE, aside)):
        for (scope, reason), members in found.items():
            label = labels[scope] or scope.label
            yield f"{label}，{reason}（{len(members)} 人）：{_names(members)}"


def _rule(notice: Notice) -> str:
    kinds = "、".join(kind.name for kind in notice.collected_kinds)
    return f"{notice.authorities[0]}认定、{chinese(notice.cutoff)}以来取得的{kinds}教师资格证书（{notice.number}）。"
