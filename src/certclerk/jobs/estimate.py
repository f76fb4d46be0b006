"""How large a submission will be and in how many mails, before anything of it is written."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.core.page_image import PageImage
from certclerk.core.recipe import AS_IT_IS, edited_size
from certclerk.core.records import Page
from certclerk.core.submission import Submission, split
from certclerk.imaging import PASSED_FORMS
from certclerk.jobs.package import ORIGINAL, page_source, stored_bytes
from certclerk.output.mail import Attachment, archive_room

# Pages really made smaller, to learn how much all of them will shrink: 0.2 s each.
SAMPLES = 6
# Of a scan as a JPEG of the quality that pages get which are encoded anew, while none has been made.
_BYTES_PER_PX = 0.3
# Bytes that a PDF and its ZIP entry add to the pages, and about what an annex file takes.
DOCUMENT_COST = 2_000
ANNEX_BYTES = 60_000
MB = 10**6


@dataclass(frozen=True, slots=True)
class Mails:
    """``count`` of mails; ``fill`` are all bytes over what one mail holds: 2.3 is two full ones and a third."""

    count: int
    fill: float


def document_sizes(
    collection: Collection,
    submission: Submission,
    size: str = ORIGINAL,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[int, ...]:
    """About how many bytes each document will have at ``size``; reads some pages unless all of them pass through."""
    stored = stored_bytes(collection, submission)
    make = page_source(collection, submission, size)

    def passes(page: Page) -> bool:
        return page.recipe == AS_IT_IS and page.media_type in PASSED_FORMS

    def share(page: Page) -> float:
        """What a page takes as it lies; of one that is encoded anew, its px."""
        if passes(page):
            return stored(page)
        return math.prod(edited_size(page.width, page.height, page.recipe))

    factors = {True: 1.0, False: _BYTES_PER_PX}
    for passing in (True, False):
        pages = [page for page in submission.pages() if passes(page) is passing]
        if pages and not (passing and size == ORIGINAL):
            factors[passing] = _ratio(pages, make, share, cancelled) or factors[passing]
    return tuple(
        DOCUMENT_COST + round(sum(factors[passes(page)] * share(page) for page in document.pages))
        for document in submission.documents
    )


def mails(submission: Submission, sizes: Sequence[int], limit_mb: float) -> Mails:
    """``sizes`` are bytes of documents, ``limit_mb`` is for a mail as sent."""
    annexes = [
        Attachment(f"{annex.file_stem}{suffix}", ANNEX_BYTES)
        for annex in submission.annexes
        for suffix in (".xlsx", ".pdf")
    ]
    first, further = archive_room(submission, annexes, round(limit_mb * MB))
    return Mails(len(split(sizes, (max(first, 0), further))), sum(sizes) / max(further, 1))


def _ratio(
    pages: Sequence[Page],
    make: Callable[[Page], PageImage],
    share: Callable[[Page], float],
    cancelled: Callable[[], bool],
) -> float | None:
    """Bytes after over what ``share`` says of them before, from pages spread over all of them; None of no page."""
    before = after = 0.0
    for page in pages[:: max(1, len(pages) // SAMPLES)][:SAMPLES]:
        if cancelled():
            break
        try:
            after += len(make(page).data)
        except UserError:
            continue  # a damaged page is told by the check, not here
        before += share(page)
    return after / before if before else None
