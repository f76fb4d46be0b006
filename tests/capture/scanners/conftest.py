"""Real drivers and a scanner on loopback: nothing here needs a device."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from certclerk.capture.scanners import escl, sane
from certclerk.capture.scanners.scanner import Listener, Patience, ScannedPage

from .escl_server import FakeScanner

needs_scanimage = pytest.mark.skipif(
    shutil.which("scanimage") is None, reason="scanimage (Debian: sane-utils) is not installed"
)
# Short enough to test hangs by, long enough for a busy machine.
PATIENCE = Patience(listing=20, answer=20, silence=20, busy=20)

TEST_CONF = {
    "number_of_devices": "2",
    "mode": "Color",
    "depth": "8",
    "hand-scanner": "false",
    "three-pass": "false",
    "three-pass-order": "RGB",
    "resolution_min": "1.0",
    "resolution_max": "1200.0",
    "resolution_quant": "1.0",
    "resolution": "50.0",
    "test-picture": '"Color pattern"',
    "invert-endianess": "false",
    "read-limit": "false",
    "read-limit-size": "1",
    "read-delay": "false",
    "read-delay-duration": "1000",
    "read-status-code": '"Default"',
    "fuzzy-parameters": "false",
    "ppl-loss": "0",
    "non-blocking": "false",
    "select-fd": "false",
    "enable-test-options": "false",
    "geometry_min": "0.0",
    "geometry_max": "300.0",
    "geometry_quant": "1.0",
    "tl_x": "0.0",
    "tl_y": "0.0",
    "br_x": "80.0",
    "br_y": "100.0",
}


class Sane:
    """SANE with its own folder of settings: which drivers there are, how the test one behaves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.drivers("test")
        self.test_driver()

    def drivers(self, *names: str) -> None:
        self.write("dll.conf", "\n".join(names) + "\n")

    def test_driver(self, **changed: str) -> None:
        """``read_status_code='"SANE_STATUS_JAMMED"'``: as in SANE's own test.conf."""
        wanted = TEST_CONF | {
            name if name in TEST_CONF else name.replace("_", "-"): value for name, value in changed.items()
        }
        assert wanted.keys() == TEST_CONF.keys()
        self.write("test.conf", "".join(f"{name} {value}\n" for name, value in wanted.items()))

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")
        sane.options.cache_clear()


@pytest.fixture(autouse=True)
def quiet_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody in the network is asked whether there is a scanner."""
    monkeypatch.setattr(escl, "addresses", lambda _seconds: ())


@pytest.fixture
def own_sane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sane]:
    folder = tmp_path / "sane.d"
    folder.mkdir()
    monkeypatch.setenv("SANE_CONFIG_DIR", str(folder))
    yield Sane(folder)
    sane.options.cache_clear()


@pytest.fixture
def scanimage_also(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """``scanimage_also("--status-jammed=yes")``: the real scanimage is given these words too when it scans."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    real = shutil.which("scanimage")

    def also(words: str) -> None:
        script = folder / "scanimage"
        script.write_text(
            f'#!/bin/sh\ncase "$*" in *--batch*) exec {real} "$@" {words};; esac\nexec {real} "$@"\n',
            encoding="utf-8",
        )
        script.chmod(0o700)

    return also


class Kept(list[ScannedPage]):
    """The pages that came; cancels the scan after ``at_most`` of them."""

    def __init__(self, at_most: int = 1000) -> None:
        super().__init__()
        self.at_most = at_most
        self.percents: list[int] = []

    def listener(self) -> Listener:
        return Listener(self.append, self.percents.append, lambda: len(self) >= self.at_most)


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def scanner() -> Iterator[FakeScanner]:
    with FakeScanner() as running:
        yield running
