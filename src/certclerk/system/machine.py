"""Which computer this is: a random name kept in the user's folder, which says nothing about it or its owner."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path

from certclerk.system.resources import user_folder

FILE = "machine"
_LENGTH = 32  # hexadecimal digits


@cache
def machine_id() -> str:
    """The same for as long as the user's folder stands; where there can be none, for as long as the program runs."""
    try:
        return kept_id(user_folder())
    except OSError:
        return secrets.token_hex(_LENGTH // 2)


def kept_id(folder: Path) -> str:
    """The name kept in ``folder``, made if it is missing or no name. Raises OSError."""
    path = folder / FILE
    kept = path.read_text(encoding="ascii", errors="replace").strip() if path.is_file() else ""
    if len(kept) == _LENGTH and kept.isalnum():
        return kept
    made = secrets.token_hex(_LENGTH // 2)
    path.write_text(made, encoding="ascii")
    return made
