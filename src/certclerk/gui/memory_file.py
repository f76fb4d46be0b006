"""What the window remembers from one day to the next: small JSON files in the user's folder, each whole or as before."""

from __future__ import annotations

from pathlib import Path


def keep(file: Path, value: object) -> None:
    """Only a convenience: a folder that cannot be written is not worth a word to the clerk."""
    import json

    aside = file.with_name(f"{file.name}.new")
    try:
        aside.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
        aside.replace(file)
    except OSError:
        return
