"""Where else a collection is backed up, kept in the user's folder: another computer has other drives."""

from __future__ import annotations

import json
from pathlib import Path

from certclerk.system.files import write_aside

FILE = "backup-places.json"


def second_place(folder: Path, identity: str) -> Path | None:
    """The folder that the clerk chose for a collection, there or not."""
    return second_places(folder).get(identity)


def second_places(folder: Path) -> dict[str, Path]:
    """By identity; empty where nothing is kept or it cannot be read."""
    try:
        stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(stored, dict):
        return {}
    return {key: Path(place) for key, place in stored.items() if isinstance(place, str)}


def keep_second_place(folder: Path, identity: str, place: Path | None) -> None:
    """None: no longer. Raises UserError where it cannot be kept."""
    kept = {key: str(held) for key, held in second_places(folder).items() if key != identity}
    if place is not None:
        kept[identity] = str(place.absolute())
    with write_aside(folder / FILE) as stream:
        stream.write(json.dumps(kept, ensure_ascii=False, indent=1).encode())
