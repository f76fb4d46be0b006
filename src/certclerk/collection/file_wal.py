"""The pages that a write-ahead log holds beside its file, read without SQLite.

The format is that of https://sqlite.org/walformat.html: what was committed is proven by a running checksum.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_HEADER, _FRAME_HEADER = 32, 24
_MAGICS = {0x377F0682: "<", 0x377F0683: ">"}


def frames(log: bytes, page_bytes: int) -> Iterator[tuple[int, int]]:
    """Page numbers, oldest first, each with where in the ``log`` its content begins, up to the last commit that is proven.

    The proof is of the bytes as they lie there, also where they are encrypted.
    """
    if len(log) < _HEADER:
        return
    magic, _version, size, _sequence, *salts = struct.unpack_from(">6I", log)
    order = _MAGICS.get(magic)
    if order is None or size != page_bytes:
        return
    sums = _summed(log[: _HEADER - 8], order, (0, 0))
    if sums != struct.unpack_from(">2I", log, _HEADER - 8):
        return
    waiting: list[tuple[int, int]] = []
    for at in range(_HEADER, len(log) - page_bytes - _FRAME_HEADER + 1, _FRAME_HEADER + page_bytes):
        number, committed, *rest = struct.unpack_from(">6I", log, at)
        content = at + _FRAME_HEADER
        sums = _summed(log[at : at + 8] + log[content : content + page_bytes], order, sums)
        if rest[:2] != salts or tuple(rest[2:]) != sums:
            return
        waiting.append((number, content))
        if committed:
            yield from waiting
            waiting.clear()


def _summed(data: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    first, second = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return first, second
