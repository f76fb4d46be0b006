"""eSCL scanners that announce themselves by DNS-SD; without python-zeroconf nobody is found."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from certclerk.capture.scanners.escl.address import Address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from certclerk.capture.scanners.scanner import Patience

SERVICES = {"_uscan._tcp.local.": "http", "_uscans._tcp.local.": "https"}
# All that answer at all answer within it.
LISTEN_S = 3.0
_RESOLVE_MS = 1500
_POLL_S = 0.1


def addresses(patience: Patience, interfaces: Sequence[str] | None = None) -> tuple[Address, ...]:
    """Asks on ``interfaces`` (addresses of this machine), else on all."""
    try:
        from zeroconf import InterfaceChoice, ServiceBrowser, Zeroconf
    except ImportError:
        return ()
    found: dict[str, str] = {}

    def changed(zeroconf: Any, service_type: str, name: str, state_change: Any) -> None:  # noqa: ARG001
        if state_change.name == "Added":
            found[name] = service_type

    try:
        zeroconf = Zeroconf(interfaces=list(interfaces) if interfaces else InterfaceChoice.All)
    except OSError:
        # No network at all.
        return ()
    try:
        browser = ServiceBrowser(zeroconf, list(SERVICES), handlers=[changed])
        end = time.monotonic() + min(patience.listing, LISTEN_S)
        while time.monotonic() < end and not patience.cancelled():
            time.sleep(_POLL_S)
        browser.cancel()
        resolved = (
            _address(zeroconf.get_service_info(service_type, name, _RESOLVE_MS), service_type)
            for name, service_type in found.items()
        )
        # One that offers both ways comes once, with the way that nobody can listen to.
        by_scheme = sorted(filter(None, resolved), key=lambda address: address.scheme)
        return tuple({address.host: address for address in by_scheme}.values())
    finally:
        zeroconf.close()


def _address(info: Any, service_type: str) -> Address | None:
    hosts = info.parsed_addresses() if info else []
    if not hosts:
        return None
    # `rs` is the path; IPv4 first, since it needs no zone.
    path = (info.properties.get(b"rs") or b"eSCL").decode("utf-8", "replace").strip("/")
    return Address(SERVICES[service_type], min(hosts, key=lambda host: ":" in host), info.port, f"/{path}")
