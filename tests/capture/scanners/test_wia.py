"""The child for Windows' drivers, run for real with stand-ins for the COM objects: its protocol, not the drivers.

Nothing here has met a Windows driver. The stand-ins follow WIA's automation objects as they are documented.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from certclerk.capture import scanners
from certclerk.capture.scanners import wia
from certclerk.capture.scanners.scanner import (
    Area,
    Device,
    Mode,
    Offer,
    Resolutions,
    Settings,
    Source,
    Via,
)
from certclerk.core.errors import UserError
from certclerk.system.child import ChildBroken

from .conftest import PATIENCE, Kept

SCANNER = Device(Via.WIA, "{6BDD1FC6}\\0001", "佳能", "LiDE 300")
# `comtypes` and `comtypes.client`: DeviceManager with one scanner and a camera. What they meet stands in `fault`.
STAND_IN = """
import os, time

class COMError(Exception):
    def __init__(self, hresult):
        self.hresult = hresult - (1 << 32)
        super().__init__(hresult)

class Property:
    def __init__(self, number, value, name="", kind=0, **more):
        self.PropertyID, self.Value, self.Name, self.SubType, self.IsReadOnly = number, value, name, kind, False
        self.__dict__.update(more)

class Picture:
    def __init__(self, item, device):
        self.item, self.device = item, device
    def SaveFile(self, path):
        from PIL import Image
        values = {held.PropertyID: held.Value for held in self.item.Properties}
        mode = {1: "RGB", 2: "L", 4: "1"}[values[6146]]
        Image.new(mode, (values[6151], values[6152])).save(path, "BMP")

class Item:
    def __init__(self, device):
        self.device, self.given = device, 0
        self.Properties = [
            Property(6146, 0), Property(6147, 75, kind=2, SubTypeValues=(75, 300, 600)), Property(6148, 75),
            Property(6149, 0), Property(6150, 0), Property(6151, 100), Property(6152, 100),
        ]
    def Transfer(self, form):
        assert form == "{B96B3CAB-0728-11D3-9D7B-0000F81EF32E}"
        select = next(held.Value for held in self.device.Properties if held.PropertyID == 3088)
        if FAULT and self.given + 1 == AT:
            exec(FAULT)
        if select & 1 and self.given == 3:
            raise COMError(0x80210003)
        self.given += 1
        return Picture(self, self.device)

class Device:
    def __init__(self):
        self.Properties = [
            Property(3074, 8500), Property(3075, 11700), Property(3076, 8500), Property(3077, 14000),
            Property(3086, 1 | 2 | 4), Property(3088, 2), Property(3096, 0),
        ]
        self.Items = [Item(self)]

class Info:
    def __init__(self, kind, id, maker, name):
        self.Type, self.DeviceID = kind, id
        self.Properties = [Property(3, maker, "Manufacturer"), Property(7, name, "Name")]
    def Connect(self):
        if FAULT and AT == 0:
            exec(FAULT)
        return Device()

class Manager:
    DeviceInfos = [Info(2, "camera", "x", "y"), Info(1, "{6BDD1FC6}\\\\0001", "佳能", "LiDE 300")]

def CreateObject(name):
    assert name == "WIA.DeviceManager"
    return Manager()
"""


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``windows("raise COMError(0x80210002)", at=3)``: that happens at page 3 (0: when it is connected to)."""

    def make(fault: str = "", at: int = 1) -> None:
        package = tmp_path / "comtypes"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").write_text(f"FAULT, AT = {fault!r}, {at}\n{STAND_IN}", encoding="utf-8")
        (package / "client.py").write_text("from comtypes import CreateObject\n", encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    make()
    return make


@pytest.mark.usefixtures("windows")
def test_the_list_and_what_it_can_do() -> None:
    assert wia.devices(PATIENCE) == (SCANNER,)
    width, height, sheet = 8.5 * 25.4, 11.7 * 25.4, 14 * 25.4
    offers = wia.capabilities(SCANNER, PATIENCE).offers
    assert [(offer.source, offer.modes, offer.resolutions) for offer in offers] == [
        (source, tuple(Mode), Resolutions((75, 300, 600))) for source in Source
    ]
    assert [offer.largest for offer in offers] == [
        pytest.approx(size) for size in ((width, height), (width, sheet), (width, sheet))
    ]
    assert isinstance(offers[0], Offer)


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize(("mode", "stored"), [(Mode.COLOUR, "RGB"), (Mode.GREY, "L"), (Mode.LINEART, "1")])
def test_a_page_from_the_glass(kept: Kept, mode: Mode, stored: str) -> None:
    settings = Settings(mode=mode, area=Area(0, 0, 127, 254))
    assert scanners.scan(SCANNER, settings, kept.listener(), kept.patience) == 1
    picture = Image.open(io.BytesIO(kept[0].data))
    assert (picture.format, picture.size, picture.mode) == ("BMP", (1500, 3000), stored)


@pytest.mark.usefixtures("windows")
@pytest.mark.parametrize("source", [Source.FEEDER, Source.DUPLEX])
def test_a_feeder_gives_all_its_pages(kept: Kept, source: Source) -> None:
    assert scanners.scan(SCANNER, Settings(source=source), kept.listener(), kept.patience) == 3


@pytest.mark.parametrize(
    ("hresult", "code"),
    [
        (0x80210002, "scanner_jammed"),
        (0x80210005, "scanner_gone"),
        (0x80210006, "scanner_busy"),
        (0x80210016, "scanner_cover_open"),
        (0x80210020, "scanner_double_fed"),
        (0x80070005, "scanner_no_permission"),
        (0x8000FFFF, "scanner_crashed"),
    ],
)
def test_pages_before_a_fault_are_kept(
    windows: Callable[..., None], kept: Kept, hresult: int, code: str
) -> None:
    windows(f"raise COMError({hresult})", at=3)
    with pytest.raises(UserError) as caught:
        scanners.scan(SCANNER, Settings(source=Source.FEEDER), kept.listener(), kept.patience)
    assert (caught.value.code, len(kept)) == (code, 2)
    assert "此前的 2 页都保留着" in str(caught.value)


def test_an_empty_feeder(windows: Callable[..., None], kept: Kept) -> None:
    windows("raise COMError(0x80210003)", at=1)
    with pytest.raises(UserError) as caught:
        scanners.scan(SCANNER, Settings(source=Source.FEEDER), kept.listener(), kept.patience)
    assert caught.value.code == "scanner_empty"


@pytest.mark.parametrize(
    ("fault", "code"), [("time.sleep(60)", "scanner_silent"), ("os._exit(3)", "scanner_crashed")]
)
def test_a_driver_that_hangs_or_takes_the_child_with_it(
    windows: Callable[..., None], kept: Kept, fault: str, code: str
) -> None:
    windows(fault, at=2)
    with pytest.raises(UserError) as caught:
        scanners.scan(
            SCANNER, Settings(source=Source.FEEDER), kept.listener(), replace(kept.patience, silence=5)
        )
    assert (caught.value.code, len(kept)) == (code, 1)


def test_cancelled_between_pages_keeps_those_that_came(windows: Callable[..., None]) -> None:
    windows("time.sleep(60)", at=3)
    kept = Kept(at_most=2)
    with pytest.raises(UserError) as caught:
        scanners.scan(SCANNER, Settings(source=Source.FEEDER), kept.listener(), kept.patience)
    assert (caught.value.code, len(kept)) == ("scanner_cancelled", 2)


@pytest.mark.usefixtures("windows")
def test_a_scanner_that_is_gone() -> None:
    with pytest.raises(UserError) as caught:
        scanners.capabilities(replace(SCANNER, name="{0}"), PATIENCE)
    assert caught.value.code == "scanner_gone"


def test_a_bug_in_the_child_is_a_bug_here(windows: Callable[..., None]) -> None:
    windows("raise RuntimeError('ours')", at=0)
    with pytest.raises(ChildBroken, match="RuntimeError: ours"):
        scanners.capabilities(SCANNER, PATIENCE)


def test_without_comtypes_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "comtypes.py").write_text("raise ImportError\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(scanners, "HERE", (Via.WIA,))
    (fault,) = scanners.listing(PATIENCE).faults
    assert fault.startswith("本机驱动（WIA）用不了：这台电脑没有装组件 comtypes")
