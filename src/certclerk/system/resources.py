"""Where the program's own files are, and where the user's belong."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from platformdirs import user_data_path

from certclerk.core.errors import UserError


def resource(*parts: str) -> Path:
    """The path of a shipped file or folder: ``resource("fonts", "certclerk-sans-sc.otf")``.

    Raises :class:`UserError` ``resource_missing`` where it is not there: the installation is damaged.
    """
    path = _resources().joinpath(*parts)
    if not path.exists():
        raise UserError("resource_missing", name="/".join(parts))
    return path


def user_folder() -> Path:
    """Where the clerk's own notice profiles, settings and logs are kept, its owner's alone; made if missing."""
    folder = user_data_path("certclerk", appauthor=False, ensure_exists=True)
    # One that an earlier version made may be open to others; where it cannot be closed, it serves all the same.
    with suppress(OSError):
        folder.chmod(0o700)
    return folder


def _resources() -> Path:
    """Beside the package's modules in a wheel and in a frozen build, beside ``src`` in a source tree."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent.parent / "resources"
