"""New files that are hashed as they are written, and reach the disk while the next ones are made.

The caller's thread makes bytes; one thread hashes them, one writes them, one waits for the disk. None of the
three needs the interpreter for it, so that two cores are kept busy. A few megabytes wait, whatever the size.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import BinaryIO, TypeVar

from certclerk.system.files import open_private, sync

T = TypeVar("T")
Piece = bytes | memoryview

# Bytes that are hashed and written at one go: the way between threads costs as much for one byte.
BATCH_BYTES = 10**6
# Bytes that may wait to be hashed and written.
WAITING_BYTES = 8 * 10**6
# Bytes after which the disk is set to work, so that little is left to wait for at the end.
PUSH_BYTES = 16 * 10**6
# Files and pushes that may wait for the disk: each holds a file open.
BACKLOG = 64
# How often a wait for the disk asks whether to go on.
TICK_S = 0.05


class Recorder:
    """Passes bytes on and keeps their count and SHA-256, both complete when its block has ended.

    What is written must not change afterwards.
    """

    def __init__(self, stream: BinaryIO, recording: Recording) -> None:
        self._stream = stream
        self._recording = recording
        self._digest = hashlib.sha256()
        self._batch: list[Piece] = []
        self._batched = 0
        self._pending: deque[tuple[Future[None], int]] = deque()
        self._waiting = 0
        self._pushed = 0
        self.size = 0

    def write(self, data: Piece, /) -> None:
        """Raises OSError, perhaps that of an earlier piece."""
        self.size += len(data)
        self._batch.append(data)
        self._batched += len(data)
        if self._batched >= BATCH_BYTES:
            self._send()

    def finish(self) -> None:
        self._send()
        self._settle(0)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def _send(self) -> None:
        batch, size = self._batch, self._batched
        self._batch, self._batched = [], 0
        for step in (
            self._recording.hashed(self._hash, batch),
            self._recording.written(self._pass_on, batch),
        ):
            self._pending.append((step, size))
            self._waiting += size
        self._settle(2 * WAITING_BYTES)

    def _settle(self, waiting: int) -> None:
        while self._pending and self._waiting >= waiting:
            step, size = self._pending.popleft()
            step.result()
            self._waiting -= size

    def _hash(self, batch: Sequence[Piece]) -> None:
        for piece in batch:
            self._digest.update(piece)

    def _pass_on(self, batch: Sequence[Piece]) -> None:
        for piece in batch:
            self._stream.write(piece)
            self._pushed += len(piece)
        self._stream.flush()
        if self._pushed >= PUSH_BYTES:
            self._pushed = 0
            self._recording.push(self._stream)


class Recording:
    """The files being written; when its block ends well, all of them are on the disk.

    ``check`` is called while the disk is waited for, and may raise to stop.
    """

    def __init__(self, check: Callable[[], None] = lambda: None) -> None:
        self._check = check
        self._hasher, self._writer, self._disk = (ThreadPoolExecutor(1) for _ in range(3))
        self._streams: list[BinaryIO] = []
        self._syncs: deque[Future[None]] = deque()

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self.settle()
        finally:
            if kind is None or os.name == "nt":
                self._end()
            else:
                # Nobody waits for the disk to finish what is thrown away. Windows removes no open file.
                Thread(target=self._end, name="certclerk-recording-end").start()

    def _end(self) -> None:
        for thread in (self._hasher, self._writer, self._disk):
            thread.shutdown(cancel_futures=True)
        for stream in self._streams:
            # Open only where something failed before; what a full disk says to this adds nothing.
            with suppress(OSError):
                stream.close()

    @contextmanager
    def new(self, path: Path) -> Iterator[Recorder]:
        """A new private file; its bytes can be read by its name when the block has ended. Raises OSError."""
        self.settle(BACKLOG)
        self._streams = [stream for stream in self._streams if not stream.closed]
        stream = open_private(path)
        self._streams.append(stream)
        recorder = Recorder(stream, self)
        yield recorder
        recorder.finish()
        self._syncs.append(self._disk.submit(_end, stream))

    def hashed(self, step: Callable[[Sequence[Piece]], T], pieces: Sequence[Piece]) -> Future[T]:
        """``step(pieces)`` by the hashing thread, in its turn."""
        return self._hasher.submit(step, pieces)

    def written(self, step: Callable[[Sequence[Piece]], None], pieces: Sequence[Piece]) -> Future[None]:
        """``step(pieces)`` by the writing thread, in its turn."""
        return self._writer.submit(step, pieces)

    def push(self, stream: BinaryIO) -> None:
        """Lets the disk begin with what is written so far."""
        self._syncs.append(self._disk.submit(os.fsync, stream.fileno()))

    def settle(self, waiting: int = 0) -> None:
        """Returns when the files that ended are on the disk and closed. Raises OSError where one is not."""
        while len(self._syncs) > waiting:
            self._check()
            if wait((self._syncs[0],), TICK_S).done:
                self._syncs.popleft().result()


def _end(stream: BinaryIO) -> None:
    sync(stream)
    stream.close()
