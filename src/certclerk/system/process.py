"""An outside program at work beside ours: its lines as they come, its silence noticed, its end complete."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from certclerk.system.child import COMPLAINT_BYTES, await_end, kill

POLL_S = 0.1
# What a program gets to put its device to rest once it was asked to stop.
GRACE_S = 4.0
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Ended:
    """``code`` is negative for a signal; ``complaints`` is the last of what it wrote on stderr.

    ``lingered``: it had said its last word and did not end, so that it was ended and its code says nothing.
    """

    code: int
    complaints: str
    lingered: bool = False


class Stop(StrEnum):
    START = "start"
    SILENT = "silent"
    LINGERED = "lingered"
    CANCELLED = "cancelled"


class ProcessStopped(Exception):
    """The program did not start (``reason`` is the system's word), or did not end by itself."""

    def __init__(self, stop: Stop, reason: str = "") -> None:
        self.stop = stop
        self.reason = reason
        super().__init__(stop, reason)


def follow(
    command: Sequence[str],
    said: Callable[[str], None],
    *,
    silence: float,
    cancelled: Callable[[], bool] = lambda: False,
    complained: Callable[[bytes], None] = lambda _chunk: None,
    variables: Mapping[str, str] | None = None,
    grace: float = GRACE_S,
    last_word: bytes = b"",
) -> Ended:
    """Runs ``command`` to its end; ``said`` gets each whole line of its output when it comes.

    When it writes nothing for ``silence`` seconds, or ``cancelled()``, it is asked to end and, after ``grace``
    seconds, ended with all that it started; lines that it finished until then are still said. Then, or when
    it does not start, ProcessStopped is raised. ``complained`` gets stderr as it comes. What is silent for ``grace``
    seconds after ``last_word`` on stderr is ended too, and counts as having ended.
    """
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=None if variables is None else {**os.environ, **variables},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as error:
        raise ProcessStopped(Stop.START, error.strerror or str(error)) from error
    try:
        stop, complaints = _listen(process, said, complained, silence, cancelled, grace, last_word)
        await_end(process)
    finally:
        kill(process)
        process.wait()
    lingered = stop is Stop.LINGERED
    if stop is not None and not lingered:
        raise ProcessStopped(stop)
    return Ended(process.returncode, complaints.decode("utf-8", "replace"), lingered)


def _listen(
    process: subprocess.Popen[bytes],
    said: Callable[[str], None],
    complained: Callable[[bytes], None],
    silence: float,
    cancelled: Callable[[], bool],
    grace: float,
    last_word: bytes,
) -> tuple[Stop | None, bytes]:
    """Until all is heard: why the process was stopped, if it was, and what it complained of."""
    heard: queue.SimpleQueue[tuple[bool, bytes]] = queue.SimpleQueue()
    assert process.stdout is not None and process.stderr is not None
    for pipe, is_output in ((process.stdout, True), (process.stderr, False)):
        threading.Thread(target=_pump, args=(pipe, is_output, heard), daemon=True).start()
    line = complaints = b""
    stop: Stop | None = None
    open_pipes, last = 2, time.monotonic()
    kill_at = leave_at = float("inf")
    while open_pipes:
        try:
            is_output, chunk = heard.get(timeout=POLL_S)
        except queue.Empty:
            if time.monotonic() > kill_at or _has_ended(process):
                # What still holds the pipes is a grandchild, or hangs.
                kill(process)
                leave_at = min(leave_at, time.monotonic() + GRACE_S)
                if time.monotonic() > leave_at:
                    # It has a session of its own; what it says is nothing to us.
                    break
            elif stop is None and last_word and last_word in complaints and time.monotonic() - last > grace:
                stop = Stop.LINGERED
            elif stop is None and time.monotonic() - last > silence:
                stop = Stop.SILENT
        else:
            last = time.monotonic()
            open_pipes -= not chunk
            if is_output:
                *lines, line = (line + chunk).split(b"\n")
                for whole in lines:
                    said(whole.decode("utf-8", "replace"))
            else:
                complaints = (complaints + chunk)[-COMPLAINT_BYTES:]
                complained(chunk)
        if stop is None and cancelled():
            stop = Stop.CANCELLED
        if stop is not None and kill_at == float("inf"):
            _ask_to_end(process)
            kill_at = time.monotonic() + grace
    return stop, complaints


def _pump(pipe: IO[bytes], is_output: bool, heard: queue.SimpleQueue[tuple[bool, bytes]]) -> None:
    """Nobody else reads or closes the pipe. An empty chunk says that it has ended."""
    chunk = b" "
    with pipe:
        while chunk:
            chunk = os.read(pipe.fileno(), _CHUNK)
            heard.put((is_output, chunk))


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Without giving up its number, by which its group is still to be ended."""
    if sys.platform == "win32":
        return process.poll() is not None
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _ask_to_end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.terminate()
    else:
        os.killpg(process.pid, signal.SIGTERM)
