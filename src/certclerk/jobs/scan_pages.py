"""Scanning: which scanners there are, what each can do, and pages from one as files ready to be taken in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from certclerk.capture import scanners
from certclerk.capture.scanners import Listing, at_address
from certclerk.capture.scanners.areas import PRESETS, Preset, clipped, is_turned, laid
from certclerk.capture.scanners.scanner import (
    PATIENCE,
    Area,
    Capabilities,
    Device,
    Listener,
    Mode,
    Offer,
    Patience,
    ScannedPage,
    Settings,
    Source,
    Via,
)
from certclerk.imaging.scanned import packed
from certclerk.jobs.scanner_memory import remembered
from certclerk.jobs.take_pages import Incoming, Progress

__all__ = [
    "PRESETS",
    "Area",
    "Capabilities",
    "Device",
    "Listing",
    "Mode",
    "Offer",
    "Preset",
    "Settings",
    "Source",
    "Via",
    "at_address",
    "capabilities",
    "clipped",
    "devices",
    "is_turned",
    "laid",
    "scan",
]


def devices(folder: Path, patience: Patience = PATIENCE) -> Listing:
    """All scanners that are found, and those whose address was once typed (``folder`` is where that is kept)."""
    found = scanners.listing(patience)
    typed = (held.device for held in remembered(folder) if held.device.via is Via.ESCL)
    return replace(found, devices=tuple(dict.fromkeys((*found.devices, *typed))))


def capabilities(device: Device) -> Capabilities:
    """What it can do, as it says now. Raises UserError."""
    return scanners.capabilities(device)


def scan(
    device: Device,
    settings: Settings,
    on_page: Callable[[Incoming], None],
    progress: Progress = lambda _done, _total, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
    *,
    patience: Patience = PATIENCE,
    begun: datetime | None = None,
) -> int:
    """One page from the glass, or all that lie in the feeder: the number of them.

    ``on_page`` gets each as soon as it is whole. ``progress`` is told percents of the page that is being scanned.
    Raises UserError; the pages before stay where ``on_page`` put them.
    """
    moment = f"扫描 {begun or datetime.now():%Y-%m-%d %H%M%S}"
    number = 1

    def page(scanned: ScannedPage) -> None:
        nonlocal number
        name = f"{moment} 第{number}页"
        data, suffix = packed(scanned.data, scanned.dpi, name)
        on_page(Incoming(name + suffix, data))
        number += 1

    def percent(done: int) -> None:
        progress(done, 100, f"第 {number} 页")

    return scanners.scan(device, settings, Listener(page, percent, cancelled), patience)
