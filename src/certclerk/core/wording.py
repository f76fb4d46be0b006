"""Words that lists and windows share."""

from __future__ import annotations

UNNAMED = "（未填姓名）"


def named(name: str) -> str:
    """A teacher's name as it is shown, also where there is none yet."""
    return name or UNNAMED
