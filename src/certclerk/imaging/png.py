"""A PNG's chunks: checked, and reduced to those that make the picture."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from certclerk.imaging.exif import parse_exif
from certclerk.imaging.faults import damaged
from certclerk.imaging.frames import credible_dpi

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PICTURE_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_GREY, _RGB = 0, 2
_INCHES_PER_METRE = 0.0254


@dataclass(frozen=True, slots=True)
class Png:
    """``ranges`` are the chunks that make the picture, ``packed`` the zlib stream's pieces."""

    width: int
    height: int
    bits: int
    colour: int
    interlaced: bool
    transparent: bool
    orientation: int
    dpi: float | None
    ranges: tuple[tuple[int, int], ...]
    packed: tuple[tuple[int, int], ...]

    @property
    def components(self) -> int | None:
        """1 or 3 where the rows can go into a PDF as they are, else None."""
        if self.interlaced or self.transparent:
            return None
        return {(_GREY, 1): 1, (_GREY, 8): 1, (_RGB, 8): 3}.get((self.colour, self.bits))


def parse_png(data: bytes) -> Png:
    """Raises Fault on a missing end, a wrong checksum or an impossible header."""
    header: tuple[int, ...] = ()
    orientation, density = 1, None
    transparent = False
    ranges: list[tuple[int, int]] = []
    packed: list[tuple[int, int]] = []
    view = memoryview(data)
    position, name = len(SIGNATURE), b""
    while name != b"IEND":
        if position + 12 > len(data):
            raise damaged("数据在中途结束")
        (length,) = struct.unpack_from(">L", data, position)
        name = data[position + 4 : position + 8]
        start, end = position + 8, position + 8 + length
        if end + 4 > len(data):
            raise damaged("数据在中途结束")
        right = zlib.crc32(view[position + 4 : end]) == int.from_bytes(data[end : end + 4], "big")
        if name in _PICTURE_CHUNKS:
            if not right:
                raise damaged("校验和不符")
            ranges.append((position, end + 4))
        if name == b"IHDR" and length == 13:
            header = struct.unpack_from(">LLBBBBB", data, start)
        elif name == b"IDAT":
            packed.append((start, end))
        elif name == b"tRNS":
            transparent = True
        elif name == b"pHYs" and right and length == 9:
            across, down, unit = struct.unpack_from(">LLB", data, start)
            density = (across * _INCHES_PER_METRE, down * _INCHES_PER_METRE) if unit == 1 else None
        elif name == b"eXIf" and right:
            orientation = parse_exif(data[start:end]).orientation
        position = end + 4
    if not header or not packed or not header[0] or not header[1]:
        raise damaged("没有图像数据")
    width, height, bits, colour, _, _, interlaced = header
    return Png(
        width=width,
        height=height,
        bits=bits,
        colour=colour,
        interlaced=bool(interlaced),
        transparent=transparent,
        orientation=orientation,
        dpi=credible_dpi(*density, width, height) if density else None,
        ranges=tuple(ranges),
        packed=tuple(packed),
    )


def picture_chunks(data: bytes, parsed: Png) -> bytes:
    """The PNG without texts, profiles, animation and whatever else could trip a decoder."""
    view = memoryview(data)
    return b"".join((SIGNATURE, *(view[start:end] for start, end in parsed.ranges)))


def packed_rows(data: bytes, parsed: Png) -> bytes:
    """The zlib stream of filtered rows, as PDF's PNG predictors read it."""
    view = memoryview(data)
    return b"".join(view[start:end] for start, end in parsed.packed)


def png_around(packed: bytes, width: int, height: int, bits: int, colour: int, palette: bytes) -> bytes:
    """A PNG made of rows that are already packed and filtered, such as a PDF's."""
    chunks = [(b"IHDR", struct.pack(">LLBBBBB", width, height, bits, colour, 0, 0, 0))]
    if palette:
        chunks.append((b"PLTE", palette))
    chunks += [(b"IDAT", packed), (b"IEND", b"")]
    return SIGNATURE + b"".join(
        struct.pack(">L", len(content)) + name + content + struct.pack(">L", zlib.crc32(name + content))
        for name, content in chunks
    )
