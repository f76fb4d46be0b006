"""A small collection to hand in, and a door through which every write, sync, rename and new folder can fail."""

from __future__ import annotations

import errno
import io
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from certclerk.collection import Collection, open_collection
from certclerk.jobs.package import Options, Result, holding_incomplete, package, survey
from certclerk.jobs.sample import make_sample
from certclerk.system import files

DAY = date(2032, 3, 1)
NEIGHBOUR = "别的文件.txt"


def windows_error(number: int) -> OSError:
    error = PermissionError(errno.EACCES, "another program has it")
    error.winerror = number  # type: ignore[attr-defined, unused-ignore]
    return error


# Each way to fail with the sentence it must come to.
WAYS: tuple[tuple[Callable[[], OSError], str], ...] = (
    (lambda: OSError(errno.ENOSPC, "full"), "disk_full"),
    (lambda: OSError(errno.EIO, "gone"), "device_gone"),
    (lambda: OSError(errno.EROFS, "read-only"), "access_denied"),
    (lambda: PermissionError(errno.EACCES, "denied"), "access_denied"),
    (lambda: OSError(errno.ENAMETOOLONG, "long"), "path_too_long"),
    (lambda: FileNotFoundError(errno.ENOENT, "vanished"), "path_vanished"),
    (lambda: windows_error(32), "file_in_use"),
)


@dataclass
class Door:
    """Counts what passes; the ``failing`` one (from 1) raises ``error`` instead."""

    failing: int = 0
    error: Callable[[], OSError] = WAYS[0][0]
    passed: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def step(self, what: str) -> None:
        with self.lock:
            self.passed.append(what)
            if len(self.passed) == self.failing:
                raise self.error()

    def guarding(self, what: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*arguments: Any, **options: Any) -> Any:
            self.step(what)
            return step(*arguments, **options)

        return guarded

    def opened(self, *arguments: Any, **options: Any) -> Any:
        self.step("open")
        return _Stream(io.open(*arguments, **options), self)  # noqa: UP020 - as its caller says


class _Stream:
    """A file whose every write passes the door."""

    def __init__(self, stream: BinaryIO, door: Door) -> None:
        self._stream = stream
        self._door = door

    def write(self, data: bytes) -> int:
        self._door.step("write")
        return self._stream.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("sample")
    make_sample(folder, teachers=3)
    (path,) = folder.glob("*.certclerk")
    with open_collection(path) as opened:
        yield opened


@dataclass(frozen=True)
class Target:
    """Where the submission goes: one of that name stands there already, and something else beside it."""

    collection: Collection
    parent: Path
    options: Options

    def package(self, **watching: Any) -> Result:
        return package(self.collection, self.parent, self.options, **watching)

    def tree(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.parent).as_posix(): path.read_bytes() if path.is_file() else b"folder"
            for path in sorted(self.parent.rglob("*"))
        }


@pytest.fixture
def target(collection: Collection, tmp_path: Path) -> Target:
    parent = tmp_path / "报送"
    parent.mkdir()
    (parent / NEIGHBOUR).write_text("不要动", encoding="utf-8")
    held = holding_incomplete(survey(collection, DAY))
    made = Target(collection, parent, Options(DAY, held=held))
    made.package()
    return made


@pytest.fixture
def through(monkeypatch: pytest.MonkeyPatch) -> Callable[[Door], Any]:
    """A block within which all that is written goes through a door."""

    def begin(door: Door) -> Any:
        context = monkeypatch.context()
        patch = context.__enter__()
        patch.setattr(files, "open", door.opened, raising=False)
        for name in ("fsync", "rename", "mkdir"):
            patch.setattr(os, name, door.guarding(name, getattr(os, name)))
        return context

    return begin
