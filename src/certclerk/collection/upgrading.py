"""The file as it was before this version of the program brought it to its own: one copy, in the user's folder.

Not beside it: there a clerk would take it for a second collection. A later upgrade of the same collection replaces it.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import apsw

from certclerk.core.errors import UserError
from certclerk.system.files import explaining, require_space, write_aside
from certclerk.system.resources import user_folder

FOLDER = "upgraded"
_CHUNK = 1 << 20  # bytes


def former(identity: str) -> Path:
    """Where the file of that collection as it was is kept, if it is."""
    return user_folder() / FOLDER / f"{identity}.certclerk"


def keep_former(connection: apsw.Connection, path: Path) -> Path:
    """Copies the file of ``connection``, which nobody else writes and whose journal is folded in, and proves the copy.

    Raises UserError ``no_space``, ``upgrade_not_kept``, and the faults of either disk.
    """
    with explaining(path):
        kept = former(_key(connection, path))
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        require_space(kept.parent, path.stat().st_size)
        with path.open("rb") as source, write_aside(kept) as copy:
            shutil.copyfileobj(source, copy, _CHUNK)
        if _digest(kept) != _digest(path):
            raise UserError("upgrade_not_kept", file=path.name)
    return kept


def _key(connection: apsw.Connection, path: Path) -> str:
    """The collection's identity; of a file from before there was one, where it lies."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'identity'").get:
        return str(connection.execute("SELECT collection FROM identity").get)
    return hashlib.sha256(str(path.absolute()).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
