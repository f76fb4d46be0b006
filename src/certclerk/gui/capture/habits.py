"""How the clerk likes to capture; kept on this computer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QSettings

FILE = "capture.ini"
MOST_TEXT_PAGES = 6


@dataclass(frozen=True, slots=True)
class Habits:
    """``text_pages``: how many pages the flow takes into a slot of many before it goes on (1 to
    :data:`MOST_TEXT_PAGES`). ``advance``: after a teacher's last page it goes to the next who lacks one.
    """

    text_pages: int = 1
    advance: bool = True


class HabitsFile:
    """``now`` is what holds; :meth:`change` keeps it."""

    def __init__(self, folder: Path) -> None:
        self._settings = QSettings(str(folder / FILE), QSettings.Format.IniFormat)
        pages = str(self._settings.value("textPages", 1))
        advance = str(self._settings.value("advance", "true"))
        usable = pages.isdigit() and 1 <= int(pages) <= MOST_TEXT_PAGES
        self.now = Habits(int(pages) if usable else 1, advance != "false")

    def change(self, *, text_pages: int | None = None, advance: bool | None = None) -> None:
        if text_pages is not None:
            self.now = replace(self.now, text_pages=text_pages)
        if advance is not None:
            self.now = replace(self.now, advance=advance)
        self._settings.setValue("textPages", self.now.text_pages)
        self._settings.setValue("advance", "true" if self.now.advance else "false")
