"""The child's part: WIA's automation objects, through comtypes. It only runs on Windows.

Numbers are from the Windows SDK's ``wiadef.h`` and ``wia_lh.h``. Written against the documentation and tried with
stand-ins for the objects; it has not yet met a real driver.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from certclerk.capture.scanners.areas import clipped
from certclerk.capture.scanners.scanner import (
    Device,
    Mode,
    Offer,
    Resolutions,
    ScannerFailed,
    Settings,
    Source,
    Via,
)
from certclerk.capture.scanners.wia.wire import Wish, read_request

_SCANNER = 1  # WiaDeviceType
_BMP = "{B96B3CAB-0728-11D3-9D7B-0000F81EF32E}"  # the one format that every driver has
_MM_PER_THOUSANDTH = 25.4 / 1000

# WIA_DPS_… of a device
_BED_WIDTH, _BED_HEIGHT, _SHEET_WIDTH, _SHEET_HEIGHT = 3074, 3075, 3076, 3077
_HANDLING_CAPABILITIES, _HANDLING_SELECT, _PAGES = 3086, 3088, 3096
_FEEDER, _FLATBED, _DUPLEX = 1, 2, 4
# WIA_IPS_… of its item
_INTENT, _X_DPI, _Y_DPI, _X_START, _Y_START, _X_EXTENT, _Y_EXTENT = 6146, 6147, 6148, 6149, 6150, 6151, 6152
_INTENTS = {Mode.COLOUR: 1, Mode.GREY: 2, Mode.LINEART: 4}
_RANGE, _LIST = 1, 2  # WiaSubType

_SELECT = {Source.FLATBED: _FLATBED, Source.FEEDER: _FEEDER, Source.DUPLEX: _FEEDER | _DUPLEX}
_ENDS = {
    0x80210001: ("scanner_crashed", "WIA_ERROR_GENERAL_ERROR"),
    0x80210002: ("scanner_jammed", ""),
    0x80210003: ("scanner_empty", ""),
    0x80210004: ("scanner_jammed", ""),
    0x80210005: ("scanner_gone", ""),
    0x80210006: ("scanner_busy", ""),
    0x80210007: ("scanner_busy", ""),
    0x80210008: ("scanner_stopped_itself", ""),
    0x80210009: ("scanner_gone", ""),
    0x8021000A: ("scanner_io", "WIA_ERROR_DEVICE_COMMUNICATION"),
    0x8021000C: ("scanner_settings_refused", "WIA_ERROR_INCORRECT_HARDWARE_SETTING"),
    0x8021000D: ("scanner_busy", ""),
    0x8021000E: ("scanner_crashed", "WIA_ERROR_EXCEPTION_IN_DRIVER"),
    0x80210015: ("scanner_gone", ""),
    0x80210016: ("scanner_cover_open", ""),
    0x80210020: ("scanner_double_fed", ""),
    0x80070005: ("scanner_no_permission", ""),
    0x8007000E: ("scanner_no_memory", ""),
    0x80070057: ("scanner_settings_refused", "E_INVALIDARG"),
}


def answer(folder: Path) -> int:
    """Does what the request in ``folder`` wishes and prints it; returns the exit code."""
    try:
        wish, device, settings = read_request(folder)
        for document in _documents(folder, wish, device, settings):
            _say(document)
    except ScannerFailed as failed:
        _say({"end": "failed", "code": failed.code, "facts": failed.facts})
    else:
        _say({"end": "done"})
    return 0


def _documents(folder: Path, wish: Wish, device: str, settings: Settings) -> Iterator[dict[str, Any]]:
    try:
        from comtypes import COMError
        from comtypes.client import CreateObject
    except ImportError as error:
        raise ScannerFailed("scanner_driver_missing", reason="comtypes") from error
    try:
        infos = CreateObject("WIA.DeviceManager").DeviceInfos
        if wish is Wish.DEVICES:
            yield from (asdict(_device(info)) for info in infos if info.Type == _SCANNER)
            return
        info = next((info for info in infos if info.DeviceID == device), None)
        if info is None:
            raise ScannerFailed("scanner_gone")
        connected = info.Connect()
        if wish is Wish.CAPABILITIES:
            yield from (asdict(offer) for offer in _offers(connected))
        else:
            yield from _pages(connected, settings, folder, COMError)
    except COMError as error:
        raise _failure(error) from error


def _device(info: Any) -> Device:
    named = {held.Name: held.Value for held in info.Properties}
    return Device(Via.WIA, info.DeviceID, named.get("Manufacturer") or "", named.get("Name") or "")


def _offers(device: Any) -> Iterator[Offer]:
    held = _properties(device)
    can = held[_HANDLING_CAPABILITIES].Value if _HANDLING_CAPABILITIES in held else _FLATBED
    # The properties of an item belong to the source that is selected; drivers rarely tell them apart.
    resolutions = _resolutions(_properties(_item(device)).get(_X_DPI))
    for source, bits in _SELECT.items():
        if can & bits == bits:
            width, height = (
                (_BED_WIDTH, _BED_HEIGHT) if source is Source.FLATBED else (_SHEET_WIDTH, _SHEET_HEIGHT)
            )
            known = width in held and height in held
            largest = (
                (held[width].Value * _MM_PER_THOUSANDTH, held[height].Value * _MM_PER_THOUSANDTH)
                if known
                else None
            )
            yield Offer(source, tuple(Mode), resolutions, largest)


def _resolutions(held: Any) -> Resolutions:
    if held is not None and held.SubType == _LIST:
        return Resolutions(tuple(sorted(held.SubTypeValues)))
    if held is not None and held.SubType == _RANGE:
        return Resolutions((), held.SubTypeMin, held.SubTypeMax, max(1, held.SubTypeStep))
    return Resolutions()


def _pages(
    device: Any, settings: Settings, folder: Path, failure: type[Exception]
) -> Iterator[dict[str, Any]]:
    offer = next((offer for offer in _offers(device) if offer.source is settings.source), None)
    if offer is None:
        raise ScannerFailed("scanner_settings_refused", reason=settings.source.label)
    _put(device, _HANDLING_SELECT, _SELECT[settings.source])
    _put(device, _PAGES, 1)
    item = _item(device)
    dpi = offer.resolutions.nearest(settings.dpi)
    _put(item, _INTENT, _INTENTS[settings.mode])
    _put(item, _X_DPI, dpi)
    _put(item, _Y_DPI, dpi)
    if area := clipped(settings.area, offer.largest):
        for number, mm in (
            (_X_START, area.x),
            (_Y_START, area.y),
            (_X_EXTENT, area.width),
            (_Y_EXTENT, area.height),
        ):
            _put(item, number, int(mm / 25.4 * dpi))
    count = 0
    while True:
        try:
            picture = item.Transfer(_BMP)
        except failure as error:
            if count and _failure(error).code == "scanner_empty":
                return
            raise
        count += 1
        name = f"{count}.bmp"
        picture.SaveFile(str(folder / name))
        yield {"page": name, "dpi": dpi}
        if settings.source is Source.FLATBED:
            return


def _item(device: Any) -> Any:
    return next(iter(device.Items))


def _properties(owner: Any) -> dict[int, Any]:
    return {held.PropertyID: held for held in owner.Properties}


def _put(owner: Any, number: int, value: int) -> None:
    """Sets a property where the driver has it."""
    held = _properties(owner).get(number)
    if held is not None and not held.IsReadOnly:
        held.Value = value


def _failure(error: Any) -> ScannerFailed:
    hresult = error.hresult & 0xFFFFFFFF
    code, reason = _ENDS.get(hresult, ("scanner_crashed", f"0x{hresult:08X}"))
    return ScannerFailed(code, reason=reason)


def _say(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")
    sys.stdout.flush()
