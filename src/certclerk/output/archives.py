"""The documents of a submission into its ZIPs: one document at a time, hashed on the way out."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
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
from certclerk.output.recording import Recording

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
    data: memoryview
    pages: tuple[Future[str], ...]
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
    sealed: list[FileProof] = []
    proofs: list[list[DocumentProof]] = []
    for number, part in enumerate(parts):
        name = _unfinished(number)
        with recording.new(folder / name) as sink:
            writer = ArchiveWriter(sink, submission.day)
            proofs.append([_add(writer, member, submission, password) for member in islice(made, len(part))])
            writer.finish()
        sealed.append(FileProof(name, "archive", sink.size, sink.sha256))
    recording.release()
    return _named(submission, folder, sealed, proofs)


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
        stream = io.BytesIO()
        # Hashed as they come from their source: what is written is held against these.
        pages: list[Future[str]] = []

        def image(page: Page, pages: list[Future[str]] = pages) -> PageImage:
            made = page_source(page)
            pages.append(recording.later(_sha256, made.data))
            return made

        write_document(stream, document.name, map(image, document.pages))
        name = _entry_name(submission, document, legacy, locked)
        data = stream.getbuffer()
        yield _Made(document, name, data, tuple(pages), recording.later(_digest, data))


def _entry_name(submission: Submission, document: Document, legacy: bool, locked: bool) -> EntryName:
    name = entry_name(submission.entry_path(document), legacy=legacy)
    return locked_name(name) if locked else name


def _sha256(data: bytes | memoryview) -> str:
    return hashlib.sha256(data).hexdigest()


def _digest(data: bytes | memoryview) -> _Digests:
    return _Digests(zlib.crc32(data), _sha256(data))


def _one_behind(items: Iterable[T]) -> Iterator[T]:
    """``items``, each when the next is made: its digests are ready by then."""
    kept: deque[T] = deque()
    for item in items:
        kept.append(item)
        if len(kept) > 1:
            yield kept.popleft()
    yield from kept


def _add(writer: ArchiveWriter, made: _Made, submission: Submission, password: str) -> DocumentProof:
    digests = made.digests.result()
    if password:
        add_locked(writer, made.name, (made.data,), password)
    else:
        writer.add(made.name, made.data, digests.crc)
    return DocumentProof(
        archive="",
        entry=submission.entry_path(made.document),
        serial=made.document.serial,
        teacher=made.document.name,
        pages=tuple(page.result() for page in made.pages),
        size=len(made.data),
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
