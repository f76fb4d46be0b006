"""How large a submission will be and in how many mails, before anything of it is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from certclerk.collection import Collection
from certclerk.core.splitting import Parts, overfull, packed
from certclerk.core.submission import Document, Submission
from certclerk.jobs.page_images import ORIGINAL, page_source
from certclerk.jobs.weights import Weights, made_weight, page_weights
from certclerk.output.archives import archive_costs
from certclerk.output.document import most_bytes
from certclerk.output.mail import Attachment
from certclerk.output.submission_folder import mail_room

# Of an annex by its form: without rows, and each row. Rather too much: a mail may have room to spare.
ANNEX_BYTES = {".xlsx": (12_000, 80), ".pdf": (45_000, 350)}
# Of a mail's room: a document above is made to see whether it really fits.
NEAR = 0.8


@dataclass(frozen=True, slots=True)
class Mails:
    """``parts`` number the documents of each mail from 0; ``fill`` are all bytes over what one mail holds: 2.3 is two
    full ones and a third. ``too_large`` are documents that no mail can take.
    """

    parts: Parts
    fill: float
    too_large: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.parts)


def document_sizes(
    collection: Collection,
    submission: Submission,
    size: str = ORIGINAL,
    *,
    weights: Weights | None = None,
    limit_mb: float | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[int, ...]:
    """About how many bytes each document will have at ``size``, together within 5 % of what they will be.

    Makes some pages to learn it, and keeps that in ``weights``. With ``limit_mb`` every document that may be too large
    for a mail is made whole.
    """
    weights = weights or Weights()
    make = page_source(collection, submission, size)
    found = page_weights(collection, submission, size, make, weights, cancelled)

    def known(document: Document) -> int:
        return most_bytes(document.name, (round(found.get(page.id, 0)) for page in document.pages))

    if limit_mb is not None:
        room = mail_room(submission, _annexes(submission), limit_mb)
        doubtful = (each for each in submission.documents if known(each) > NEAR * room.first)
        for page in (page for document in doubtful for page in document.pages):
            if cancelled():
                break
            weight = made_weight(page, size, make, weights)
            found[page.id] = found[page.id] if weight is None else weight
    return tuple(map(known, submission.documents))


def mails(submission: Submission, sizes: Sequence[int], limit_mb: float) -> Mails:
    """``sizes`` are bytes of documents, ``limit_mb`` is for a mail as sent."""
    room = mail_room(submission, _annexes(submission), limit_mb)
    costs = archive_costs(submission, sizes, legacy=False, locked=False)
    parts = packed(costs, room)
    return Mails(parts, sum(costs) / max(room.further, 1), overfull(parts, costs, room))


def _annexes(submission: Submission) -> list[Attachment]:
    return [
        Attachment(f"{annex.file_stem}{suffix}", empty + row * len(annex.grid.rows))
        for annex in submission.annexes
        for suffix, (empty, row) in ANNEX_BYTES.items()
    ]
