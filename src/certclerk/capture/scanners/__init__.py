"""All scanners, whichever way they are reached: one list, one way to scan, failures as sentences."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

from certclerk.capture.scanners import escl, sane, wia
from certclerk.capture.scanners.scanner import (
    PATIENCE,
    Capabilities,
    Device,
    Listener,
    Patience,
    ScannedPage,
    Scanner,
    ScannerFailed,
    Settings,
    Via,
)
from certclerk.core.errors import UserError

BACK_ENDS: dict[Via, Scanner] = {Via.SANE: sane, Via.ESCL: escl, Via.WIA: wia}
# SANE is what every other system has.
HERE = (Via.WIA, Via.ESCL) if sys.platform == "win32" else (Via.SANE, Via.ESCL)


@dataclass(frozen=True, slots=True)
class Listing:
    """``faults``: a sentence for each back end that could not list its own."""

    devices: tuple[Device, ...]
    faults: tuple[str, ...]


def listing(patience: Patience = PATIENCE) -> Listing:
    """What each back end finds, asked all at once."""
    devices: list[Device] = []
    faults: list[str] = []
    with ThreadPoolExecutor(len(HERE), thread_name_prefix="scanners") as pool:
        asked = {via: pool.submit(BACK_ENDS[via].devices, patience) for via in HERE}
    for via, future in asked.items():
        try:
            devices += future.result()
        except ScannerFailed as failed:
            faults.append(str(_sentence(failed, via.label, "")))
    return Listing(tuple(devices), tuple(faults))


def at_address(text: str, patience: Patience = PATIENCE) -> Device:
    """The network scanner at an address that the clerk typed. Raises UserError."""
    with _explained(text.strip()):
        return escl.find(text, patience)


def capabilities(device: Device, patience: Patience = PATIENCE) -> Capabilities:
    """Raises UserError."""
    with _explained(device.title):
        return BACK_ENDS[device.via].capabilities(device, patience)


def scan(device: Device, settings: Settings, listener: Listener, patience: Patience = PATIENCE) -> int:
    """The number of pages; each was delivered when it was whole. Raises UserError, which says how many were."""
    count = 0

    def page(scanned: ScannedPage) -> None:
        nonlocal count
        listener.page(scanned)
        count += 1

    with _explained(device.title, lambda: f"此前的 {count} 页都保留着。" if count else "没有收到页。"):
        BACK_ENDS[device.via].scan(device, settings, replace(listener, page=page), patience)
    return count


@contextmanager
def _explained(device: str, kept: Callable[[], str] = lambda: "") -> Iterator[None]:
    try:
        yield
    except ScannerFailed as failed:
        raise _sentence(failed, device, kept()) from failed


def _sentence(failed: ScannerFailed, device: str, kept: str) -> UserError:
    return UserError(failed.code, **{"device": device, "kept": kept, **failed.facts})
