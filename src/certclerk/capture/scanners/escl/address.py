"""Where an eSCL scanner answers: what the clerk typed, as addresses to try."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from certclerk.capture.scanners.scanner import ScannerFailed

# Where scanners answer when only the host is known, in this order.
_USUAL = (("http", 80), ("https", 443), ("http", 8080))
_PORTS = {"http": 80, "https": 443}
_PATH = "/eSCL"
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9.])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%\w+)?")


@dataclass(frozen=True, slots=True)
class Address:
    """``path`` without a slash at its end."""

    scheme: str
    host: str
    port: int
    path: str = _PATH

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"


def typed(text: str) -> tuple[Address, ...]:
    """``host``, ``host:port`` or an http(s) address with or without a path, as what to try in turn.

    Raises ScannerFailed ``scanner_address``.
    """
    text = text.strip().replace("：", ":").replace("。", ".")
    scheme, separator, rest = text.partition("://")
    try:
        parts = urlsplit(f"//{rest if separator else text}")
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ScannerFailed("scanner_address", address=text) from error
    scheme = scheme.lower() if separator else ""
    if not _HOST.fullmatch(host) or scheme not in ("", *_PORTS) or parts.username is not None:
        raise ScannerFailed("scanner_address", address=text)
    path = parts.path.rstrip("/") or _PATH
    if scheme:
        return (Address(scheme, host, port or _PORTS[scheme], path),)
    if port is not None:
        return tuple(Address(likely, host, port, path) for likely in _PORTS)
    return tuple(Address(usual, host, at, path) for usual, at in _USUAL)


def known(name: str) -> Address:
    """The one that a device is named by."""
    return typed(name)[0]
