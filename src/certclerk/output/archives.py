"""The documents of a submission into its ZIPs: one document at a time, hashed on the way out."""

from __future__ import annotations

import hashlib
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TypeVar

from certclerk.core.errors import UserError
from certclerk.core.page_image import PageImage
from certclerk.core.records import Page
from certclerk.core.submission import Document, Submission, in_parts
from certclerk.output.archive import EMPTY_COST, ArchiveWriter, EntryName, entry_cost, entry_name
from certclerk.output.document import write_document
from certclerk.output.manifest import DocumentProof, FileProof
from certclerk.output.recording import Piece, Recording

T = TypeVar("T")
PageSource = Callable[[Page], PageImage]


@dataclass(frozen=True, slots=True)
class _Digests:
    crc: int
    sha256: str


@dataclass(frozen=True, slots=True)
class _Made:
    document: Document
    name: EntryName
    pieces: Sequence[bytes]
    size: int
    pages: int
    digests: Future[_Digests]


def check_documents(submission: Submission, *, legacy: bool) -> None:
    """Raises the UserError that :func:`write_archives` would come to, before anything is written."""
    if not submission.documents:
        raise UserError("nothing_to_submit")
    for document in submission.documents:
        if not document.pages:
            raise UserError("document_empty", name=document.name)
    inside = (submission.entry_folder, *(document.file_name for document in submission.documents))
    unwritable = [told for name in inside if (told := _unwritable(name, legacy))]
    if unwritable:
        raise UserError("name_not_gbk", names="、".join(unwritable))


def _unwritable(name: str, legacy: bool) -> str:
    """The name with the character that an archive cannot hold, or empty."""
    try:
        entry_name(name, legacy=legacy)
    except UserError as error:
        return str(error.facts["names"])
    return ""


def write_archives(
    submission: Submission,
    folder: Path,
    recording: Recording,
    *,
    page_source: PageSource,
    room: Sequence[int],
    legacy: bool,
    done: Callable[[int, str], None],
) -> tuple[tuple[FileProof, ...], tuple[DocumentProof, ...]]:
    """As many ZIPs in ``folder`` as their ``room`` in bytes asks for, split between teachers.

    The last room counts for all further ZIPs. ``done`` is told the number of documents made and the name of
    the next teacher, and may raise to stop. Raises OSError, and whatever ``page_source`` does.
    """
    capacity = [space - EMPTY_COST for space in room]
    made = _one_behind(_documents(submission, recording, page_source, legacy, done))
    sealed: list[FileProof] = []
    proofs: list[list[DocumentProof]] = []
    for part, members in groupby(in_parts(made, _cost, capacity), key=itemgetter(0)):
        name = _unfinished(part)
        with recording.new(folder / name) as sink:
            writer = ArchiveWriter(sink, submission.day)
            proofs.append([_add(writer, member, submission) for _, member in members])
            writer.finish()
        sealed.append(FileProof(name, "archive", sink.size, sink.sha256))
    # Windows renames no open file.
    recording.settle()
    return _named(submission, folder, sealed, proofs)


def _documents(
    submission: Submission,
    recording: Recording,
    page_source: PageSource,
    legacy: bool,
    done: Callable[[int, str], None],
) -> Iterator[_Made]:
    for number, document in enumerate(submission.documents):
        done(number, document.name)
        written = _Pieces()
        pages = write_document(written, document.name, map(page_source, document.pages))
        name = entry_name(submission.entry_path(document), legacy=legacy)
        pieces = written.pieces
        yield _Made(document, name, pieces, sum(map(len, pieces)), pages, recording.hashed(_digest, pieces))


class _Pieces:
    """Takes what is written as it is: a picture is not copied on its way to the disk."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes, /) -> None:
        self.pieces.append(data)


def _digest(pieces: Sequence[Piece]) -> _Digests:
    crc, digest = 0, hashlib.sha256()
    for piece in pieces:
        crc = zlib.crc32(piece, crc)
        digest.update(piece)
    return _Digests(crc, digest.hexdigest())


def _one_behind(items: Iterable[T]) -> Iterator[T]:
    """``items``, each when the next is made: its digests are ready by then."""
    kept: deque[T] = deque()
    for item in items:
        kept.append(item)
        if len(kept) > 1:
            yield kept.popleft()
    yield from kept


def _cost(made: _Made) -> int:
    return entry_cost(made.name, made.size)


def _add(writer: ArchiveWriter, made: _Made, submission: Submission) -> DocumentProof:
    digests = made.digests.result()
    writer.add(made.name, made.pieces, digests.crc)
    return DocumentProof(
        archive="",
        entry=submission.entry_path(made.document),
        serial=made.document.serial,
        teacher=made.document.name,
        pages=made.pages,
        size=made.size,
        sha256=digests.sha256,
    )


def _unfinished(part: int) -> str:
    """Not the final name, since that tells the number of parts."""
    return f"{part}.zip.part"


def _named(
    submission: Submission,
    folder: Path,
    sealed: Sequence[FileProof],
    proofs: Sequence[Sequence[DocumentProof]],
) -> tuple[tuple[FileProof, ...], tuple[DocumentProof, ...]]:
    names = [submission.archive_name(part, len(sealed)) for part in range(1, len(sealed) + 1)]
    for file, name in zip(sealed, names, strict=True):
        (folder / file.name).rename(folder / name)
    return (
        tuple(replace(file, name=name) for file, name in zip(sealed, names, strict=True)),
        tuple(
            replace(proof, archive=name)
            for inside, name in zip(proofs, names, strict=True)
            for proof in inside
        ),
    )
