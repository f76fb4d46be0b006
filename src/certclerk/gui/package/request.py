"""What the clerk decides on the way through the package wizard, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from certclerk.gui.session import Session
from certclerk.jobs.package import Options, Result
from certclerk.jobs.page_images import ORIGINAL


@dataclass
class PackageRequest:
    """``held``: teachers left out of this submission only, each with the reason; ``limit_mb`` of 10⁶ bytes."""

    session: Session
    day: date
    limit_mb: float
    held: dict[int, str] = field(default_factory=dict)
    folder: Path | None = None
    size: str = ORIGINAL
    legacy_zip: bool = False
    result: Result | None = None

    def options(self) -> Options:
        return Options(self.day, self.size, self.limit_mb, self.legacy_zip, dict(self.held))
