"""The documents of a submission into its ZIPs: one document at a time, hashed on the way out."""

from __future__ import annotations

import hashlib
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from certclerk.core.errors import UserError
from certclerk.core.page_image import PageImage
from certclerk.core.records import Page
from certclerk.core.splitting import Parts
from certclerk.core.submission import Document, Submission
from certclerk.output.archive import ArchiveWriter, EntryName, entry_cost, entry_name
from certclerk.output.document import write_document
from certclerk.output.encrypted import OVERHEAD, add_locked, locked_name
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
    pages: tuple[Callable[[], str], ...]
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
    parts: Parts,
    legacy: bool,
    password: str,
    done: Callable[[int, str], None],
) -> tuple[tuple[FileProof, ...], tuple[DocumentProof, ...]]:
    """A ZIP in ``folder`` for each of ``parts``, which number the submission's documents from 0.

    ``password`` locks them, empty: none. ``done`` is told the number of documents made and the name of the next
    teacher, and may raise to stop. Raises OSError, and whatever ``page_source`` does.
    """
    in_order = [submission.documents[index] for part in parts for index in part]
    made = _one_behind(_documents(submission, in_order, recording, page_source, legacy, bool(password), done))
    archives: list[FileProof] = []
    documents: list[DocumentProof] = []
    for number, part in enumerate(parts, start=1):
        name = submission.archive_name(number, len(parts))
        with recording.new(folder / name) as sink:
            writer = ArchiveWriter(sink, submission.day)
            documents += [
                _add(writer, member, submission, name, password) for member in islice(made, len(part))
            ]
            writer.finish()
        archives.append(FileProof(name, "archive", sink.size, sink.sha256))
    return tuple(archives), tuple(documents)


def archive_costs(
    submission: Submission, sizes: Iterable[int], *, legacy: bool, locked: bool = False
) -> tuple[int, ...]:
    """What each document adds to a ZIP, if ``sizes`` are their bytes."""
    return tuple(
        entry_cost(_entry_name(submission, document, legacy, locked), size + (OVERHEAD if locked else 0))
        for document, size in zip(submission.documents, sizes, strict=True)
    )


def _documents(
    submission: Submission,
    in_order: Iterable[Document],
    recording: Recording,
    page_source: PageSource,
    legacy: bool,
    locked: bool,
    done: Callable[[int, str], None],
) -> Iterator[_Made]:
    for number, document in enumerate(in_order):
        done(number, document.name)
        written = _Pieces()
        # Hashed as they come from their source: what is written is held against these.
        pages: list[Callable[[], str]] = []

        def image(page: Page, pages: list[Callable[[], str]] = pages) -> PageImage:
            made = page_source(page)
            pages.append(partial(str, made.sha256) if made.sha256 else _hashing(made, recording))
            return made

        write_document(written, document.name, map(image, document.pages))
        pieces = written.pieces
        yield _Made(
            document,
            _entry_name(submission, document, legacy, locked),
            pieces,
            sum(map(len, pieces)),
            tuple(pages),
            recording.hashed(_digest, pieces),
        )


def _hashing(image: PageImage, recording: Recording) -> Callable[[], str]:
    return recording.hashed(_sha256, (image.data,)).result


def _entry_name(submission: Submission, document: Document, legacy: bool, locked: bool) -> EntryName:
    name = entry_name(submission.entry_path(document), legacy=legacy)
    return locked_name(name) if locked else name


class _Pieces:
    """Takes what is written as it is: a picture is not copied on its way to the disk."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, data: bytes, /) -> None:
        self.pieces.append(data)


def _sha256(pieces: Sequence[Piece]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _digest(pieces: Sequence[Piece]) -> _Digests:
    crc = 0
    for piece in pieces:
        crc = zlib.crc32(piece, crc)
    return _Digests(crc, _sha256(pieces))


def _one_behind(items: Iterable[T]) -> Iterator[T]:
    """``items``, each when the next is made: its digests are ready by then."""
    kept: deque[T] = deque()
    for item in items:
        kept.append(item)
        if len(kept) > 1:
            yield kept.popleft()
    yield from kept


def _add(
    writer: ArchiveWriter, made: _Made, submission: Submission, archive: str, password: str
) -> DocumentProof:
    digests = made.digests.result()
    if password:
        add_locked(writer, made.name, made.pieces, password)
    else:
        writer.add(made.name, made.pieces, digests.crc)
    return DocumentProof(
        archive=archive,
        entry=submission.entry_path(made.document),
        serial=made.document.serial,
        teacher=made.document.name,
        pages=tuple(page() for page in made.pages),
        size=made.size,
        sha256=digests.sha256,
    )
