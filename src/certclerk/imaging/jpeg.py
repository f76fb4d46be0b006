"""A JPEG's structure, read without decoding it (ITU-T T.81, annex B)."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from certclerk.imaging.exif import Exif, parse_exif
from certclerk.imaging.faults import damaged
from certclerk.imaging.frames import credible_dpi

_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_APP0, _APP1, _APP13, _APP14 = 0xE0, 0xE1, 0xED, 0xEE
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})

# EXIF and XMP (where the phone stood, who took it), Photoshop's block and comments.
_CUT = frozenset({_APP1, _APP13, _COMMENT})
# What every viewer and PDF reader decodes: baseline, extended and progressive Huffman.
_PLAIN_PROCESSES = frozenset({0xC0, 0xC1, 0xC2})
# In entropy-coded data FF is followed by 00 (a data byte) or a restart marker. Put so, nearly every FF is done with
# after one comparison.
_NEXT_MARKER = re.compile(rb"\xff[^\x00](?<![\xd0-\xd7\xff])")
# Real progressive files have about ten; thousands of them cost hours.
_MOST_SCANS = 200


@dataclass(frozen=True, slots=True)
class Jpeg:
    """``kept`` are the byte ranges that remain when what may name people and places is cut out.

    ``adobe``: it has an Adobe segment, so CMYK is stored inverted.
    """

    width: int
    height: int
    components: int
    adobe: bool
    orientation: int
    dpi: float | None
    kept: tuple[tuple[int, int], ...]


def parse_jpeg(data: bytes) -> Jpeg:
    """Walks all segments to the end marker; bytes after it are not part of the picture.

    Raises Fault where a segment or the end marker is missing.
    """
    if data[:2] != b"\xff\xd8":
        raise damaged("不是 JPEG 的开头")
    walk = _Walk(data)
    position = 2
    while True:
        position = walk.segment(position)
        if walk.ended:
            return walk.result()


class _Walk:
    """The state of one walk; ``kept`` grows by merging neighbouring ranges."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.kept = [(0, 2)]
        self.ended = False
        self.scans = 0
        self.header: tuple[int, int, int] | None = None
        self.adobe = False
        self.exif = Exif()
        self.density: tuple[float, float] | None = None

    def segment(self, position: int) -> int:
        """Takes one segment (and the scan data behind it); returns where the next one starts."""
        found = _NEXT_MARKER.search(self.data, position)
        if found is None:
            raise damaged("数据在中途结束")
        marker, start = self.data[found.end() - 1], found.end()
        if marker == _END:
            self._keep(position, start)
            self.ended = True
            return start
        if marker in _STANDALONE or marker == _START:
            self._keep(position, start)
            return start
        length = int.from_bytes(self.data[start : start + 2], "big")
        end = start + length
        if length < 2 or end > len(self.data):
            raise damaged("数据在中途结束")
        self._read(marker, self.data[start + 2 : end])
        if marker not in _CUT:
            self._keep(position, end)
        if marker == _SCAN:
            following = _NEXT_MARKER.search(self.data, end)
            if following is None:
                raise damaged("数据在中途结束")
            self._keep(end, following.start())
            return following.start()
        return end

    def _keep(self, start: int, end: int) -> None:
        if self.kept[-1][1] == start:
            start = self.kept.pop()[0]
        self.kept.append((start, end))

    def _read(self, marker: int, content: bytes) -> None:
        if marker in _FRAME_HEADERS:
            if marker not in _PLAIN_PROCESSES:
                raise damaged("不是常用的 JPEG 编码方式")
            if len(content) < 6:
                raise damaged("图像头不完整")
            _, height, width, components = struct.unpack_from(">BHHB", content)
            self.header = (width, height, components)
        elif marker == _SCAN:
            self.scans += 1
            if self.scans > _MOST_SCANS:
                raise damaged("扫描段过多")
        elif marker == _APP0 and content[:5] == b"JFIF\0" and len(content) >= 12:
            unit, across, down = struct.unpack_from(">BHH", content, 7)
            scale = {1: 1.0, 2: 2.54}.get(unit)
            self.density = (across * scale, down * scale) if scale else None
        elif marker == _APP1 and content[:6] == b"Exif\0\0" and self.exif == Exif():
            self.exif = parse_exif(content[6:])
        elif marker == _APP14 and content[:5] == b"Adobe":
            self.adobe = True

    def result(self) -> Jpeg:
        if self.header is None or not self.scans:
            raise damaged("没有图像数据")
        width, height, components = self.header
        if not width or not height:
            raise damaged("宽或高为 0")
        claims = (claim for claim in (self.density, self.exif.resolution) if claim)
        credible = (credible_dpi(across, down, width, height) for across, down in claims)
        return Jpeg(
            width=width,
            height=height,
            components=components,
            adobe=self.adobe,
            orientation=self.exif.orientation,
            dpi=next((dpi for dpi in credible if dpi), None),
            kept=tuple(self.kept),
        )


def strip_segments(data: bytes, parsed: Jpeg | None = None) -> bytes:
    """The JPEG without EXIF, XMP, Photoshop block and comments, everything else byte for byte.

    ICC, Adobe and JFIF segments stay; bytes after the end marker go. Raises Fault on a broken JPEG.
    """
    kept = (parsed or parse_jpeg(data)).kept
    if kept == ((0, len(data)),):
        return data
    view = memoryview(data)
    return b"".join(view[start:end] for start, end in kept)
