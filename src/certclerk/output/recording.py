"""New files that are hashed as they are written, and reach the disk while the next ones are made.

One thread writes and hashes, another waits for the disk; the caller's goes on making bytes. On two
cores that halves the time of a large submission. No more than a few pieces wait, whatever its size.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

from certclerk.system.files import open_private, sync

T = TypeVar("T")

# Pieces that may wait to be written.
QUEUE = 3
# Bytes after which the disk is set to work, so that little is left to wait for at the end.
PUSH_BYTES = 16 * 10**6
# Files and pushes that may wait for the disk: each holds a file open.
BACKLOG = 64


class Recorder:
    """Passes bytes on and keeps their count and SHA-256, both complete when its block has ended.

    What is written must not change afterwards.
    """

    def __init__(self, stream: BinaryIO, recording: Recording) -> None:
        self._stream = stream
        self._recording = recording
        self._digest = hashlib.sha256()
        self._pending: deque[Future[None]] = deque()
        self._pushed = 0
        self.size = 0

    def write(self, data: bytes | memoryview, /) -> None:
        """Raises OSError, perhaps that of an earlier piece."""
        self.size += len(data)
        self._pending.append(self._recording.later(self._pass_on, data))
        self._settle(QUEUE)

    def finish(self) -> None:
        self._settle(0)
        self._stream.flush()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def _settle(self, waiting: int) -> None:
        while len(self._pending) > waiting:
            self._pending.popleft().result()

    def _pass_on(self, data: bytes | memoryview) -> None:
        self._stream.write(data)
        self._digest.update(data)
        self._pushed += len(data)
        if self._pushed >= PUSH_BYTES:
            self._pushed = 0
            self._stream.flush()
            self._recording.push(self._stream)


class Recording:
    """The files being written; when its block ends well, all of them are on the disk."""

    def __init__(self) -> None:
        self._writer = ThreadPoolExecutor(1)
        self._disk = ThreadPoolExecutor(1)
        self._streams = ExitStack()
        self._syncs: deque[Future[None]] = deque()

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        failed = kind is not None
        with self._streams:
            self._writer.shutdown(cancel_futures=failed)
            self._disk.shutdown(cancel_futures=failed)
        if not failed:
            self.settle()

    @contextmanager
    def new(self, path: Path) -> Iterator[Recorder]:
        """A new private file; its bytes can be read by its name when the block has ended. Raises OSError."""
        self.settle(BACKLOG)
        stream = self._streams.enter_context(open_private(path))
        recorder = Recorder(stream, self)
        yield recorder
        recorder.finish()
        self._syncs.append(self._disk.submit(_end, stream))

    def later(self, step: Callable[[bytes | memoryview], T], data: bytes | memoryview) -> Future[T]:
        """``step(data)`` by the writing thread, in its turn."""
        return self._writer.submit(step, data)

    def push(self, stream: BinaryIO) -> None:
        """Lets the disk begin with what is written so far."""
        self._syncs.append(self._disk.submit(os.fsync, stream.fileno()))

    def release(self) -> None:
        """Returns when the files that ended can be renamed."""
        # Windows renames no open file, and they stay open until the disk has them.
        if os.name == "nt":
            self.settle()

    def settle(self, waiting: int = 0) -> None:
        """Returns when the files that ended are on the disk and closed. Raises OSError where one is not."""
        while len(self._syncs) > waiting:
            self._syncs.popleft().result()


def _end(stream: BinaryIO) -> None:
    sync(stream)
    stream.close()
