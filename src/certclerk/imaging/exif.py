"""The two things taken from EXIF: which way up, and the resolution.

Read here and not by Pillow, whose reader warns and raises on the broken EXIF that phones write;
a picture is never refused for its EXIF.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_ORIENTATION, _ACROSS, _DOWN, _UNIT = 0x0112, 0x011A, 0x011B, 0x0128
_CENTIMETRES = 3
_MOST_ENTRIES = 500

# Clockwise degrees that show the picture upright, after left and right are swapped in the mirrored ones.
ROTATIONS = {1: 0, 2: 0, 3: 180, 4: 180, 5: 270, 6: 90, 7: 90, 8: 270}
MIRRORED = frozenset({2, 4, 5, 7})


def orientation_of(rotation: int) -> int:
    """EXIF's number for so many clockwise degrees."""
    return next(
        number
        for number, degrees in ROTATIONS.items()
        if degrees == rotation % 360 and number not in MIRRORED
    )


@dataclass(frozen=True, slots=True)
class Exif:
    """``resolution`` is across and down in dpi."""

    orientation: int = 1
    resolution: tuple[float, float] | None = None


def parse_exif(block: bytes) -> Exif:
    """The first directory of a TIFF-structured EXIF block; what cannot be read is left out."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None:
        return Exif()
    try:
        values = _first_directory(block, order)
    except struct.error:
        return Exif()
    orientation = values.get(_ORIENTATION, 1)
    across, down = values.get(_ACROSS), values.get(_DOWN)
    scale = 2.54 if values.get(_UNIT) == _CENTIMETRES else 1.0
    return Exif(
        orientation=int(orientation) if orientation in range(1, 9) else 1,
        resolution=(across * scale, down * scale) if across and down else None,
    )


def _first_directory(block: bytes, order: str) -> dict[int, float]:
    (start,) = struct.unpack_from(order + "L", block, 4)
    (count,) = struct.unpack_from(order + "H", block, start)
    values: dict[int, float] = {}
    for index in range(min(count, _MOST_ENTRIES)):
        at = start + 2 + 12 * index
        try:
            tag, kind, _ = struct.unpack_from(order + "HHL", block, at)
            if kind == 3 and tag in (_ORIENTATION, _UNIT):
                (values[tag],) = struct.unpack_from(order + "H", block, at + 8)
            elif kind == 5 and tag in (_ACROSS, _DOWN):
                (offset,) = struct.unpack_from(order + "L", block, at + 8)
                above, below = struct.unpack_from(order + "LL", block, offset)
                if below:
                    values[tag] = above / below
        except struct.error:
            continue
    return values
