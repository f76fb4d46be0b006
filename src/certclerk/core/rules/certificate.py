"""Rules about one certificate but its number: kind, issue date, authority, subject."""

from __future__ import annotations

from collections.abc import Iterator

from certclerk.core.records import Finding, is_refused
from certclerk.core.rules.person import refusal_message
from certclerk.core.rules.place import CertificateCase


def cell_refused(case: CertificateCase) -> Iterator[Finding]:
    for refusal in case.certificate.refusals:
        yield case.finding("cell_refused", refusal_message(refusal), refusal.field, refusal.original)


def kind_missing(case: CertificateCase) -> Iterator[Finding]:
    if not case.certificate.kind and not is_refused(case.certificate, "kind"):
        yield case.finding("kind_missing", "没有资格种类", "kind")


def kind_unknown(case: CertificateCase) -> Iterator[Finding]:
    kind = case.certificate.kind
    if kind and case.kind is None:
        yield case.finding("kind_unknown", f"不认识资格种类“{kind}”", "kind", kind)


def same_kind_twice(case: CertificateCase) -> Iterator[Finding]:
    kind = case.certificate.kind
    twins = sum(held.kind == kind for held in case.teacher.certificates) if kind else 0
    if twins > 1:
        message = f"有 {twins} 本{kind}证书，请核对是否重复"
        yield case.finding("same_kind_twice", message, "kind", f"{kind} {twins}")


def issued_missing(case: CertificateCase) -> Iterator[Finding]:
    if not case.certificate.issued and not is_refused(case.certificate, "issued"):
        yield case.finding("issued_missing", "没有发证时间，请填写或决定是否纳入", "issued")


def issued_unreadable(case: CertificateCase) -> Iterator[Finding]:
    text = case.certificate.issued
    if text and case.issued is None:
        yield case.finding("issued_unreadable", f"发证时间“{text}”看不懂", "issued", text)


def issued_future(case: CertificateCase) -> Iterator[Finding]:
    filled_on = case.context.filled_on
    if case.issued is not None and case.issued.earliest > filled_on:
        text = case.certificate.issued
        message = f"发证时间 {text} 晚于填报时间 {filled_on.isoformat()}"
        yield case.finding("issued_future", message, "issued", text)


def issued_month(case: CertificateCase) -> Iterator[Finding]:
    if case.issued is not None and case.issued.day is None:
        text = case.certificate.issued
        yield case.finding("issued_month", f"发证时间 {text} 只到月", "issued", text)


def issued_open(case: CertificateCase) -> Iterator[Finding]:
    if case.issued is not None and case.issued.earliest < case.context.notice.cutoff <= case.issued.latest:
        text = case.certificate.issued
        yield case.finding("issued_open", f"发证时间 {text} 不到日，无法判断是否纳入", "issued", text)


def authority_missing(case: CertificateCase) -> Iterator[Finding]:
    if not case.certificate.authority and not is_refused(case.certificate, "authority"):
        yield case.finding("authority_missing", "没有认定机构，请填写或决定是否纳入", "authority")


def subject_missing(case: CertificateCase) -> Iterator[Finding]:
    if not case.certificate.subject and not is_refused(case.certificate, "subject"):
        yield case.finding("subject_missing", "没有任教学科", "subject")


EVERYONE = (cell_refused,)
UNLESS_OUT = (
    kind_missing,
    kind_unknown,
    same_kind_twice,
    issued_missing,
    issued_unreadable,
    issued_future,
    issued_month,
    issued_open,
    authority_missing,
    subject_missing,
)
