"""Files and folders that were dropped or named, to the files to be looked into."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from certclerk.core.names import natural_key

# What systems and programs leave lying about, and notes beside scans; compared in lower case.
_DROPPED_FOLDERS = re.compile(r"\..*|__macosx|\$recycle\.bin|system volume information")
_DROPPED_FILES = re.compile(r"\..*|~\$.*|thumbs\.db|.*\.(txt|md|log|ini)")


@dataclass(frozen=True, slots=True)
class ScanFile:
    """``parts`` are the folders' names from the one that was dropped down to the file's own."""

    path: Path
    name: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    path: Path
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """``droppings`` were passed over: files and folders that are no pages by their name."""

    files: tuple[ScanFile, ...]
    droppings: tuple[Path, ...]
    unreadable: tuple[Unreadable, ...]


def is_dropping(name: str) -> bool:
    """Whether a file of that name is passed over wherever it lies."""
    return _DROPPED_FILES.fullmatch(name.casefold()) is not None


def is_dropped_folder(name: str) -> bool:
    return _DROPPED_FOLDERS.fullmatch(name.casefold()) is not None


def gather(paths: Iterable[Path]) -> Gathered:
    """All files of ``paths`` and of the folders among them, in natural order (2 before 10).

    Nothing is opened. A file reached twice comes once; links that lead back are not followed.
    """
    walk = _Walk()
    for path in paths:
        # "." and ".." have no name to match by; resolving always would take a link's target's name.
        absolute = path.absolute()
        walk.take(absolute.resolve() if ".." in absolute.parts else absolute, (), named=True)
    return Gathered(
        files=tuple(sorted(walk.files, key=_in_order)),
        droppings=tuple(walk.droppings),
        unreadable=tuple(walk.unreadable),
    )


def _in_order(file: ScanFile) -> list[tuple[tuple[int, int, str], ...]]:
    return [natural_key(part) for part in (*file.parts, file.name)]


class _Walk:
    """One gathering; what was seen keeps it from taking a file twice or going round in circles."""

    def __init__(self) -> None:
        self.files: list[ScanFile] = []
        self.droppings: list[Path] = []
        self.unreadable: list[Unreadable] = []
        self._seen_files: set[Path] = set()
        self._seen_folders: set[Path] = set()

    def take(self, path: Path, parts: tuple[str, ...], *, named: bool = False) -> None:
        """Takes a file, or a folder with all in it; ``named``: the clerk pointed at it, so it is meant."""
        name = shown(path.name)
        try:
            if path.is_dir():
                self._take_folder(path, name, parts, named)
            elif is_dropping(name):
                self.droppings.append(path)
            elif path.is_file():
                if path not in self._seen_files:
                    self._seen_files.add(path)
                    self.files.append(ScanFile(path, name, parts))
            else:
                reason = "不是普通文件" if path.exists() else "文件不存在"
                self.unreadable.append(Unreadable(path, name, reason))
        except (OSError, RuntimeError) as error:
            # RuntimeError: how older Pythons report a link that leads to itself.
            reason = "没有读取的权限" if isinstance(error, PermissionError) else "无法读取"
            self.unreadable.append(Unreadable(path, name, reason))

    def _take_folder(self, path: Path, name: str, parts: tuple[str, ...], named: bool) -> None:
        if not named and is_dropped_folder(name):
            self.droppings.append(path)
            return
        real = path.resolve()
        if real in self._seen_folders:
            return
        self._seen_folders.add(real)
        with os.scandir(path) as entries:
            children = sorted((entry.name for entry in entries), key=natural_key)
        for child in children:
            self.take(path / child, (*parts, name))


def shown(name: str) -> str:
    """``name`` without the stand-ins for bytes that are no UTF-8, which cannot be stored."""
    return os.fsencode(name).decode("utf-8", "replace")
