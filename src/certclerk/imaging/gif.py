"""A GIF's blocks, walked without decoding them (GIF89a, W3C)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from certclerk.imaging.faults import damaged

_TABLE, _TABLE_SIZE = 0x80, 0x07
_PICTURE, _EXTENSION, _END = 0x2C, 0x21, 0x3B


@dataclass(frozen=True, slots=True)
class Gif:
    """``width`` and ``height`` hold the screen and its first picture; ``end`` is where that picture's data ends."""

    width: int
    height: int
    end: int


def parse_gif(data: bytes) -> Gif:
    """Raises Fault where a block or the end mark is missing, or there is no picture."""
    try:
        return _walked(data)
    except (struct.error, IndexError):
        raise damaged("数据在中途结束") from None


def _walked(data: bytes) -> Gif:
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    position = 13 + _table_bytes(flags)
    first: Gif | None = None
    while (mark := data[position]) != _END:
        if mark == _PICTURE:
            left, top, across, down, flags = struct.unpack_from("<HHHHB", data, position + 1)
            position = _after_blocks(data, position + 11 + _table_bytes(flags))
            first = first or Gif(max(width, left + across), max(height, top + down), position)
        elif mark == _EXTENSION:
            position = _after_blocks(data, position + 2)
        elif first is not None:
            # Some writers leave rubbish behind; nothing of the first picture is in it.
            break
        else:
            raise damaged("数据块有误")
    if first is None or not first.width or not first.height:
        raise damaged("没有图像数据")
    return first


def _table_bytes(flags: int) -> int:
    return 3 << (flags & _TABLE_SIZE) + 1 if flags & _TABLE else 0


def _after_blocks(data: bytes, position: int) -> int:
    """Where the chain of blocks ends, each of which tells its length first and the last of which is empty."""
    while length := data[position]:
        position += 1 + length
    return position + 1
