"""Rules about how a page was scanned: too coarsely, out of focus, or with nothing on it.

Contrast and sharpness were measured at intake; pages that came before there was a measure, or that were
too coarse for it, have none and are not spoken of.

Both thresholds are from ``tests/bench/quality``, drawn pages at 100 to 300 dpi. Of 352 blank ones 343 are
told, the others have dust and a hair on them; of 480 good ones eight are called blank, where a single word
is left with a fifth of its ink or light. Of 480 that cannot be read for blur or movement 411 are called
blurred, of 96 that are soft 85, of 480 good ones none; what is missed is mostly grain, dust or hair over blur.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from certclerk.core.booklet import effective_dpi
from certclerk.core.records import Certificate, Finding, Page, Teacher
from certclerk.core.rules.place import Context, certificate_finding

# DA/T 31 asks for as many px per inch at least.
LEAST_DPI = 200
LEAST_CONTRAST = 0.07
LEAST_SHARPNESS = 0.16


def page_coarse(page: Page) -> bool:
    """Whether the page has too few px for its size on paper."""
    return _dpi(page) < LEAST_DPI


def page_blank(page: Page) -> bool:
    """Whether hardly anything on the page stands out from it."""
    return page.contrast is not None and page.contrast < LEAST_CONTRAST


def page_blurred(page: Page) -> bool:
    """Whether even the strongest edges are soft. A blank page has none to judge by."""
    return page.sharpness is not None and page.sharpness < LEAST_SHARPNESS and not page_blank(page)


_RULES: dict[str, tuple[Callable[[Page], bool], str]] = {
    "page_coarse": (page_coarse, "只有约 {dpi} dpi，小字可能看不清"),
    "page_blurred": (page_blurred, "看上去模糊"),
    "page_blank": (page_blank, "几乎是空白的"),
}


def poorly_scanned(teacher: Teacher, certificate: Certificate, context: Context) -> Iterator[Finding]:
    for page in certificate.pages:
        for code, (is_so, words) in _RULES.items():
            if page.slot and is_so(page):
                label = context.notice.slot(page.slot).label
                message = f"{label}（{page.source}）{words.format(dpi=_dpi(page))}"
                yield certificate_finding(code, message, teacher, certificate, page.slot, page.sha256)


def _dpi(page: Page) -> int:
    """A whole number: a scanner's 200 dpi can come out as 199.98."""
    return round(effective_dpi(page.width, page.height, page.dpi, page.rotation))
