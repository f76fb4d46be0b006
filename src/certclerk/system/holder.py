"""Who holds a lock: which process on which computer, so that what the dead left can be told from what is held."""

from __future__ import annotations

import json
import os
import platform
import sys
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from certclerk.system.machine import machine_id


@dataclass(frozen=True, slots=True)
class Holder:
    """``machine`` is a random name (see system.machine), ``host`` what people call that computer.

    ``started`` tells a process from an earlier one of the same number, also of before the last start of the computer;
    ``since`` is UTC, ISO 8601.
    """

    machine: str
    host: str
    pid: int
    started: str
    since: str

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def this_process() -> Holder:
    pid = os.getpid()
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return Holder(machine_id(), platform.node(), pid, started(pid) or "", since)


def parse_holder(text: str) -> Holder | None:
    """None for what no holder wrote, or wrote only half of."""
    try:
        values = json.loads(text)
        holder = Holder(**{field.name: values[field.name] for field in fields(Holder)})
        datetime.fromisoformat(holder.since)
    except (ValueError, KeyError, TypeError):
        return None
    words = (holder.machine, holder.host, holder.started)
    return holder if isinstance(holder.pid, int) and all(isinstance(word, str) for word in words) else None


def is_at_work(holder: Holder) -> bool:
    """Whether a holder on this computer still runs, or was only stopped: not if its number is another process' now."""
    return started(holder.pid) == holder.started


if sys.platform == "win32":

    def started(pid: int) -> str | None:
        """Which process has this number now; None where none has."""
        import ctypes
        from ctypes import wintypes

        kernel = ctypes.windll.kernel32
        kernel.OpenProcess.restype = wintypes.HANDLE
        # PROCESS_QUERY_LIMITED_INFORMATION
        handle = kernel.OpenProcess(0x1000, False, pid)
        if not handle:
            return None
        created, ended, in_kernel, in_user = (wintypes.FILETIME() for _ in range(4))
        code = wintypes.DWORD()
        try:
            kernel.GetProcessTimes(
                wintypes.HANDLE(handle), *map(ctypes.byref, (created, ended, in_kernel, in_user))
            )
            kernel.GetExitCodeProcess(wintypes.HANDLE(handle), ctypes.byref(code))
        finally:
            kernel.CloseHandle(wintypes.HANDLE(handle))
        # STILL_ACTIVE
        return f"{created.dwHighDateTime} {created.dwLowDateTime}" if code.value == 259 else None
else:

    def started(pid: int) -> str | None:
        """Which process has this number now; None where none has, or it is dead and only not buried.

        The 22nd field of /proc/PID/stat (proc(5)) is when it started, counted from the start of the computer, which
        ``boot_id`` names. What stands in brackets before may hold spaces and brackets itself.
        """
        try:
            status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
            boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        except OSError:
            return None
        state, *rest = status.rpartition(")")[2].split()
        return None if state in "ZX" else f"{boot} {rest[18]}"
