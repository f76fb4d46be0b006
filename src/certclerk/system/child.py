"""A child process of this very program, for work on files that nobody can trust: capped, and ended whole.

The parent asks with :func:`asked` or :func:`streamed`, the child answers with :func:`answer`; between them go
lines of JSON on a pipe, never pickles: the documents, then one line that says how it ended. Bytes go as they are,
after the line that announces them: unpacked from JSON they would hold up every thread of the window. A crash, a hang
or a flood in the child is a :class:`ChildFailed` here and nothing worse.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import IO, Any, TypeGuard

from certclerk.core.errors import UserError
from certclerk.system.caps import cap

# Python's own word, and Rust's before it aborts.
_OUT_OF_MEMORY = (b"MemoryError", b"memory allocation of ")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)
# Lone surrogates stand in file names that are no UTF-8.
_SURROGATES = "surrogatepass"
# The end of what a program writes on stderr says what it died of.
COMPLAINT_BYTES = 20_000
# Announces how many bytes follow a line.
_PACKED = "packed"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds on the clock from the start; MB are 10⁶ bytes, of the child's memory and of its answer."""

    seconds: float
    memory_mb: int
    answer_mb: int


@dataclass(frozen=True, slots=True)
class Packet:
    """A streamed document with bytes."""

    document: Any
    data: bytes


class Failure(StrEnum):
    START = "start"
    TIME = "time"
    MEMORY = "memory"
    CRASH = "crash"


class ChildFailed(Exception):
    """The child did not come to an end of its own; ``failure`` says what it met, ``reason`` the system's word."""

    def __init__(self, failure: Failure, reason: str = "") -> None:
        self.failure = failure
        self.reason = reason
        super().__init__(failure, reason)


class ChildBroken(Exception):
    """A bug in the child's part of the program; the text is its traceback."""


def program(*arguments: str) -> list[str]:
    """The command line that starts this program with ``arguments``, from a checkout, a wheel or frozen."""
    # -P: what lies in the folder that somebody happens to work in is no module of ours.
    module = [] if getattr(sys, "frozen", False) else ["-P", "-m", "certclerk"]
    return [sys.executable, *module, *arguments]


def program_variables() -> dict[str, str]:
    """What :func:`program` must find in its environment, wherever this one was started from."""
    package = str(Path(__file__).resolve().parents[2])
    return {"PYTHONPATH": os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])}


def asked(command: Sequence[str], limits: Limits) -> Iterator[Any]:
    """Runs the child to its end, then yields the documents that it answered.

    Raises the UserError that its work raised, ChildFailed, or ChildBroken.
    """
    try:
        output, complaints = _run(command, limits)
    except OSError as error:
        raise ChildFailed(Failure.START, error.strerror or str(error)) from error
    start = output.rfind(b"\n", 0, -1) + 1
    end = _decoded(output[start:]) if output.endswith(b"\n") else None
    if not _is_end(end):
        # Ended by force, perhaps just between two of its documents.
        raise _broken(complaints)
    _check_end(end)
    return _documents(output, start)


def streamed(command: Sequence[str], limits: Limits, given: bytes) -> Iterator[Any]:
    """Yields each document, or :class:`Packet`, as the child makes it; close the iterator to end the child before its time.

    ``given`` is the child's standard input, which it is to read whole before it answers. The seconds and MB of
    ``limits`` hold for each document: memory stays flat, however many there are. Raises as :func:`asked`, at any
    document.
    """
    with tempfile.TemporaryFile() as complaints:
        try:
            process = _started(command, complaints, subprocess.PIPE)
        except OSError as error:
            raise ChildFailed(Failure.START, error.strerror or str(error)) from error
        with process:
            try:
                while True:
                    document = _next_document(process, complaints, limits, given)
                    given = b""
                    if _is_end(document):
                        _check_end(document)
                        return
                    yield document
            finally:
                kill(process)


def answer(work: Callable[[], Iterable[object]], limits: Limits, *, at_once: bool = False) -> int:
    """In the child: caps itself, writes the documents of ``work()`` and how it ended; returns the exit code.

    ``at_once``: each document is sent as soon as it is there, for a parent that reads them :func:`streamed`.
    A bug ends the child: what Python then prints is what the parent knows it by.
    """
    with os.fdopen(os.dup(1), "wb") as pipe:
        # What anybody prints from here on is no part of the answer.
        os.dup2(2, 1)
        cap(limits.memory_mb * 1_000_000, limits.seconds)
        try:
            for document in work():
                if isinstance(document, Packet):
                    pipe.write(_line({_PACKED: len(document.data), "document": document.document}))
                    pipe.write(document.data)
                else:
                    pipe.write(_line(document))
                if at_once:
                    pipe.flush()
            end: dict[str, object] = {"end": "done"}
        except UserError as error:
            end = {"end": "refused", "code": error.code, "facts": error.facts}
        except MemoryError:
            end = {"end": "memory"}
        pipe.write(_line(end))
    return 0


def _run(command: Sequence[str], limits: Limits) -> tuple[bytes, bytes]:
    """What the child wrote, and what it complained of at its end. Raises ChildFailed."""
    most = limits.answer_mb * 1_000_000
    with tempfile.TemporaryFile() as complaints, _started(command, complaints) as process:
        assert process.stdout is not None
        try:
            with _on_the_clock(process, limits.seconds):
                output = process.stdout.read(most + 1)
                if len(output) <= most:
                    await_end(process)
        finally:
            kill(process)
        if len(output) > most:
            raise ChildFailed(Failure.MEMORY)
        return output, _complaints(complaints)


def _next_document(
    process: subprocess.Popen[bytes], complaints: IO[bytes], limits: Limits, given: bytes
) -> Any:
    most = limits.answer_mb * 1_000_000
    assert process.stdin is not None and process.stdout is not None
    with _on_the_clock(process, limits.seconds):
        if not process.stdin.closed:
            # A child that died before it had read everything is told by its answer.
            with suppress(BrokenPipeError):
                process.stdin.write(given)
            with suppress(BrokenPipeError):
                process.stdin.close()
        line = process.stdout.readline(most + 1)
        document: Any = _decoded(line) if line.endswith(b"\n") else None
        size = document[_PACKED] if isinstance(document, dict) and _PACKED in document else None
        if max(len(line), size or 0) > most:
            raise ChildFailed(Failure.MEMORY)
        data = process.stdout.read(size or 0)
        is_whole = line.endswith(b"\n") and len(data) == (size or 0)
        if not is_whole:
            await_end(process)
    if not is_whole:
        raise _broken(_complaints(complaints))
    return document if size is None else Packet(document["document"], data)


@contextmanager
def _on_the_clock(process: subprocess.Popen[bytes], seconds: float) -> Iterator[None]:
    """Ends the child when the time is up. Raises ChildFailed then."""
    overdue = threading.Event()

    def expire() -> None:
        overdue.set()
        kill(process)

    clock = threading.Timer(seconds, expire)
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
        clock.join()
    if overdue.is_set():
        raise ChildFailed(Failure.TIME)


def _complaints(complaints: IO[bytes]) -> bytes:
    complaints.seek(max(0, complaints.seek(0, os.SEEK_END) - COMPLAINT_BYTES))
    return complaints.read()


def _is_end(document: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(document, dict) and "end" in document


def _check_end(end: dict[str, Any]) -> None:
    """Raises what the child's work came to, where it was not done."""
    if end["end"] == "refused":
        raise UserError(end["code"], **end["facts"])
    if end["end"] == "memory":
        raise ChildFailed(Failure.MEMORY)


def _started(
    command: Sequence[str], complaints: IO[bytes], given: int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=complaints,
        env={**os.environ, **program_variables(), "RUST_BACKTRACE": "0"},
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def await_end(process: subprocess.Popen[bytes]) -> None:
    """Until it has ended, but not yet so that its number could become another's."""
    if sys.platform == "win32":
        process.wait()
    else:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)


def kill(process: subprocess.Popen[bytes]) -> None:
    """With everything that it started: its session here, its job on Windows, where that goes with it."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)


def _broken(complaints: bytes) -> Exception:
    if any(sign in complaints for sign in _OUT_OF_MEMORY):
        return ChildFailed(Failure.MEMORY)
    if b"Traceback (most recent call last)" in complaints:
        return ChildBroken(complaints.decode("utf-8", "replace"))
    return ChildFailed(Failure.CRASH)


def _documents(output: bytes, end: int) -> Iterator[Any]:
    lines = BytesIO(output)
    while lines.tell() < end:
        yield _decoded(lines.readline())


def _line(document: object) -> bytes:
    return _ENCODER.encode(document).encode("utf-8", _SURROGATES) + b"\n"


def _decoded(line: bytes) -> Any:
    return json.loads(line.decode("utf-8", _SURROGATES))
