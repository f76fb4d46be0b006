"""SQLite's steps to the disk through a door: its writes, truncations, deletions and openings at the system call,
its syncs in a VFS of ours.

An exception of a VFS in Python reaches the caller also where SQLite passes the fault over, as when it folds the
journal in after a commit; a failing system call does not. Syncs are no system call that SQLite lets one replace.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from .door import Door

NAME = "door"
_INT, _SIZE, _LONG, _POINTER = ctypes.c_int, ctypes.c_size_t, ctypes.c_long, ctypes.c_void_p
_TYPES: dict[str, Any] = {
    "open": ctypes.CFUNCTYPE(_INT, ctypes.c_char_p, _INT, _INT, use_errno=True),
    "pread64": ctypes.CFUNCTYPE(ctypes.c_ssize_t, _INT, _POINTER, _SIZE, _LONG, use_errno=True),
    "pwrite64": ctypes.CFUNCTYPE(ctypes.c_ssize_t, _INT, _POINTER, _SIZE, _LONG, use_errno=True),
    "ftruncate": ctypes.CFUNCTYPE(_INT, _INT, _LONG, use_errno=True),
    "unlink": ctypes.CFUNCTYPE(_INT, ctypes.c_char_p, use_errno=True),
}
_UNDERLYING = apsw.vfs_names()[0]


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], door: Door) -> None:
        self._door = door
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._name = Path(path or "temporary").name
        super().__init__(_UNDERLYING, name, flags)

    def xSync(self, flags: int) -> None:
        try:
            self._door.step(f"sync {self._name}")
        except OSError as error:
            raise apsw.IOError(str(error)) from error
        super().xSync(flags)


class _Vfs(apsw.VFS):
    def __init__(self, door: Door) -> None:
        self._door = door
        super().__init__(NAME, "", makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> _File:
        return _File(name, flags, self._door)


@contextmanager
def database_through(door: Door) -> Iterator[None]:
    """A block within which every connection that is opened goes through the door; close them before its end."""
    system = apsw.VFS("system calls", "unix")
    real = {name: kind(system.xGetSystemCall(name)) for name, kind in _TYPES.items()}

    def named(descriptor: int) -> str:
        return Path(f"/proc/self/fd/{descriptor}").readlink().name

    def failing(step: Callable[[], None]) -> bool:
        try:
            step()
        except OSError as error:
            ctypes.set_errno(error.errno or 0)
            return True
        return False

    def opened(path: bytes, flags: int, mode: int) -> int:
        if flags & os.O_CREAT and failing(lambda: door.step(f"open {Path(os.fsdecode(path)).name}")):
            return -1
        return int(real["open"](path, flags, mode))

    def read(descriptor: int, buffer: int, size: int, offset: int) -> int:
        return -1 if failing(door.read) else int(real["pread64"](descriptor, buffer, size, offset))

    def written(descriptor: int, buffer: int, size: int, offset: int) -> int:
        def half() -> None:
            real["pwrite64"](descriptor, buffer, size // 2, offset)

        if failing(lambda: door.step(f"write {named(descriptor)}", half)):
            return -1
        return int(real["pwrite64"](descriptor, buffer, size, offset))

    def truncated(descriptor: int, size: int) -> int:
        if failing(lambda: door.step(f"truncate {named(descriptor)}")):
            return -1
        return int(real["ftruncate"](descriptor, size))

    def deleted(path: bytes) -> int:
        if failing(lambda: door.step(f"delete {Path(os.fsdecode(path)).name}")):
            return -1
        return int(real["unlink"](path))

    ours = {
        "open": opened,
        "pread64": read,
        "pwrite64": written,
        "ftruncate": truncated,
        "unlink": deleted,
    }
    # Kept until the end of the block: SQLite knows only their addresses.
    pointers = {name: _TYPES[name](function) for name, function in ours.items()}
    for name, pointer in pointers.items():
        system.xSetSystemCall(name, ctypes.cast(pointer, _POINTER).value or 0)
    vfs = _Vfs(door)
    try:
        yield
    finally:
        apsw.set_default_vfs(_UNDERLYING)
        vfs.unregister()
        for name in pointers:
            system.xSetSystemCall(name, 0)
        system.unregister()
