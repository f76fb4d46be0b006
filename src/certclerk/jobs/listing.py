"""What a collection holds, as the one JSON document of ``list --json`` and as lines to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from certclerk.collection import Collection
from certclerk.core.dates import from_iso
from certclerk.core.notice import Notice
from certclerk.core.progress import standing
from certclerk.core.records import Certificate, Finding, Page, Roster, Severity, Teacher
from certclerk.core.rules import check
from certclerk.core.scope import certificate_scope, teacher_scope

SEVERITY_LABELS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"}


def examined(collection: Collection, today: date) -> tuple[Roster, tuple[Finding, ...]]:
    """The roster with every page's bytes checked, and all findings."""
    roster = replace(collection.roster(), damaged=collection.damaged_blobs())
    return roster, check(roster, collection.notice, today)


def document(roster: Roster, notice: Notice, findings: tuple[Finding, ...]) -> dict[str, Any]:
    """The JSON form: empty fields are null where the contract allows it."""
    return {
        "unit": roster.filing.unit,
        "teachers": [_teacher(teacher, notice) for teacher in roster.teachers],
        "tray": [
            {"source": page.source, "sha256": page.sha256, "reason": page.reason} for page in roster.tray
        ],
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity,
                "serial": finding.serial,
                "certificate": finding.certificate,
                "field": finding.field,
                "message": finding.message,
                "confirmed": finding.confirmed or None,
            }
            for finding in findings
        ],
    }


def lines(roster: Roster, notice: Notice, findings: tuple[Finding, ...]) -> Iterator[str]:
    """The same for people, a teacher a paragraph."""
    yield f"{roster.filing.unit}：{len(roster.teachers)} 位教师，待归位 {len(roster.tray)} 页"
    for teacher in roster.teachers:
        own = [finding for finding in findings if finding.teacher_id == teacher.id]
        state = standing(teacher, notice, own)
        verdict = state.scope
        reason = f"（{verdict.reason}）" if verdict.reason else ""
        yield f"{teacher.serial:>4}  {teacher.name or '（无姓名）'}  {teacher.sex}  {teacher.id_number}  {verdict.scope.label}{reason}  {state.state}"
        for certificate in teacher.certificates:
            pages = "、".join(f"{slot.label}{len(certificate.pages_in(slot.id))}" for slot in notice.slots)
            yield f"      {certificate.kind} {certificate.subject} {certificate.number} {certificate.issued}  {pages}"
        yield from (f"      {finding_line(finding)}" for finding in own)
    for page in roster.tray:
        yield f"待归位：{page.source}（{page.reason}）"
    yield from (finding_line(finding) for finding in findings if finding.teacher_id is None)


def finding_line(finding: Finding) -> str:
    """Severity and message; a confirmed one with the clerk's reason."""
    confirmed = f"（已确认：{finding.confirmed}）" if finding.confirmed else ""
    return f"{SEVERITY_LABELS[finding.severity]}：{finding.message}{confirmed}"


def _teacher(teacher: Teacher, notice: Notice) -> dict[str, Any]:
    verdict = teacher_scope(teacher, notice)
    return {
        "serial": teacher.serial,
        "name": teacher.name,
        "sex": teacher.sex,
        "id_number": teacher.id_number or None,
        "scope": verdict.scope,
        "scope_reason": verdict.reason,
        "note": teacher.note,
        "certificates": [_certificate(certificate, notice) for certificate in teacher.certificates],
    }


def _certificate(certificate: Certificate, notice: Notice) -> dict[str, Any]:
    verdict = certificate_scope(certificate, notice)
    return {
        "kind": certificate.kind,
        "subject": certificate.subject,
        "number": certificate.number,
        "authority": certificate.authority,
        "issued": certificate.issued if from_iso(certificate.issued) else None,
        "scope": verdict.scope,
        "scope_reason": verdict.reason,
        "pages": [_page(page) for slot in notice.slots for page in certificate.pages_in(slot.id)],
    }


def _page(page: Page) -> dict[str, Any]:
    return {"slot": page.slot, "sha256": page.sha256, "source": page.source, "frame": page.frame}
