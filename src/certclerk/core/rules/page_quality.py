"""Rules about how a page was scanned: too coarsely, out of focus, in bad light, not whole, or with nothing on it.

The figures were measured at intake; pages that came before there was a measure, or that were too coarse for it,
have none and are not spoken of.

The thresholds are from ``tests/bench/quality``, drawn pages at 100 to 300 dpi. Of 264 blank ones 256 are told, the
others have dust and a hair on them; of 360 good ones nine are called blank, where a single word is unevenly lit or
left with a fifth of its ink or light. Of 360 that cannot be read for blur or movement 317 are called blurred, of 72
that are soft 65, of 360 good ones none; what is missed is mostly grain, dust or hair over blur. Of 45 dark ones all
are told and of 199 good ones none; of 89 whose faintest words have less than a quarter of the paper's level as contrast
62 are called too light, of 199 that have two fifths nine, each a single small title: where light has burnt the red
labels away and left the black entries, it is not told. Of 1248 that lack a centimetre or more 1202 are called cut, of
416 that lack 5 mm 229, of 1010 whole ones none: of a margin that goes under a lid as white as paper, or is cropped where
nothing says the resolution, nothing can be known.
"""

from __future__ import annotations

from collections.abc import Iterator

from certclerk.core.booklet import page_dpi
from certclerk.core.recipe import WHOLE
from certclerk.core.records import Finding, Page
from certclerk.core.rules.place import CertificateCase

# DA/T 31 asks for as many px per inch at least.
LEAST_DPI = 200
LEAST_CONTRAST = 0.07
LEAST_SHARPNESS = 0.16
# Of what should be white, or gold on a cover; of what should be black.
LEAST_LIGHTEST = 0.35
MOST_DARKEST = 0.65

# Of a picture's width or height. Whoever takes more off a side, as the other half of a spread, has chosen another
# edge for the page there.
MOST_TRIMMED = 0.25

_SIDES = {"l": "左", "t": "上", "r": "右", "b": "下"}
_CLOCKWISE = "ltrb"


def page_coarse(case: CertificateCase) -> Iterator[Finding]:
    """Too few px for its size on paper."""
    for page in case.certificate.pages:
        # A whole number: a scanner's 200 dpi can come out as 199.98.
        dpi = round(page_dpi(page))
        if dpi < LEAST_DPI:
            yield from _at(case, page, "page_coarse", f"只有约 {dpi} dpi，小字可能看不清")


def page_blurred(case: CertificateCase) -> Iterator[Finding]:
    """Even the strongest edges are soft. A blank page has none to judge by."""
    for page in case.certificate.pages:
        if page.sharpness is not None and page.sharpness < LEAST_SHARPNESS and not is_blank(page):
            yield from _at(case, page, "page_blurred", "看上去模糊")


def page_blank(case: CertificateCase) -> Iterator[Finding]:
    """Hardly anything on the page stands out from it."""
    for page in case.certificate.pages:
        if is_blank(page):
            yield from _at(case, page, "page_blank", "几乎是空白的")


def page_too_dark(case: CertificateCase) -> Iterator[Finding]:
    """Not even the lightest of it is light."""
    for page in case.certificate.pages:
        if page.lightest is not None and page.lightest < LEAST_LIGHTEST and not is_blank(page):
            yield from _at(case, page, "page_too_dark", "太暗，字和印章可能看不清")


def page_too_light(case: CertificateCase) -> Iterator[Finding]:
    """Not even the darkest of it is dark."""
    for page in case.certificate.pages:
        if page.darkest is not None and page.darkest > MOST_DARKEST and not is_blank(page):
            yield from _at(case, page, "page_too_light", "太亮，字和印章可能褪淡了")


def page_cut_off(case: CertificateCase) -> Iterator[Finding]:
    """A part of the page lies beyond the picture."""
    for page in case.certificate.pages:
        missing = _turned(_left_missing(page), page.rotation)
        if missing:
            sides = "、".join(_SIDES[side] for side in _CLOCKWISE if side in missing)
            yield from _at(case, page, "page_cut_off", f"{sides}边好像没有扫全")


def _left_missing(page: Page) -> str:
    """The sides over which the picture lacks a part of the page, but for those that the recipe cuts away."""
    left, top, right, bottom = page.recipe.crop or WHOLE
    trimmed = {"l": left, "t": top, "r": 1 - right, "b": 1 - bottom}
    return "".join(side for side in page.cut or "" if trimmed[side] <= MOST_TRIMMED)


def _turned(sides: str, rotation: int) -> str:
    """The sides as they are after turning the page clockwise."""
    quarters = rotation // 90
    return "".join(_CLOCKWISE[(_CLOCKWISE.index(side) + quarters) % 4] for side in sides)


def is_blank(page: Page) -> bool:
    return page.contrast is not None and page.contrast < LEAST_CONTRAST


def _at(case: CertificateCase, page: Page, code: str, words: str) -> Iterator[Finding]:
    if page.slot:
        label = case.context.notice.slot(page.slot).label
        yield case.finding(code, f"{label}（{page.source}）{words}", page.slot, page.sha256)


SUBMITTED = (page_coarse, page_blurred, page_too_dark, page_too_light, page_cut_off, page_blank)
