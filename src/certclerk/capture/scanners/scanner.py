"""What a scanner is to the program, whichever way it is reached. Lengths are mm, from the glass's corner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

# What scanners are commonly set to; of a range, those that lie in it are offered.
USUAL_DPI = (100, 150, 200, 300, 400, 600)


class Via(StrEnum):
    """The ways of reaching scanners: the back ends."""

    SANE = "sane"
    ESCL = "escl"
    WIA = "wia"

    @property
    def label(self) -> str:
        return _VIA_LABELS[self]


_VIA_LABELS = {Via.SANE: "本机驱动（SANE）", Via.ESCL: "网络（eSCL）", Via.WIA: "本机驱动（WIA）"}


class Source(StrEnum):
    FLATBED = "flatbed"
    FEEDER = "feeder"
    DUPLEX = "duplex"

    @property
    def label(self) -> str:
        return _SOURCE_LABELS[self]


_SOURCE_LABELS = {Source.FLATBED: "平板", Source.FEEDER: "送纸器，单面", Source.DUPLEX: "送纸器，双面"}


class Mode(StrEnum):
    COLOUR = "colour"
    GREY = "grey"
    LINEART = "lineart"

    @property
    def label(self) -> str:
        return _MODE_LABELS[self]


_MODE_LABELS = {Mode.COLOUR: "彩色", Mode.GREY: "灰度", Mode.LINEART: "黑白"}


@dataclass(frozen=True, slots=True)
class Device:
    """``name`` is what the back end knows it by: SANE's device name, eSCL's address, WIA's identifier."""

    via: Via
    name: str
    maker: str = ""
    model: str = ""

    @property
    def title(self) -> str:
        """As the clerk knows it."""
        if self.model.lower().startswith(self.maker.lower()):
            return self.model or self.name
        return f"{self.maker} {self.model}".strip()

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Device:
        """The inverse of ``asdict``. Raises KeyError, TypeError or ValueError for what is none."""
        return cls(
            Via(document["via"]), str(document["name"]), str(document["maker"]), str(document["model"])
        )


@dataclass(frozen=True, slots=True)
class Area:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Resolutions:
    """In dpi: the ``listed`` ones, else every ``step`` from ``lowest`` to ``highest``; neither: unknown."""

    listed: tuple[int, ...] = ()
    lowest: int = 0
    highest: int = 0
    step: int = 1

    def offered(self) -> tuple[int, ...]:
        if self.listed:
            return self.listed
        return tuple(dpi for dpi in USUAL_DPI if self._nearest_step(dpi) == dpi) or (self.highest,)

    def nearest(self, dpi: int) -> int:
        """The one to scan at when ``dpi`` is wanted: not below it where that can be."""
        if self.listed:
            return min(self.listed, key=lambda held: (held < dpi, abs(held - dpi)))
        return self._nearest_step(dpi) if self.highest else dpi

    def _nearest_step(self, dpi: int) -> int:
        steps = -(-(min(dpi, self.highest) - self.lowest) // self.step)
        return max(self.lowest, min(self.lowest + steps * self.step, self.highest))


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be had from one source; ``largest`` is its width and height, None where the driver does not say."""

    source: Source
    modes: tuple[Mode, ...] = (Mode.COLOUR,)
    resolutions: Resolutions = Resolutions()
    largest: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """At least one offer, the one to take unasked first."""

    offers: tuple[Offer, ...]

    def offer(self, source: Source) -> Offer:
        """That source's, or the first where there is none."""
        return next((offer for offer in self.offers if offer.source is source), self.offers[0])


@dataclass(frozen=True, slots=True)
class Settings:
    """``area`` None: all of what the source can scan."""

    dpi: int = 300
    mode: Mode = Mode.COLOUR
    source: Source = Source.FLATBED
    area: Area | None = None

    def within(self, capabilities: Capabilities) -> Settings:
        """The nearest that the scanner can do."""
        offer = capabilities.offer(self.source)
        return Settings(
            dpi=offer.resolutions.nearest(self.dpi),
            mode=self.mode if self.mode in offer.modes else offer.modes[0],
            source=offer.source,
            area=self.area,
        )

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Settings:
        """The inverse of ``asdict``. Raises KeyError, TypeError or ValueError for what is none."""
        area = document["area"]
        return cls(
            int(document["dpi"]),
            Mode(document["mode"]),
            Source(document["source"]),
            None if area is None else Area(*(float(area[side]) for side in ("x", "y", "width", "height"))),
        )


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """One whole picture: a JPEG as the scanner made it, else a bitmap (PNM, BMP) yet to be encoded."""

    data: bytes
    dpi: int


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds to wait: for a list, for an answer, for any sign of life while scanning, for a busy one."""

    listing: float = 20
    answer: float = 30
    silence: float = 90
    busy: float = 30


PATIENCE = Patience()


@dataclass(frozen=True, slots=True)
class Listener:
    """Who scans: ``page`` gets each page when it is whole, ``percent`` how far the next one is."""

    page: Callable[[ScannedPage], None]
    percent: Callable[[int], None] = lambda _percent: None
    cancelled: Callable[[], bool] = lambda: False


class ScannerFailed(Exception):
    """``code`` is a key of the errors' sentences, ``facts`` what its braces need beside device and pages kept."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code, facts)


class Scanner(Protocol):
    """A back end; a module is one. Each of its functions raises ScannerFailed."""

    def devices(self, patience: Patience) -> tuple[Device, ...]:
        """Those that it finds by itself."""

    def capabilities(self, device: Device, patience: Patience) -> Capabilities:
        """What the scanner can do, as it says now."""

    def scan(self, device: Device, settings: Settings, listener: Listener, patience: Patience) -> None:
        """One page from the glass, or all that lie in the feeder. A page that is not whole is not delivered."""
