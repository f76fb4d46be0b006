from __future__ import annotations

import errno
import hashlib
import os
import threading
from pathlib import Path
from typing import BinaryIO

import pytest

from certclerk.output import recording
from certclerk.output.recording import BACKLOG, BATCH_BYTES, PUSH_BYTES, Recording


def test_size_and_hash_are_those_of_the_file(tmp_path: Path) -> None:
    pieces = [os.urandom(size) for size in (0, 1, 70_000, 3)]
    with Recording() as files:
        with files.new(tmp_path / "a") as sink:
            for piece in pieces:
                sink.write(piece)
        assert (tmp_path / "a").read_bytes() == b"".join(pieces)
    assert sink.size == 70_004
    assert sink.sha256 == hashlib.sha256(b"".join(pieces)).hexdigest()


def test_large_files_are_pushed_to_the_disk_on_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(recording.os, "fsync", synced.append)
    with Recording() as files, files.new(tmp_path / "a") as sink:
        for _ in range(3):
            sink.write(memoryview(bytes(PUSH_BYTES)))
    assert len(synced) == 4


def test_more_files_than_may_wait(tmp_path: Path) -> None:
    count = BACKLOG + 20
    with Recording() as files:
        for number in range(count):
            with files.new(tmp_path / str(number)) as sink:
                sink.write(b"%d" % number)
    assert [(tmp_path / str(number)).read_bytes() for number in range(count)] == [
        b"%d" % number for number in range(count)
    ]


def test_a_disk_that_fails_while_writing_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match="full") as caught,
        Recording() as files,
        files.new(tmp_path / "a") as sink,
    ):
        sink._stream = _FullDisk()  # type: ignore[assignment]
        for _ in range(10):
            sink.write(bytes(BATCH_BYTES))
    assert caught.value.errno == errno.ENOSPC


class _FullDisk:
    def write(self, _data: bytes) -> None:
        raise OSError(errno.ENOSPC, "full")


def test_a_slow_disk_does_not_keep_a_cancelled_one_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released, stopped = threading.Event(), threading.Event()
    monkeypatch.setattr(recording, "sync", lambda _stream: released.wait())

    def check() -> None:
        if stopped.is_set():
            released.set()
            raise KeyError
        stopped.set()

    with pytest.raises(KeyError), Recording(check) as files, files.new(tmp_path / "a") as sink:
        sink.write(b"x")


def test_a_failure_is_not_hidden_by_what_a_full_disk_says_to_closing(tmp_path: Path) -> None:
    with pytest.raises(KeyError), Recording() as files, files.new(tmp_path / "a"):
        files._streams.append(_Unclosable())  # type: ignore[arg-type]
        raise KeyError


class _Unclosable:
    closed = False

    def close(self) -> None:
        raise OSError(errno.ENOSPC, "full")


def test_a_disk_that_fails_while_syncing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_stream: BinaryIO) -> None:
        raise OSError(errno.EIO, "gone")

    monkeypatch.setattr(recording, "sync", fail)
    with pytest.raises(OSError, match="gone"), Recording() as files, files.new(tmp_path / "a") as sink:
        sink.write(b"x")


def test_a_failure_of_the_caller_closes_the_files(tmp_path: Path) -> None:
    with pytest.raises(KeyError), Recording() as files, files.new(tmp_path / "a") as sink:
        sink.write(b"x")
        raise KeyError
    assert sink._stream.closed
