"""Every file dialog of the program goes through :func:`ask`, which tests replace."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Wanted(Enum):
    FILE = auto()
    FILES = auto()
    FOLDER = auto()
    NEW_FILE = auto()


@dataclass(frozen=True, slots=True)
class Question:
    """``filter`` as Qt writes it: ``名册 (*.xlsx *.xls)``; ``start``: the folder or file offered first."""

    wanted: Wanted
    title: str
    start: Path | None = None
    filter: str = ""


def ask(parent: QWidget | None, question: Question) -> tuple[Path, ...]:
    """What the clerk chose; empty when the dialog was cancelled."""
    from PySide6.QtWidgets import QFileDialog

    start = str(question.start or "")
    match question.wanted:
        case Wanted.FILE:
            chosen = [QFileDialog.getOpenFileName(parent, question.title, start, question.filter)[0]]
        case Wanted.FILES:
            chosen = QFileDialog.getOpenFileNames(parent, question.title, start, question.filter)[0]
        case Wanted.FOLDER:
            chosen = [QFileDialog.getExistingDirectory(parent, question.title, start)]
        case Wanted.NEW_FILE:
            chosen = [QFileDialog.getSaveFileName(parent, question.title, start, question.filter)[0]]
    return tuple(Path(name) for name in chosen if name)


def documents() -> Path:
    """The folder that the clerk's own files are offered first."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(place) if place and Path(place).is_dir() else Path.home()


def forget_folders() -> None:
    """The folders that Qt's own file dialogs would offer again; a system's dialogs keep theirs themselves."""
    from PySide6.QtCore import QSettings

    kept = QSettings(QSettings.Scope.UserScope, "QtProject")
    for name in ("history", "lastVisited"):
        kept.remove(f"FileDialog/{name}")


def choose_file(
    parent: QWidget | None, title: str, filter: str = "", start: Path | None = None
) -> Path | None:
    return _one(ask(parent, Question(Wanted.FILE, title, start, filter)))


def choose_files(
    parent: QWidget | None, title: str, filter: str = "", start: Path | None = None
) -> tuple[Path, ...]:
    return ask(parent, Question(Wanted.FILES, title, start, filter))


def choose_folder(parent: QWidget | None, title: str, start: Path | None = None) -> Path | None:
    return _one(ask(parent, Question(Wanted.FOLDER, title, start)))


def choose_save(
    parent: QWidget | None, title: str, filter: str = "", start: Path | None = None
) -> Path | None:
    return _one(ask(parent, Question(Wanted.NEW_FILE, title, start, filter)))


def suffixed(path: Path, suffix: str) -> Path:
    """With the suffix that the clerk left out."""
    return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)


def _one(chosen: tuple[Path, ...]) -> Path | None:
    return chosen[0] if chosen else None
