"""A submission folder's manifest against what its files really hold: what is different, and what it is really."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from certclerk.output.manifest import DocumentProof, FileProof, Manifest
from certclerk.output.problem import Problem, problem
from certclerk.output.reading import EntryReading, FileReading

NAMES_SHOWN = 3
PAGES_SHOWN = 3

_CHANGED = {"annex": "annex_changed", "draft": "draft_changed"}


def file_problems(
    manifest: Manifest, readings: Mapping[str, FileReading], unreadable: Collection[str]
) -> Iterator[Problem]:
    """``readings`` are of the files that are there, ``unreadable`` those that cannot be read."""
    listed = {proof.name: proof for proof in manifest.files}
    owners = {proof.sha256: proof for proof in manifest.files}
    added = {name: reading for name, reading in readings.items() if name not in listed}
    for proof in manifest.files:
        if proof.name in unreadable:
            continue
        reading = readings.get(proof.name)
        if reading is None:
            renamed = next((name for name, other in added.items() if other.sha256 == proof.sha256), None)
            if renamed is not None:
                del added[renamed]
                yield problem("file_renamed", renamed, original=proof.name)
            else:
                yield _missing(manifest, proof)
        elif reading.sha256 != proof.sha256 and reading.sha256 in owners:
            yield problem("file_exchanged", proof.name, other=owners[reading.sha256].name)
        elif proof.kind == "archive":
            yield from _archive_problems(manifest, proof, reading)
        elif reading.sha256 != proof.sha256:
            yield problem(_CHANGED.get(proof.kind, "file_changed"), proof.name)
    for document in manifest.documents:
        if document.archive not in listed:
            yield problem("document_missing", document.archive, document=named(document))
    for name in added:
        yield problem("file_added", name)


def _missing(manifest: Manifest, proof: FileProof) -> Problem:
    documents = documents_in(manifest, proof)
    if not documents:
        return problem("file_missing", proof.name)
    names = "、".join(named(document) for document in documents[:NAMES_SHOWN])
    more = f"等{len(documents)}份文档" if len(documents) > NAMES_SHOWN else ""
    return problem("archive_missing", proof.name, documents=names + more)


def documents_in(manifest: Manifest, proof: FileProof) -> tuple[DocumentProof, ...]:
    return tuple(document for document in manifest.documents if document.archive == proof.name)


def named(document: DocumentProof) -> str:
    """The document's file, with its teacher where the file's name does not say."""
    file = PurePosixPath(document.entry).name
    return f"“{file}”" if document.teacher in file else f"“{file}”（{document.teacher}）"


def _archive_problems(manifest: Manifest, proof: FileProof, reading: FileReading) -> Iterator[Problem]:
    if reading.entries is None:
        yield problem("archive_broken", proof.name, expected=proof.size, size=reading.size)
        return
    problems = [
        problem(code, proof.name, **facts)
        for code, facts in _entry_differences(manifest, documents_in(manifest, proof), reading.entries)
    ]
    if not problems and reading.sha256 != proof.sha256:
        locked = any(entry.locked for entry in reading.entries)
        problems.append(problem("archive_locked_changed" if locked else "archive_changed", proof.name))
    yield from problems


def _entry_differences(
    manifest: Manifest, wanted: Sequence[DocumentProof], entries: Sequence[EntryReading]
) -> Iterator[tuple[str, dict[str, object]]]:
    known = {document.sha256: document for document in manifest.documents}
    times = Counter(entry.name for entry in entries)
    found = {entry.name: entry for entry in entries}
    added = {name: found[name] for name in found.keys() - {document.entry for document in wanted}}
    # What a password opens elsewhere in the archive but not here is damaged.
    unopened = not any(entry.sha256 for entry in entries)
    for document in wanted:
        entry = found.get(document.entry)
        if entry is not None:
            if not (entry.locked and unopened):
                yield from _content_differences(manifest, document, entry, known)
            continue
        renamed = next((name for name in sorted(added) if added[name].sha256 == document.sha256), None)
        if renamed is None:
            yield "document_missing", {"document": named(document)}
        else:
            del added[renamed]
            yield "document_renamed", {"document": named(document), "entry": renamed}
    for name in sorted(added):
        copied = known.get(added[name].sha256)
        if copied is None:
            yield "document_added", {"entry": name}
        else:
            yield "document_copied", {"entry": name, "document": named(copied)}
    for name, count in times.items():
        if count > 1:
            yield "document_repeated", {"entry": name, "times": count}


def _content_differences(
    manifest: Manifest, document: DocumentProof, entry: EntryReading, known: Mapping[str, DocumentProof]
) -> Iterator[tuple[str, dict[str, object]]]:
    facts: dict[str, object] = {"document": named(document)}
    paged = bool(document.pages) and entry.pages is not None
    if not entry.sha256:
        yield "document_unreadable", facts
    elif entry.sha256 != document.sha256 and entry.sha256 in known:
        yield "document_exchanged", {**facts, "other": named(known[entry.sha256])}
    elif paged and entry.pages != document.pages:
        yield "document_pages", {**facts, "pages": _page_differences(manifest, document, entry.pages or ())}
    elif entry.sha256 != document.sha256:
        yield "document_rewritten" if paged else "document_changed", facts


def _page_differences(manifest: Manifest, document: DocumentProof, pages: Sequence[str]) -> str:
    """Which pages are not those of ``document``, and whose they are."""
    owners = {
        page: (other, number)
        for other in manifest.documents
        for number, page in enumerate(other.pages, start=1)
    }
    told: list[str] = []
    if len(pages) != len(document.pages):
        told.append(f"原来{len(document.pages)}页，现在{len(pages)}页")
    for number, (was, page) in enumerate(zip(document.pages, pages, strict=False), start=1):
        if page == was:
            continue
        if page in owners:
            other, place = owners[page]
            told.append(f"第{number}页其实是{named(other)}的第{place}页")
        else:
            told.append(f"第{number}页不是生成时的那一页")
    return "，".join(told[:PAGES_SHOWN]) + ("等" if len(told) > PAGES_SHOWN else "")
