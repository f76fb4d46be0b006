"""What teachers are asked for in their chat group: whom to bring it to, by when, who is meant. Without numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from certclerk.core.notice import Notice
from certclerk.core.records import Filing, Teacher
from certclerk.core.wording import named


def request(filing: Filing, notice: Notice, wanted: str) -> str:
    """The first line; ``wanted`` says what is lacking, as ``还缺以下材料``. ``filing.filled_on`` is today."""
    deadline, day = notice.deadline, filing.filled_on
    when = f"在{deadline.month}月{deadline.day}日前" if deadline and day and day <= deadline else "尽快"
    phone = f"（{filing.phone}）" if filing.phone else ""
    return f"各位老师好！{notice.short_title}{wanted}，请{when}交给{filing.clerk or '经办人'}{phone}，谢谢！"


def lines(asked: Iterable[tuple[Teacher, str]], everybody: Iterable[Teacher]) -> Iterator[str]:
    """A line for each teacher and what is asked of them; namesakes are told apart, also from those not asked."""
    shared = Counter(teacher.name for teacher in everybody)
    for number, (teacher, what) in enumerate(asked, start=1):
        told_apart = not teacher.name or shared[teacher.name] > 1
        name = f"{named(teacher.name)}（名册第 {teacher.serial} 号）" if told_apart else teacher.name
        yield f"{number}. {name}：{what}"


def certificate_labels(teacher: Teacher) -> dict[int | None, str]:
    """How each certificate is called where there are several: by its kind, with a number if that is not enough."""
    if len(teacher.certificates) < 2:
        return {}
    kinds = Counter(certificate.kind for certificate in teacher.certificates)
    return {
        certificate.id: certificate.kind
        if certificate.kind and kinds[certificate.kind] == 1
        else f"第{number}本{certificate.kind}"
        for number, certificate in enumerate(teacher.certificates, start=1)
    }
