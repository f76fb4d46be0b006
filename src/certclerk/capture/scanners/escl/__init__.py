"""Scanners in the local network through eSCL (AirScan): HTTP and XML, no driver.

A job is posted, then its documents are fetched until there is none (404). How it went is seen from the
scanner's status: a jam and an empty feeder both look like the end of the documents.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from certclerk.capture.scanners.escl.address import Address, known, typed
from certclerk.capture.scanners.escl.discovery import addresses
from certclerk.capture.scanners.escl.documents import (
    Description,
    Status,
    description,
    path_of,
    scan_settings,
    status,
)
from certclerk.capture.scanners.escl.exchange import PICTURE_BYTES, Answer, Asking, ask
from certclerk.capture.scanners.scanner import (
    Capabilities,
    Device,
    Listener,
    Patience,
    ScannedPage,
    ScannerFailed,
    Settings,
    Source,
    Via,
)

_OK, _CREATED = 200, 201
_NOT_FOUND, _CONFLICT, _GONE, _BUSY = 404, 409, 410, 503
# A scanner says how soon to ask again; not sooner, and not much later, is it asked.
_SOONEST_S, _LATEST_S = 0.5, 5.0
_POLL_S = 0.1
_JPEG_START, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"
# Some pad a picture behind its end. Within a JPEG's picture data the end's two bytes cannot stand.
_PADDING = 4096


def devices(patience: Patience) -> tuple[Device, ...]:
    """Those that announce themselves, where the discovery is installed."""
    found = []
    for address in addresses(patience):
        try:
            found.append(_device(address, patience))
        except ScannerFailed:
            # It announced itself and does not answer: there is nothing that could be chosen.
            continue
    return tuple(found)


def find(text: str, patience: Patience) -> Device:
    """The scanner at an address as the clerk typed it. Raises ScannerFailed."""
    tried = typed(text)
    failures = []
    for address in tried:
        try:
            return _device(address, patience)
        except ScannerFailed as failed:
            failures.append(failed)
    # One that answered, if only nonsense, says more than those that did not.
    raise next((failed for failed in failures if failed.code != "scanner_gone"), failures[0])


def capabilities(device: Device, patience: Patience) -> Capabilities:
    return _described(known(device.name), patience).capabilities


def scan(device: Device, settings: Settings, listener: Listener, patience: Patience) -> None:
    address = known(device.name)
    said = _described(address, patience)
    offer = said.capabilities.offer(settings.source)
    if offer.source is not settings.source:
        raise ScannerFailed("scanner_settings_refused", reason=settings.source.label)
    job = _start(address, scan_settings(said.version, settings, offer), settings, patience)
    dpi = offer.resolutions.nearest(settings.dpi)
    open_job, count = True, 0
    try:
        while open_job:
            data = _next_document(address, job, listener, patience)
            open_job = data is not None
            if data is not None:
                count += 1
                listener.page(ScannedPage(data, dpi))
                if settings.source is Source.FLATBED:
                    return
    finally:
        if open_job:
            _drop(address, job)
    _explain_end(address, job, settings, count, patience)


def _start(address: Address, body: bytes, settings: Settings, patience: Patience) -> str:
    """Posts the job; its path."""
    asking = Asking(patience.silence, cancelled=patience.cancelled)
    give_up = time.monotonic() + patience.busy
    while True:
        answer = ask(address, "POST", f"{address.path}/ScanJobs", asking, body)
        if answer.status == _CREATED:
            # Its host may be a name that only the scanner knows.
            path = path_of(answer.headers.get("location", ""))
            if path:
                return path
            raise ScannerFailed("scanner_odd_answer", reason="没有说明任务在哪里")
        if answer.status == _BUSY and time.monotonic() < give_up:
            _wait(answer, patience)
            continue
        now = _status(address, patience)
        if settings.source is not Source.FLATBED and now.feeder:
            raise ScannerFailed(now.feeder)
        if answer.status == _BUSY or now.busy:
            raise ScannerFailed("scanner_busy")
        if now.unavailable:
            raise ScannerFailed("scanner_stopped_itself")
        raise ScannerFailed("scanner_settings_refused", reason=f"HTTP {answer.status}")


def _next_document(address: Address, job: str, listener: Listener, patience: Patience) -> bytes | None:
    """The next page's JPEG; None after the last."""
    asking = Asking(patience.silence, PICTURE_BYTES, patience.cancelled, _percents(listener))
    give_up = time.monotonic() + patience.silence
    while True:
        answer = ask(address, "GET", f"{job}/NextDocument", asking)
        if answer.status == _OK:
            return _picture(answer)
        if answer.status == _NOT_FOUND:
            return None
        if answer.status in (_GONE, _CONFLICT):
            raise ScannerFailed(_status(address, patience).feeder or "scanner_stopped_itself")
        if answer.status != _BUSY:
            raise ScannerFailed("scanner_odd_answer", reason=f"HTTP {answer.status}")
        if time.monotonic() > give_up:
            raise ScannerFailed("scanner_silent", seconds=round(patience.silence))
        _wait(answer, patience)


def _picture(answer: Answer) -> bytes:
    data = answer.body
    if not data.startswith(_JPEG_START):
        raise ScannerFailed("scanner_odd_answer", reason="收到的不是 JPEG 图片")
    if _JPEG_END not in data[-_PADDING:]:
        raise ScannerFailed("scanner_cut_short")
    return data


def _explain_end(address: Address, job: str, settings: Settings, count: int, patience: Patience) -> None:
    """No more documents: raises ScannerFailed unless that is because all are scanned."""
    now = _status(address, patience)
    if settings.source is not Source.FLATBED and now.feeder and not (now.feeder == "scanner_empty" and count):
        raise ScannerFailed(now.feeder)
    if not count or job in now.broken_off:
        raise ScannerFailed("scanner_stopped_itself")


def _drop(address: Address, job: str) -> None:
    """Lets the scanner forget the job; what it says to that changes nothing."""
    try:
        ask(address, "DELETE", job, Asking(_LATEST_S))
    except ScannerFailed:
        return


def _wait(answer: Answer, patience: Patience) -> None:
    told = answer.headers.get("retry-after", "")
    seconds = float(told) if told.isdecimal() else _SOONEST_S
    end = time.monotonic() + min(max(seconds, _SOONEST_S), _LATEST_S)
    while time.monotonic() < end:
        if patience.cancelled():
            raise ScannerFailed("scanner_cancelled")
        time.sleep(_POLL_S)


def _percents(listener: Listener) -> Callable[[int, int], None]:
    def received(so_far: int, total: int) -> None:
        if total:
            listener.percent(so_far * 100 // total)

    return received


def _device(address: Address, patience: Patience) -> Device:
    return Device(Via.ESCL, str(address), model=_described(address, patience).model)


def _described(address: Address, patience: Patience) -> Description:
    answer = ask(
        address,
        "GET",
        f"{address.path}/ScannerCapabilities",
        Asking(patience.answer, cancelled=patience.cancelled),
    )
    if answer.status == _BUSY:
        raise ScannerFailed("scanner_busy")
    if answer.status != _OK:
        raise ScannerFailed("scanner_odd_answer", reason=f"HTTP {answer.status}")
    return description(answer.body)


def _status(address: Address, patience: Patience) -> Status:
    answer = ask(
        address, "GET", f"{address.path}/ScannerStatus", Asking(patience.answer, cancelled=patience.cancelled)
    )
    if answer.status != _OK:
        raise ScannerFailed("scanner_odd_answer", reason=f"HTTP {answer.status}")
    return status(answer.body)
