"""From a scanner into the collection: real scanimage, a scanner on loopback, real pages."""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from certclerk.capture.scanners import escl
from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.jobs import scan_pages
from certclerk.jobs.scan_pages import Area, Device, Mode, Settings, Source, Via
from certclerk.jobs.scanner_memory import (
    FILE,
    MOST,
    ScannerChoice,
    forget,
    remember,
    remembered,
    remembered_choice,
)
from certclerk.jobs.take_pages import Incoming, store_incoming

from ..capture.scanners.conftest import Sane, needs_scanimage
from ..capture.scanners.escl_server import FakeScanner

BEGUN = datetime(2026, 3, 2, 10, 15, 30)
TEST = Device(Via.SANE, "test:0", "Noname", "frontend-tester")
PNM = Device(Via.SANE, "pnm:0", "Noname", "PNM file reader")


@pytest.fixture
def own_sane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sane:
    folder = tmp_path / "sane.d"
    folder.mkdir()
    monkeypatch.setenv("SANE_CONFIG_DIR", str(folder))
    monkeypatch.setattr(escl, "addresses", lambda _patience: ())
    return Sane(folder)


@pytest.fixture
def scanner() -> Iterator[FakeScanner]:
    with FakeScanner() as running:
        yield running


@needs_scanimage
@pytest.mark.usefixtures("own_sane")
def test_pages_come_named_encoded_once_and_ready_to_be_taken_in(collection: Collection) -> None:
    taken: list[Incoming] = []
    told: list[tuple[int, int, str]] = []
    settings = Settings(dpi=100, source=Source.FEEDER, area=Area(0, 0, 145, 205))
    count = scan_pages.scan(TEST, settings, taken.append, lambda *figures: told.append(figures), begun=BEGUN)
    assert count == 10
    assert [file.name for file in taken[:2]] == [
        "扫描 2026-03-02 101530 第1页.jpg",
        "扫描 2026-03-02 101530 第2页.jpg",
    ]
    # A page that is scanned in no time may not be heard of before it is there.
    assert {what for _, _, what in told} <= {f"第 {number} 页" for number in range(1, 12)}
    assert {total for _, total, _ in told} == {100}
    stored = store_incoming(collection, taken[:1])
    (page,) = stored.pages
    assert (page.page.width, page.page.height, page.page.dpi) == (570, 807, 100)
    assert stored.refused == ()


@needs_scanimage
def test_the_picture_is_the_paper(own_sane: Sane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the pnm driver, which gives its file for paper: what is kept is that, but for the JPEG's loss."""
    own_sane.drivers("pnm")
    paper = Image.radial_gradient("L").convert("RGB")
    paper.save(tmp_path / "paper.ppm")
    script = tmp_path / "scanimage"
    real = shutil.which("scanimage")
    script.write_text(
        f'#!/bin/sh\ncase "$*" in *--batch*) exec {real} "$@" --filename={tmp_path}/paper.ppm;; esac\n'
        f'exec {real} "$@"\n',
        encoding="utf-8",
    )
    script.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    taken: list[Incoming] = []
    scan_pages.scan(PNM, Settings(), taken.append)
    kept = Image.open(io.BytesIO(taken[0].data))
    assert kept.info["dpi"] == (300, 300)
    assert max(ImageStat.Stat(ImageChops.difference(kept.convert("RGB"), paper)).mean) < 1


def test_a_jpeg_from_the_network_is_kept_as_it_came(scanner: FakeScanner) -> None:
    device = scan_pages.at_address(scanner.address)
    taken: list[Incoming] = []
    scan_pages.scan(device, Settings(dpi=75, mode=Mode.GREY), taken.append, begun=BEGUN)
    assert taken[0].name == "扫描 2026-03-02 101530 第1页.jpg"
    assert Image.open(io.BytesIO(taken[0].data)).info["dpi"] == (75, 75)


def test_what_was_taken_in_before_a_jam_stays(scanner: FakeScanner, collection: Collection) -> None:
    scanner.jam_at = 3
    device = scan_pages.at_address(scanner.address)
    pages = []

    def take(file: Incoming) -> None:
        pages.extend(store_incoming(collection, [file]).pages)

    with pytest.raises(UserError) as caught:
        scan_pages.scan(device, Settings(dpi=75, source=Source.FEEDER), take)
    assert caught.value.code == "scanner_jammed"
    assert len({page.page.sha256 for page in pages}) == 2


def test_a_typed_address_is_listed_again(
    tmp_path: Path, scanner: FakeScanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escl, "addresses", lambda _patience: ())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert scan_pages.devices(tmp_path).devices == ()
    device = scan_pages.at_address(scanner.address)
    remember(tmp_path, ScannerChoice(device, Settings()))
    assert scan_pages.devices(tmp_path).devices == (device,)


def choice(number: int, **settings: object) -> ScannerChoice:
    return ScannerChoice(Device(Via.SANE, f"test:{number}", "a", "b"), Settings(**settings))  # type: ignore[arg-type]


def test_each_scanner_keeps_its_own_settings_the_last_one_first(tmp_path: Path) -> None:
    assert remembered_choice(tmp_path) is None
    first = choice(0, dpi=200, mode=Mode.GREY, source=Source.DUPLEX, area=Area(1, 2.5, 3, 4))
    second = choice(1)
    remember(tmp_path, first)
    remember(tmp_path, second)
    assert remembered(tmp_path) == (second, first)
    again = choice(0, dpi=600)
    remember(tmp_path, again)
    assert remembered(tmp_path) == (again, second)
    assert remembered_choice(tmp_path) == again
    forget(tmp_path, again.device)
    assert remembered(tmp_path) == (second,)


def test_no_more_are_kept_than_anybody_has(tmp_path: Path) -> None:
    for number in range(MOST + 3):
        remember(tmp_path, choice(number))
    assert len(remembered(tmp_path)) == MOST


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[1, null, {}]",
        '[{"device": 1, "settings": 2}]',
        '[{"device": {"via": "fax", "name": "x", "maker": "", "model": ""}, "settings": {}}]',
        '[{"device": {"via": "sane", "name": "x", "maker": "", "model": ""},'
        ' "settings": {"dpi": "many", "mode": "colour", "source": "flatbed", "area": null}}]',
    ],
)
def test_a_damaged_memory_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert remembered(tmp_path) == ()


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    remember(tmp_path / "gone", choice(0))
    assert remembered(tmp_path / "gone") == ()
