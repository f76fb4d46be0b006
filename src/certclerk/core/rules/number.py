"""Rules about a certificate number: its shape, its parts against the record, and two teachers with the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

from certclerk.core.certificate_number import LENGTH, parse_number
from certclerk.core.dates import chinese
from certclerk.core.identity import SEXES
from certclerk.core.notice import Notice
from certclerk.core.records import Finding, Teacher, is_refused
from certclerk.core.rules.place import CertificateCase, Context, Together, certificate_case, named_others

# The batch teaches the authority's digits only when it is large and agrees enough.
LEAST_NUMBERS = 5
LEAST_SHARE = 0.6


def number_missing(case: CertificateCase) -> Iterator[Finding]:
    if not case.certificate.number and not is_refused(case.certificate, "number"):
        yield case.finding("number_missing", "没有证书号码", "number")


def number_malformed(case: CertificateCase) -> Iterator[Finding]:
    text = case.certificate.number
    if text and case.parts is None:
        message = f"证书号码 {text} 应为 {LENGTH} 位数字，现有 {len(text)} 个字符"
        yield case.finding("number_malformed", message, "number", text)


def reissue(case: CertificateCase) -> Iterator[Finding]:
    if case.parts is not None and _reissued(case):
        cutoff = chinese(case.context.notice.cutoff)
        message = f"证书号码是{case.parts.year}年的，发证在{cutoff}以后，可能是补发或换发，请决定是否纳入"
        yield _against(case, "reissue", message, case.certificate.issued)


def number_year(case: CertificateCase) -> Iterator[Finding]:
    if case.parts is None or case.issued is None:
        return
    if case.parts.year != case.issued.year and not _reissued(case):
        message = f"证书号码的年份是{case.parts.year}，发证时间是{case.certificate.issued}"
        yield _against(case, "number_year", message, case.certificate.issued)


def number_province(case: CertificateCase) -> Iterator[Finding]:
    expected = case.context.notice.province
    if case.parts is not None and expected and case.parts.province != expected:
        message = f"证书号码第5、6位是{case.parts.province}，应为{expected}"
        yield _against(case, "number_province", message)


def number_authority(case: CertificateCase) -> Iterator[Finding]:
    common = case.context.authority_digits
    if case.parts is not None and common and case.parts.authority != common:
        message = f"证书号码第7至9位是{case.parts.authority}，其他证书多为{common}"
        yield _against(case, "number_authority", message)


def number_kind(case: CertificateCase) -> Iterator[Finding]:
    if case.parts is None or case.kind is None or not case.kind.digit:
        return
    digit = case.parts.kind
    if digit != case.kind.digit:
        meant = _kind_name(digit, case.context.notice)
        message = f"证书号码第10位是{digit}（{meant}），资格种类是{case.kind.name}"
        yield _against(case, "number_kind", message, case.kind.name)


def sex_against_number(case: CertificateCase) -> Iterator[Finding]:
    sex, expected = case.teacher.sex, case.parts.sex if case.parts is not None else ""
    if expected and sex in SEXES and sex != expected:
        yield _against(case, "sex_against_number", f"证书号码第11位表示{expected}，性别是{sex}", sex)


def number_duplicate(number: Hashable, sharing: Sequence[Teacher], context: Context) -> Iterator[Finding]:
    for teacher in sharing:
        others = named_others(sharing, teacher)
        for index, certificate in enumerate(teacher.certificates if others else ()):
            if certificate.number == number:
                message = f"证书号码 {number} 与{others}相同"
                yield certificate_case(teacher, index, context).finding(
                    "number_duplicate", message, "number", certificate.number
                )


def authority_digits_of(teacher: Teacher, notice: Notice) -> Iterator[str]:
    """The authority digits of each number that the notice's authority gave."""
    for certificate in teacher.certificates:
        parts = parse_number(certificate.number)
        if parts is not None and notice.has_authority(certificate.authority):
            yield parts.authority


def common_authority_digits(counts: Counter[str]) -> str:
    """The authority digits that most of the counted numbers share; empty while in doubt."""
    total = counts.total()
    if total < LEAST_NUMBERS:
        return ""
    digits, count = max(counts.items(), key=lambda counted: (counted[1], counted[0]))
    return digits if count >= LEAST_SHARE * total else ""


def _reissued(case: CertificateCase) -> bool:
    cutoff = case.context.notice.cutoff
    return (
        case.parts is not None
        and case.issued is not None
        and case.parts.year < cutoff.year
        and case.issued.latest >= cutoff
    )


def _against(case: CertificateCase, code: str, message: str, against: str = "") -> Finding:
    """At the number; confirmed for it together with what it stands against."""
    return case.finding(code, message, "number", f"{case.certificate.number} {against}".strip())


def _kind_name(digit: str, notice: Notice) -> str:
    return next((kind.name for kind in notice.kinds if kind.digit == digit), "没有这一种")


UNLESS_OUT = (
    number_missing,
    number_malformed,
    reissue,
    number_year,
    number_province,
    number_authority,
    number_kind,
    sex_against_number,
)
TOGETHER = (
    Together(lambda teacher: [held.number for held in teacher.certificates if held.number], number_duplicate),
)
