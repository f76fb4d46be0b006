"""What the rules say of one teacher, and what the clerk has answered to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from certclerk.core.records import Certificate, Finding, Severity, Teacher
from certclerk.core.rules import certificate, number, page_quality, pages, person
from certclerk.core.rules.catalogue import CONFIRMABLE
from certclerk.core.rules.place import Context, certificate_case, teacher_case
from certclerk.core.scope import Scope, scopes

# What makes a certificate 待定: answered by the clerk's decision on it, which stays with the finding.
SCOPE_QUESTIONS = frozenset({"reissue", "issued_missing", "issued_open", "authority_missing"})

_ALL_OF_PERSON = (*person.EVERYONE, *person.UNLESS_OUT)
_OF_SUBMITTED = (*pages.SUBMITTED, *page_quality.SUBMITTED)
_ALL_OF_CERTIFICATE = (*certificate.EVERYONE, *certificate.UNLESS_OUT, *number.UNLESS_OUT)


def findings_of(teacher: Teacher, context: Context) -> Iterator[Finding]:
    """The findings that need no other teacher to be seen, in the order of the rules."""
    verdict, verdicts = scopes(teacher, context.notice)
    out = verdict.scope is Scope.OUT
    case = teacher_case(teacher)
    for rule in person.EVERYONE if out else _ALL_OF_PERSON:
        yield from rule(case)
    for index, (held, own) in enumerate(zip(teacher.certificates, verdicts, strict=True)):
        held_case = certificate_case(teacher, index, context)
        submitted = verdict.scope is Scope.IN and own.scope is Scope.IN
        rules = certificate.EVERYONE if out or own.scope is Scope.OUT else _ALL_OF_CERTIFICATE
        for held_rule in (*rules, *_OF_SUBMITTED) if submitted else rules:
            for finding in held_rule(held_case):
                yield _decided(finding, held)


def answered(finding: Finding, teacher: Teacher) -> Finding:
    """The finding as a note with the clerk's reason, if one was given for this very value."""
    if finding.code not in CONFIRMABLE:
        return finding
    for given in teacher.confirmations:
        if (given.code, given.field, given.value, given.certificate_id) == (
            finding.code,
            finding.field,
            finding.value,
            finding.certificate_id,
        ):
            return replace(finding, severity=Severity.NOTE, confirmed=given.reason, noted=given.in_note)
    return finding


def _decided(finding: Finding, held: Certificate) -> Finding:
    """A question of scope as a note with the clerk's decision, if there is one."""
    if not held.choice or finding.code not in SCOPE_QUESTIONS:
        return finding
    decided = f"{Scope(held.choice).label}：{held.choice_reason}".rstrip("：")
    return replace(finding, severity=Severity.NOTE, confirmed=decided)
