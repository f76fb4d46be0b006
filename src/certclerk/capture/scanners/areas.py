"""What usually lies on the glass, and how much of it to scan."""

from __future__ import annotations

from dataclasses import dataclass

from certclerk.capture.scanners.scanner import Area
from certclerk.core.booklet import BOOKLET_HEIGHT, BOOKLET_WIDTH, POINTS_PER_CM

_MM_PER_CM = 10
# Around a booklet, so that its own edge is in the picture and a hand need not lay it to the millimetre.
_ROOM = 5.0


@dataclass(frozen=True, slots=True)
class Preset:
    """``width`` × ``height`` mm is what is scanned."""

    id: str
    label: str
    width: float
    height: float


def _mm(points: float) -> float:
    return round(points / POINTS_PER_CM * _MM_PER_CM, 1)


PRESETS = (
    Preset("spread", "摊开的证书", _mm(2 * BOOKLET_WIDTH) + _ROOM, _mm(BOOKLET_HEIGHT) + _ROOM),
    Preset("page", "合上的证书，或单页", _mm(BOOKLET_WIDTH) + _ROOM, _mm(BOOKLET_HEIGHT) + _ROOM),
    Preset("a4", "A4", 210.0, 297.0),
)


def laid(width: float, height: float, largest: tuple[float, float] | None) -> Area:
    """An area of that size from the corner: turned by 90° where only so it lies on the glass, else cut to it."""
    if largest is None:
        return Area(0, 0, width, height)
    if not _fits(width, height, largest) and _cut(height, width, largest) > _cut(width, height, largest):
        width, height = height, width
    return Area(0, 0, min(width, largest[0]), min(height, largest[1]))


def is_turned(area: Area, preset: Preset) -> bool:
    """Whether the paper has to be laid across."""
    return (area.width > area.height) != (preset.width > preset.height)


def clipped(area: Area | None, largest: tuple[float, float] | None) -> Area | None:
    """``area`` without what lies beyond the glass; None stands for all of it."""
    if area is None or largest is None:
        return area
    x, y = min(area.x, largest[0]), min(area.y, largest[1])
    width, height = min(area.width, largest[0] - x), min(area.height, largest[1] - y)
    return Area(x, y, width, height) if width > 0 and height > 0 else None


def _fits(width: float, height: float, largest: tuple[float, float]) -> bool:
    return width <= largest[0] and height <= largest[1]


def _cut(width: float, height: float, largest: tuple[float, float]) -> float:
    """How much of it can be scanned, mm²."""
    return min(width, largest[0]) * min(height, largest[1])
