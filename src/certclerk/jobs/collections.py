"""Making a collection: empty from the window, or filled and built aside from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from certclerk.collection import (
    Collection,
    change_password,
    create_collection,
    lock_path,
    unfinished_path,
)
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.records import Filing
from certclerk.system.files import explaining, sync_folder
from certclerk.system.lock import acquire
from certclerk.system.notices import find_notice, read_notice, shipped_notices

__all__ = [
    "change_password",
    "default_notice",
    "find_notice",
    "new_collection",
    "read_notice",
    "shipped_notices",
]

SUFFIX = ".certclerk"
# Characters of a collection's password: what is shorter is guessed by trying.
LEAST_PASSWORD = 8


@contextmanager
def new_collection(path: Path, notice: Notice, filing: Filing, *, password: str = "") -> Iterator[Collection]:
    """A collection being made: ``path`` appears whole when the block ends well, and not at all otherwise.

    Raises UserError ``collection_exists``, ``folder_missing`` and the faults of the disk.
    """
    if path.exists():
        raise UserError("collection_exists", file=path.name)
    if not path.parent.is_dir():
        raise UserError("folder_missing", folder=str(path.parent))
    aside = unfinished_path(path)
    with explaining(path):
        _sweep(aside)
    try:
        with create_collection(aside, notice, filing, password=password) as collection:
            yield collection
            collection.fold()
        with explaining(path):
            settle(aside, path)
    finally:
        with suppress(OSError):
            _sweep(aside)


def settle(aside: Path, path: Path) -> None:
    """Gives the finished file its name without ever replacing one that came meanwhile."""
    try:
        path.hardlink_to(aside)
    except FileExistsError as error:
        raise UserError("collection_exists", file=path.name) from error
    except OSError:
        # FAT and some network disks have no links; there the check before must do.
        if path.exists():
            raise UserError("collection_exists", file=path.name) from None
        aside.rename(path)
    sync_folder(path.parent)


def _sweep(aside: Path) -> None:
    """Removes what a killed run left, unless that run is still alive."""
    lock = acquire(lock_path(aside))
    if lock is None:
        raise UserError("collection_locked", file=aside.name)
    try:
        for leftover in (
            aside,
            *(aside.with_name(aside.name + tail) for tail in ("-wal", "-shm", "-journal")),
        ):
            leftover.unlink(missing_ok=True)
    finally:
        lock.release()


def default_notice() -> Notice:
    """The one shipped notice. Raises UserError ``notice_unclear`` once there are several."""
    shipped = shipped_notices()
    if len(shipped) != 1:
        raise UserError("notice_unclear", ids="、".join(notice.id for notice in shipped))
    return shipped[0]
