"""eSCL scanners that announce themselves by DNS-SD; without python-zeroconf nobody is found."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from certclerk.capture.scanners.escl.address import Address

if TYPE_CHECKING:
    from collections.abc import Sequence

SERVICES = {"_uscan._tcp.local.": "http", "_uscans._tcp.local.": "https"}
# All that answer at all answer within it.
LISTEN_S = 3.0
_RESOLVE_MS = 1500


def addresses(seconds: float, interfaces: Sequence[str] | None = None) -> tuple[Address, ...]:
    """After at most so many ``seconds``; asks on ``interfaces`` (addresses of this machine), else on all."""
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
        threading.Event().wait(min(seconds, LISTEN_S))
        browser.cancel()
        return tuple(
            address
            for name, service_type in sorted(found.items())
            if (address := _address(zeroconf.get_service_info(service_type, name, _RESOLVE_MS), service_type))
        )
    finally:
        zeroconf.close()


def _address(info: Any, service_type: str) -> Address | None:
    hosts = info.parsed_addresses() if info else []
    if not hosts:
        return None
    # `rs` is the path; IPv4 first, since it needs no zone.
    path = (info.properties.get(b"rs") or b"eSCL").decode("utf-8", "replace").strip("/")
    return Address(SERVICES[service_type], min(hosts, key=lambda host: ":" in host), info.port, f"/{path}")
