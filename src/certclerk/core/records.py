"""The records of a collection: frozen values handed between all layers.

Text fields are normalised strings, empty where nothing is known; a value that could not
be understood stays as the clerk gave it, and a rule reports it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from certclerk.core.recipe import AS_IT_IS, Recipe


class Place(StrEnum):
    """Where a page lies: in a certificate's slot, in the tray 待归位, or in the trash."""

    SLOT = "slot"
    TRAY = "tray"
    TRASH = "trash"


# One picture as it came: the hash of its file, and the frame in it. Pages of one original are the same picture.
Original = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Page:
    """One picture: a frame of an immutable original, and how it is to be shown.

    ``width`` and ``height`` are px as the file wants the frame seen; ``dpi`` is what the file claims;
    ``rotation`` is clockwise degrees (0, 90, 180, 270) on top of the file's own orientation.
    ``contrast`` to ``likeness`` were measured on the way in (see imaging.quality), None where they were not;
    ``cut`` holds the sides (l, r, t, b) over which the page runs out of the picture. ``recipe`` is what the clerk
    did to its looks.
    """

    id: int
    sha256: str
    frame: int
    media_type: str
    width: int
    height: int
    dpi: float | None
    source: str
    added_at: str
    rotation: int = 0
    place: Place = Place.TRAY
    certificate_id: int | None = None
    slot: str | None = None
    position: int = 0
    reason: str = ""
    contrast: float | None = None
    sharpness: float | None = None
    lightest: float | None = None
    darkest: float | None = None
    cut: str | None = None
    likeness: str | None = None
    recipe: Recipe = AS_IT_IS

    @property
    def original(self) -> Original:
        return self.sha256, self.frame


@dataclass(frozen=True, slots=True)
class Picture:
    """Bytes that a page can be read from without a password or another program: its original's, or those of
    its rendition, made when it was taken in. ``frame`` counts from 0 within ``data``, whose hash ``sha256`` is.
    """

    data: bytes
    media_type: str
    frame: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Trashed:
    """A page in the trash, and where it lay when it was taken: ``certificate_id`` and ``slot`` are None where that
    was the tray, and the certificate may be gone since. ``trashed_at`` (UTC, ISO 8601) is empty where it was not kept.
    """

    page: Page
    certificate_id: int | None
    slot: str | None
    position: int
    trashed_at: str


@dataclass(frozen=True, slots=True)
class Absence:
    """The clerk's word that a certificate has no such page (无此页), with the reason."""

    slot: str
    reason: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cell that was refused on the way in: the field stays empty until it is typed again."""

    field: str
    original: str
    reason: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """``choice`` is the clerk's decision about an ``ask`` certificate: ``"in"``, ``"out"`` or ``""``."""

    id: int
    teacher_id: int
    kind: str = ""
    subject: str = ""
    number: str = ""
    authority: str = ""
    issued: str = ""
    choice: str = ""
    choice_reason: str = ""
    absences: tuple[Absence, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    pages: tuple[Page, ...] = ()

    def pages_in(self, slot: str) -> tuple[Page, ...]:
        return tuple(page for page in self.pages if page.slot == slot)

    def absence(self, slot: str) -> Absence | None:
        return next((absence for absence in self.absences if absence.slot == slot), None)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The clerk's reason why a finding stands (确认无误); it lapses when ``value`` changes.

    ``in_note``: the clerk wants it in the roster annex's 备注.
    """

    code: str
    field: str
    value: str
    reason: str
    certificate_id: int | None = None
    in_note: bool = False


@dataclass(frozen=True, slots=True)
class Teacher:
    """A row of the roster. ``choice``: the clerk's ``"out"`` (不在岗), ``"hold"`` (暂缓), or ``""``.

    ``sheet_serial`` is the 序号 that the source sheet gave this row; ``serial`` is that or, where the sheet's
    are not all there or not unique, a number of the collection's own. ``signed_on`` is the day (ISO) on which
    the teacher signed for this row, ``signed_row`` what the row was then; see :mod:`certclerk.core.signature`.
    """

    id: int
    serial: int
    name: str = ""
    sex: str = ""
    id_number: str = ""
    note: str = ""
    choice: str = ""
    choice_reason: str = ""
    sheet_serial: int | None = None
    signed_on: str = ""
    signed_row: str = ""
    certificates: tuple[Certificate, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()

    def pages(self) -> Iterator[Page]:
        for certificate in self.certificates:
            yield from certificate.pages


def is_refused(holder: Teacher | Certificate, field: str) -> bool:
    """Whether the field is empty because its cell was refused on the way in."""
    return any(refusal.field == field for refusal in holder.refusals)


@dataclass(frozen=True, slots=True)
class Filing:
    """Who submits: the head of the annexes. ``filled_on`` None means the day of packaging."""

    unit: str
    clerk: str = ""
    phone: str = ""
    filled_on: date | None = None

    def on(self, day: date) -> Filing:
        return replace(self, filled_on=day)


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything of a collection at one moment, in roster order."""

    filing: Filing
    teachers: tuple[Teacher, ...]
    tray: tuple[Page, ...] = ()
    damaged: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ProposedCertificate:
    kind: str = ""
    subject: str = ""
    number: str = ""
    authority: str = ""
    issued: str = ""
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposedTeacher:
    """What a table from outside, or the clerk's typing, asks to be added. ``serial`` is the table's own 序号."""

    name: str = ""
    sex: str = ""
    id_number: str = ""
    note: str = ""
    serial: int | None = None
    certificates: tuple[ProposedCertificate, ...] = ()
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposedPage:
    """A decoded, trusted frame whose bytes are already stored as a blob."""

    sha256: str
    frame: int
    media_type: str
    width: int
    height: int
    dpi: float | None
    source: str
    contrast: float | None = None
    sharpness: float | None = None
    lightest: float | None = None
    darkest: float | None = None
    cut: str | None = None
    likeness: str | None = None
    recipe: Recipe = AS_IT_IS

    @property
    def original(self) -> Original:
        return self.sha256, self.frame


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem at a place. ``value`` is what it was found in: a confirmation holds only for it.

    ``confirmed`` is the clerk's reason; ``noted``: it goes into the roster annex's 备注.
    """

    code: str
    severity: Severity
    message: str
    teacher_id: int | None = None
    serial: int | None = None
    certificate_id: int | None = None
    certificate: int | None = None
    field: str = ""
    value: str = ""
    confirmed: str = ""
    noted: bool = False

    @property
    def blocking(self) -> bool:
        """Whether it keeps its teacher out of a submission."""
        return self.severity is Severity.ERROR
