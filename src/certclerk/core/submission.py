"""What a collection yields under its notice at one moment: documents, annex tables, and who is not in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from types import MappingProxyType

from certclerk.core.annexes import Entry, annex_tables
from certclerk.core.names import file_name_part, safe_file_name
from certclerk.core.notice import Notice
from certclerk.core.printed_table import PrintedTable
from certclerk.core.records import Certificate, Filing, Finding, Page, Roster, Teacher
from certclerk.core.scope import Scope, certificate_scope, scopes, submitted_of, teacher_scope

_NOBODY: Mapping[int, str] = MappingProxyType({})


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
class Undecided:
    """A certificate left out because its scope is still 待定, of a teacher who is in the submission."""

    teacher_id: int
    serial: int
    name: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A teacher who was submitted before and is not to be any more. ``teacher_id`` is that of then."""

    teacher_id: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Supplement:
    """What makes a submission a 补报: the ``number``-th, from 1, to the full submission ``of``.

    ``teacher_ids`` are new or different since, and alone in it. ``moved`` has, by former id, the present one of those
    handed in who have another now.
    """

    of: int
    number: int
    teacher_ids: frozenset[int]
    withdrawn: tuple[Withdrawn, ...] = ()
    moved: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Submission:
    """``filing.unit`` is the unit's official name and ``filing.filled_on`` the day."""

    notice: Notice
    filing: Filing
    day: date
    documents: tuple[Document, ...]
    left_out: tuple[LeftOut, ...]
    undecided: tuple[Undecided, ...]
    annexes: tuple[PrintedTable, ...]
    supplement: Supplement | None = None

    def pages(self) -> Iterator[Page]:
        """Those of all documents, in order."""
        for document in self.documents:
            yield from document.pages

    def told_apart(self) -> tuple[Document, ...]:
        """Those whose file bears more than the name, since others' would be the same."""
        return tuple(
            document
            for document in self.documents
            if document.file_name != document_name(document.name, document.serial, self.notice, same=False)
        )

    @property
    def folder_name(self) -> str:
        pattern = self.notice.names.folder
        named = pattern.format(unit=file_name_part(self.filing.unit), date=self.day.isoformat())
        return safe_file_name(self._supplemented(named))

    @property
    def manifest_name(self) -> str:
        return self._file_name(self.notice.names.manifest)

    def archive_name(self, part: int, parts: int) -> str:
        """The ZIP of the documents, or one of several; ``part`` counts from 1."""
        names = self.notice.names
        return self._file_name(names.zip if parts == 1 else names.zip_part, part=part, parts=parts)

    def draft_name(self, part: int, parts: int) -> str:
        """The mail draft, or one of several; ``part`` counts from 1."""
        names = self.notice.names
        return self._file_name(names.draft if parts == 1 else names.draft_part, part=part, parts=parts)

    @property
    def entry_folder(self) -> str:
        """The one folder inside each ZIP."""
        return safe_file_name(self._supplemented(file_name_part(self.filing.unit)))

    def entry_path(self, document: Document) -> str:
        """Where a document lies inside its ZIP."""
        return f"{self.entry_folder}/{document.file_name}"

    @property
    def mail_subject(self) -> str:
        return self._supplemented(self.notice.mail.subject.format(unit=self.filing.unit))

    @property
    def mail_note(self) -> str:
        """What the mail of a 补报 says of itself, in lines; empty for a full submission."""
        if self.supplement is None:
            return ""
        mail, withdrawn = self.notice.mail, self.supplement.withdrawn
        note = mail.supplement.format(number=self.supplement.number, teachers=len(self.documents))
        named = "、".join(f"{each.name}（{each.reason}）" for each in withdrawn)
        return "\n".join((note, *([mail.withdrawn.format(teachers=named)] if withdrawn else ())))

    def _supplemented(self, name: str) -> str:
        """``name``, saying that it is of a 补报 where it is."""
        return self.notice.names.supplemented(name, self.supplement.number if self.supplement else 0)

    def _file_name(self, pattern: str, **parts: int) -> str:
        unit = file_name_part(self.filing.unit)
        named = PurePath(safe_file_name(pattern.format(unit=unit, **parts)))
        return safe_file_name(self._supplemented(named.stem) + named.suffix)

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
    roster: Roster,
    notice: Notice,
    day: date,
    *,
    held: Mapping[int, str] = _NOBODY,
    findings: Iterable[Finding] = (),
    supplement: Supplement | None = None,
) -> Submission:
    """The submission of ``roster`` on ``day``; ``held`` are left out of it as 暂缓, each with the reason.

    ``findings`` are the roster's: what the clerk confirmed and wants noted stands in the roster annex.
    A ``supplement`` is an annex of its own, handed in beside the first: its 序号 run 1..n over who is in it. Those
    who are in scope and not of it were submitted before: they are not left out.
    """
    included: list[tuple[Teacher, tuple[Certificate, ...]]] = []
    left_out: list[LeftOut] = []
    for teacher in roster.teachers:
        verdict, verdicts = scopes(teacher, notice)
        if verdict.scope is Scope.IN and teacher.id not in held:
            included.append((teacher, submitted_of(teacher, verdict, verdicts)))
            continue
        scope, reason = verdict.scope, verdict.reason
        if scope is Scope.IN:
            scope, reason = Scope.HOLD, held[teacher.id]
        left_out.append(LeftOut(teacher.id, teacher.serial, teacher.name, scope, reason))
    filing = Filing(notice.official_name(roster.filing.unit), roster.filing.clerk, roster.filing.phone, day)
    noted: dict[int | None, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.noted:
            noted[finding.teacher_id].append(finding)
    entries = tuple(
        Entry(serial, teacher, certificates, tuple(noted[teacher.id]))
        for serial, (teacher, certificates) in enumerate(
            (each for each in included if supplement is None or each[0].id in supplement.teacher_ids), 1
        )
    )
    everyone = [teacher.name for teacher, _ in included]
    return Submission(
        notice=notice,
        filing=filing,
        day=day,
        documents=_documents(entries, everyone, notice, supplement),
        left_out=tuple(left_out),
        undecided=tuple(_undecided(entries, notice)),
        annexes=annex_tables(entries, filing, notice, supplement.number if supplement else 0),
        supplement=supplement,
    )


def _undecided(entries: Sequence[Entry], notice: Notice) -> Iterator[Undecided]:
    for teacher in (entry.teacher for entry in entries):
        for certificate in teacher.certificates:
            verdict = certificate_scope(certificate, notice)
            if verdict.scope is Scope.ASK:
                yield Undecided(teacher.id, teacher.serial, teacher.name, certificate.kind, verdict.reason)


def _documents(
    entries: Sequence[Entry], everyone: Sequence[str], notice: Notice, supplement: Supplement | None
) -> tuple[Document, ...]:
    file_names = _file_names(entries, everyone, notice, supplement)
    return tuple(
        Document(
            teacher_id=entry.teacher.id,
            serial=entry.serial,
            name=entry.teacher.name,
            file_name=file_name,
            certificates=entry.certificates,
            pages=tuple(
                page for certificate in entry.certificates for page in ordered_pages(certificate, notice)
            ),
        )
        for entry, file_name in zip(entries, file_names, strict=True)
    )


def _file_names(
    entries: Sequence[Entry], everyone: Sequence[str], notice: Notice, supplement: Supplement | None
) -> list[str]:
    """A name of its own for each entry, also where a teacher is called what another's file is.

    A supplement's must not be taken for those of namesakes in what was submitted before.
    """
    withdrawn = [each.name for each in supplement.withdrawn] if supplement else []
    shared = Counter(_person_key(name) for name in (*everyone, *withdrawn))
    number = supplement.number if supplement else 0
    names = [
        document_name(
            entry.teacher.name,
            entry.serial,
            notice,
            same=shared[_person_key(entry.teacher.name)] > 1,
            supplement=number,
        )
        for entry in entries
    ]
    for _ in entries:
        taken = Counter(_same_file_key(name) for name in names)
        clashing = [index for index, name in enumerate(names) if taken[_same_file_key(name)] > 1]
        if not clashing:
            break
        for index in clashing[1:]:
            stem, dot, suffix = names[index].rpartition(".")
            names[index] = f"{stem}（{entries[index].serial}）{dot}{suffix}"
    return names


def document_name(name: str, serial: int, notice: Notice, *, same: bool, supplement: int = 0) -> str:
    """A teacher's PDF by the notice's patterns; ``same``: another teacher's name gives the same file;
    ``supplement`` is its number, 0 in a full submission.
    """
    patterns = notice.names
    pattern = patterns.document
    if same:
        pattern = patterns.document_supplement if supplement else patterns.document_same_name
    return safe_file_name(pattern.format(name=file_name_part(name), serial=serial, number=supplement))


def _person_key(name: str) -> str:
    """Equal for people whose names give files that :func:`_same_file_key` does not tell apart."""
    return _same_file_key(file_name_part(name))


def _same_file_key(name: str) -> str:
    """Equal for names that one folder of a case-blind file system cannot tell apart."""
    return safe_file_name(name).casefold()


def ordered_pages(certificate: Certificate, notice: Notice) -> tuple[Page, ...]:
    """Slots in the notice's order, pages of a slot in theirs."""
    return tuple(page for slot in notice.slots for page in certificate.pages_in(slot.id))
