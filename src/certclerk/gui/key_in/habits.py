"""How the clerk likes the key-in window; kept on this computer."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

FILE = "key_in.ini"


class KeyInHabits:
    def __init__(self, folder: Path) -> None:
        self._settings = QSettings(str(folder / FILE), QSettings.Format.IniFormat)

    def is_on(self, name: str, default: bool) -> bool:
        return str(self._settings.value(name, "true" if default else "false")) == "true"

    def set_on(self, name: str, on: bool) -> None:
        self._settings.setValue(name, "true" if on else "false")

    @property
    def geometry(self) -> QByteArray | None:
        kept = self._settings.value("geometry")
        return kept if isinstance(kept, QByteArray) else None

    def keep_geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("geometry", geometry)
