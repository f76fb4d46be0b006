"""What a file really holds now: its hash, and for an archive the hash of each entry under its true name."""

from __future__ import annotations

import hashlib
import lzma
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from certclerk.output.archive import EXTRA_HEADER, UNICODE_PATH, UTF8_NAME

CHUNK = 1 << 20

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
    ValueError,
)


@dataclass(frozen=True, slots=True)
class EntryReading:
    """``sha256`` is empty where the entry cannot be read, or is larger than anything it could be."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FileReading:
    """``entries`` is None for a file that is no archive or cannot be opened as one."""

    size: int
    sha256: str
    entries: tuple[EntryReading, ...] | None = None


def read_file(path: Path) -> FileReading:
    """What the disk holds, not what the memory remembers of it where the system can forget. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    room = memoryview(bytearray(CHUNK))
    with path.open("rb", buffering=0) as stream:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            # Read ahead at twice the pace.
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_SEQUENTIAL)
        while read := stream.readinto(room):
            digest.update(room[:read])
            size += read
    return FileReading(size, digest.hexdigest())


def read_entries(
    path: Path, largest: int, proven: Mapping[tuple[str, int], str]
) -> tuple[EntryReading, ...] | None:
    """The entries of an archive in its directory's order, None where it cannot be opened.

    ``largest``: bytes beyond which no entry is unpacked. ``proven``: hashes by name and size that need not
    be computed again, since the archive's own hash has shown every byte of it to be as it was written.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return tuple(_read_entry(archive, info, largest, proven) for info in archive.infolist())
    except _UNREADABLE:
        return None


def _read_entry(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, largest: int, proven: Mapping[tuple[str, int], str]
) -> EntryReading:
    name = true_name(info)
    if info.file_size > largest:
        return EntryReading(name, info.file_size, "")
    digest = hashlib.sha256()
    try:
        # Opening holds the entry's own header against the directory's.
        with archive.open(info) as stream:
            known = proven.get((name, info.file_size))
            if known is not None:
                return EntryReading(name, info.file_size, known)
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
    except _UNREADABLE:
        return EntryReading(name, info.file_size, "")
    return EntryReading(name, info.file_size, digest.hexdigest())


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
