"""The collections opened last, kept as a small JSON file in the user's folder."""

from __future__ import annotations

from pathlib import Path

from certclerk.gui.memory_file import keep

FILE = "recent.json"
MOST = 10


def recent(folder: Path) -> tuple[Path, ...]:
    """Newest first; empty where the list is missing or cannot be read: it is only a convenience."""
    if not (folder / FILE).is_file():
        return ()
    import json

    try:
        names = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    if not isinstance(names, list):
        return ()
    return tuple(Path(name) for name in names if isinstance(name, str))[:MOST]


def remember(folder: Path, path: Path) -> None:
    path = path.absolute()
    _keep(folder, (path, *(other for other in recent(folder) if other != path)))


def forget(folder: Path, path: Path) -> None:
    _keep(folder, tuple(other for other in recent(folder) if other != path))


def forget_all(folder: Path) -> None:
    _keep(folder, ())


def _keep(folder: Path, paths: tuple[Path, ...]) -> None:
    keep(folder / FILE, [str(path) for path in paths[:MOST]])
