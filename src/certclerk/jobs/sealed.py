"""Scans of the sealed annexes: into the submission's folder, its first mail and its record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.core.names import safe_file_name
from certclerk.core.notice import Annex, Notice
from certclerk.core.submission_json import as_json, from_json
from certclerk.core.submission_record import SubmissionRecord, SubmittedFile
from certclerk.output.sealed import Sealed, add_sealed_copies
from certclerk.output.submission_folder import MB
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
    """``files`` are the submission's now; ``mail`` the bytes of the mail with the scans, ``over`` its limit or not."""

    files: tuple[SubmittedFile, ...]
    added: tuple[str, ...]
    mail: int
    over: bool


def add_sealed(
    folder: Path,
    annex: Annex,
    scans: Sequence[Path],
    notice: Notice,
    unit: str,
    limit_mb: float | None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Outcome:
    """The scans of one annex, in place of earlier ones; callable in a worker. ``unit`` is the official name.

    Raises UserError, the folder being as it was.
    """
    for scan in scans:
        _check_scan(scan)
    stem = safe_file_name(annex.file.format(unit=unit))
    made: Sealed = add_sealed_copies(folder, {stem: scans}, notice.names.sealed, cancelled)
    return Outcome(
        files=tuple(SubmittedFile(file.name, file.size, file.sha256) for file in made.files),
        added=made.added,
        mail=made.mail,
        over=limit_mb is not None and made.mail > limit_mb * MB,
    )


def record_sealed(collection: Collection, submission_id: int, outcome: Outcome) -> None:
    """Keeps in the submission's record the files that it has now."""
    stored = next(each for each in collection.submissions() if each.id == submission_id)
    amended = with_files(from_json(stored.record), outcome)
    with collection.change("加入盖章扫描件") as change:
        change.amend_submission(submission_id, as_json(amended))


def with_files(record: SubmissionRecord, outcome: Outcome) -> SubmissionRecord:
    return replace(record, files=outcome.files)


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
