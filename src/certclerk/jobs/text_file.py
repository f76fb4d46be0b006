"""A list for the clerk kept as plain text, to be read in any editor."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from certclerk.system.files import write_aside


def save_lines(path: Path, lines: Iterable[str]) -> None:
    """UTF-8 with its mark and the line ends of Windows: so every version of Notepad shows it.

    Raises UserError for the faults of the disk; a file that stands there is then as it was.
    """
    text = "".join(f"{line}\r\n" for line in lines)
    with write_aside(path) as stream:
        stream.write(text.encode("utf-8-sig"))
