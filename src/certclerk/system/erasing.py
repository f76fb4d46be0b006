"""Files overwritten before they are removed.

What an overwriting reaches is the file itself where the disk rewrites in place. An SSD that spreads its writes, a disk
with snapshots, a folder that is synchronised elsewhere may keep what was there.
"""

from __future__ import annotations

import os
from pathlib import Path

from certclerk.system.files import explaining, retried, sync, sync_folder

# Bytes written at a time.
_AT_ONCE = 1 << 20


def erase(path: Path) -> None:
    """Zeros over every byte of the file, then it is removed. Raises UserError.

    Where the same file has another name as well, only this name goes: the other is a copy that somebody meant to keep.
    """
    with explaining(path):
        if path.is_symlink() or path.stat().st_nlink > 1:
            retried(path.unlink)
            return
        with path.open("r+b") as stream:
            left = os.fstat(stream.fileno()).st_size
            while left:
                left -= stream.write(bytes(min(left, _AT_ONCE)))
            sync(stream)
        retried(path.unlink)
        sync_folder(path.parent)
