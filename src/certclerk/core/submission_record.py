"""What a collection keeps of a submission: when, what, for whom, who was not in it and why."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Filing
from certclerk.core.submission import (
    Document,
    LeftOut,
    Submission,
    Supplement,
    Undecided,
    ordered_pages,
)


class Step(StrEnum):
    """What the clerk ticks off after a submission."""

    MAILED = "mailed"
    DELIVERED = "delivered"
    RETURNED = "returned"
    ACCEPTED = "accepted"

    @property
    def label(self) -> str:
        return _STEPS[self]


_STEPS = {
    Step.MAILED: "邮件已发",
    Step.DELIVERED: "纸质已送",
    Step.RETURNED: "退回",
    Step.ACCEPTED: "已收",
}


class Delivery(StrEnum):
    """How a submission gets to who asked for it."""

    MAIL = "mail"
    NET_DRIVE = "net_drive"
    USB_STICK = "usb_stick"

    @property
    def label(self) -> str:
        return _DELIVERIES[self]

    @property
    def mailed(self) -> bool:
        """Split into mails with their drafts; else one ZIP, however large."""
        return self is Delivery.MAIL


_DELIVERIES = {Delivery.MAIL: "电子邮件", Delivery.NET_DRIVE: "网盘", Delivery.USB_STICK: "U盘"}


@dataclass(frozen=True, slots=True)
class Tick:
    """``reason`` is why it was returned."""

    step: Step
    day: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SubmittedPage:
    """``slot`` as the notice calls it; ``recipe`` as its text. Together the looks of a page in its PDF."""

    sha256: str
    frame: int
    rotation: int
    recipe: str
    slot: str


@dataclass(frozen=True, slots=True)
class SubmittedCertificate:
    """``values`` are those of its row in the roster annex, under the content's columns."""

    id: int
    kind: str
    values: tuple[str, ...]
    pages: tuple[SubmittedPage, ...]


@dataclass(frozen=True, slots=True)
class SubmittedTeacher:
    """What does not count in comparing is what others in the submission bring about, or its size."""

    teacher_id: int
    name: str
    certificates: tuple[SubmittedCertificate, ...]
    serial: int = field(default=0, compare=False)
    file_name: str = field(default="", compare=False)
    sha256: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Content:
    """All that a bureau gets to see, and who is not in it.

    ``notice`` is the SHA-256 of its profile; ``filing.filled_on`` is None where the day was that of packaging;
    ``columns`` are fields of the roster annex, without the serial.
    """

    notice: str
    filing: Filing
    columns: tuple[str, ...]
    teachers: tuple[SubmittedTeacher, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class SubmittedFile:
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Terms:
    """How it was to be made. ``locked``: with a password, which is kept nowhere; ``forms``: the bureau's own forms
    that were filled, each annex's by its digest.
    """

    size: str
    limit_mb: float | None
    legacy_zip: bool
    locked: bool
    held: Mapping[int, str]
    forms: Mapping[str, str] = field(default_factory=dict)
    delivery: Delivery = Delivery.MAIL


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """``moment`` is the collection's, of which it was made; ``content`` None: an earlier version kept only figures."""

    moment: int
    day: date
    folder: str
    teachers: int
    mails: int
    terms: Terms
    files: tuple[SubmittedFile, ...]
    left_out: tuple[LeftOut, ...]
    undecided: tuple[Undecided, ...] = ()
    supplement: Supplement | None = None
    content: Content | None = None

    @property
    def bytes(self) -> int:
        return sum(file.size for file in self.files)


def notice_digest(notice: Notice) -> str:
    return hashlib.sha256(notice.source.encode()).hexdigest()


def content_of(
    submission: Submission, filled_on: date | None, proofs: Mapping[str, str] | None = None
) -> Content:
    """``filled_on`` is the day that the clerk chose for the head; ``proofs`` the SHA-256 of each PDF by file name."""
    columns, rows = _annex_rows(submission)
    filing = submission.filing
    return Content(
        notice=notice_digest(submission.notice),
        filing=Filing(filing.unit, filing.clerk, filing.phone, filled_on),
        columns=columns,
        teachers=tuple(
            _teacher(document, rows, submission.notice, proofs or {}) for document in submission.documents
        ),
        left_out=submission.left_out,
    )


def _annex_rows(submission: Submission) -> tuple[tuple[str, ...], Iterator[tuple[str, ...]]]:
    """The roster annex's fields, and its rows one after the other: nothing of either where the notice wants none."""
    for annex, table in zip(submission.notice.annexes, submission.annexes, strict=True):
        if annex.kind == "roster":
            kept = [index for index, column in enumerate(annex.columns) if column.field != "serial"]
            rows = (tuple(str(row[index]) for index in kept) for row in table.grid.rows)
            return tuple(annex.columns[index].field for index in kept), rows
    return (), (() for document in submission.documents for _ in document.certificates)


def _teacher(
    document: Document, rows: Iterator[tuple[str, ...]], notice: Notice, proofs: Mapping[str, str]
) -> SubmittedTeacher:
    return SubmittedTeacher(
        teacher_id=document.teacher_id,
        name=document.name,
        certificates=tuple(
            SubmittedCertificate(
                certificate.id, certificate.kind, next(rows), tuple(_pages(certificate, notice))
            )
            for certificate in document.certificates
        ),
        serial=document.serial,
        file_name=document.file_name,
        sha256=proofs.get(document.file_name, ""),
    )


def _pages(certificate: Certificate, notice: Notice) -> Iterator[SubmittedPage]:
    labels = {slot.id: slot.label for slot in notice.slots}
    for page in ordered_pages(certificate, notice):
        yield SubmittedPage(
            page.sha256, page.frame, page.rotation, page.recipe.as_text(), labels[page.slot or ""]
        )
