"""What a collection yields under its notice at one moment: documents, annex tables, and who is not in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from certclerk.core.annexes import AnnexTable, Entry, annex_tables
from certclerk.core.names import safe_file_name
from certclerk.core.notice import Notice
from certclerk.core.records import Certificate, Filing, Finding, Page, Roster, Teacher
from certclerk.core.scope import Scope, submitted_certificates, teacher_scope

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Document:
    """One teacher's PDF. ``serial`` is the 序号 of the roster annex; ``pages`` are in the order to print."""

    teacher_id: int
    serial: int
    name: str
    file_name: str
    certificates: tuple[Certificate, ...]
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A teacher who is not in the submission. ``serial`` is the collection's."""

    teacher_id: int
    serial: int
    name: str
    scope: Scope
    reason: str


@dataclass(frozen=True, slots=True)
class Submission:
    """``filing.unit`` is the unit's official name and ``filing.filled_on`` the day.

    ``undecided`` are certificates (as teacher name and reason) left out because their scope is still 待定.
    """

    notice: Notice
    filing: Filing
    day: date
    documents: tuple[Document, ...]
    left_out: tuple[LeftOut, ...]
    annexes: tuple[AnnexTable, ...]

    @property
    def folder_name(self) -> str:
        pattern = self.notice.names.folder
        return safe_file_name(pattern.format(unit=self.filing.unit, date=self.day.isoformat()))

    @property
    def certificate_count(self) -> int:
        return sum(len(document.certificates) for document in self.documents)

    def held(self) -> tuple[LeftOut, ...]:
        return tuple(left for left in self.left_out if left.scope is Scope.HOLD)


def blockers(roster: Roster, notice: Notice, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that stop a submission: errors of teachers in scope, and of the unit itself."""
    in_scope = {teacher.id for teacher in roster.teachers if teacher_scope(teacher, notice).scope is Scope.IN}
    return tuple(
        finding
        for finding in findings
        if finding.blocking and (finding.teacher_id is None or finding.teacher_id in in_scope)
    )


def plan(
    roster: Roster, notice: Notice, day: date, *, held: Collection[int] = (), held_reason: str = ""
) -> Submission:
    """The submission of ``roster`` on ``day``; teachers in ``held`` are left out of it as 暂缓."""
    included: list[tuple[Teacher, tuple[Certificate, ...]]] = []
    left_out: list[LeftOut] = []
    for teacher in roster.teachers:
        verdict = teacher_scope(teacher, notice)
        if verdict.scope is Scope.IN and teacher.id not in held:
            included.append((teacher, submitted_certificates(teacher, notice)))
            continue
        scope, reason = verdict.scope, verdict.reason
        if scope is Scope.IN:
            scope, reason = Scope.HOLD, held_reason
        left_out.append(LeftOut(teacher.id, teacher.serial, teacher.name, scope, reason))
    filing = Filing(notice.official_name(roster.filing.unit), roster.filing.clerk, roster.filing.phone, day)
    entries = tuple(
        Entry(serial, teacher, certificates) for serial, (teacher, certificates) in enumerate(included, 1)
    )
    return Submission(
        notice=notice,
        filing=filing,
        day=day,
        documents=_documents(entries, notice),
        left_out=tuple(left_out),
        annexes=annex_tables(entries, filing, notice),
    )


def _documents(entries: Sequence[Entry], notice: Notice) -> tuple[Document, ...]:
    shared = Counter(_same_file_key(entry.teacher.name) for entry in entries)
    return tuple(
        Document(
            teacher_id=entry.teacher.id,
            serial=entry.serial,
            name=entry.teacher.name,
            file_name=document_name(
                entry.teacher.name, entry.serial, notice, same=shared[_same_file_key(entry.teacher.name)] > 1
            ),
            certificates=entry.certificates,
            pages=tuple(
                page for certificate in entry.certificates for page in ordered_pages(certificate, notice)
            ),
        )
        for entry in entries
    )


def document_name(name: str, serial: int, notice: Notice, *, same: bool) -> str:
    """A teacher's PDF by the notice's patterns; ``same``: another teacher's name gives the same file."""
    pattern = notice.names.document_same_name if same else notice.names.document
    return safe_file_name(pattern.format(name=name, serial=serial))


def _same_file_key(name: str) -> str:
    """Equal for names that one folder of a case-blind file system cannot tell apart."""
    return safe_file_name(name).casefold()


def ordered_pages(certificate: Certificate, notice: Notice) -> tuple[Page, ...]:
    """Slots in the notice's order, pages of a slot in theirs."""
    return tuple(page for slot in notice.slots for page in certificate.pages_in(slot.id))


def in_parts(
    items: Iterable[T], size: Callable[[T], int], capacity: Sequence[int]
) -> Iterator[tuple[int, T]]:
    """Each item with the number (from 0) of the part it goes to, one at a time and in order.

    ``size`` and ``capacity`` are bytes; the last capacity counts for all further parts. An item that is too
    large for any part stands alone.
    """
    part, room = -1, 0
    for item in items:
        needed = size(item)
        if part < 0 or needed > room:
            part += 1
            room = capacity[min(part, len(capacity) - 1)]
        room -= needed
        yield part, item


def split(sizes: Sequence[int], capacity: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Indices of ``sizes`` in the parts that :func:`in_parts` makes: an estimate before anything is written."""
    parts: dict[int, list[int]] = {}
    for part, index in in_parts(range(len(sizes)), sizes.__getitem__, capacity):
        parts.setdefault(part, []).append(index)
    return tuple(tuple(indices) for indices in parts.values())
