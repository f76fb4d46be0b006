"""Caps that a process puts on itself for good, before it touches what it does not trust.

On POSIX resource limits; on Windows a Job Object that the process creates, enters and never closes, so that
whatever it starts ends with it.
"""

from __future__ import annotations

import math
import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    # winnt.h: JOB_OBJECT_LIMIT_…
    _PROCESS_TIME, _PROCESS_MEMORY, _DIE_QUIETLY, _KILL_ON_CLOSE = 0x2, 0x100, 0x400, 0x2000
    _EXTENDED_LIMITS = 9
    _TICKS_PER_SECOND = 10_000_000

    class _BasicLimits(ctypes.Structure):
        _fields_ = (
            ("PerProcessUserTimeLimit", ctypes.c_int64),
            ("PerJobUserTimeLimit", ctypes.c_int64),
            ("LimitFlags", wintypes.DWORD),
            ("MinimumWorkingSetSize", ctypes.c_size_t),
            ("MaximumWorkingSetSize", ctypes.c_size_t),
            ("ActiveProcessLimit", wintypes.DWORD),
            ("Affinity", ctypes.c_size_t),
            ("PriorityClass", wintypes.DWORD),
            ("SchedulingClass", wintypes.DWORD),
        )

    class _ExtendedLimits(ctypes.Structure):
        _fields_ = (
            ("BasicLimitInformation", _BasicLimits),
            ("IoInfo", ctypes.c_uint64 * 6),
            ("ProcessMemoryLimit", ctypes.c_size_t),
            ("JobMemoryLimit", ctypes.c_size_t),
            ("PeakProcessMemoryUsed", ctypes.c_size_t),
            ("PeakJobMemoryUsed", ctypes.c_size_t),
        )

    def cap(memory: int, seconds: float) -> None:
        """At most ``memory`` bytes and some more than ``seconds`` of computing. Raises OSError."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.SetInformationJobObject.argtypes = (
            wintypes.HANDLE,
            ctypes.c_int,
            ctypes.c_void_p,
            wintypes.DWORD,
        )
        kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        limits = _ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = (
            _PROCESS_TIME | _PROCESS_MEMORY | _DIE_QUIETLY | _KILL_ON_CLOSE
        )
        limits.BasicLimitInformation.PerProcessUserTimeLimit = (math.ceil(seconds) + 1) * _TICKS_PER_SECOND
        limits.ProcessMemoryLimit = memory
        job = kernel.CreateJobObjectW(None, None)
        if not (
            job
            and kernel.SetInformationJobObject(
                job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
            )
            and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
        ):
            raise ctypes.WinError(ctypes.get_last_error())

else:
    import resource

    def cap(memory: int, seconds: float) -> None:
        """At most ``memory`` bytes and some more than ``seconds`` of computing. Raises OSError."""
        computing = math.ceil(seconds) + 1
        # The clock's end is the parent's to see to; this one holds even where the parent is gone.
        _lower(resource.RLIMIT_CPU, computing)
        _lower(resource.RLIMIT_AS, memory)
        # A dump would leave people's data on the disk.
        _lower(resource.RLIMIT_CORE, 0)

    def _lower(limit: int, most: int) -> None:
        _, hard = resource.getrlimit(limit)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (least, least))
