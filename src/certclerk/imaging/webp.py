"""A WebP's chunks, read without decoding them (RFC 9649)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from certclerk.imaging.exif import Exif, parse_exif
from certclerk.imaging.faults import damaged
from certclerk.imaging.frames import credible_dpi

_EXIF_MARK = b"Exif\0\0"
_LOSSLESS_MARK = 0x2F


@dataclass(frozen=True, slots=True)
class WebP:
    width: int
    height: int
    orientation: int
    dpi: float | None


def parse_webp(data: bytes) -> WebP:
    """Raises Fault where a chunk is missing its end, or none gives the size."""
    size: tuple[int, int] | None = None
    exif = Exif()
    try:
        for name, content in _chunks(data):
            if name == b"EXIF":
                exif = parse_exif(bytes(content).removeprefix(_EXIF_MARK))
            elif size is None and name in _SIZES:
                size = _SIZES[name](content)
    except (struct.error, IndexError):
        raise damaged("数据在中途结束") from None
    if size is None:
        raise damaged("没有图像数据")
    width, height = size
    dpi = credible_dpi(*exif.resolution, width, height) if exif.resolution else None
    return WebP(width, height, exif.orientation, dpi)


def _chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    (length,) = struct.unpack_from("<L", data, 4)
    end, position = 8 + length, 12
    if end > len(data) + 1:
        raise damaged("数据在中途结束")
    view = memoryview(data)
    while position + 8 <= end:
        name, length = struct.unpack_from("<4sL", data, position)
        if position + 8 + length > end:
            raise damaged("数据在中途结束")
        yield name, view[position + 8 : position + 8 + length]
        position += 8 + length + length % 2


def _canvas(content: memoryview) -> tuple[int, int]:
    width, height = (int.from_bytes(content[start : start + 3], "little") + 1 for start in (4, 7))
    if len(content) < 10:
        raise damaged("图像头不完整")
    return width, height


def _lossy(content: memoryview) -> tuple[int, int]:
    # Two bits of each are for how it should be enlarged.
    width, height = struct.unpack_from("<HH", content, 6)
    return width & 0x3FFF, height & 0x3FFF


def _lossless(content: memoryview) -> tuple[int, int]:
    mark, bits = struct.unpack_from("<BL", content)
    if mark != _LOSSLESS_MARK:
        raise damaged("图像头有误")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


_SIZES = {b"VP8X": _canvas, b"VP8 ": _lossy, b"VP8L": _lossless}
