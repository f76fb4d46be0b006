"""What a file of pages holds, and how much of it is believed."""

from __future__ import annotations

from dataclasses import dataclass

from certclerk.core.booklet import LONGEST, POINTS_PER_INCH, SHORTEST
from certclerk.imaging.exif import ROTATIONS


@dataclass(frozen=True, slots=True)
class Frame:
    """One fully decoded picture of a file.

    ``frame`` counts from 0 within the file. ``width`` and ``height`` are px as stored, before
    ``orientation`` (EXIF 1 to 8; of a PDF page the number for its rotation). ``dpi`` is what the file says,
    None where it says nothing credible. ``contrast`` to ``likeness`` are those of :mod:`certclerk.imaging.quality`,
    None where they cannot be measured. ``small`` is a JPEG of it as its file wants it seen, see
    :func:`certclerk.imaging.show.small_picture`.
    """

    media_type: str
    frame: int
    width: int
    height: int
    dpi: float | None = None
    orientation: int = 1
    contrast: float | None = None
    sharpness: float | None = None
    lightest: float | None = None
    darkest: float | None = None
    cut: str | None = None
    likeness: str | None = None
    small: bytes | None = None

    @property
    def seen_size(self) -> tuple[int, int]:
        """Width and height as the file wants the picture seen."""
        lying = ROTATIONS[self.orientation] % 180 != 0
        return (self.height, self.width) if lying else (self.width, self.height)


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps against bombs. ``max_pixels`` is per frame, ``max_total_pixels`` per file."""

    max_bytes: int = 200_000_000
    max_pixels: int = 100_000_000
    max_frames: int = 500
    max_total_pixels: int = 5_000_000_000


LIMITS = Limits()


def credible_dpi(across: float, down: float, width: int, height: int) -> float | None:
    """The claimed resolution in dpi if it gives the picture a size that a certificate can have on paper."""
    if not (0 < across < 10_000 and 0 < down < 10_000) or not 0.9 < across / down < 1.1:
        return None
    dpi = (across + down) / 2
    longest = max(width, height) / dpi * POINTS_PER_INCH
    return round(dpi, 1) if SHORTEST <= longest <= LONGEST else None
