"""Entries of a ZIP under a password: AES-256 as WinZip wrote it down (AE-2), made and read through pyzipper.

The names of the entries stay readable, as the format has it. 7-Zip 16 and bsdtar 3.6 open them (tried); Windows' own
Explorer cannot, nor can unzip, Python's zipfile, or unar 1.10, which refuses those that 7-Zip makes too. A salt makes
each archive a different one: equal input gives equal documents inside, not equal archives.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from certclerk.output.archive import EXTRA_HEADER, ArchiveWriter, EntryName

METHOD = 99
VERSION_NEEDED = 51
ENCRYPTED = 1 << 0
# The format's field: AE-2, "AE", 256 bits, and what the data is without the encryption: stored.
_FIELD = EXTRA_HEADER.pack(0x9901, 7) + b"\2\0AE\3\0\0"
# Salt, proof of the password and authentication code.
OVERHEAD = 16 + 2 + 10


def locked_name(name: EntryName) -> EntryName:
    """``name`` of an entry that is encrypted."""
    return replace(name, flags=name.flags | ENCRYPTED, extra=name.extra + _FIELD)


def add_locked(
    writer: ArchiveWriter, name: EntryName, pieces: Sequence[bytes | memoryview], password: str
) -> None:
    """Adds ``pieces`` as one entry under ``password``; ``name`` is from :func:`locked_name`."""
    from pyzipper.zipfile_aes import AESZipEncrypter

    lock = AESZipEncrypter(password.encode(), nbits=256)
    # In this order: the code at the end is of what was encrypted.
    packed = [lock.encryption_header(), *map(lock.encrypt, pieces), lock.flush()]
    writer.add_packed(name, packed, sum(map(len, pieces)), method=METHOD, version=VERSION_NEEDED)


def is_locked(info: zipfile.ZipInfo) -> bool:
    return bool(info.flag_bits & ENCRYPTED)


@contextmanager
def opened(path: Path, password: str) -> Iterator[Callable[[zipfile.ZipInfo], bytes]]:
    """Reads entries of an archive, those of this archive as another reader lists them.

    Reading one raises BadZipFile, or RuntimeError where ``password`` is not the entry's.
    """
    with _told_as_zipfile_does():
        import pyzipper

        archive = pyzipper.AESZipFile(path)
        archive.setpassword(password.encode())
    with archive:
        # A name may stand twice; the place of an entry does not.
        mine = {info.header_offset: info for info in archive.infolist()}

        def read(info: zipfile.ZipInfo) -> bytes:
            with _told_as_zipfile_does():
                data: bytes = archive.read(mine[info.header_offset])
            return data

        yield read


@contextmanager
def _told_as_zipfile_does() -> Iterator[None]:
    """pyzipper is zipfile over again, with errors of its own."""
    import pyzipper

    try:
        yield
    except (pyzipper.BadZipFile, LookupError) as error:
        raise zipfile.BadZipFile(str(error)) from error
