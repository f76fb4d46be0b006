"""A lock on a file that goes with its holder, however it ends; and one on a share, where that alone is not enough.

The operating system drops the lock of a process that dies, and on this computer's own disks nothing else counts. On
shares other computers' locks are not always seen, and what they left stays: there the file says who holds it.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

from certclerk.system.holder import Holder, is_at_work, parse_holder, this_process

# What the system says where it has no locks, as on some shares: no word about another holder.
_WITHOUT_LOCKS = frozenset(
    getattr(errno, name) for name in ("ENOLCK", "ENOTSUP", "EOPNOTSUPP", "ENOSYS") if hasattr(errno, name)
)
# The first byte is what Windows locks, and nobody else can read that.
_WORDS_FROM = 1
_MOST_BYTES = 4096

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class HeldElsewhere(Exception):
    """By another computer, as the file says; whether that is still so cannot be told from here."""

    def __init__(self, holder: Holder) -> None:
        self.holder = holder
        super().__init__(holder)


class FileLock:
    """Held from construction by :func:`acquire` until :meth:`release`; the lock file goes with it."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._descriptor = descriptor
        self._words = this_process().to_json()
        # Where the disk is full, the lock of the operating system stands alone.
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, b" " * _WORDS_FROM + self._words.encode())

    def release(self) -> None:
        if self._descriptor < 0:
            return
        # One that another computer has taken over meanwhile is not ours to remove.
        ours = _words(self._descriptor) in (self._words, "") and _is_at(self._descriptor, self._path)
        # Windows cannot remove an open file; elsewhere it must go while the lock is still held,
        # or a waiting program would lock a file that is about to vanish.
        if ours and sys.platform != "win32":
            self._remove()
        os.close(self._descriptor)
        self._descriptor = -1
        if ours and sys.platform == "win32":
            self._remove()

    def _remove(self) -> None:
        """It may stay: on a disk that is gone or read-only by now, or where Windows' next holder has it."""
        with suppress(OSError):
            self._path.unlink()


def acquire(path: Path, *, shared: bool = False, taking_over: bool = False) -> FileLock | None:
    """The lock on ``path`` (made if missing), or None while another process or holder of this computer has it.

    ``shared``: other computers may have it. Then what the file says counts too: a process of this computer that is gone
    is followed, whatever its age; of another computer's nothing can be known, so HeldElsewhere is raised, unless
    ``taking_over`` says that people have looked. Raises OSError where the folder cannot be written.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            free = _try_lock(descriptor)
            at = free and _is_at(descriptor, path)
            if at and shared:
                holder = parse_holder(_words(descriptor))
                free = holder is None or taking_over or not _holds(holder)
        except BaseException:
            os.close(descriptor)
            raise
        if free and at:
            return FileLock(path, descriptor)
        os.close(descriptor)
        if not free:
            return None


def _holds(holder: Holder) -> bool:
    """Whether a holder of this computer is at work. Raises HeldElsewhere for one of another."""
    if holder.machine != this_process().machine:
        raise HeldElsewhere(holder)
    return is_at_work(holder)


def _try_lock(descriptor: int) -> bool:
    try:
        _lock(descriptor)
    except OSError as error:
        return error.errno in _WITHOUT_LOCKS
    return True


def _words(descriptor: int) -> str:
    try:
        os.lseek(descriptor, _WORDS_FROM, os.SEEK_SET)
        return os.read(descriptor, _MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether the opened file is still the one of that name: a holder may have removed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
