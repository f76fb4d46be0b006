"""Whether a PNM picture (netpbm's P4, P5, P6, as ``scanimage`` writes them) is whole."""

from __future__ import annotations

import re

_SPACE = rb"(?:\s|#[^\n]*\n)+"
_HEAD = re.compile(rb"P([456])" + _SPACE + rb"(\d{1,6})" + _SPACE + rb"(\d{1,6})")
_DEPTH = re.compile(_SPACE + rb"(\d{1,5})")
_SAMPLES = {b"5": 1, b"6": 3}


def is_whole(data: bytes) -> bool:
    """Whether there is a pixel at all and no row is missing. A driver that gives up early still ends its file."""
    head = _HEAD.match(data)
    if head is None:
        return False
    kind, width, height = head[1], int(head[2]), int(head[3])
    if kind == b"4":
        end, row = head.end(), -(-width // 8)
    else:
        depth = _DEPTH.match(data, head.end())
        if depth is None:
            return False
        end, row = depth.end(), width * _SAMPLES[kind] * (2 if int(depth[1]) > 255 else 1)
    # One white space ends the head.
    return 0 < row * height <= len(data) - end - 1
