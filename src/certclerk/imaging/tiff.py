"""A TIFF written around pixels that are already packed, such as those of a PDF's image."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_SHORT, _LONG = 3, 4


class Compression:
    """Values of the TIFF tag Compression (259)."""

    NONE = 1
    FAX_GROUP_3 = 3
    FAX_GROUP_4 = 4
    LZW = 5
    DEFLATE = 8


class Photometric:
    """Values of the TIFF tag PhotometricInterpretation (262)."""

    WHITE_IS_ZERO = 0
    BLACK_IS_ZERO = 1
    RGB = 2
    PALETTE = 3
    CMYK = 5


@dataclass(frozen=True, slots=True)
class Layout:
    """How the samples lie; ``palette`` is RGB triples, ``two_dimensional`` is for fax group 3."""

    width: int
    height: int
    bits: int
    samples: int
    photometric: int
    compression: int
    predictor: int = 1
    palette: bytes = b""
    two_dimensional: bool = False


def tiff_around(packed: bytes, layout: Layout) -> bytes:
    """A big-endian TIFF of one strip, with PDF's order of bits and bytes."""
    tags: list[tuple[int, int, tuple[int, ...]]] = [
        (256, _LONG, (layout.width,)),
        (257, _LONG, (layout.height,)),
        (258, _SHORT, (layout.bits,) * layout.samples),
        (259, _SHORT, (layout.compression,)),
        (262, _SHORT, (layout.photometric,)),
        (273, _LONG, (8,)),
        (277, _SHORT, (layout.samples,)),
        (278, _LONG, (layout.height,)),
        (279, _LONG, (len(packed),)),
    ]
    if layout.two_dimensional:
        tags.append((292, _LONG, (1,)))
    if layout.predictor != 1:
        tags.append((317, _SHORT, (layout.predictor,)))
    if layout.palette:
        tags.append((320, _SHORT, _colour_map(layout)))
    pixels = packed + b"\0" * (len(packed) % 2)
    directory = 8 + len(pixels)
    spill_at = directory + 2 + 12 * len(tags) + 4
    entries, spill = [], b""
    for tag, kind, values in tags:
        content = struct.pack(f">{len(values)}{'H' if kind == _SHORT else 'L'}", *values)
        if len(content) > 4:
            place = struct.pack(">L", spill_at + len(spill))
            spill += content
        else:
            place = content.ljust(4, b"\0")
        entries.append(struct.pack(">HHL", tag, kind, len(values)) + place)
    return b"".join(
        (
            struct.pack(">2sHL", b"MM", 42, directory),
            pixels,
            struct.pack(">H", len(tags)),
            *entries,
            b"\0\0\0\0",
            spill,
        )
    )


def _colour_map(layout: Layout) -> tuple[int, ...]:
    """All reds, then greens, then blues, 16 bits each, for every possible sample."""
    colours = (layout.palette + bytes(3 << layout.bits))[: 3 << layout.bits]
    return tuple(value * 257 for plane in range(3) for value in colours[plane::3])
