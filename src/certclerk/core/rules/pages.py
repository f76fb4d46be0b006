"""Rules about pages: all required ones there, their bytes sound, none in two places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from itertools import islice

from certclerk.core.progress import MISSING_PAGE, gaps
from certclerk.core.records import Finding, Teacher
from certclerk.core.rules.place import NAMED, CertificateCase, Context, Together, certificate_case
from certclerk.core.rules.rescans import same_part


def page_missing(case: CertificateCase) -> Iterator[Finding]:
    for gap in gaps(case.certificate, case.context.notice):
        label = case.context.notice.slot(gap.slot).label
        which = f"{case.certificate.kind}证书" if len(case.teacher.certificates) > 1 else ""
        yield case.finding(MISSING_PAGE, f"{which}缺{label}", gap.slot)


def page_damaged(case: CertificateCase) -> Iterator[Finding]:
    for page in case.certificate.pages if case.context.damaged else ():
        if page.sha256 in case.context.damaged and page.slot:
            label = case.context.notice.slot(page.slot).label
            message = f"{label}（{page.source}）的图像数据已损坏，请重新扫描"
            yield case.finding("page_damaged", message, page.slot, page.sha256)


def page_twice(key: Hashable, sharing: Sequence[Teacher], context: Context) -> Iterator[Finding]:
    places = [
        (teacher, index, page)
        for teacher in sharing
        for index, certificate in enumerate(teacher.certificates)
        for page in certificate.pages
        if page.original == key
    ]
    parts = Counter(page.recipe.crop for _, _, page in places)
    for teacher, index, page in places:
        if page.slot is None:
            continue
        shown = {crop for crop in parts if same_part(page.recipe.crop, crop)}
        twins = sum(parts[crop] for crop in shown) - 1
        if not twins:
            continue
        # The first few say enough; naming all at each would grow with the square of their number.
        named = islice((place for place in places if place[2].recipe.crop in shown), NAMED + 1)
        others = [
            f"第{other.serial}号{other.name}的{context.notice.slot(twin.slot).label}"
            for other, _, twin in named
            if twin.id != page.id and twin.slot
        ][:NAMED]
        more = f"等{twins}处" if twins > len(others) else ""
        label = context.notice.slot(page.slot).label
        message = f"{label}与{'、'.join(others)}{more}是同一张图像"
        yield certificate_case(teacher, index, context).finding("page_twice", message, page.slot, page.sha256)


SUBMITTED = (page_missing, page_damaged)
TOGETHER = (Together(lambda teacher: [page.original for page in teacher.pages()], page_twice),)
