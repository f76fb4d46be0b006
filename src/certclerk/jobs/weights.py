"""What pages will weigh in their documents: some are made to see, the rest follow from those like them.

Pages are alike that are of one form, edited or not, and have about as many bytes a px and px an inch. Of each such
group pages are made until the sum of all is known well enough, those first that tell most.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field

from certclerk.collection import Collection
from certclerk.core.booklet import page_dpi
from certclerk.core.errors import UserError
from certclerk.core.page_image import PageImage
from certclerk.core.recipe import AS_IT_IS, edited_size
from certclerk.core.records import Page
from certclerk.core.submission import Submission
from certclerk.imaging import PASSED_FORMS

# Pages are made until the sum is within so much of the real one, nearly always: three standard deviations.
WITHIN = 0.04
DEVIATIONS = 3
# How much pages of a group differ, of their mean, as long as few have been made.
SUPPOSED_SPREAD = 0.25
# Of a page encoded anew, bytes a px while none has been made.
SUPPOSED_BYTES_PER_PX = 0.3


class Weights:
    """Bytes of pages that were made once, by what they are made of and the size: nothing is made twice to learn it."""

    def __init__(self) -> None:
        self._known: dict[Hashable, int] = {}

    def of(self, page: Page, size: str) -> int | None:
        return self._known.get((page.original, page.rotation, page.recipe, size))

    def keep(self, page: Page, size: str, weight: int) -> None:
        self._known[page.original, page.rotation, page.recipe, size] = weight


@dataclass(slots=True)
class _Group:
    """Pages alike: ``basis`` and weight of those that were made, and those that were not, the next one last."""

    supposed: float
    made: list[tuple[float, int]] = field(default_factory=list)
    left: list[tuple[Page, float]] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        basis = sum(basis for basis, _ in self.made)
        return sum(weight for _, weight in self.made) / basis if basis else self.supposed

    def uncertainty(self, more: int = 0) -> float:
        """The variance of what is left in bytes, with ``more`` pages made that spread as these do."""
        count = len(self.left) - more
        if count <= 0:
            return 0.0
        mean = self.ratio * sum(basis for _, basis in self.left) / len(self.left)
        if not self.made and not more:
            return (count * mean) ** 2
        spread = (SUPPOSED_SPREAD * mean) ** 2
        spread += sum((weight - self.ratio * basis) ** 2 for basis, weight in self.made)
        spread /= max(len(self.made), 1)
        return spread * (count + count**2 / (len(self.made) + more))


def page_weights(
    collection: Collection,
    submission: Submission,
    size: str,
    make: Callable[[Page], PageImage],
    weights: Weights,
    cancelled: Callable[[], bool],
) -> dict[int, float]:
    """About how many bytes each page has, by its id; as good as was learned until ``cancelled``."""
    basis = _basis(collection, submission)
    groups: dict[Hashable, _Group] = {}
    for page in sorted(submission.pages(), key=lambda page: page.sha256):
        supposed = 1.0 if _passes(page) else SUPPOSED_BYTES_PER_PX
        group = groups.setdefault(_likeness(page, basis(page)), _Group(supposed))
        weight = weights.of(page, size)
        if weight is None:
            group.left.append((page, basis(page)))
        else:
            group.made.append((basis(page), weight))
    while not cancelled() and (telling := _most_telling(groups.values())):
        page, its_basis = telling.left.pop()
        weight = made_weight(page, size, make, weights)
        if weight is not None:
            telling.made.append((its_basis, weight))
    found = {page.id: group.ratio * its_basis for group in groups.values() for page, its_basis in group.left}
    for page in submission.pages():
        weight = weights.of(page, size)
        if weight is not None:
            found[page.id] = weight
    return found


def made_weight(page: Page, size: str, make: Callable[[Page], PageImage], weights: Weights) -> int | None:
    """Bytes of the page, made to learn it unless that is known; None of one that is damaged: the check tells that."""
    weight = weights.of(page, size)
    if weight is None:
        try:
            weight = len(make(page).data)
        except UserError:
            return None
        weights.keep(page, size, weight)
    return weight


def _most_telling(groups: Iterable[_Group]) -> _Group | None:
    """The group of which one more page makes the sum surest; None when it is sure enough."""
    open_groups = [group for group in groups if group.left]
    total = sum(
        sum(weight for _, weight in group.made) + group.ratio * sum(basis for _, basis in group.left)
        for group in groups
    )
    if DEVIATIONS * math.sqrt(sum(group.uncertainty() for group in open_groups)) <= WITHIN * total:
        return None
    return max(open_groups, key=lambda group: group.uncertainty() - group.uncertainty(1), default=None)


def _basis(collection: Collection, submission: Submission) -> Callable[[Page], float]:
    """What a page's bytes go by: those that are stored of it, or of its share of a file of many, and of an edited page
    its part of them; of a form that is encoded anew in any case, its px.
    """
    files, renditions = collection.blob_sizes(), collection.rendition_sizes()
    shared = Counter(page.sha256 for page in submission.pages())

    def basis(page: Page) -> float:
        px = math.prod(edited_size(page.width, page.height, page.recipe))
        if page.media_type not in PASSED_FORMS:
            return px
        drawn = renditions.get(page.original)
        stored = files.get(page.sha256, 0) / shared[page.sha256] if drawn is None else drawn
        return stored * px / max(page.width * page.height, 1)

    return basis


def _passes(page: Page) -> bool:
    return page.media_type in PASSED_FORMS


def _likeness(page: Page, basis: float) -> Hashable:
    px = math.prod(edited_size(page.width, page.height, page.recipe))
    dense = round(math.log2(basis / px + 1e-6))
    fine = round(2 * math.log2(page_dpi(page)))
    return page.media_type, page.recipe == AS_IT_IS, dense, fine
