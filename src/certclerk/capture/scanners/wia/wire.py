"""What goes between the program and its child that talks to Windows' scanner drivers: lines of JSON.

The child is given a private folder with the request in it, where it puts the pages too. It prints devices, offers
and pages as they come, then one line that says how it ended.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Any

from certclerk.capture.scanners.scanner import Mode, Offer, Resolutions, Settings, Source

# The hidden verb of the command line that answers.
VERB = "_scan-wia"
_REQUEST = "request.json"


class Wish(StrEnum):
    DEVICES = "devices"
    CAPABILITIES = "capabilities"
    SCAN = "scan"


def write_request(folder: Path, wish: Wish, device: str = "", settings: Settings | None = None) -> None:
    request = {"wish": wish, "device": device, "settings": asdict(settings or Settings())}
    (folder / _REQUEST).write_text(json.dumps(request), encoding="utf-8")


def read_request(folder: Path) -> tuple[Wish, str, Settings]:
    request = json.loads((folder / _REQUEST).read_text(encoding="utf-8"))
    return Wish(request["wish"]), request["device"], Settings.of(request["settings"])


def offer_of(document: Mapping[str, Any]) -> Offer:
    resolutions, largest = document["resolutions"], document["largest"]
    return Offer(
        Source(document["source"]),
        tuple(Mode(mode) for mode in document["modes"]),
        Resolutions(
            tuple(resolutions["listed"]), resolutions["lowest"], resolutions["highest"], resolutions["step"]
        ),
        None if largest is None else (largest[0], largest[1]),
    )
