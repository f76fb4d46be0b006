"""eSCL's XML: what a scanner says it can do and how it is, and what it is asked for.

Shapes and words: Mopria Alliance, "eSCL Technical Specification" 2.97 (freely available). XML from the network
is not trusted: UTF-8 only, no DTD and so no entities; its size is capped where it is received.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from certclerk.capture.scanners.areas import clipped
from certclerk.capture.scanners.scanner import (
    Capabilities,
    Mode,
    Offer,
    Resolutions,
    ScannerFailed,
    Settings,
    Source,
)

# Areas are counted in 1/300 inch, whatever the resolution.
UNITS_PER_MM = 300 / 25.4
JPEG = "image/jpeg"

_SOURCES = {
    Source.FLATBED: ("Platen", "PlatenInputCaps"),
    Source.FEEDER: ("Adf", "AdfSimplexInputCaps"),
    Source.DUPLEX: ("Adf", "AdfDuplexInputCaps"),
}
_INPUTS = {Source.FLATBED: "Platen", Source.FEEDER: "Feeder", Source.DUPLEX: "Feeder"}
_MODES = {Mode.COLOUR: "RGB24", Mode.GREY: "Grayscale8", Mode.LINEART: "BlackAndWhite1"}
# The feeder's state -> what is wrong.
_ADF_FAULTS = {
    "ScannerAdfJam": "scanner_jammed",
    "ScannerAdfMispick": "scanner_jammed",
    "ScannerAdfMultipickDetected": "scanner_double_fed",
    "ScannerAdfHatchOpen": "scanner_cover_open",
    "ScannerAdfEmpty": "scanner_empty",
    "ScannerAdfInputTrayFailed": "scanner_jammed",
}
_BUSY = ("Processing", "Testing")
_UNAVAILABLE = ("Stopped", "Down")
_BROKEN_OFF = ("Aborted", "Canceled")


@dataclass(frozen=True, slots=True)
class Description:
    """A scanner by its own words; ``version`` is to be repeated to it."""

    version: str
    model: str
    capabilities: Capabilities


@dataclass(frozen=True, slots=True)
class Status:
    """``feeder`` is the code of what is wrong with it, '' for nothing; ``broken_off``: the paths of such jobs."""

    feeder: str
    busy: bool
    unavailable: bool
    broken_off: frozenset[str]


def description(body: bytes) -> Description:
    """Raises ScannerFailed for what is no ScannerCapabilities, or a scanner that gives no JPEG."""
    root = _root(body, "ScannerCapabilities")
    offers = tuple(_offers(root))
    if not offers:
        raise ScannerFailed("scanner_odd_answer", reason="没有说明能扫什么")
    formats = {text for name in ("DocumentFormat", "DocumentFormatExt") for text in _texts(root, name)}
    if formats and JPEG not in formats:
        raise ScannerFailed("scanner_odd_answer", reason="它不能给出 JPEG 图片")
    version = next(_texts(root, "Version"), "2.0")
    return Description(
        version if re.fullmatch(r"\d+\.\d+", version) else "2.0",
        next(_texts(root, "MakeAndModel"), ""),
        Capabilities(offers),
    )


def status(body: bytes) -> Status:
    """Raises ScannerFailed for what is no ScannerStatus."""
    root = _root(body, "ScannerStatus")
    state = next(_texts(root, "State"), "")
    feeder = _ADF_FAULTS.get(next(_texts(root, "AdfState"), ""), "")
    broken_off = frozenset(
        path_of(uri)
        for job in _all(root, "JobInfo")
        if next(_texts(job, "JobState"), "") in _BROKEN_OFF
        for uri in _texts(job, "JobUri")
    )
    return Status(feeder, state in _BUSY, state in _UNAVAILABLE, broken_off)


def scan_settings(version: str, settings: Settings, offer: Offer) -> bytes:
    """The body of the POST that starts a job; the elements are in the order that scanners are used to."""
    area = clipped(settings.area, offer.largest)
    left, top = (area.x, area.y) if area else (0.0, 0.0)
    width, height = (area.width, area.height) if area else offer.largest or (0.0, 0.0)
    region = (
        "<pwg:ScanRegions><pwg:ScanRegion>"
        "<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>"
        f"<pwg:XOffset>{_units(left)}</pwg:XOffset><pwg:YOffset>{_units(top)}</pwg:YOffset>"
        f"<pwg:Width>{_units(width)}</pwg:Width><pwg:Height>{_units(height)}</pwg:Height>"
        "</pwg:ScanRegion></pwg:ScanRegions>"
        if width and height
        else ""
    )
    dpi = offer.resolutions.nearest(settings.dpi)
    # Older scanners refuse what came with 2.1.
    format_again = f"<scan:DocumentFormatExt>{JPEG}</scan:DocumentFormatExt>" if _is_later(version) else ""
    duplex = "true" if settings.source is Source.DUPLEX else "false"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<scan:ScanSettings xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'
        ' xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03">'
        f"<pwg:Version>{version}</pwg:Version>{region}"
        f"<pwg:InputSource>{_INPUTS[settings.source]}</pwg:InputSource>"
        f"<scan:ColorMode>{_MODES[settings.mode]}</scan:ColorMode>"
        f"<pwg:DocumentFormat>{JPEG}</pwg:DocumentFormat>{format_again}"
        f"<scan:XResolution>{dpi}</scan:XResolution><scan:YResolution>{dpi}</scan:YResolution>"
        + ("" if settings.source is Source.FLATBED else f"<scan:Duplex>{duplex}</scan:Duplex>")
        + "</scan:ScanSettings>"
    ).encode()


def path_of(uri: str) -> str:
    """Of a job; empty for what is no address."""
    try:
        return urlsplit(uri).path.rstrip("/")
    except ValueError:
        return ""


def _root(body: bytes, name: str) -> Element:
    try:
        text = body.decode("utf-8-sig")
        if "<!DOCTYPE" in text:
            raise ScannerFailed("scanner_odd_answer", reason="含有不该有的声明")
        root = ElementTree.fromstring(text)
    except (UnicodeDecodeError, ValueError, ElementTree.ParseError) as error:
        raise ScannerFailed("scanner_odd_answer", reason="不是扫描仪的回答") from error
    if _local(root) != name:
        raise ScannerFailed("scanner_odd_answer", reason="不是扫描仪的回答")
    return root


def _offers(root: Element) -> Iterator[Offer]:
    profiles = [element for element in root if _local(element) == "SettingProfiles"]
    for source, (where, caps) in _SOURCES.items():
        for holder in _all(root, where):
            for element in _all(holder, caps):
                modes, resolutions = set(_texts(element, "ColorMode")), _resolutions(element)
                for profile in profiles:
                    # Some describe their modes once, for all sources.
                    modes = modes or set(_texts(profile, "ColorMode"))
                    resolutions = resolutions if resolutions != Resolutions() else _resolutions(profile)
                known = tuple(mode for mode, word in _MODES.items() if word in modes)
                largest = _number(element, "MaxWidth"), _number(element, "MaxHeight")
                yield Offer(
                    source,
                    known or (Mode.COLOUR,),
                    resolutions,
                    (largest[0] / UNITS_PER_MM, largest[1] / UNITS_PER_MM) if all(largest) else None,
                )
                break


def _resolutions(element: Element) -> Resolutions:
    listed = sorted(
        {
            int(across)
            for pair in _all(element, "DiscreteResolution")
            for across in _texts(pair, "XResolution")
            if across.isdecimal() and across in _texts(pair, "YResolution")
        }
    )
    if listed:
        return Resolutions(tuple(listed))
    for span in _all(element, "XResolutionRange"):
        return Resolutions((), _number(span, "Min"), _number(span, "Max"), max(1, _number(span, "Step")))
    return Resolutions()


def _all(element: Element, name: str) -> Iterator[Element]:
    return (inner for inner in element.iter() if _local(inner) == name)


def _texts(element: Element, name: str) -> Iterator[str]:
    return ((inner.text or "").strip() for inner in _all(element, name))


def _number(element: Element, name: str) -> int:
    """0 where there is none."""
    text = next(_texts(element, name), "")
    return int(text) if re.fullmatch(r"\d{1,6}", text) else 0


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _units(mm: float) -> int:
    return round(mm * UNITS_PER_MM)


def _is_later(version: str) -> bool:
    return tuple(int(part) for part in version.split(".")) >= (2, 1)
