"""Rules about two scans of one page: pages that look alike by their fingerprints, see imaging.likeness.

Only the pages of a slot that takes several are held against one another: these bear the holder's particulars, while
covers and pages for remarks are printed alike for everybody. Within one certificate, all slots are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from certclerk.core.recipe import WHOLE, Box
from certclerk.core.records import Finding, Page, Teacher
from certclerk.core.rules.page_quality import is_blank
from certclerk.core.rules.place import NAMED, Context, certificate_case

# Cells of a fingerprint across and down, of an upright page.
CELLS = (46, 70)
# Cells that are surely dark on one and surely not on the other; from tests/bench/quality.
MOST_APART = 13
_COUNT = CELLS[0] * CELLS[1]


def page_rescanned(
    page: Page, own: Teacher, others: Sequence[tuple[Teacher, Page]], context: Context
) -> Iterator[Finding]:
    """``others`` are scans of the same page, in roster order."""
    index = next(place for place, held in enumerate(own.certificates) if held.id == page.certificate_id)
    named = [
        f"第{other.serial}号{other.name}的{context.notice.slot(twin.slot).label}"
        for other, twin in others
        if twin.slot
    ]
    if page.slot and named:
        more = f"等{len(named)}处" if len(named) > NAMED else ""
        label = context.notice.slot(page.slot).label
        message = f"{label}与{'、'.join(named[:NAMED])}{more}看上去是同一页的两次扫描"
        case = certificate_case(own, index, context)
        yield case.finding("page_rescanned", message, page.slot, page.sha256)


def is_told_apart(page: Page, context: Context) -> bool:
    """Whether the page bears what only its holder's does."""
    return page.slot is not None and context.notice.slot(page.slot).many


def rescans_within(own: Teacher) -> Iterator[tuple[Page, Page]]:
    """Pairs of pages in different slots of one certificate that are scans of one page."""
    for held in own.certificates:
        prints = [(page, cells) for page in held.pages if (cells := fingerprint(page))]
        for (one, cells), (other, others) in combinations(prints, 2):
            if one.slot != other.slot and apart(cells, others) <= MOST_APART and two_scans(one, other):
                yield one, other


def two_scans(one: Page, other: Page) -> bool:
    """Whether pages that look alike are two scans of one page: a picture in two places is another matter."""
    return one.original != other.original and same_part(one.recipe.crop, other.recipe.crop)


def same_part(one: Box | None, other: Box | None) -> bool:
    """Whether two crops show about the same part of what was scanned: the halves of a split spread do not."""
    first, second = one or WHOLE, other or WHOLE
    across = min(first[2], second[2]) - max(first[0], second[0])
    down = min(first[3], second[3]) - max(first[1], second[1])
    return across > 0 and down > 0 and across * down > min(_area(first), _area(second)) / 2


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


@dataclass(frozen=True, slots=True)
class Cells:
    """``told``: a page's dark cells, then those that are not; ``sought``: the same the other way round.

    Cells that are dark on one page and not on another: what is in one's ``told`` and the other's ``sought``.
    """

    told: int
    sought: int


def apart(one: Cells, other: Cells) -> int:
    """Cells that are surely dark on one and surely not on the other."""
    return (one.told & other.sought).bit_count()


def fingerprint(page: Page) -> Cells | None:
    """The cells of the page as the clerk has turned it; None where it was not measured, is blank, or what the file says
    of it is no measure.
    """
    if not page.likeness or is_blank(page):
        return None
    try:
        lying, measured = page.likeness[0] == "1", bytes.fromhex(page.likeness[1:])
    except ValueError:
        return None
    if len(measured) != -(-2 * _COUNT // 8):
        return None
    told = int.from_bytes(measured)
    # Of a page wider than high they are those of the page turned anticlockwise.
    if page.rotation in ((90, 180) if lying else (180, 270)):
        told = _halves_swapped(int(f"{told:0{2 * _COUNT}b}"[::-1], 2))
    return Cells(told, _halves_swapped(told))


def _halves_swapped(planes: int) -> int:
    return (planes & (1 << _COUNT) - 1) << _COUNT | planes >> _COUNT
