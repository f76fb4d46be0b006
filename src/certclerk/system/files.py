"""Files written aside, synced and then put in place, so that a failure leaves what was there before.

What the clerk keeps is personal data: everything made here is readable by its owner only.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import BinaryIO

from certclerk.core.errors import UserError

FILE_MODE = 0o600
ASIDE_SUFFIX = ".未完成"
OLD_SUFFIX = "_旧"

# A virus scanner or an indexer holds a fresh file for a moment; waits in seconds, 2.5 s in all.
RETRY_WAITS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0)
# Windows: access denied, sharing violation, lock violation. None of them passes by itself elsewhere.
_SHARING_VIOLATIONS = frozenset({5, 32, 33})

# Windows' own numbers say more than the errno that Python makes of them.
_CODES_OF_WINDOWS = {
    3: "path_vanished",
    5: "access_denied",
    15: "path_vanished",
    19: "access_denied",
    21: "device_gone",
    32: "file_in_use",
    33: "file_in_use",
    39: "disk_full",
    53: "device_gone",
    55: "device_gone",
    64: "device_gone",
    112: "disk_full",
    206: "path_too_long",
    223: "file_too_large",
    1117: "device_gone",
}
_CODES = {
    getattr(errno, name): code
    for name, code in {
        "ENOSPC": "disk_full",
        "EDQUOT": "disk_full",
        "EROFS": "access_denied",
        "EACCES": "access_denied",
        "EPERM": "access_denied",
        "ENOENT": "path_vanished",
        "ENOTDIR": "path_vanished",
        "EIO": "device_gone",
        "ENODEV": "device_gone",
        "ENXIO": "device_gone",
        "ESTALE": "device_gone",
        "ENAMETOOLONG": "path_too_long",
        "EFBIG": "file_too_large",
        "EBUSY": "file_in_use",
        "EEXIST": "name_taken",
        "ETXTBSY": "file_in_use",
    }.items()
    if hasattr(errno, name)
}
if sys.platform == "linux":
    # Not every file system and kernel has it.
    _renameat2 = getattr(ctypes.CDLL(None), "renameat2", lambda *_: -1)
    _HERE, _EXCHANGE = -100, 2

# Past this many characters Windows says that a path does not exist, not that it is too long.
_WINDOWS_PATH_LIMIT = 247


def explained(error: OSError, path: Path) -> UserError:
    """``error`` as the sentence a clerk can act on; ``path`` is what they know it by."""
    windows: int | None = getattr(error, "winerror", None)
    code = _CODES_OF_WINDOWS.get(windows or 0) or _CODES.get(error.errno or 0)
    if windows and code == "path_vanished" and len(str(path)) > _WINDOWS_PATH_LIMIT:
        code = "path_too_long"
    if code is None:
        return UserError("file_failed", path=path, reason=error.strerror or str(error))
    return UserError(code, path=path)


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Within it an OSError becomes the UserError of :func:`explained`."""
    try:
        yield
    except OSError as error:
        raise explained(error, path) from error


def open_private(path: Path) -> BinaryIO:
    """A new file, open for writing, that only its owner may read. Raises FileExistsError."""
    return open(path, "xb", opener=_private)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, FILE_MODE)


@contextmanager
def write_aside(path: Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become ``path`` when the block ends well, and vanish when it does not.

    Raises UserError; whatever ``path`` held before is still there then.
    """
    with explaining(path):
        descriptor, name = tempfile.mkstemp(ASIDE_SUFFIX, _aside_prefix(path), path.parent)
        aside = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                yield stream
                sync(stream)
            retried(lambda: aside.replace(path))
        finally:
            # Gone already when all went well.
            with suppress(OSError):
                aside.unlink()
        sync_folder(path.parent)


@contextmanager
def folder_aside(final: Path) -> Iterator[Path]:
    """An empty private folder beside ``final``; what is left of it goes when the block ends.

    The block moves it away with :func:`replace_folder`. Folders that a killed run left are swept first.
    """
    with explaining(final):
        _sweep(final)
        aside = Path(tempfile.mkdtemp(ASIDE_SUFFIX, _aside_prefix(final), final.parent))
        try:
            yield aside
        finally:
            _discard(aside)


def _discard(folder: Path) -> None:
    """Nothing of ``folder`` is there any more when this returns; what is left of it, if anything, was moved away.

    Giving back the room of large files takes a while, for which nobody waits where names can go before it.
    """
    if os.name != "posix" or not folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
        return
    held = ExitStack()
    for file in folder.rglob("*"):
        with suppress(OSError):
            if file.is_file():
                held.enter_context(file.open("rb"))
    shutil.rmtree(folder, ignore_errors=True)
    Thread(target=held.close, name="certclerk-discard").start()


def replace_folder(new: Path, final: Path) -> Path | None:
    """Moves ``new`` to ``final``; a folder that stood there becomes ``…_旧1`` (the next free number).

    Returns where the former one went. Raises UserError with the former one back in its place.
    """
    with explaining(final):
        if not os.path.lexists(final):
            retried(lambda: new.rename(final))
            sync_folder(final.parent)
            return None
        old = _free_old_name(final)
        if _exchanged(new, final, old):
            sync_folder(final.parent)
            return old
        retried(lambda: final.rename(old))
        try:
            retried(lambda: new.rename(final))
        except OSError:
            retried(lambda: old.rename(final))
            raise
        sync_folder(final.parent)
        return old


def _exchanged(new: Path, final: Path, old: Path) -> bool:
    """Both folders get their new names with none of them missing at any moment, where the system can do that.

    Killed in between, the new one stands whole beside the former, which still has its name.
    """
    if sys.platform != "linux":
        return False
    new.rename(old)
    if _renameat2(_HERE, os.fsencode(old), _HERE, os.fsencode(final), _EXCHANGE) == 0:
        return True
    old.rename(new)
    return False


def require_space(folder: Path, needed: int) -> None:
    """Raises UserError ``no_space`` unless the disk of ``folder`` has ``needed`` bytes free."""
    with explaining(folder):
        free = shutil.disk_usage(folder).free
    if free < needed:
        raise UserError("no_space", path=folder, needed=-(-needed // 10**6), free=free // 10**6)


@contextmanager
def ensured_folder(folder: Path) -> Iterator[None]:
    """``folder`` made with its parents if missing; those go again if the block fails and they are empty."""
    with explaining(folder):
        missing = [step for step in (folder, *folder.parents) if not step.exists()]
        folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as undoing:
        for step in reversed(missing):
            undoing.callback(_remove_empty, step)
        yield
        undoing.pop_all()


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def sync(stream: BinaryIO) -> None:
    """Everything written so far is on the disk when this returns."""
    stream.flush()
    os.fsync(stream.fileno())


def seal(path: Path) -> None:
    """Makes a file that someone else's code wrote private and safe on the disk. Raises OSError."""
    path.chmod(FILE_MODE)
    with path.open("r+b") as stream:
        sync(stream)


def sync_folder(folder: Path) -> None:
    """The names in ``folder`` are on the disk too, where the system can promise it.

    Some network file systems cannot; the files themselves are synced by then.
    """
    if os.name != "posix":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def retried(step: Callable[[], object]) -> None:
    """``step()``, tried again for a moment while Windows says that another program holds the file."""
    for wait in RETRY_WAITS:
        try:
            step()
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _SHARING_VIOLATIONS:
                raise
            time.sleep(wait)
        else:
            return
    step()


def _aside_prefix(final: Path) -> str:
    """Short, since a name that still fits a folder must not become one that does not."""
    return f".{final.name[:12]}-{zlib.crc32(final.name.encode()):08x}-"


def _sweep(final: Path) -> None:
    prefix = _aside_prefix(final)
    for entry in final.parent.iterdir():
        if entry.name.startswith(prefix) and entry.name.endswith(ASIDE_SUFFIX) and entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)


def _free_old_name(final: Path) -> Path:
    number = 1
    while os.path.lexists(old := final.with_name(f"{final.name}{OLD_SUFFIX}{number}")):
        number += 1
    return old
