"""What the import wizard works on, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from certclerk.gui.session import Session
from certclerk.jobs.roster_preview import Layout, Merged, Plan, Proposal

PASTED = "剪贴板"


@dataclass(frozen=True, slots=True)
class Pasted:
    """A block of cells from the clipboard, as text."""

    text: str


@dataclass
class ImportRequest:
    """``folder``: the user's data folder, where mappings are remembered. ``source``: a table's file or a block.

    ``proposal`` is what ``layout`` makes of the table. ``imported`` are the ids of the teachers it concerned;
    ``merged`` is what became of a ``plan``, where the roster was filled before.
    """

    session: Session
    source: Path | Pasted
    folder: Path
    layout: Layout | None = None
    proposal: Proposal | None = None
    plan: Plan | None = None
    merged: Merged | None = None
    imported: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        return PASTED if isinstance(self.source, Pasted) else self.source.name
