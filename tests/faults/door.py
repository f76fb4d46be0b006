"""Where every step to the disk passes: the chosen one fails, or the process dies there, also in the midst of a write."""

from __future__ import annotations

import errno
import io
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from unittest import mock

from certclerk.system import files


def disk_full() -> OSError:
    return OSError(errno.ENOSPC, "full")


def killed() -> OSError:
    """Ends the process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


@dataclass
class Door:
    """Counts what passes; the ``failing`` one (from 1) raises ``error`` instead, if ``lasting`` so do all after it.

    ``torn``: of a write that fails, the first half is written.
    """

    failing: int = 0
    error: Callable[[], OSError] = disk_full
    torn: bool = False
    lasting: bool = False
    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def step(self, what: str, half: Callable[[], object] = lambda: None) -> None:
        with self.lock:
            self.passed.append(what)
            if not self._fails():
                return
            self.failed.append(what)
            if self.torn:
                half()
            raise self.error()

    def read(self) -> None:
        """Reading fails on a disk that is gone, but is no step of its own."""
        with self.lock:
            if self.lasting and self.failed:
                raise self.error()

    def close(self) -> None:
        """Nothing fails any more."""
        self.failing = 0

    def _fails(self) -> bool:
        count = len(self.passed)
        return count == self.failing or (self.lasting and 0 < self.failing < count)

    def guarding(self, what: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*arguments: Any, **options: Any) -> Any:
            self.step(what)
            return step(*arguments, **options)

        return guarded

    def opening(self, opened: Callable[..., BinaryIO]) -> Callable[..., Any]:
        def guarded(*arguments: Any, **options: Any) -> Any:
            self.step("open")
            return _Stream(opened(*arguments, **options), self)

        return guarded


class _Stream:
    """A file whose every write passes the door."""

    def __init__(self, stream: BinaryIO, door: Door) -> None:
        self._stream = stream
        self._door = door

    def write(self, data: bytes) -> int:
        self._door.step("write", lambda: self._half(data))
        return self._stream.write(data)

    def _half(self, data: bytes) -> None:
        self._stream.write(data[: len(data) // 2])
        self._stream.flush()

    def __enter__(self) -> _Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


FILE_STEPS = ("fsync", "rename", "replace", "mkdir", "link")


@contextmanager
def files_through(door: Door, steps: tuple[str, ...] = FILE_STEPS) -> Iterator[None]:
    """A block within which all that is written to files goes through the door."""
    with ExitStack() as patches:
        patches.enter_context(mock.patch.object(files, "open", door.opening(io.open), create=True))
        for name in steps:
            guarded = door.guarding(name, getattr(os, name))
            patches.enter_context(mock.patch.object(os, name, guarded))
        yield
