"""A submission folder made whole: written aside, read back, then put in place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from certclerk import __version__
from certclerk.core.errors import UserError
from certclerk.core.printed_table import PrintedTable
from certclerk.core.splitting import Parts, Room, packed
from certclerk.core.submission import Submission
from certclerk.core.time_left import Progress, in_stages
from certclerk.output.archive import EMPTY_COST
from certclerk.output.archives import PageSource, archive_costs, check_documents, write_archives
from certclerk.output.mail import Attachment, Draft, archive_room, drafts, mail_pieces
from certclerk.output.manifest import DocumentProof, FileProof, LeftOutTeacher, Manifest, manifest_bytes
from certclerk.output.proof import WorkbookReader, annex_problems, draft_problems, workbook_differences
from certclerk.output.recording import Recording
from certclerk.output.verify import verify_folder
from certclerk.output.workbook import workbook_bytes
from certclerk.system.files import ensured_folder, folder_aside, replace_folder, require_space, sync_folder

MB = 10**6
# Base64 and its line ends, and something for annexes, directories and the manifest.
SPACE_FACTOR = 2.4
SPACE_BESIDES = 20 * MB

AnnexPainter = Callable[[PrintedTable], bytes]
WorkbookMaker = Callable[[PrintedTable, date], bytes]
# Its stages, and what drafting a byte of the archives and reading one takes beside writing it.
WRITING, DRAFTING, READING = range(3)
DRAFT_WEIGHT, READ_WEIGHT = 1.3, 0.6


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """``size`` in bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Result:
    """``over_limit`` are drafts above the mail limit, each with one teacher's document that alone is too large.

    ``proofs`` are of the documents, which were read back; ``former`` is where an earlier folder of that name went, None without one.
    """

    folder: Path
    files: tuple[WrittenFile, ...]
    drafts: tuple[Draft, ...]
    over_limit: tuple[Draft, ...]
    documents: int
    former: Path | None
    proofs: tuple[DocumentProof, ...]


def write_submission(
    submission: Submission,
    parent: Path,
    *,
    page_source: PageSource,
    paint_annex: AnnexPainter,
    make_workbook: WorkbookMaker = workbook_bytes,
    read_workbook: WorkbookReader = workbook_differences,
    limit_mb: float | None,
    sizes: Sequence[int],
    legacy: bool = False,
    password: str = "",
    picture_size: str = "",
    progress: Progress = lambda _done, _total, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Result:
    """The folder of ``submission`` in ``parent``, replacing one of its name only when all is well.

    ``paint_annex`` gives the PDF of an annex, ``make_workbook`` its .xlsx and ``read_workbook`` what is wrong with
    that on the disk. ``limit_mb`` is the largest mail as sent (MB of 10⁶ bytes); None: one ZIP and no drafts, for a
    disk or a net drive. ``sizes`` are bytes that each document takes at most: they are split into mails by them, and
    so much is asked of the disk first. ``password`` locks the ZIPs, empty: none. ``picture_size`` is noted in the
    manifest. ``progress`` gets what is done in thousandths of all and what is next; it and ``cancelled`` are asked
    often. Raises UserError; then, as when cancelled (``package_cancelled``), nothing has changed.
    """
    check_documents(submission, legacy=legacy)
    final = parent / submission.folder_name
    mailed = limit_mb is not None
    weights = (1.0, DRAFT_WEIGHT if mailed else 0.0, READ_WEIGHT * (1 + (4 / 3 if mailed else 0)))
    steps = _Steps(in_stages(progress, weights), cancelled)
    with ensured_folder(parent), folder_aside(final) as aside:
        require_space(parent, int(sum(sizes) * SPACE_FACTOR) + SPACE_BESIDES)
        with Recording(steps.stop_if_cancelled) as recording:
            annexes = _write_annexes(submission, aside, paint_annex, make_workbook, recording, steps)
            parts = split(
                submission, sizes, _attachments(annexes), limit_mb, legacy=legacy, locked=bool(password)
            )
            archives, documents = write_archives(
                submission,
                aside,
                recording,
                page_source=page_source,
                parts=parts,
                legacy=legacy,
                password=password,
                done=lambda made, name: steps.report(
                    WRITING, made, len(submission.documents), f"生成 {name}"
                ),
            )
            mails = _drafts(submission, archives, annexes, limit_mb)
            files = (*archives, *annexes, *_write_drafts(mails, aside, recording, steps))
            manifest = manifest_bytes(_manifest(submission, picture_size, files, documents))
            _write_whole(aside / submission.manifest_name, "manifest", manifest, recording)
        _read_back(aside, submission, mails, len(documents), password, read_workbook, steps)
        sync_folder(aside)
        steps.stop_if_cancelled()
        former = replace_folder(aside, final)
    return Result(
        folder=final,
        files=(
            *(WrittenFile(file.name, file.size, file.sha256) for file in files),
            WrittenFile(submission.manifest_name, len(manifest), hashlib.sha256(manifest).hexdigest()),
        ),
        drafts=mails,
        over_limit=tuple(mail for mail in mails if limit_mb is not None and mail.size > limit_mb * MB),
        documents=len(documents),
        former=former,
        proofs=documents,
    )


def split(
    submission: Submission,
    sizes: Sequence[int],
    annexes: Sequence[Attachment],
    limit_mb: float | None,
    *,
    legacy: bool = False,
    locked: bool = False,
) -> Parts:
    """Which documents, numbered from 0, go into which ZIP; ``limit_mb`` as for :func:`write_submission`."""
    if limit_mb is None:
        return (tuple(range(len(submission.documents))),)
    return packed(
        archive_costs(submission, sizes, legacy=legacy, locked=locked),
        mail_room(submission, annexes, limit_mb),
    )


def mail_room(submission: Submission, annexes: Sequence[Attachment], limit_mb: float) -> Room:
    """Bytes of entries, see :func:`archive_costs`, that the ZIP of a mail holds."""
    room = archive_room(submission, annexes, int(limit_mb * MB))
    return Room(room.first - EMPTY_COST, room.further - EMPTY_COST)


@dataclass(frozen=True, slots=True)
class _Steps:
    """``stages`` are told how far writing, drafting and reading back are."""

    stages: tuple[Progress, ...]
    cancelled: Callable[[], bool]

    def report(self, stage: int, done: int, total: int, what: str) -> None:
        self.stop_if_cancelled()
        self.stages[stage](done, total, what)

    def stop_if_cancelled(self) -> None:
        if self.cancelled():
            raise UserError("package_cancelled")


def _write_annexes(
    submission: Submission,
    folder: Path,
    paint_annex: AnnexPainter,
    make_workbook: WorkbookMaker,
    recording: Recording,
    steps: _Steps,
) -> tuple[FileProof, ...]:
    forms = (".xlsx", lambda table: make_workbook(table, submission.day)), (".pdf", paint_annex)
    proofs: list[FileProof] = []
    for table in submission.annexes:
        for suffix, annex_bytes in forms:
            name = f"{table.file_stem}{suffix}"
            steps.report(WRITING, 0, 1, f"生成 {name}")
            proofs.append(_write_whole(folder / name, "annex", annex_bytes(table), recording))
    return tuple(proofs)


def _write_whole(path: Path, kind: str, data: bytes, recording: Recording) -> FileProof:
    with recording.new(path) as sink:
        sink.write(data)
    return FileProof(path.name, kind, sink.size, sink.sha256)


def _attachments(files: Iterable[FileProof]) -> tuple[Attachment, ...]:
    return tuple(Attachment(file.name, file.size) for file in files)


def _drafts(
    submission: Submission,
    archives: Iterable[FileProof],
    annexes: Iterable[FileProof],
    limit_mb: float | None,
) -> tuple[Draft, ...]:
    if limit_mb is None:
        return ()
    return drafts(submission, _attachments(archives), _attachments(annexes))


def _write_drafts(
    mails: Sequence[Draft], folder: Path, recording: Recording, steps: _Steps
) -> tuple[FileProof, ...]:
    proofs: list[FileProof] = []
    whole, written = sum(draft.size for draft in mails), 0
    for draft in mails:
        with recording.new(folder / draft.name) as sink:
            for piece in mail_pieces(draft, folder):
                steps.report(DRAFTING, written, whole, f"写 {draft.name}")
                sink.write(piece)
                written += len(piece)
        proofs.append(FileProof(draft.name, "draft", sink.size, sink.sha256))
    return tuple(proofs)


def _manifest(
    submission: Submission,
    picture_size: str,
    files: tuple[FileProof, ...],
    documents: tuple[DocumentProof, ...],
) -> Manifest:
    return Manifest(
        name=submission.manifest_name,
        program=f"certclerk {__version__}",
        notice=submission.notice.number,
        unit=submission.filing.unit,
        day=submission.day.isoformat(),
        picture_size=picture_size,
        certificates=submission.certificate_count,
        files=files,
        documents=documents,
        left_out=tuple(
            LeftOutTeacher(left.serial, left.name, left.scope.value, left.reason)
            for left in submission.left_out
        ),
    )


def _read_back(
    folder: Path,
    submission: Submission,
    mails: Sequence[Draft],
    documents: int,
    password: str,
    read_workbook: WorkbookReader,
    steps: _Steps,
) -> None:
    """Raises UserError ``read_back_failed`` unless every file and page is on the disk as it was made."""
    steps.report(READING, 0, 1, "读回核对")
    report = verify_folder(
        folder,
        password=password,
        fresh=True,
        progress=lambda done, total, name: steps.report(READING, done, total, f"读回 {name}"),
        check=steps.stop_if_cancelled,
    )
    problems = [
        *report.problems,
        *annex_problems(folder, submission, read_workbook),
        *draft_problems(folder, mails),
    ]
    if problems or report.documents != documents:
        reasons = [problem.message for problem in problems] or ["文档份数不对。"]
        raise UserError("read_back_failed", reason=reasons[0])
