"""Scans of the sealed annexes: into the submission's folder, its first mail and its record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.submission_json import as_json, from_json
from certclerk.core.submission_record import SubmissionRecord, SubmittedFile
from certclerk.core.time_left import Progress
from certclerk.output.mail import Draft
from certclerk.output.sealed import add_sealed_copies
from certclerk.output.submission_folder import MB, WrittenFile
from certclerk.system.files import explaining

# What a scan begins with, by its suffix.
SIGNATURES = {
    ".pdf": (b"%PDF",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".tif": (b"II*\0", b"MM\0*"),
    ".tiff": (b"II*\0", b"MM\0*"),
}
MOST_SCAN_MB = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """``files`` are the submission's now, ``draft`` the mail with the scans; ``over``: it is above the limit."""

    files: tuple[WrittenFile, ...]
    added: tuple[str, ...]
    draft: Draft | None
    over: bool


def annex_stems(files: Iterable[str]) -> tuple[str, ...]:
    """Of a submission's file names: its annexes', without suffix."""
    return tuple(Path(name).stem for name in files if name.endswith(".xlsx"))


def add_sealed(
    folder: Path,
    stem: str,
    scans: Sequence[Path],
    notice: Notice,
    limit_mb: float | None,
    progress: Progress = lambda _done, _total, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Outcome:
    """The scans of one annex, in place of earlier ones; ``stem`` is its file without suffix. Callable in a worker.

    Raises UserError, the folder being as it was.
    """
    for scan in scans:
        _check_scan(scan)
    made = add_sealed_copies(folder, {stem: scans}, notice.names.sealed, progress, cancelled)
    return Outcome(
        files=tuple(WrittenFile(file.name, file.size, file.sha256) for file in made.files),
        added=made.added,
        draft=made.draft,
        over=limit_mb is not None and made.draft is not None and made.draft.size > limit_mb * MB,
    )


def record_sealed(collection: Collection, submission_id: int, outcome: Outcome) -> None:
    """Keeps in the submission's record the files that it has now."""
    stored = next(each for each in collection.submissions() if each.id == submission_id)
    amended = with_files(from_json(stored.record), outcome)
    with collection.change("加入盖章扫描件") as change:
        change.amend_submission(submission_id, as_json(amended))


def with_files(record: SubmissionRecord, outcome: Outcome) -> SubmissionRecord:
    files = (SubmittedFile(file.name, file.size, file.sha256) for file in outcome.files)
    return replace(record, files=tuple(files))


def _check_scan(scan: Path) -> None:
    signatures = SIGNATURES.get(scan.suffix.lower(), ())
    with explaining(scan):
        size = scan.stat().st_size
        with scan.open("rb") as stream:
            beginning = stream.read(16)
    if not beginning.startswith(signatures or (b"\0never",)):
        raise UserError("sealed_not_scan", file=scan.name)
    if size > MOST_SCAN_MB * MB:
        raise UserError("sealed_too_big", file=scan.name, size=size // MB, most=MOST_SCAN_MB)
