"""Amounts as the clerk reads them."""

from __future__ import annotations

KB, MB, GB = 10**3, 10**6, 10**9


def size_text(size: int) -> str:
    """Bytes in units of 10⁶, as mail limits count them."""
    for unit, name in ((GB, "GB"), (MB, "MB"), (KB, "KB")):
        if size >= unit:
            amount = size / unit
            return f"{amount:.0f} {name}" if amount >= 100 else f"{amount:.1f} {name}"
    return f"{size} 字节"


def duration_text(seconds: float) -> str:
    """A span of time no finer than a guess allows."""
    if seconds < 10:
        return "几秒"
    if seconds < 90:
        return f"约 {round(seconds / 10) * 10} 秒"
    return f"约 {round(seconds / 60)} 分钟"
