"""What the import wizard works on, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from certclerk.gui.session import Session
from certclerk.jobs.roster_preview import Proposal


@dataclass
class ImportRequest:
    """``imported`` are the new teachers' ids, in roster order; ``proposal`` what they were made from."""

    session: Session
    path: Path
    proposal: Proposal | None = None
    imported: tuple[int, ...] = ()
