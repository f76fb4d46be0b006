"""What a file really holds now: its hash, and for an archive the hash of each entry under its true name."""

from __future__ import annotations

import hashlib
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from certclerk.output.archive import EXTRA_HEADER, UNICODE_PATH, UTF8_NAME
from certclerk.output.encrypted import METHOD, is_locked, opened
from certclerk.output.pictures import page_pictures

CHUNK = 1 << 20
# What all entries of an archive may unpack to: so many times its own size and so many bytes. Pages hardly shrink, so
# that what unpacks to more is no submission but a bomb.
MOST_UNPACKED, ROOM = 3, 100 * 10**6
# Others can ask for gigabytes to begin with, and no program that copies a submission uses them.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, METHOD})

# All that zipfile lets through when an archive is not as it should be.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ArithmeticError,
    EOFError,
    OSError,
    MemoryError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class EntryReading:
    """``sha256`` is empty where the entry cannot be read, or is larger than anything it could be.

    ``locked``: it has a password that was not given, or another one. ``pages`` are its pages' pictures (see
    output.pictures), None where they were not asked for or it is no document of ours.
    """

    name: str
    size: int
    sha256: str
    locked: bool = False
    pages: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class FileReading:
    """``entries`` is None for a file that is no archive or cannot be opened as one."""

    size: int
    sha256: str
    entries: tuple[EntryReading, ...] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """How an archive's entries are to be read.

    ``largest``: bytes beyond which no entry is unpacked. ``known``: hashes of entries by name. ``fresh``: they are of
    what was written into this very archive a moment ago, so that its own hash has shown them, and what remains to be
    seen is every page; else pages are read only of documents that are not as they are known. ``password`` empty: none.
    """

    largest: int
    known: Mapping[str, str]
    fresh: bool = False
    password: str = ""


def read_file(path: Path, on: Callable[[int], None] = lambda _bytes: None) -> FileReading:
    """What the disk holds, not what the memory remembers of it where the system can forget. Raises OSError.

    ``on`` is told each megabyte or less that was read, and may raise to stop.
    """
    digest, size = hashlib.sha256(), 0
    room = memoryview(bytearray(CHUNK))
    with path.open("rb", buffering=0) as stream:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            # Read ahead at twice the pace.
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_SEQUENTIAL)
        while read := stream.readinto(room):
            on(read)
            digest.update(room[:read])
            size += read
    return FileReading(size, digest.hexdigest())


def read_entries(
    path: Path, wanted: Wanted, on: Callable[[int], None] = lambda _bytes: None
) -> tuple[EntryReading, ...] | None:
    """The entries of an archive in its directory's order, None where it cannot be opened or unpacks to too much.

    ``on`` is told the bytes of each entry, and may raise to stop.
    """
    try:
        with ExitStack() as open_archives:
            archive = open_archives.enter_context(zipfile.ZipFile(path))
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > MOST_UNPACKED * path.stat().st_size + ROOM:
                return None
            unlock = None
            if wanted.password and any(map(is_locked, infos)):
                unlock = open_archives.enter_context(opened(path, wanted.password))
            readings = []
            for info in infos:
                on(info.compress_size)
                readings.append(_read_entry(archive, info, wanted, unlock))
            return tuple(readings)
    except _UNREADABLE:
        return None


def _read_entry(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    wanted: Wanted,
    unlock: Callable[[zipfile.ZipInfo], bytes] | None,
) -> EntryReading:
    name, locked = true_name(info), is_locked(info)
    reading = EntryReading(name, info.file_size, "")
    known = wanted.known.get(name, "")
    if info.file_size > wanted.largest or info.compress_type not in _METHODS or (locked and unlock is None):
        return replace(reading, locked=locked and unlock is None)
    try:
        # Opening holds the entry's own header against the directory's.
        data = unlock(info) if unlock and locked else archive.read(info)
    except _UNREADABLE as error:
        return replace(reading, locked=locked and isinstance(error, RuntimeError))
    sha256 = known if wanted.fresh and known else hashlib.sha256(data).hexdigest()
    pages = page_pictures(data) if wanted.fresh or sha256 != known else None
    if wanted.fresh and pages is None:
        pages = ()
    return replace(reading, sha256=sha256, pages=pages)


def true_name(info: zipfile.ZipInfo) -> str:
    """The name its maker gave: flagged UTF-8, else the Unicode Path field, else most likely GB18030."""
    if info.flag_bits & UTF8_NAME:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")
    for field_id, data in _extra_fields(info.extra):
        if field_id == UNICODE_PATH and data[:5] == struct.pack("<BL", 1, zlib.crc32(raw)):
            return data[5:].decode("utf-8", "replace")
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return info.orig_filename


def _extra_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    while len(extra) >= EXTRA_HEADER.size:
        field_id, size = EXTRA_HEADER.unpack_from(extra)
        yield field_id, extra[EXTRA_HEADER.size : EXTRA_HEADER.size + size]
        extra = extra[EXTRA_HEADER.size + size :]
