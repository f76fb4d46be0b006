"""Which folder is watched for a collection on this computer, and whether it was being watched at last."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QSettings

FILE = "watch.ini"


class WatchMemory:
    """``folder`` is the user's data folder; ``collection`` the path of the open file."""

    def __init__(self, folder: Path, collection: Path) -> None:
        self._settings = QSettings(str(folder / FILE), QSettings.Format.IniFormat)
        # A path has signs that a settings file takes for its own.
        self._settings.beginGroup(hashlib.sha256(str(collection.absolute()).encode()).hexdigest()[:16])

    @property
    def folder(self) -> Path | None:
        kept = str(self._settings.value("folder", ""))
        return Path(kept) if kept else None

    @property
    def is_on(self) -> bool:
        return str(self._settings.value("on", "false")) == "true"

    def forget(self) -> None:
        self._settings.remove("")

    def keep(self, folder: Path, *, is_on: bool) -> None:
        self._settings.setValue("folder", str(folder))
        self._settings.setValue("on", "true" if is_on else "false")
