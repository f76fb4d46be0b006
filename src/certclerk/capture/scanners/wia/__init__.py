"""Scanners through Windows' own drivers (WIA), in a child of this program, since a driver may hang or crash."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from certclerk.capture.scanners.scanner import (
    Capabilities,
    Device,
    Listener,
    Patience,
    ScannedPage,
    ScannerFailed,
    Settings,
)
from certclerk.capture.scanners.wia.wire import VERB, Wish, offer_of, write_request
from certclerk.system.child import ChildBroken, program, program_variables
from certclerk.system.process import ProcessStopped, Stop, follow


def devices(patience: Patience) -> tuple[Device, ...]:
    found: list[Device] = []
    _ask(Wish.DEVICES, patience.listing, lambda said, _folder: found.append(Device.of(said)))
    return tuple(found)


def capabilities(device: Device, patience: Patience) -> Capabilities:
    offers: list[Any] = []
    _ask(Wish.CAPABILITIES, patience.answer, lambda said, _folder: offers.append(offer_of(said)), device.name)
    return Capabilities(tuple(offers))


def scan(device: Device, settings: Settings, listener: Listener, patience: Patience) -> None:
    def deliver(said: Any, folder: Path) -> None:
        path = folder / said["page"]
        data = path.read_bytes()
        path.unlink()
        listener.page(ScannedPage(data, said["dpi"]))

    _ask(Wish.SCAN, patience.silence, deliver, device.name, settings, listener.cancelled)


def _ask(
    wish: Wish,
    silence: float,
    heard: Callable[[Any, Path], None],
    device: str = "",
    settings: Settings | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """``heard`` gets each document of the answer, and the folder in which pages lie. Raises ScannerFailed."""
    end: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="certclerk-") as name:
        folder = Path(name)
        write_request(folder, wish, device, settings)

        def said(line: str) -> None:
            document = json.loads(line)
            if "end" in document:
                end.update(document)
            else:
                heard(document, folder)

        try:
            ended = follow(
                program(VERB, name),
                said,
                silence=silence,
                cancelled=cancelled,
                variables=program_variables(),
            )
        except ProcessStopped as stopped:
            if stopped.stop is Stop.CANCELLED:
                raise ScannerFailed("scanner_cancelled") from stopped
            if stopped.stop is Stop.SILENT:
                raise ScannerFailed("scanner_silent", seconds=round(silence)) from stopped
            raise ScannerFailed("scanner_crashed", reason=stopped.reason) from stopped
    if end.get("end") == "done":
        return
    if end:
        raise ScannerFailed(end["code"], **end["facts"])
    if "Traceback (most recent call last)" in ended.complaints:
        raise ChildBroken(ended.complaints)
    raise ScannerFailed("scanner_crashed", reason=f"代码 {ended.code}")
