"""校验: proves a submission folder against its manifest and says in a clerk's words what is different."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from threading import Event

from certclerk.core.errors import UserError
from certclerk.output.differences import documents_in, file_problems
from certclerk.output.manifest import FileProof, Manifest, read_manifest
from certclerk.output.problem import COLLECTION_CHANGED, Problem, problem
from certclerk.output.reading import FileReading, Wanted, read_entries, read_file
from certclerk.system.files import explaining

# What systems leave in every folder they show.
DROPPINGS = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
# Bytes; of a thousand teachers with ten pages each it has one million.
LARGEST_MANIFEST = 16 * 10**6
# Files that are looked into for it.
MOST_MANIFESTS = 20
# What another program may add to a document that it saves: metadata, a font.
ANOTHER_PROGRAMS = 10**6
READERS = 2
# How often somebody who waits for a reader asks whether to go on, in seconds.
TICK_S = 0.05

LOCKED = "压缩包“{file}”有密码，没有打开，只核对了整个压缩包：与生成时完全一致。"


@dataclass(frozen=True, slots=True)
class Report:
    """``documents`` is the number of teachers' PDFs that were read and are as they were made.

    ``notes`` say what was not looked at, or what else is to be known; they are no fault. ``locked``: there are
    ZIPs with a password that was not given.
    """

    problems: tuple[Problem, ...]
    documents: int = 0
    manifest: Manifest | None = None
    notes: tuple[str, ...] = ()
    locked: bool = False

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def outdated(self) -> bool:
        """It is as it was made, and only the collection has changed since."""
        return bool(self.problems) and all(each.code == COLLECTION_CHANGED for each in self.problems)


def verify_folder(
    folder: Path,
    *,
    password: str = "",
    fresh: bool = False,
    progress: Callable[[int, int, str], None] = lambda _done, _total, _what: None,
    check: Callable[[], None] = lambda: None,
) -> Report:
    """Reads everything again. Raises UserError ``not_a_submission``, ``manifest_newer``, ``zip_wrong_password``, or
    what keeps the folder from being read.

    ``password`` is that of its ZIPs, without which a locked one is only proven as a whole. ``fresh``: it was written
    a moment ago from pictures whose hashes the manifest has, see :class:`Wanted`. ``progress`` is told the bytes
    read, all there are to be read (those of an archive twice), and the name of the file that is waited for;
    ``check`` is called all the while. Both may raise to stop.
    """
    with explaining(folder):
        if not folder.is_dir():
            raise UserError("not_a_submission", path=folder)
        names = {entry.name: entry.is_dir() for entry in sorted(folder.iterdir()) if not _is_dropping(entry)}
    files = {name for name, is_folder in names.items() if not is_folder}
    manifest_file, manifest = find_manifest(folder, files)
    if manifest is None:
        if not _looks_like_one(files, manifest_file):
            raise UserError("not_a_submission", path=folder)
        code = "manifest_damaged" if manifest_file else "manifest_missing"
        return Report((problem(code, manifest_file),))
    files.discard(manifest_file)
    listed = {proof.name: proof for proof in manifest.files}
    to_read = {name: _bytes_to_read(folder / name, listed.get(name)) for name in files}
    readings, problems = _read_all(
        to_read,
        lambda name, on: _read(folder / name, manifest, listed.get(name), fresh, password, on),
        progress,
        check,
    )
    _stop_if_wrong(password, readings.values())
    problems += [problem("folder_added", name) for name, is_folder in names.items() if is_folder]
    if manifest_file != manifest.name:
        problems.append(problem("manifest_renamed", manifest_file, original=manifest.name))
    problems += file_problems(manifest, readings, unreadable=files - readings.keys())
    documents = 0
    notes = []
    for proof in manifest.files:
        reading = readings.get(proof.name)
        if reading is None or reading.entries is None:
            continue
        found = {entry.name: entry.sha256 for entry in reading.entries}
        documents += sum(
            found.get(document.entry) == document.sha256 for document in documents_in(manifest, proof)
        )
        if any(entry.locked for entry in reading.entries) and reading.sha256 == proof.sha256:
            notes.append(LOCKED.format(file=proof.name))
    locked = any(entry.locked for reading in readings.values() for entry in reading.entries or ())
    return Report(tuple(problems), documents, manifest, tuple(notes), locked)


def document_pages(folder: Path, manifest: Manifest, password: str) -> dict[str, tuple[str, ...] | None]:
    """By entry, the pages of each document that is there, whatever the manifest says of them."""
    found: dict[str, tuple[str, ...] | None] = {}
    largest = _most_read(manifest)
    for proof in manifest.files:
        if proof.kind == "archive":
            for entry in read_entries(folder / proof.name, Wanted(largest, {}, password=password)) or ():
                found[entry.name] = entry.pages
    return found


def _most_read(manifest: Manifest) -> int:
    """Bytes of the largest entry worth unpacking: two documents joined into one, by another program."""
    return 2 * max((document.size for document in manifest.documents), default=0) + ANOTHER_PROGRAMS


def _stop_if_wrong(password: str, readings: Iterable[FileReading]) -> None:
    """Raises UserError ``zip_wrong_password`` where it opens nothing of what is locked."""
    entries = [entry for reading in readings for entry in reading.entries or ()]
    if password and any(entry.locked for entry in entries) and not any(entry.sha256 for entry in entries):
        raise UserError("zip_wrong_password")


def _is_dropping(entry: Path) -> bool:
    return entry.name.lower() in DROPPINGS


def find_manifest(folder: Path, files: Iterable[str]) -> tuple[str, Manifest | None]:
    """The manifest's file and content; content None where it is damaged, file "" where there is none."""
    candidates = sorted(
        name for name in files if name.lower().endswith(".json") and (folder / name).is_file()
    )[:MOST_MANIFESTS]
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


class _Stopped(Exception):
    """A reader is to leave off."""


def _bytes_to_read(path: Path, proof: FileProof | None) -> int:
    """An archive is read as a file, and then entry by entry; what cannot be read is told by who reads it."""
    try:
        size = path.stat().st_size
    except OSError:
        return 0
    return size * (2 if proof is not None and proof.kind == "archive" else 1)


def _read_all(
    to_read: Mapping[str, int],
    read: Callable[[str, Callable[[int], None]], FileReading],
    progress: Callable[[int, int, str], None],
    check: Callable[[], None],
) -> tuple[dict[str, FileReading], list[Problem]]:
    """``to_read``: by file, the bytes that ``read`` will tell of."""
    readings: dict[str, FileReading] = {}
    problems: list[Problem] = []
    stopped = Event()
    # Each is written by one reader alone.
    done = dict.fromkeys(to_read, 0)
    whole = sum(to_read.values())

    def reading_of(name: str) -> FileReading:
        def on(count: int) -> None:
            if stopped.is_set():
                raise _Stopped
            done[name] = min(done[name] + count, to_read[name])

        return read(name, on)

    pool = ThreadPoolExecutor(READERS)
    try:
        pending = [(name, pool.submit(reading_of, name)) for name in sorted(to_read)]
        for name, reading in pending:
            while not wait((reading,), TICK_S).done:
                check()
                progress(sum(done.values()), whole, name)
            try:
                readings[name] = reading.result()
            except OSError as error:
                problems.append(problem("file_unreadable", name, reason=error.strerror or error))
            done[name] = to_read[name]
            progress(sum(done.values()), whole, name)
    finally:
        stopped.set()
        pool.shutdown(cancel_futures=True)
    return readings, problems


def _read(
    path: Path,
    manifest: Manifest,
    proof: FileProof | None,
    fresh: bool,
    password: str,
    on: Callable[[int], None],
) -> FileReading:
    if not path.is_file():
        # To read a pipe or a device would never end.
        raise OSError(errno.EINVAL, "不是普通的文件")
    reading = read_file(path, on)
    if proof is None or proof.kind != "archive":
        return reading
    wanted = Wanted(
        largest=_most_read(manifest),
        known={document.entry: document.sha256 for document in documents_in(manifest, proof)},
        fresh=fresh and reading.sha256 == proof.sha256,
        password=password,
    )
    return replace(reading, entries=read_entries(path, wanted, on))
