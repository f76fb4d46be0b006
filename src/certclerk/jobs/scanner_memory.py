"""The scanners that the clerk has chosen, each with its settings, kept for the next time; the last one first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from certclerk.capture.scanners.scanner import Device, Settings
from certclerk.core.errors import UserError
from certclerk.system.files import write_aside

FILE = "scanners.json"
MOST = 20


@dataclass(frozen=True, slots=True)
class ScannerChoice:
    device: Device
    settings: Settings


def remembered(folder: Path) -> tuple[ScannerChoice, ...]:
    """Newest first; empty where the file is missing or damaged, without those that make no sense."""
    try:
        stored = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(_sound(stored))[:MOST] if isinstance(stored, list) else ()


def remembered_choice(folder: Path) -> ScannerChoice | None:
    """The one to scan with unasked."""
    return next(iter(remembered(folder)), None)


def remember(folder: Path, choice: ScannerChoice) -> None:
    """Puts ``choice`` before the others. A folder that cannot be written is no reason not to scan."""
    others = (held for held in remembered(folder) if held.device != choice.device)
    _write(folder, (choice, *others))


def forget(folder: Path, device: Device) -> None:
    """As if it had never been chosen."""
    _write(folder, tuple(held for held in remembered(folder) if held.device != device))


def _write(folder: Path, choices: tuple[ScannerChoice, ...]) -> None:
    text = json.dumps([asdict(held) for held in choices[:MOST]], ensure_ascii=False, indent=1)
    with suppress(UserError), write_aside(folder / FILE) as stream:
        stream.write(text.encode())


def _sound(stored: list[Any]) -> Iterator[ScannerChoice]:
    for entry in stored:
        with suppress(KeyError, TypeError, ValueError):
            yield ScannerChoice(Device.of(entry["device"]), Settings.of(entry["settings"]))
