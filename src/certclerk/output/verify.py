"""校验: proves a submission folder against its manifest and says in a clerk's words what is different."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from certclerk.core.errors import UserError
from certclerk.output.manifest import DocumentProof, FileProof, Manifest, read_manifest
from certclerk.output.reading import EntryReading, FileReading, read_entries, read_file
from certclerk.system.files import explaining

# What systems leave in every folder they show.
DROPPINGS = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
LARGEST_MANIFEST = 64 * 10**6
NAMES_SHOWN = 3
READERS = 2

MESSAGES = {
    "manifest_missing": "文件夹里没有校验清单，无法证明其余文件是否原样。请找回原来的报送包，或重新生成。",
    "manifest_damaged": "校验清单“{file}”已损坏或被改动，无法证明其余文件是否原样。请重新生成报送包。",
    "manifest_renamed": "校验清单“{original}”被改名为“{file}”。",
    "file_missing": "缺少“{file}”。",
    "archive_missing": "缺少压缩包“{file}”，其中有{documents}。",
    "file_renamed": "“{original}”被改名为“{file}”，内容没有变。",
    "file_added": "文件夹里多出“{file}”，它不是这次报送的内容。",
    "folder_added": "文件夹里多出文件夹“{file}”，它不是这次报送的内容。",
    "file_exchanged": "“{file}”的内容其实是“{other}”的。",
    "file_unreadable": "“{file}”读不出来（{reason}）。",
    "file_changed": "“{file}”已被改动。",
    "annex_changed": "“{file}”已被改动，或用办公软件重新保存过。",
    "draft_changed": "邮件草稿“{file}”已被改动。",
    "archive_broken": "压缩包“{file}”已损坏，打不开（原来{expected}字节，现在{size}字节）。",
    "archive_changed": "压缩包“{file}”已被改动：里面的文档都原样，但压缩包不是生成时的那一个。",
    "document_missing": "压缩包“{file}”里缺少{document}。",
    "document_renamed": "压缩包“{file}”里{document}被改名为“{entry}”。",
    "document_added": "压缩包“{file}”里多出“{entry}”，它不是这次报送的文档。",
    "document_copied": "压缩包“{file}”里多出“{entry}”，内容与{document}相同。",
    "document_repeated": "压缩包“{file}”里有{times}个“{entry}”。",
    "document_exchanged": "压缩包“{file}”里{document}的内容其实是{other}的。",
    "document_changed": "压缩包“{file}”里{document}的内容已被改动。",
    "document_unreadable": "压缩包“{file}”里{document}已损坏或被换掉，读不出来。",
}
_CHANGED = {"annex": "annex_changed", "draft": "draft_changed"}


@dataclass(frozen=True, slots=True)
class Problem:
    """``code`` is a key of :data:`MESSAGES`; ``file`` is the file's name in the folder."""

    code: str
    file: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """``documents`` is the number of teachers' PDFs that were read and are as they were made."""

    problems: tuple[Problem, ...]
    documents: int = 0
    manifest: Manifest | None = None

    @property
    def ok(self) -> bool:
        return not self.problems


def verify_folder(
    folder: Path, *, progress: Callable[[int, int, str], None] = lambda _done, _total, _what: None
) -> Report:
    """Reads everything again. Raises UserError ``not_a_submission``, or what keeps the folder from being read.

    ``progress`` is told the files done, all files, and the name of the one just read; it may raise to stop.
    """
    with explaining(folder):
        if not folder.is_dir():
            raise UserError("not_a_submission", path=folder)
        names = {entry.name: entry.is_dir() for entry in sorted(folder.iterdir()) if not _is_dropping(entry)}
    files = {name for name, is_folder in names.items() if not is_folder}
    manifest_file, manifest = _find_manifest(folder, files)
    if manifest is None:
        if not _looks_like_one(files, manifest_file):
            raise UserError("not_a_submission", path=folder)
        code = "manifest_damaged" if manifest_file else "manifest_missing"
        return Report((_problem(code, manifest_file),))
    files.discard(manifest_file)
    readings, problems = _read_all(folder, files, manifest, progress)
    problems += [_problem("folder_added", name) for name, is_folder in names.items() if is_folder]
    if manifest_file != manifest.name:
        problems.append(_problem("manifest_renamed", manifest_file, original=manifest.name))
    problems += _file_problems(manifest, readings, unreadable=files - readings.keys())
    documents = 0
    for proof in manifest.files:
        reading = readings.get(proof.name)
        if reading is not None and reading.entries is not None:
            found = {entry.name: entry.sha256 for entry in reading.entries}
            documents += sum(
                found.get(document.entry) == document.sha256 for document in _inside(manifest, proof)
            )
    return Report(tuple(problems), documents, manifest)


def _is_dropping(entry: Path) -> bool:
    return entry.name.lower() in DROPPINGS


def _problem(code: str, file: str, **facts: object) -> Problem:
    return Problem(code, file, MESSAGES[code].format(file=file, **facts))


def _find_manifest(folder: Path, files: Iterable[str]) -> tuple[str, Manifest | None]:
    """The manifest's file and content; content None where it is damaged, file "" where there is none."""
    candidates = sorted(name for name in files if name.lower().endswith(".json"))
    genuine: list[tuple[str, Manifest]] = []
    for name in candidates:
        with explaining(folder / name):
            if (folder / name).stat().st_size > LARGEST_MANIFEST:
                continue
            manifest = read_manifest((folder / name).read_bytes())
        if manifest is not None:
            genuine.append((name, manifest))
    for name, manifest in genuine:
        if name == manifest.name:
            return name, manifest
    return genuine[0] if genuine else ("".join(candidates[:1]), None)


def _looks_like_one(files: Iterable[str], manifest_file: str) -> bool:
    """Whether a folder without a sound manifest is a submission all the same: by the kinds of its files."""
    suffixes = {PurePosixPath(name).suffix.lower() for name in files}
    return len(suffixes & {".zip", ".eml", ".xlsx"}) > 1 or (".zip" in suffixes and bool(manifest_file))


def _read_all(
    folder: Path, files: set[str], manifest: Manifest, progress: Callable[[int, int, str], None]
) -> tuple[dict[str, FileReading], list[Problem]]:
    listed = {proof.name: proof for proof in manifest.files}
    readings: dict[str, FileReading] = {}
    problems: list[Problem] = []
    pool = ThreadPoolExecutor(READERS)
    try:
        pending = [
            (name, pool.submit(_read, folder / name, manifest, listed.get(name))) for name in sorted(files)
        ]
        for done, (name, reading) in enumerate(pending, start=1):
            try:
                readings[name] = reading.result()
            except OSError as error:
                problems.append(_problem("file_unreadable", name, reason=error.strerror or error))
            progress(done, len(pending), name)
    finally:
        pool.shutdown(cancel_futures=True)
    return readings, problems


def _read(path: Path, manifest: Manifest, proof: FileProof | None) -> FileReading:
    reading = read_file(path)
    if proof is None or proof.kind != "archive":
        return reading
    proven = {}
    if reading.sha256 == proof.sha256:
        proven = {(document.entry, document.size): document.sha256 for document in _inside(manifest, proof)}
    largest = max((document.size for document in manifest.documents), default=0)
    return replace(reading, entries=read_entries(path, largest, proven))


def _file_problems(
    manifest: Manifest, readings: Mapping[str, FileReading], unreadable: Collection[str]
) -> Iterator[Problem]:
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
                yield _problem("file_renamed", renamed, original=proof.name)
            else:
                yield _missing(manifest, proof)
        elif reading.sha256 != proof.sha256 and reading.sha256 in owners:
            yield _problem("file_exchanged", proof.name, other=owners[reading.sha256].name)
        elif proof.kind == "archive":
            yield from _archive_problems(manifest, proof, reading)
        elif reading.sha256 != proof.sha256:
            yield _problem(_CHANGED.get(proof.kind, "file_changed"), proof.name)
    for name in added:
        yield _problem("file_added", name)


def _missing(manifest: Manifest, proof: FileProof) -> Problem:
    documents = _inside(manifest, proof)
    if not documents:
        return _problem("file_missing", proof.name)
    names = "、".join(_named(document) for document in documents[:NAMES_SHOWN])
    more = f"等{len(documents)}份文档" if len(documents) > NAMES_SHOWN else ""
    return _problem("archive_missing", proof.name, documents=names + more)


def _inside(manifest: Manifest, proof: FileProof) -> tuple[DocumentProof, ...]:
    return tuple(document for document in manifest.documents if document.archive == proof.name)


def _named(document: DocumentProof) -> str:
    """The document's file, with its teacher where the file's name does not say."""
    file = PurePosixPath(document.entry).name
    return f"“{file}”" if document.teacher in file else f"“{file}”（{document.teacher}）"


def _archive_problems(manifest: Manifest, proof: FileProof, reading: FileReading) -> Iterator[Problem]:
    if reading.entries is None:
        yield _problem("archive_broken", proof.name, expected=proof.size, size=reading.size)
        return
    problems = [
        _problem(code, proof.name, **facts)
        for code, facts in _entry_differences(manifest, _inside(manifest, proof), reading.entries)
    ]
    if not problems and reading.sha256 != proof.sha256:
        problems.append(_problem("archive_changed", proof.name))
    yield from problems


def _entry_differences(
    manifest: Manifest, wanted: Sequence[DocumentProof], entries: Sequence[EntryReading]
) -> Iterator[tuple[str, dict[str, object]]]:
    known = {document.sha256: document for document in manifest.documents}
    times = Counter(entry.name for entry in entries)
    found = {entry.name: entry for entry in entries}
    added = {name: found[name] for name in found.keys() - {document.entry for document in wanted}}
    for document in wanted:
        entry = found.get(document.entry)
        named: dict[str, object] = {"document": _named(document)}
        if entry is None:
            renamed = next((name for name in sorted(added) if added[name].sha256 == document.sha256), None)
            if renamed is None:
                yield "document_missing", named
            else:
                del added[renamed]
                yield "document_renamed", {**named, "entry": renamed}
        elif not entry.sha256:
            yield "document_unreadable", named
        elif entry.sha256 != document.sha256 and entry.sha256 in known:
            yield "document_exchanged", {**named, "other": _named(known[entry.sha256])}
        elif entry.sha256 != document.sha256:
            yield "document_changed", named
    for name in sorted(added):
        copied = known.get(added[name].sha256)
        if copied is None:
            yield "document_added", {"entry": name}
        else:
            yield "document_copied", {"entry": name, "document": _named(copied)}
    for name, count in times.items():
        if count > 1:
            yield "document_repeated", {"entry": name, "times": count}
