"""A BMP's header, read without decoding it (BITMAPINFOHEADER and its forerunner and successors)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from certclerk.imaging.faults import damaged
from certclerk.imaging.frames import credible_dpi

_CORE_HEADER = 12
_INFO_HEADER = 40
_INCHES_PER_METRE = 0.0254


@dataclass(frozen=True, slots=True)
class Bmp:
    width: int
    height: int
    dpi: float | None


def parse_bmp(data: bytes) -> Bmp:
    """Raises Fault where the header breaks off or gives no size."""
    try:
        (size,) = struct.unpack_from("<L", data, 14)
        if size == _CORE_HEADER:
            width, height = struct.unpack_from("<HH", data, 18)
        else:
            width, height = struct.unpack_from("<ll", data, 18)
        across, down = struct.unpack_from("<ll", data, 38) if size >= _INFO_HEADER else (0, 0)
    except struct.error:
        raise damaged("数据在中途结束") from None
    # Rows that run from the top are told by a negative height.
    width, height = abs(width), abs(height)
    if not width or not height:
        raise damaged("宽或高为 0")
    dpi = credible_dpi(across * _INCHES_PER_METRE, down * _INCHES_PER_METRE, width, height)
    return Bmp(width, height, dpi)
