"""Who is collected: each certificate in or out by the notice's rule, each teacher by certificates and clerk.

A value that is itself in error never decides: such a certificate counts as in until it is put right,
so that its error is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from certclerk.core.certificate_number import parse_number
from certclerk.core.dates import chinese, from_iso
from certclerk.core.names import without_spaces
from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Teacher, is_refused


class Scope(StrEnum):
    IN = "in"
    OUT = "out"
    HOLD = "hold"
    ASK = "ask"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {Scope.IN: "纳入", Scope.OUT: "不纳入", Scope.HOLD: "暂缓", Scope.ASK: "待定"}

# Reasons that the window offers for 不在岗; the clerk may type any other.
OUT_REASONS = ("调离", "退休", "借调", "长期病假", "无教师资格证书")
# And for 暂缓, where something of a teacher's is wrong.
HOLD_REASONS = ("材料不全，后补", "证书原件不在身边", "信息有误，正在核实")


@dataclass(frozen=True, slots=True)
class Verdict:
    scope: Scope
    reason: str


def certificate_scope(certificate: Certificate, notice: Notice) -> Verdict:
    """In, out or ask, with the reason in the clerk's words."""
    excluded = _exclusion(certificate, notice)
    if excluded:
        return Verdict(Scope.OUT, excluded)
    doubt = _doubt(certificate, notice)
    if not doubt:
        return Verdict(Scope.IN, "")
    if certificate.choice:
        return Verdict(Scope(certificate.choice), certificate.choice_reason or "经办人已确认")
    return Verdict(Scope.ASK, doubt)


def scopes(teacher: Teacher, notice: Notice) -> tuple[Verdict, tuple[Verdict, ...]]:
    """The teacher's verdict, and one for each certificate in order.

    The clerk's word comes first, else in if any certificate is, else ask if any is, else out.
    """
    verdicts = tuple(certificate_scope(certificate, notice) for certificate in teacher.certificates)
    if teacher.choice:
        return Verdict(Scope(teacher.choice), teacher.choice_reason), verdicts
    if not verdicts:
        return Verdict(Scope.OUT, "没有登记证书"), verdicts
    for wanted in (Scope.IN, Scope.ASK):
        for verdict in verdicts:
            if verdict.scope is wanted:
                return verdict, verdicts
    reasons = dict.fromkeys(verdict.reason for verdict in verdicts)
    return Verdict(Scope.OUT, "；".join(reasons)), verdicts


def teacher_scope(teacher: Teacher, notice: Notice) -> Verdict:
    return scopes(teacher, notice)[0]


def submitted_certificates(teacher: Teacher, notice: Notice) -> tuple[Certificate, ...]:
    """The certificates that a submission holds for this teacher: none unless the teacher is in."""
    return submitted_of(teacher, *scopes(teacher, notice))


def submitted_of(
    teacher: Teacher, verdict: Verdict, verdicts: tuple[Verdict, ...]
) -> tuple[Certificate, ...]:
    """The same, for who has the verdicts of :func:`scopes` already."""
    if verdict.scope is not Scope.IN:
        return ()
    return tuple(
        certificate
        for certificate, own in zip(teacher.certificates, verdicts, strict=True)
        if own.scope is Scope.IN
    )


def _exclusion(certificate: Certificate, notice: Notice) -> str:
    kind = notice.kind(certificate.kind)
    if kind is not None and not kind.collected:
        return f"{kind.name}不在采集范围"
    authority = without_spaces(certificate.authority)
    if authority and not notice.has_authority(authority):
        return f"认定机构是{authority}"
    issued = from_iso(certificate.issued)
    if issued is not None and issued.latest < notice.cutoff:
        return f"{chinese(notice.cutoff)}以前取得"
    return ""


def _doubt(certificate: Certificate, notice: Notice) -> str:
    if not certificate.authority and not is_refused(certificate, "authority"):
        return "缺认定机构"
    if not certificate.issued and not is_refused(certificate, "issued"):
        return "缺发证时间"
    issued, number = from_iso(certificate.issued), parse_number(certificate.number)
    if issued is None:
        return ""
    if issued.earliest < notice.cutoff:
        return f"发证时间不到日，无法判断是否在{chinese(notice.cutoff)}以后"
    if number is not None and number.year < notice.cutoff.year:
        return f"证书号码是{number.year}年的，发证在{chinese(notice.cutoff)}以后，可能是补发或换发"
    return ""
