"""A lock on a file that the operating system drops when its holder dies, however it dies."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


class FileLock:
    """Held from construction by :func:`acquire` until :meth:`release`; the lock file goes with it."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor < 0:
            return
        # Windows cannot remove an open file; elsewhere it must go while the lock is still held,
        # or a waiting program would lock a file that is about to vanish.
        if sys.platform != "win32":
            self._remove()
        os.close(self._descriptor)
        self._descriptor = -1
        if sys.platform == "win32":
            self._remove()

    def _remove(self) -> None:
        """It may stay: on a disk that is gone or read-only by now, or where Windows' next holder has it."""
        with suppress(OSError):
            self._path.unlink()


def acquire(path: Path) -> FileLock | None:
    """The lock on ``path`` (made if missing), or None while another process or holder has it.

    Raises OSError where the folder cannot be written.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _try_lock(descriptor):
            os.close(descriptor)
            return None
        if _is_at(descriptor, path):
            return FileLock(path, descriptor)
        os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether the opened file is still the one of that name: a holder may have removed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
