"""What a clerk should know of the place that a collection lies in."""

from __future__ import annotations

from pathlib import Path

from certclerk.system.places import Kind, place_of

_DO = "请把它复制到本机硬盘（如“文档”）再用，用完再拷回来。"


def caution(path: Path) -> str:
    """Why the collection should not be worked on there, and what to do; empty where it may stay."""
    place = place_of(path)
    if place.kind is Kind.SYNC:
        return f"这份采集在“{place.name}”的同步文件夹里：同步可能用旧的一份盖掉新的，两台电脑同时改会分成两份。{_DO}"
    if place.kind is Kind.NETWORK:
        return f"这份采集在网络位置上：断网时改动存不进去，别的电脑同时打开会互相影响。{_DO}"
    return ""
