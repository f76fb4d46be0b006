"""The ZIP around .xlsx and .ods, opened only after its true unpacked size is known."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from certclerk.core.errors import UserError

# 10⁶ bytes. What a file's directory says of its sizes is not believed: every part is inflated and counted.
MOST_UNPACKED_MB = 300
_MOST_UNPACKED = MOST_UNPACKED_MB * 1_000_000

_LOCAL_HEADER = 30
_CHUNK = 1 << 18
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Packed:
    """A ZIP whose parts are known to be of a bearable size."""

    file: str
    data: bytes
    parts: dict[str, zipfile.ZipInfo]

    def __contains__(self, part: str) -> bool:
        return part.lower() in self.parts

    def chunks(self, part: str) -> Iterator[bytes]:
        """The part's bytes. Raises UserError ``roster_damaged`` where it is missing or broken."""
        info = self.parts.get(part.lower())
        if info is None:
            raise UserError("roster_damaged", file=self.file)
        yield from _inflated(self.file, self.data, info)


def open_packed(data: bytes, file: str) -> Packed:
    """Raises UserError when the file is no sound ZIP, is encrypted or unpacks to too much."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UserError("roster_damaged", file=file) from error
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise UserError("roster_password", file=file)
    total = sum(info.file_size for info in infos)
    if total <= _MOST_UNPACKED:
        total = 0
        for info in infos:
            for chunk in _inflated(file, data, info):
                total += len(chunk)
                if total > _MOST_UNPACKED:
                    break
    if total > _MOST_UNPACKED:
        raise UserError("roster_unpacks_too_big", file=file, most=MOST_UNPACKED_MB)
    # Readers look names up without regard to case, and some writers use backslashes.
    return Packed(file, data, {info.filename.replace("\\", "/").lower(): info for info in infos})


def _inflated(file: str, data: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    header = data[info.header_offset : info.header_offset + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
        raise UserError("roster_damaged", file=file)
    start = info.header_offset + _LOCAL_HEADER
    start += int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = memoryview(data)[start : start + info.compress_size]
    if info.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise UserError("roster_damaged", file=file)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    pending = bytes(packed)
    try:
        while not inflater.eof:
            chunk = inflater.decompress(pending, _CHUNK)
            pending = inflater.unconsumed_tail
            if not chunk and not pending:
                break
            yield chunk
    except zlib.error as error:
        raise UserError("roster_damaged", file=file) from error
