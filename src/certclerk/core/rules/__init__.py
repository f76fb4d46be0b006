"""What is wrong, or worth a look: one function per rule, one table of codes.

``check`` looks at everything. A teacher the notice does not ask for is asked for nothing, but a refused
cell, a missing name and a number that two people share are told about everyone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Confirmation, Finding, Roster, Severity, Teacher
from certclerk.core.rules import certificate, page_quality, pages, person, unit
from certclerk.core.rules.catalogue import CATALOGUE, CONFIRMABLE, Entry
from certclerk.core.rules.place import Context
from certclerk.core.scope import Scope, certificate_scope, submitted_certificates, teacher_scope

__all__ = ["CATALOGUE", "CONFIRMABLE", "SCOPE_QUESTIONS", "Entry", "check", "check_teacher", "context_of"]

# What makes a certificate 待定: answered by the clerk's decision on it, which stays with the finding.
SCOPE_QUESTIONS = frozenset({"reissue", "issued_missing", "issued_open", "authority_missing"})


def check(roster: Roster, notice: Notice, today: date) -> tuple[Finding, ...]:
    """All findings: the unit's first, then teacher by teacher in roster order, errors before the rest."""
    context = context_of(roster, notice, today)
    order = {teacher.id: index for index, teacher in enumerate(roster.teachers)}
    findings = [finding for teacher in roster.teachers for finding in check_teacher(teacher, context)]
    by_id = {teacher.id: teacher for teacher in roster.teachers}
    for rule in (*person.TOGETHER, *certificate.TOGETHER, *pages.TOGETHER):
        for finding in rule(roster.teachers, context):
            assert finding.teacher_id is not None
            findings.append(_confirmed(finding, by_id[finding.teacher_id].confirmations))
    findings.sort(key=lambda finding: (order[finding.teacher_id or 0], _RANK[finding.severity]))
    return (*unit.filing_incomplete(roster.filing), *findings)


def context_of(roster: Roster, notice: Notice, today: date) -> Context:
    """What the rules know besides the record; ``today`` counts where no filling date is set."""
    return Context(
        notice=notice,
        filled_on=roster.filing.filled_on or today,
        authority_digits=certificate.common_authority_digits(roster.teachers, notice),
        damaged=roster.damaged,
    )


def check_teacher(teacher: Teacher, context: Context) -> Iterator[Finding]:
    """The findings that need no other teacher to be seen."""
    for finding in _of_teacher(teacher, context):
        yield _confirmed(finding, teacher.confirmations)


def _of_teacher(teacher: Teacher, context: Context) -> Iterator[Finding]:
    out = teacher_scope(teacher, context.notice).scope is Scope.OUT
    for rule in person.EVERYONE if out else (*person.EVERYONE, *person.UNLESS_OUT):
        yield from rule(teacher, context)
    submitted = {held.id for held in submitted_certificates(teacher, context.notice)}
    for held in teacher.certificates:
        yield from _of_certificate(teacher, held, context, teacher_out=out, submitted=held.id in submitted)


def _of_certificate(
    teacher: Teacher, held: Certificate, context: Context, *, teacher_out: bool, submitted: bool
) -> Iterator[Finding]:
    out = teacher_out or certificate_scope(held, context.notice).scope is Scope.OUT
    rules = certificate.EVERYONE if out else (*certificate.EVERYONE, *certificate.UNLESS_OUT)
    for rule in (*rules, *((*pages.SUBMITTED, page_quality.poorly_scanned) if submitted else ())):
        for finding in rule(teacher, held, context):
            if held.choice and finding.code in SCOPE_QUESTIONS:
                decided = f"{Scope(held.choice).label}：{held.choice_reason}".rstrip("：")
                yield replace(finding, severity=Severity.NOTE, confirmed=decided)
            else:
                yield finding


def _confirmed(finding: Finding, confirmations: Iterable[Confirmation]) -> Finding:
    """The finding as a note with the clerk's reason, if one was given for this very value."""
    if finding.code not in CONFIRMABLE:
        return finding
    for given in confirmations:
        if (given.code, given.field, given.value, given.certificate_id) == (
            finding.code,
            finding.field,
            finding.value,
            finding.certificate_id,
        ):
            return replace(finding, severity=Severity.NOTE, confirmed=given.reason)
    return finding


_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
