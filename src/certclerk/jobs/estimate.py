"""How large a submission will be and in how many mails, before anything of it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.core.submission import Submission, split
from certclerk.jobs.package import ORIGINAL, page_source
from certclerk.output.mail import Attachment, archive_room

# Pages really made smaller, to learn how much all of them will shrink: 0.2 s each.
SAMPLES = 6
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
    """About how many bytes each document will have at ``size``; reads some pages unless that is ``original``."""
    stored = collection.blob_sizes()
    # A file of several pages counts once.
    shared = Counter(page.sha256 for document in submission.documents for page in document.pages)
    share = {sha256: stored.get(sha256, 0) / times for sha256, times in shared.items()}
    factor = 1.0 if size == ORIGINAL else _shrinking(collection, submission, share, size, cancelled)
    return tuple(
        DOCUMENT_COST + round(factor * sum(share[page.sha256] for page in document.pages))
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


def _shrinking(
    collection: Collection,
    submission: Submission,
    share: Mapping[str, float],
    size: str,
    cancelled: Callable[[], bool],
) -> float:
    """Bytes after over bytes before, from pages spread over the whole submission."""
    make = page_source(collection, submission, size)
    pages = [page for document in submission.documents for page in document.pages]
    before = after = 0.0
    for page in pages[:: max(1, len(pages) // SAMPLES)][:SAMPLES]:
        if cancelled():
            break
        try:
            after += len(make(page).data)
        except UserError:
            continue  # a damaged page is told by the check, not here
        before += share[page.sha256]
    return after / before if before else 1.0
