"""A submission folder against the collection it should be of: what a manifest that was rewritten cannot hide.

Where the collection has a record with the very manifest of the folder, what lies there is what was made, and only
what changed in the collection since is to be told. Else each document is made again and held against the folder's,
and so is each annex's workbook. The annexes' PDFs and the drafts are then not held against anything.
"""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from certclerk.collection import Collection
from certclerk.core.annex_check import annex_differences
from certclerk.core.differences import differences
from certclerk.core.errors import UserError
from certclerk.core.page_image import PageImage
from certclerk.core.records import Page
from certclerk.core.submission import Document, Submission, plan
from certclerk.core.submission_record import SubmissionRecord, content_of
from certclerk.core.time_left import Progress
from certclerk.core.wording import named
from certclerk.imaging import SIZINGS
from certclerk.jobs.forms import annex_workbooks
from certclerk.jobs.package import survey
from certclerk.jobs.page_images import ORIGINAL, Source, page_source
from certclerk.jobs.submissions import Submitted, submitted
from certclerk.output.document import write_document
from certclerk.output.manifest import DocumentProof, Manifest
from certclerk.output.problem import COLLECTION_CHANGED, Problem, problem
from certclerk.output.verify import Report, document_pages
from certclerk.roster import read_isolated


@dataclass(frozen=True, slots=True)
class _Made:
    """A document as the collection makes it now; ``pages`` are the SHA-256 of its pages' pictures."""

    document: Document
    sha256: str
    pages: tuple[str, ...]


def compared(
    collection: Collection, folder: Path, report: Report, password: str, progress: Progress
) -> Report:
    """``report`` is what the folder's own manifest told; what the collection tells besides is added to it."""
    manifest = report.manifest
    if manifest is None:
        return report
    with collection.snapshot() as state:
        records = submitted(state.submissions())
        kept = next((each for each in records if _is_of(each.record, manifest)), None)
        if kept is not None:
            note = f"与采集里 {kept.made_at[:10]} 的报送记录是同一份。"
            return _with(report, list(_changed_since(state, kept)), note)
        found = list(_different(state, folder, manifest, records, password, progress))
        if found:
            return _with(report, [problem("not_recorded", manifest.name), *found], "")
        return _with(report, [], "采集里没有这份报送包的记录；里面的文档和附件表格与采集现在的一致。")


def known_file(collection: Collection, path: Path) -> Report:
    """A single file of a submission against the hashes that the collection keeps of those it made."""
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    for each in submitted(collection.submissions()):
        for file in each.record.files:
            if file.sha256 == sha256:
                note = f"“{path.name}”与 {each.record.day.isoformat()} 报送的“{file.name}”完全一致。"
                return Report((), notes=(note,))
    return Report((problem("file_not_recorded", path.name),))


def _with(report: Report, problems: Sequence[Problem], note: str) -> Report:
    notes = (*report.notes, note) if note else report.notes
    return replace(report, problems=(*report.problems, *problems), notes=notes)


def _is_of(record: SubmissionRecord, manifest: Manifest) -> bool:
    return any(file.name == manifest.name and file.sha256 == manifest.sha256 for file in record.files)


def _changed_since(state: Source, kept: Submitted) -> Iterator[Problem]:
    record = kept.record
    if record.content is None:
        return
    now = _planned(state, record.day, record.terms.held, record)
    for difference in differences(record.content, content_of(now, state.roster().filing.filled_on)):
        yield problem(COLLECTION_CHANGED, record.folder, difference=difference)


def _planned(
    state: Source, day: date, held: Mapping[int, str], record: SubmissionRecord | None
) -> Submission:
    found = survey(state, day)
    return plan(
        found.roster,
        state.notice,
        day,
        held=held,
        findings=found.findings,
        supplement=record.supplement if record else None,
    )


def _different(
    state: Source,
    folder: Path,
    manifest: Manifest,
    records: Sequence[Submitted],
    password: str,
    progress: Progress,
) -> Iterator[Problem]:
    try:
        day = date.fromisoformat(manifest.day)
    except ValueError:
        day = date.today()
    record = _likely(records, manifest)
    submission = _planned(state, day, record.terms.held if record else {}, record)
    if record is None:
        held, missing = _held(submission, manifest)
        yield from missing
        submission = _planned(state, day, held, None)
    yield from _document_differences(state, folder, manifest, submission, record, password, progress)
    yield from _annex_differences(state, folder, manifest, submission)


def _likely(records: Sequence[Submitted], manifest: Manifest) -> SubmissionRecord | None:
    """The newest record of a submission with the folder's files by name: perhaps what it was before a forger."""
    names = {manifest.name, *(file.name for file in manifest.files)}
    found = (each.record for each in records if each.record.day.isoformat() == manifest.day)
    return next((record for record in found if {file.name for file in record.files} == names), None)


def _held(submission: Submission, manifest: Manifest) -> tuple[dict[int, str], tuple[Problem, ...]]:
    """Who is in scope and not in the folder; those of them whom its manifest does not name are a fault."""
    there: dict[str, int] = defaultdict(int)
    for proof in manifest.documents:
        there[proof.teacher] += 1
    left_out = {left.teacher: left.reason for left in manifest.left_out}
    held: dict[int, str] = {}
    missing: list[Problem] = []
    for document in submission.documents:
        if there[document.name]:
            there[document.name] -= 1
            continue
        held[document.teacher_id] = left_out.get(document.name, "")
        if document.name not in left_out:
            missing.append(problem("teacher_missing", manifest.name, teacher=named(document.name)))
    return held, tuple(missing)


def _document_differences(
    state: Source,
    folder: Path,
    manifest: Manifest,
    submission: Submission,
    record: SubmissionRecord | None,
    password: str,
    progress: Progress,
) -> Iterator[Problem]:
    wanted = {submission.entry_path(document): document for document in submission.documents}
    proofs = {proof.entry: proof for proof in manifest.documents}
    for entry in wanted.keys() - proofs.keys():
        yield problem("teacher_missing", manifest.name, teacher=named(wanted[entry].name))
    for entry in sorted(proofs.keys() - wanted.keys()):
        yield problem("teacher_unknown", proofs[entry].archive, teacher=proofs[entry].teacher, entry=entry)
    size = manifest.picture_size if manifest.picture_size in SIZINGS else ORIGINAL
    source = page_source(state, submission, size)
    unchanged = _unchanged(submission, record)
    made: dict[str, _Made] = {}
    odd: list[DocumentProof] = []
    for number, (entry, document) in enumerate(wanted.items()):
        progress(number, len(wanted), document.name)
        proof = proofs.get(entry)
        if proof is None or unchanged.get(document.file_name) == proof.sha256:
            continue
        made[entry] = _make(document, source)
        if made[entry].sha256 != proof.sha256:
            odd.append(proof)
    if odd:
        yield from _page_differences(folder, manifest, wanted, made, odd, source, password)


def _unchanged(submission: Submission, record: SubmissionRecord | None) -> dict[str, str]:
    """SHA-256, by file name, of recorded documents of which nothing has changed: they need not be made again."""
    if record is None or record.content is None:
        return {}
    now = {teacher.file_name: teacher for teacher in content_of(submission, None).teachers}
    return {
        then.file_name: then.sha256
        for then in record.content.teachers
        if then.sha256 and now.get(then.file_name) == then
    }


def _make(document: Document, source: Callable[[Page], PageImage]) -> _Made:
    images = [source(page) for page in document.pages]
    stream = io.BytesIO()
    write_document(stream, document.name, images)
    pages = tuple(hashlib.sha256(image.data).hexdigest() for image in images)
    return _Made(document, hashlib.sha256(stream.getbuffer()).hexdigest(), pages)


def _page_differences(
    folder: Path,
    manifest: Manifest,
    wanted: Mapping[str, Document],
    made: Mapping[str, _Made],
    odd: Sequence[DocumentProof],
    source: Callable[[Page], PageImage],
    password: str,
) -> Iterator[Problem]:
    """Which pages of the ``odd`` documents are not the collection's, and whose they are."""
    every = {entry: made.get(entry) or _make(document, source) for entry, document in wanted.items()}
    owners: dict[str, tuple[_Made, int]] = {}
    for each in every.values():
        for place, page in enumerate(each.pages, start=1):
            owners.setdefault(page, (each, place))
    there = document_pages(folder, manifest, password)
    for proof in odd:
        name = named(proof.teacher)
        pages = there.get(proof.entry)
        if pages is None:
            yield problem("teacher_document", proof.archive, teacher=name)
            continue
        told = []
        own = every[proof.entry].pages
        if len(pages) != len(own):
            told.append(f"采集里有{len(own)}页，报送包里有{len(pages)}页")
        for number, page in enumerate(pages, start=1):
            if number <= len(own) and page == own[number - 1]:
                continue
            if page in owners:
                other, place = owners[page]
                told.append(f"第{number}页是{named(other.document.name)}的第{place}页")
            else:
                told.append(f"第{number}页不是采集里的那一页")
        what = "，".join(told) or "每一页的图像都对，但文件不是这样生成的"
        yield problem("teacher_pages", proof.archive, teacher=name, what=what)


def _annex_differences(
    state: Source, folder: Path, manifest: Manifest, submission: Submission
) -> Iterator[Problem]:
    workbook = annex_workbooks(state, submission)
    proofs = {proof.name: proof for proof in manifest.files}
    for table in submission.annexes:
        name = f"{table.file_stem}.xlsx"
        if name not in proofs:
            yield problem("file_missing", name)
        elif hashlib.sha256(workbook(table, submission.day)).hexdigest() != proofs[name].sha256:
            try:
                sheet = read_isolated(folder / name).sheets[0]
            except (UserError, LookupError) as error:
                yield problem("file_unreadable", name, reason=error)
                continue
            clauses = list(annex_differences(table, [[cell.text for cell in row] for row in sheet.rows]))
            for clause in clauses or ["单元格的内容都对，但文件不是这样生成的"]:
                yield problem("annex_cell", name, difference=clause)
