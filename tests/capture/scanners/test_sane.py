"""Against the real scanimage and SANE's own pretended scanners, `test` and `pnm`, with all their faults."""

from __future__ import annotations

import io
import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from certclerk.capture import scanners
from certclerk.capture.scanners import sane
from certclerk.capture.scanners.scanner import (
    Area,
    Device,
    Listener,
    Mode,
    Resolutions,
    ScannedPage,
    ScannerFailed,
    Settings,
    Source,
    Via,
)
from certclerk.core.errors import UserError

from .conftest import PATIENCE, Kept, Sane, needs_scanimage

pytestmark = needs_scanimage

TEST = Device(Via.SANE, "test:0", "Noname", "frontend-tester")
PNM = Device(Via.SANE, "pnm:0", "Noname", "PNM file reader")
SMALL = Settings(dpi=50, area=Area(0, 0, 80, 100))
FEEDER = replace(SMALL, source=Source.FEEDER)

# What `scanimage -d test -A` and `-d pnm -A` can make a scan end with.
FAULTS = {
    "SANE_STATUS_UNSUPPORTED": "scanner_settings_refused",
    "SANE_STATUS_CANCELLED": "scanner_stopped_itself",
    "SANE_STATUS_DEVICE_BUSY": "scanner_busy",
    "SANE_STATUS_INVAL": "scanner_settings_refused",
    "SANE_STATUS_EOF": "scanner_cut_short",
    "SANE_STATUS_JAMMED": "scanner_jammed",
    "SANE_STATUS_NO_DOCS": "scanner_empty",
    "SANE_STATUS_COVER_OPEN": "scanner_cover_open",
    "SANE_STATUS_IO_ERROR": "scanner_io",
    "SANE_STATUS_NO_MEM": "scanner_no_memory",
    "SANE_STATUS_ACCESS_DENIED": "scanner_no_permission",
}
PNM_FAULTS = {
    "--status-eof": "scanner_cut_short",
    "--status-jammed": "scanner_jammed",
    "--status-nodocs": "scanner_empty",
    "--status-coveropen": "scanner_cover_open",
    "--status-ioerror": "scanner_io",
    "--status-nomem": "scanner_no_memory",
    "--status-accessdenied": "scanner_no_permission",
}


def picture(page: ScannedPage) -> Image.Image:
    opened = Image.open(io.BytesIO(page.data))
    opened.load()
    return opened


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A picture for the pnm driver to read."""
    path = tmp_path / "纸.ppm"
    Image.effect_noise((300, 200), 90).convert("RGB").save(path)
    return path


def test_the_list(own_sane: Sane) -> None:
    own_sane.drivers("test", "pnm")
    found = sane.devices(PATIENCE)
    assert TEST in found
    assert PNM in found
    assert {device.title for device in found} == {"Noname frontend-tester", "Noname PNM file reader"}


def test_no_scanner_at_all_is_an_empty_list(own_sane: Sane) -> None:
    own_sane.drivers()
    assert sane.devices(PATIENCE) == ()


@pytest.mark.usefixtures("own_sane")
def test_what_the_test_driver_can_do() -> None:
    offers = sane.capabilities(TEST, PATIENCE).offers
    assert [offer.source for offer in offers] == [Source.FLATBED, Source.FEEDER]
    assert {offer.modes for offer in offers} == {(Mode.COLOUR, Mode.GREY)}
    assert {offer.resolutions for offer in offers} == {Resolutions((), 1, 1200, 1)}
    assert {offer.largest for offer in offers} == {(300.0, 300.0)}


def test_what_the_pnm_driver_can_do(own_sane: Sane) -> None:
    """It has no source, no mode and no area."""
    own_sane.drivers("pnm")
    (offer,) = sane.capabilities(PNM, PATIENCE).offers
    assert (offer.source, offer.modes, offer.largest) == (Source.FLATBED, (Mode.COLOUR,), None)
    assert offer.resolutions.offered()[:3] == (75, 90, 100)
    assert offer.resolutions.nearest(300) == 300


@pytest.mark.usefixtures("own_sane")
@pytest.mark.parametrize("mode", [Mode.COLOUR, Mode.GREY])
def test_a_page_from_the_glass_as_it_was_asked_for(kept: Kept, mode: Mode) -> None:
    settings = Settings(dpi=300, mode=mode, area=Area(10, 20, 80, 100))
    assert scanners.scan(TEST, settings, kept.listener(), kept.patience) == 1
    assert kept[0].dpi == 300
    scanned = picture(kept[0])
    assert scanned.size == (944, 1181)
    assert scanned.mode == ("RGB" if mode is Mode.COLOUR else "L")
    assert kept.percents[-1] == 100
    assert kept.percents == sorted(kept.percents)


@pytest.mark.usefixtures("own_sane")
def test_all_of_the_glass(kept: Kept) -> None:
    sane.scan(TEST, Settings(dpi=50), kept.listener(), kept.patience)
    assert picture(kept[0]).size == (590, 590)


@pytest.mark.usefixtures("own_sane")
def test_a_feeder_gives_all_its_pages(kept: Kept) -> None:
    """The test driver's is empty after ten."""
    assert scanners.scan(TEST, FEEDER, kept.listener(), kept.patience) == 10
    assert {picture(page).size for page in kept} == {(157, 196)}


@pytest.mark.usefixtures("own_sane")
def test_a_page_comes_before_the_next_is_scanned() -> None:
    """Page 2 is not there yet when page 1 comes: what has come does not depend on what follows."""
    counted: list[int] = []

    def page(_page: ScannedPage) -> None:
        counted.append(len(counted))
        if len(counted) == 3:
            raise UserError("disk_full", path="x")

    with pytest.raises(UserError, match="磁盘空间不足"):
        sane.scan(TEST, FEEDER, Listener(page), PATIENCE)
    assert len(counted) == 3


@pytest.mark.parametrize(("status", "code"), FAULTS.items())
def test_each_fault_is_told(own_sane: Sane, kept: Kept, status: str, code: str) -> None:
    own_sane.test_driver(read_status_code=f'"{status}"')
    with pytest.raises(UserError) as caught:
        scanners.scan(TEST, SMALL, kept.listener(), kept.patience)
    assert caught.value.code == code
    assert "“Noname frontend-tester”" in str(caught.value)
    assert "没有收到页" in str(caught.value)
    assert kept == []


@pytest.mark.parametrize(("option", "code"), PNM_FAULTS.items())
def test_each_fault_of_the_pnm_driver_is_told(
    own_sane: Sane,
    scanimage_also: Callable[[str], None],
    paper: Path,
    kept: Kept,
    option: str,
    code: str,
) -> None:
    own_sane.drivers("pnm")
    scanimage_also(f"--filename={paper} {option}=yes")
    with pytest.raises(UserError) as caught:
        scanners.scan(PNM, Settings(), kept.listener(), kept.patience)
    assert (caught.value.code, kept) == (code, [])


def test_the_pnm_driver_gives_the_very_pixels(
    own_sane: Sane, scanimage_also: Callable[[str], None], paper: Path, kept: Kept
) -> None:
    own_sane.drivers("pnm")
    scanimage_also(f"--filename={paper}")
    scanners.scan(PNM, Settings(), kept.listener(), kept.patience)
    with Image.open(paper) as original:
        assert picture(kept[0]).tobytes() == original.tobytes()


@pytest.mark.usefixtures("own_sane")
def test_pages_before_a_jam_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: Kept) -> None:
    """Page 1 ✓, page 2 ✓, page 3 jams: a stand-in says so as scanimage does, after the real one gave two."""
    real = shutil.which("scanimage")
    script = tmp_path / "scanimage"
    script.write_text(
        f'#!/bin/sh\ncase "$*" in *--batch*) {real} "$@" --batch-count=2 2>/dev/null\n'
        'echo "scanimage: sane_start: Document feeder jammed" >&2; exit 6;; esac\n'
        f'exec {real} "$@"\n',
        encoding="utf-8",
    )
    script.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(UserError) as caught:
        scanners.scan(TEST, FEEDER, kept.listener(), kept.patience)
    assert caught.value.code == "scanner_jammed"
    assert "此前的 2 页都保留着" in str(caught.value)
    assert [picture(page).size for page in kept] == [(157, 196)] * 2


def test_a_feeder_that_is_not_there_is_not_scanned_from(
    own_sane: Sane, scanimage_also: Callable[[str], None], paper: Path, kept: Kept
) -> None:
    """The glass would give one page after another without end."""
    own_sane.drivers("pnm")
    scanimage_also(f"--filename={paper}")
    with pytest.raises(UserError) as caught:
        scanners.scan(PNM, Settings(source=Source.FEEDER), kept.listener(), kept.patience)
    assert "送纸器，单面" in str(caught.value)
    assert kept == []


@pytest.mark.usefixtures("own_sane")
@pytest.mark.parametrize("code", [0, 7])
def test_what_drivers_print_is_no_page_and_an_old_end_is_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: Kept, code: int
) -> None:
    """A driver prints a line and a path of its own; some versions end with 7 when the feeder is empty."""
    real = shutil.which("scanimage")
    script = tmp_path / "scanimage"
    script.write_text(
        f'#!/bin/sh\necho "Created directory: /var/lib/x"; echo /etc/passwd\n{real} "$@"\n'
        f'case "$*" in *--batch*) exit {code};; esac\n',
        encoding="utf-8",
    )
    script.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert TEST in sane.devices(PATIENCE)
    assert scanners.scan(TEST, FEEDER, kept.listener(), kept.patience) == 10
    assert Path("/etc/passwd").exists()


@pytest.mark.parametrize(
    "oddity",
    [
        {"read_limit": "true", "read_limit_size": "1000"},
        {"read_delay": "true", "read_delay_duration": "2000"},
        {"fuzzy_parameters": "true"},
        {"ppl_loss": "20"},
        {"non_blocking": "true"},
        {"select_fd": "true"},
        {"three_pass": "true"},
        {"three_pass": "true", "three_pass_order": "BRG"},
        {"depth": "16", "invert_endianess": "true"},
        {"depth": "1"},
        {"enable_test_options": "true"},
        {"geometry_quant": "3.0", "br_x": "81.0", "br_y": "99.0"},
        {"resolution_min": "7.0", "resolution_quant": "7.0", "resolution": "49.0"},
    ],
    ids=lambda oddity: " ".join(oddity),
)
def test_odd_but_sound_drivers_give_their_page(own_sane: Sane, kept: Kept, oddity: dict[str, str]) -> None:
    own_sane.test_driver(**oddity)
    assert scanners.scan(TEST, SMALL, kept.listener(), kept.patience) == 1
    scanned = picture(kept[0])
    assert scanned.mode == "RGB"
    assert scanned.width == pytest.approx(157, abs=25)
    assert scanned.height == pytest.approx(196, abs=25)


def test_a_hand_scanner_that_does_not_know_its_height(own_sane: Sane, kept: Kept) -> None:
    own_sane.test_driver(hand_scanner="true")
    scanners.scan(TEST, SMALL, kept.listener(), kept.patience)
    # 11 cm wide, as high as it was drawn.
    assert picture(kept[0]).width == pytest.approx(216, abs=3)


def test_a_driver_that_hangs_is_given_up(own_sane: Sane, kept: Kept) -> None:
    """It gives 1 byte in 0.2 s: for so long nothing is heard that it counts as hanging."""
    own_sane.test_driver(
        read_delay="true", read_delay_duration="200000", read_limit="true", read_limit_size="1"
    )
    sane.options("test:0", "", PATIENCE)
    begun = time.monotonic()
    with pytest.raises(UserError) as caught:
        scanners.scan(TEST, replace(SMALL, dpi=300), kept.listener(), replace(kept.patience, silence=0.1))
    assert caught.value.code == "scanner_silent"
    assert time.monotonic() - begun < 15
    assert kept == []


def test_cancelled_in_the_middle_of_a_page(own_sane: Sane, kept: Kept) -> None:
    own_sane.test_driver(read_delay="true", read_delay_duration="200000")
    wanted = threading.Event()
    listener = Listener(kept.append, lambda percent: wanted.set() if percent > 3 else None)
    begun = time.monotonic()
    with pytest.raises(UserError) as caught:
        scanners.scan(
            TEST, Settings(dpi=600, area=SMALL.area), listener, replace(PATIENCE, cancelled=wanted.is_set)
        )
    assert (caught.value.code, kept) == ("scanner_cancelled", [])
    assert time.monotonic() - begun < 15


def test_cancelled_between_pages_keeps_those_that_came(own_sane: Sane) -> None:
    own_sane.test_driver(read_delay="true", read_delay_duration="50000")
    kept = Kept(at_most=2)
    with pytest.raises(UserError) as caught:
        scanners.scan(TEST, FEEDER, kept.listener(), kept.patience)
    assert caught.value.code == "scanner_cancelled"
    assert f"此前的 {len(kept)} 页都保留着" in str(caught.value)
    assert 2 <= len(kept) < 10


def test_nothing_is_left_behind(
    own_sane: Sane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: Kept
) -> None:
    private = tmp_path / "temporary"
    private.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(private))
    scanners.scan(TEST, FEEDER, kept.listener(), kept.patience)
    own_sane.test_driver(read_status_code='"SANE_STATUS_JAMMED"')
    with pytest.raises(UserError):
        scanners.scan(TEST, FEEDER, kept.listener(), kept.patience)
    assert list(private.iterdir()) == []


@pytest.mark.usefixtures("own_sane")
@pytest.mark.parametrize("ask", ["capabilities", "scan"])
def test_a_scanner_that_is_gone(ask: str, kept: Kept) -> None:
    gone = Device(Via.SANE, "test:7", "Noname", "unplugged")
    with pytest.raises(UserError) as caught:
        if ask == "scan":
            scanners.scan(gone, SMALL, kept.listener(), kept.patience)
        else:
            scanners.capabilities(gone, PATIENCE)
    assert caught.value.code == "scanner_gone"
    assert "找不到“Noname unplugged”" in str(caught.value)


def test_a_scanner_that_goes_while_the_program_runs(own_sane: Sane, kept: Kept) -> None:
    """Its options are known by then: it is the scan that finds nothing there."""
    unplugged = Device(Via.SANE, "test:1", "Noname", "frontend-tester")
    scanners.scan(unplugged, SMALL, kept.listener(), kept.patience)
    conf = own_sane.folder / "test.conf"
    conf.write_text(conf.read_text().replace("number_of_devices 2", "number_of_devices 1"), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        scanners.scan(unplugged, SMALL, kept.listener(), kept.patience)
    assert (caught.value.code, len(kept)) == ("scanner_gone", 1)


@pytest.mark.usefixtures("own_sane")
def test_a_driver_that_crashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: Kept) -> None:
    """In the middle of a page: what it had written of it does not count."""
    sane.scan(TEST, SMALL, kept.listener(), kept.patience)
    script = tmp_path / "scanimage"
    script.write_text("#!/bin/sh\nkill -SEGV $$\n", encoding="utf-8")
    script.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(UserError) as caught:
        scanners.scan(TEST, SMALL, kept.listener(), kept.patience)
    assert "驱动程序意外退出（信号 11）" in str(caught.value)
    assert len(kept) == 1


@pytest.mark.usefixtures("own_sane")
def test_without_scanimage_the_others_are_still_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = scanners.listing(PATIENCE)
    assert found.devices == ()
    (fault,) = found.faults
    assert fault.startswith("本机驱动（SANE）用不了：这台电脑没有装扫描程序 scanimage")


def test_a_list_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "scanimage"
    script.write_text("#!/bin/sh\nsleep 60\n", encoding="utf-8")
    script.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(ScannerFailed) as caught:
        sane.devices(replace(PATIENCE, listing=0.3))
    assert caught.value.code == "scanner_silent"
