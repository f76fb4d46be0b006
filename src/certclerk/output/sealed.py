"""Scans of the sealed annexes put into a submission that stands already: beside the annexes, and into the first mail."""

from __future__ import annotations

import base64
import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path

from certclerk.core.amounts import size_text
from certclerk.core.errors import UserError
from certclerk.core.names import safe_file_name
from certclerk.core.time_left import Progress, in_stages
from certclerk.output.mail import BOUNDARY, EOL, Attachment, Draft, mail_pieces
from certclerk.output.manifest import FileProof, Manifest, manifest_bytes
from certclerk.output.proof import draft_problems
from certclerk.output.reading import read_file
from certclerk.output.verify import verify_folder
from certclerk.system.files import explaining, folder_aside, open_private, replace_folder, seal, sync

SEALED = "sealed"
# Bytes within which a draft's headers and its text end.
_LONGEST_OPENING = 1 << 20
_LISTED = re.compile(r"([0-9]+)\. ")


@dataclass(frozen=True, slots=True)
class Sealed:
    """``files`` are all of the folder's now, the manifest last; ``draft`` is the mail that carries the scans, None
    where the submission has no mail.
    """

    files: tuple[FileProof, ...]
    added: tuple[str, ...]
    draft: Draft | None


def add_sealed_copies(
    folder: Path,
    copies: Mapping[str, Sequence[Path]],
    pattern: str,
    progress: Progress = lambda _done, _total, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Sealed:
    """``copies``: by an annex' file without suffix, the scans of it; they take the place of earlier ones.

    The folder is made anew beside itself, read back and put in place. ``progress`` and ``cancelled`` are asked all the
    while. Raises UserError ``sealed_folder_gone``, ``sealed_folder_changed``, ``sealed_cancelled`` and the faults of the disk; the folder is
    as it was then.
    """
    if not folder.is_dir():
        raise UserError("sealed_folder_gone", folder=folder)
    proving, copying, mailing, reading_back = in_stages(progress, (1.0, 0.1, 1.0, 1.0))
    manifest = _proven(folder, proving, lambda: _stop_if(cancelled))
    with explaining(folder), folder_aside(folder) as aside:
        copying(0, 1, "放入扫描件")
        files = _with_copies(folder, aside, manifest, copies, pattern, cancelled)
        draft = _rewrite_draft(folder, aside, files, mailing, cancelled)
        final = replace(manifest, files=tuple(files.values()))
        with open_private(aside / manifest.name) as stream:
            stream.write(manifest_bytes(final))
            sync(stream)
        report = verify_folder(
            aside,
            progress=lambda done, total, name: reading_back(done, total, f"读回 {name}"),
            check=lambda: _stop_if(cancelled),
        )
        problems = (*report.problems, *draft_problems(aside, [draft] if draft else []))
        if problems:
            raise UserError("read_back_failed", reason=problems[0].message)
        _stop_if(cancelled)
        former = replace_folder(aside, folder)
        if former is not None:
            # All of it stands in the new one as well.
            with suppress(OSError):
                shutil.rmtree(former)
    reading = read_file(folder / manifest.name)
    listed = (*final.files, FileProof(manifest.name, "manifest", reading.size, reading.sha256))
    added = tuple(file.name for file in final.files if file.kind == SEALED)
    return Sealed(listed, added, draft)


def _stop_if(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise UserError("sealed_cancelled")


def _proven(folder: Path, progress: Progress, check: Callable[[], None]) -> Manifest:
    report = verify_folder(
        folder, progress=lambda done, total, name: progress(done, total, f"核对 {name}"), check=check
    )
    if report.manifest is None or not report.ok:
        raise UserError("sealed_folder_changed", reason=report.problems[0].message)
    return report.manifest


def _with_copies(
    folder: Path,
    aside: Path,
    manifest: Manifest,
    copies: Mapping[str, Sequence[Path]],
    pattern: str,
    cancelled: Callable[[], bool],
) -> dict[str, FileProof]:
    """The files of the new folder by name, in their order; the first draft and the manifest are yet to be written."""
    files: dict[str, FileProof] = {}
    stems = {safe_file_name(pattern.format(annex=annex)): scans for annex, scans in copies.items()}
    replaced = re.compile("|".join(rf"{re.escape(stem)}[0-9]*\.[^.]+" for stem in stems))
    first = next((file.name for file in manifest.files if file.kind == "draft"), "")
    for file in manifest.files:
        if file.kind == SEALED and replaced.fullmatch(file.name):
            continue
        _stop_if(cancelled)
        if file.name != first:
            _same_file(folder / file.name, aside / file.name)
        files[file.name] = file
    for stem, scans in stems.items():
        for number, scan in enumerate(scans, start=1):
            _stop_if(cancelled)
            target = aside / f"{stem}{number if len(scans) > 1 else ''}{scan.suffix.lower()}"
            with explaining(scan):
                shutil.copyfile(scan, target)
            seal(target)
            reading = read_file(target)
            files[target.name] = FileProof(target.name, SEALED, reading.size, reading.sha256)
    return files


def _same_file(source: Path, target: Path) -> None:
    """By another name for the same bytes where the disk can, else by a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        seal(target)


def _rewrite_draft(
    folder: Path,
    aside: Path,
    files: dict[str, FileProof],
    progress: Progress,
    cancelled: Callable[[], bool],
) -> Draft | None:
    """The first mail with the sealed copies behind what it carried; None where there is none."""
    first = next((file for file in files.values() if file.kind == "draft"), None)
    if first is None:
        return None
    try:
        draft = _draft(folder / first.name, files)
    except (LookupError, StopIteration, ValueError) as error:
        # Its hash fits, but who makes a folder can make that too.
        raise UserError("sealed_folder_changed", reason=f"“{first.name}”不是本程序写的邮件草稿。") from error
    target = aside / first.name
    with open_private(target) as stream:
        for piece in mail_pieces(draft, aside):
            _stop_if(cancelled)
            progress(stream.tell(), draft.size, f"写 {draft.name}")
            stream.write(piece)
        sync(stream)
    reading = read_file(target)
    files[first.name] = FileProof(first.name, "draft", reading.size, reading.sha256)
    return draft


def _draft(path: Path, files: Mapping[str, FileProof]) -> Draft:
    """What was written to ``path``, with the sealed copies among ``files`` as well."""
    with path.open("rb") as stream:
        opening = stream.read(_LONGEST_OPENING)
    headers = BytesHeaderParser(policy=policy.default).parsebytes(opening)
    mark = b"--" + BOUNDARY.encode() + EOL
    text = opening.split(mark, 2)[1].split(EOL + EOL, 1)[1]
    body = base64.b64decode(text).decode().replace("\r\n", "\n")
    drafts = [file for file in files.values() if file.kind == "draft"]
    archive = next(file for file in files.values() if file.kind == "archive")
    sealed = [file for file in files.values() if file.kind == SEALED]
    carried = (archive, *(file for file in files.values() if file.kind == "annex"), *sealed)
    return Draft(
        name=path.name,
        part=1,
        parts=len(drafts),
        to=str(headers.get("To", "")),
        subject=str(headers["Subject"]),
        body=_listing(body, len(carried) - len(sealed), sealed),
        attachments=tuple(Attachment(file.name, file.size) for file in carried),
    )


def _listing(body: str, before: int, sealed: Sequence[FileProof]) -> str:
    """``body`` with ``sealed`` below the first ``before`` of its numbered attachments; earlier further ones go."""
    lines = body.split("\n")
    start = next((at for at, line in enumerate(lines) if line.startswith("1. ")), None)
    if start is None:
        return body
    end = start
    while end < len(lines) and (found := _LISTED.match(lines[end])) and int(found[1]) == end - start + 1:
        end += 1
    kept = lines[start : min(start + before, end)]
    added = [
        f"{number}. {file.name}（{size_text(file.size)}）"
        for number, file in enumerate(sealed, start=before + 1)
    ]
    return "\n".join([*lines[:start], *kept, *added, *lines[end:]])
