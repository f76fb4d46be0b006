"""What this computer remembers beside a collection, forgotten with it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from certclerk.gui import files, recent, siblings
from certclerk.gui.capture.watch_memory import WatchMemory
from certclerk.gui.package import habits
from certclerk.jobs import mapping_memory


def forget_collection(folder: Path, path: Path) -> None:
    """``folder`` is the user's data folder. Scanners, sizes and places of windows say nothing of anybody and stay."""
    recent.forget(folder, path.absolute())
    siblings.forget(folder, path.absolute())
    WatchMemory(folder, path).forget()
    habits.forget_folder()
    files.forget_folders()
    # Where a row of people was once taken for the head, its cells are kept as heads.
    with suppress(OSError):
        mapping_memory.forget_all(folder)
