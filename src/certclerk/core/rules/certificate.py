"""Rules about one certificate: kind, number, issue date; and about several at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from certclerk.core.certificate_number import LENGTH, parse_number
from certclerk.core.dates import chinese, from_iso
from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Finding, Teacher, is_refused
from certclerk.core.rules.person import refusal_message
from certclerk.core.rules.place import Context, certificate_finding, named_others

# The batch teaches the authority's digits only when it is large and agrees enough.
LEAST_NUMBERS = 5
LEAST_SHARE = 0.6


def cell_refused(teacher: Teacher, certificate: Certificate, _context: Context) -> Iterator[Finding]:
    for refusal in certificate.refusals:
        message = refusal_message(refusal)
        yield certificate_finding(
            "cell_refused", message, teacher, certificate, refusal.field, refusal.original
        )


def kind(teacher: Teacher, certificate: Certificate, context: Context) -> Iterator[Finding]:
    if not certificate.kind:
        if not is_refused(certificate, "kind"):
            yield certificate_finding("kind_missing", "没有资格种类", teacher, certificate, "kind")
    elif context.notice.kind(certificate.kind) is None:
        message = f"不认识资格种类“{certificate.kind}”"
        yield certificate_finding("kind_unknown", message, teacher, certificate, "kind", certificate.kind)


def number(teacher: Teacher, certificate: Certificate, context: Context) -> Iterator[Finding]:
    text = certificate.number
    if not text:
        if not is_refused(certificate, "number"):
            yield certificate_finding("number_missing", "没有证书号码", teacher, certificate, "number")
        return
    parts = parse_number(text)
    if parts is None:
        message = f"证书号码 {text} 应为 {LENGTH} 位数字，现有 {len(text)} 个字符"
        yield certificate_finding("number_malformed", message, teacher, certificate, "number", text)
        return
    issued, held = from_iso(certificate.issued), context.notice.kind(certificate.kind)
    cutoff = context.notice.cutoff
    reissued = issued is not None and parts.year < cutoff.year and issued.latest >= cutoff
    doubts = (
        (
            "reissue",
            reissued,
            f"证书号码是{parts.year}年的，发证在{chinese(cutoff)}以后，可能是补发或换发，请决定是否纳入",
            certificate.issued,
        ),
        (
            "number_year",
            issued is not None and parts.year != issued.year and not reissued,
            f"证书号码的年份是{parts.year}，发证时间是{certificate.issued}",
            certificate.issued,
        ),
        (
            "number_province",
            bool(context.notice.province) and parts.province != context.notice.province,
            f"证书号码第5、6位是{parts.province}，应为{context.notice.province}",
            "",
        ),
        (
            "number_authority",
            bool(context.authority_digits) and parts.authority != context.authority_digits,
            f"证书号码第7至9位是{parts.authority}，其他证书多为{context.authority_digits}",
            "",
        ),
        (
            "number_kind",
            held is not None and bool(held.digit) and parts.kind != held.digit,
            f"证书号码第10位是{parts.kind}（{_kind_name(parts.kind, context.notice)}），资格种类是{certificate.kind}",
            certificate.kind,
        ),
        (
            "sex_against_number",
            bool(parts.sex) and teacher.sex in ("男", "女") and parts.sex != teacher.sex,
            f"证书号码第11位表示{parts.sex}，性别是{teacher.sex}",
            teacher.sex,
        ),
    )
    for code, found, message, against in doubts:
        if found:
            value = f"{text} {against}".strip()
            yield certificate_finding(code, message, teacher, certificate, "number", value)


def issued(teacher: Teacher, certificate: Certificate, context: Context) -> Iterator[Finding]:
    text = certificate.issued
    if not text:
        if not is_refused(certificate, "issued"):
            message = "没有发证时间，请填写或决定是否纳入"
            yield certificate_finding("issued_missing", message, teacher, certificate, "issued")
        return
    day = from_iso(text)
    if day is None:
        message = f"发证时间“{text}”看不懂"
        yield certificate_finding("issued_unreadable", message, teacher, certificate, "issued", text)
        return
    if day.earliest > context.filled_on:
        message = f"发证时间 {text} 晚于填报时间 {context.filled_on.isoformat()}"
        yield certificate_finding("issued_future", message, teacher, certificate, "issued", text)
    if day.day is None:
        message = f"发证时间 {text} 只到月"
        yield certificate_finding("issued_month", message, teacher, certificate, "issued", text)
        if day.earliest < context.notice.cutoff <= day.latest:
            message = f"发证时间 {text} 不到日，无法判断是否纳入"
            yield certificate_finding("issued_open", message, teacher, certificate, "issued", text)


def authority_missing(teacher: Teacher, certificate: Certificate, _context: Context) -> Iterator[Finding]:
    if not certificate.authority and not is_refused(certificate, "authority"):
        message = "没有认定机构，请填写或决定是否纳入"
        yield certificate_finding("authority_missing", message, teacher, certificate, "authority")


def subject_missing(teacher: Teacher, certificate: Certificate, _context: Context) -> Iterator[Finding]:
    if not certificate.subject and not is_refused(certificate, "subject"):
        yield certificate_finding("subject_missing", "没有任教学科", teacher, certificate, "subject")


def same_kind_twice(teacher: Teacher, certificate: Certificate, _context: Context) -> Iterator[Finding]:
    twins = [held for held in teacher.certificates if held.kind and held.kind == certificate.kind]
    if len(twins) > 1:
        value = f"{certificate.kind} {len(twins)}"
        message = f"有 {len(twins)} 本{certificate.kind}证书，请核对是否重复"
        yield certificate_finding("same_kind_twice", message, teacher, certificate, "kind", value)


def same_number(teachers: Sequence[Teacher], _context: Context) -> Iterator[Finding]:
    holders: dict[str, list[tuple[Teacher, Certificate]]] = defaultdict(list)
    for teacher in teachers:
        for certificate in teacher.certificates:
            if certificate.number:
                holders[certificate.number].append((teacher, certificate))
    for text, held in holders.items():
        for teacher, certificate in held:
            others = named_others((other for other, _ in held), teacher)
            if others:
                message = f"证书号码 {text} 与{others}相同"
                yield certificate_finding("number_duplicate", message, teacher, certificate, "number", text)


def common_authority_digits(teachers: Sequence[Teacher], notice: Notice) -> str:
    """The authority digits that most numbers of the notice's authority share; empty while in doubt."""
    numbers = [
        parse_number(certificate.number)
        for teacher in teachers
        for certificate in teacher.certificates
        if notice.has_authority(certificate.authority)
    ]
    counts = Counter(parts.authority for parts in numbers if parts is not None)
    if counts.total() < LEAST_NUMBERS:
        return ""
    digits, count = counts.most_common(1)[0]
    return digits if count >= LEAST_SHARE * counts.total() else ""


def _kind_name(digit: str, notice: Notice) -> str:
    return next((kind.name for kind in notice.kinds if kind.digit == digit), "没有这一种")


EVERYONE = (cell_refused,)
UNLESS_OUT = (kind, number, issued, authority_missing, subject_missing, same_kind_twice)
TOGETHER = (same_number,)
