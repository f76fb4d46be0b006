"""Rules about pages: all required ones there, their bytes sound, none in two places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from certclerk.core.progress import MISSING_PAGE, gaps
from certclerk.core.records import Certificate, Finding, Page, Teacher
from certclerk.core.rules.place import NAMED, Context, certificate_finding


def page_missing(teacher: Teacher, certificate: Certificate, context: Context) -> Iterator[Finding]:
    for gap in gaps(certificate, context.notice):
        label = context.notice.slot(gap.slot).label
        which = f"{certificate.kind}证书" if len(teacher.certificates) > 1 else ""
        yield certificate_finding(MISSING_PAGE, f"{which}缺{label}", teacher, certificate, gap.slot)


def page_damaged(teacher: Teacher, certificate: Certificate, context: Context) -> Iterator[Finding]:
    for page in certificate.pages:
        if page.sha256 in context.damaged and page.slot:
            label = context.notice.slot(page.slot).label
            message = f"{label}（{page.source}）的图像数据已损坏，请重新扫描"
            yield certificate_finding("page_damaged", message, teacher, certificate, page.slot, page.sha256)


def same_picture(teachers: Sequence[Teacher], context: Context) -> Iterator[Finding]:
    places: dict[tuple[str, int], list[tuple[Teacher, Certificate, Page]]] = defaultdict(list)
    for teacher in teachers:
        for certificate in teacher.certificates:
            for page in certificate.pages:
                places[page.sha256, page.frame].append((teacher, certificate, page))
    for found in places.values():
        for teacher, certificate, page in found if len(found) > 1 else ():
            if page.slot is None:
                continue
            # The first few say enough; naming all at each would grow with the square of their number.
            others = [
                f"第{other.serial}号{other.name}的{context.notice.slot(twin.slot).label}"
                for other, _, twin in found[: NAMED + 1]
                if twin.id != page.id and twin.slot
            ][:NAMED]
            more = f"等{len(found) - 1}处" if len(found) - 1 > len(others) else ""
            label = context.notice.slot(page.slot).label
            message = f"{label}与{'、'.join(others)}{more}是同一张图像"
            yield certificate_finding("page_twice", message, teacher, certificate, page.slot, page.sha256)


SUBMITTED = (page_missing, page_damaged)
TOGETHER = (same_picture,)
