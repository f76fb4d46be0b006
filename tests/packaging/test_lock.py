"""The lock holds all that pyproject.toml asks for, by hash, and nothing of the machine it was made on."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LOCK = (CHECKOUT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; .+)? \\$", re.MULTILINE)


def canonical(requirement: str) -> str:
    return re.split(r"[<>=!~\[; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def test_every_requirement_is_pinned() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    assert {canonical(requirement) for requirement in wanted} <= {name for name, _ in PINNED.findall(LOCK)}


def test_every_pin_has_hashes() -> None:
    entries = re.split(r"(?m)^(?=\S)", LOCK)
    pins = [entry for entry in entries if entry.strip() and not entry.startswith("#")]
    assert len(pins) == len(PINNED.findall(LOCK))
    assert [pin.splitlines()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_nothing_of_a_machine_is_in_it() -> None:
    assert re.findall(r"\w+://\S+|@ |^-\S.*|(?<!\w)/\w+/\S*", LOCK, re.MULTILINE) == []


def test_windows_gets_what_only_windows_needs() -> None:
    assert re.search(r"^colorama==\S+ ; sys_platform == 'win32'", LOCK, re.MULTILINE)
