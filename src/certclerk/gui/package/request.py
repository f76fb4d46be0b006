"""What the clerk decides on the way through the package wizard, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from certclerk.core.submission import Supplement
from certclerk.core.submission_record import Delivery
from certclerk.gui.package.habits import remembered_size
from certclerk.gui.session import Session
from certclerk.jobs.package import Options, Result


@dataclass
class PackageRequest:
    """``held``: teachers left out of this submission only, each with the reason; ``limit_mb`` of 10⁶ bytes.

    ``supplement``: a 补报 is wanted; ``planned``: who is in it, once that has been worked out.
    """

    session: Session
    day: date
    limit_mb: float
    held: dict[int, str] = field(default_factory=dict)
    folder: Path | None = None
    size: str = field(default_factory=remembered_size)
    legacy_zip: bool = False
    password: str = ""
    delivery: Delivery = Delivery.MAIL
    supplement: bool = False
    planned: Supplement | None = None
    result: Result | None = None

    def options(self) -> Options:
        return Options(
            self.day,
            self.size,
            self.limit_mb,
            self.legacy_zip,
            dict(self.held),
            password=self.password,
            delivery=self.delivery,
            supplement=self.supplement,
        )
