"""Choosing a scanner, against SANE's own pretended ones and one on loopback."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from certclerk.capture.scanners import escl, sane
from certclerk.gui.capture import scanner_dialog as module
from certclerk.gui.capture.scanner_dialog import NOBODY, ScannerDialog, choose_scanner
from certclerk.gui.tasks import TaskRunner
from certclerk.jobs.scan_pages import Area, Device, Mode, Settings, Source, Via
from certclerk.jobs.scanner_memory import FILE, ScannerChoice, remember, remembered_choice

from ...capture.scanners.conftest import Sane
from ...capture.scanners.escl_server import FakeScanner

W = TypeVar("W", bound=QWidget)
Opened = Callable[[], ScannerDialog]

pytestmark = pytest.mark.skipif(
    shutil.which("scanimage") is None, reason="scanimage (Debian: sane-utils) is not installed"
)


@pytest.fixture
def own_sane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sane]:
    folder = tmp_path / "sane.d"
    folder.mkdir()
    monkeypatch.setenv("SANE_CONFIG_DIR", str(folder))
    monkeypatch.setattr(escl, "addresses", lambda _patience: ())
    made = Sane(folder)
    made.test_driver(number_of_devices="1", geometry_max="297.0")
    yield made
    sane.options.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "user"
    made.mkdir()
    return made


@pytest.fixture
def runner() -> Iterator[TaskRunner]:
    made = TaskRunner()
    yield made
    made.close()


@pytest.fixture
def opened(qtbot: QtBot, runner: TaskRunner, folder: Path, own_sane: Sane) -> Opened:
    del own_sane

    def open_dialog() -> ScannerDialog:
        dialog = ScannerDialog(runner, folder)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: not runner.busy, timeout=20_000)
        return dialog

    return open_dialog


def find(dialog: QWidget, kind: type[W], name: str) -> W:
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def choose(dialog: QWidget, name: str, data: object) -> None:
    """As the clerk does with keys or mouse."""
    box = find(dialog, QComboBox, name)
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def word(dialog: QWidget, name: str = "scannerWord") -> str:
    label = find(dialog, QLabel, name)
    return label.text() if label.isVisibleTo(dialog) else ""


def rows(dialog: QWidget) -> list[str]:
    held = find(dialog, QListWidget, "scannerList")
    return [held.item(row).text().split("\n")[0] for row in range(held.count())]


TEST = Device(Via.SANE, "test:0", "Noname", "frontend-tester")


def test_the_first_time_it_is_an_opened_booklet_at_300_dpi_in_colour(opened: Opened, folder: Path) -> None:
    dialog = opened()
    assert rows(dialog) == ["Noname frontend-tester"]
    assert dialog.choice == ScannerChoice(
        TEST, Settings(300, Mode.COLOUR, Source.FLATBED, Area(0, 0, 295, 210))
    )
    assert word(dialog) == ""
    find(dialog, QPushButton, "acceptButton").click()
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert remembered_choice(folder) == dialog.choice


def test_what_was_chosen_is_there_the_next_time(opened: Opened) -> None:
    dialog = opened()
    choose(dialog, "sourceChoice", Source.FEEDER)
    choose(dialog, "modeChoice", Mode.GREY)
    choose(dialog, "dpiChoice", 400)
    choose(dialog, "areaChoice", "own")
    find(dialog, QSpinBox, "widthField").setValue(120)
    find(dialog, QSpinBox, "heightField").setValue(180)
    find(dialog, QPushButton, "acceptButton").click()
    again = opened()
    assert again.choice == ScannerChoice(TEST, Settings(400, Mode.GREY, Source.FEEDER, Area(0, 0, 120, 180)))
    assert find(again, QSpinBox, "widthField").isVisibleTo(again)


def test_a_booklet_that_has_to_be_turned_says_so(opened: Opened, own_sane: Sane, folder: Path) -> None:
    """The test driver's glass is square; a narrower one comes from what is remembered of nobody."""
    own_sane.test_driver(number_of_devices="1", geometry_max="200.0")
    dialog = opened()
    assert "超出的扫不到" in word(dialog, "areaWord")
    choose(dialog, "areaChoice", "whole")
    assert word(dialog, "areaWord") == ""
    assert dialog.choice is not None
    assert dialog.choice.settings.area is None
    assert not (folder / FILE).exists()


def test_a_driver_that_knows_no_area_scans_all(opened: Opened, own_sane: Sane) -> None:
    own_sane.drivers("pnm")
    dialog = opened()
    assert not find(dialog, QComboBox, "areaChoice").isEnabled()
    assert dialog.choice is not None
    assert dialog.choice.settings.area is None


def test_no_scanner_says_what_to_check(
    opened: Opened, own_sane: Sane, qtbot: QtBot, runner: TaskRunner
) -> None:
    """…and the scanner that was switched on is found when the clerk looks again."""
    own_sane.drivers()
    dialog = opened()
    assert (rows(dialog), word(dialog), dialog.choice) == ([], NOBODY, None)
    assert not find(dialog, QPushButton, "acceptButton").isEnabled()
    own_sane.drivers("test")
    find(dialog, QPushButton, "refreshButton").click()
    qtbot.waitUntil(lambda: not runner.busy, timeout=20_000)
    assert rows(dialog) == ["Noname frontend-tester"]
    assert dialog.choice is not None


def test_without_a_driver_a_network_scanner_can_still_be_added(
    opened: Opened,
    qtbot: QtBot,
    runner: TaskRunner,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    folder: Path,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    dialog = opened()
    assert "没有装扫描程序" in word(dialog)
    with FakeScanner() as scanner:
        find(dialog, QLineEdit, "addressField").setText(f"127.0.0.1:{scanner.port}")
        qtbot.keyClick(find(dialog, QLineEdit, "addressField"), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not runner.busy, timeout=20_000)
        assert dialog.isVisible()
        assert rows(dialog) == ["Certclerk Drawn Scanner"]
        assert dialog.choice is not None
        assert dialog.choice.device == Device(Via.ESCL, scanner.address, "", "Certclerk Drawn Scanner")
        # An A4 glass is too narrow: the booklet lies along it.
        assert dialog.choice.settings.area == Area(0, 0, 210, 295)
        assert "转 90°" in word(dialog, "areaWord")
        find(dialog, QPushButton, "acceptButton").click()
        assert rows(opened()) == ["Certclerk Drawn Scanner"]
        assert json.loads((folder / FILE).read_text(encoding="utf-8"))[0]["device"]["via"] == "escl"


@pytest.mark.parametrize(
    ("text", "said"),
    [("我的扫描仪", "不像扫描仪的地址"), ("http://127.0.0.1:9", "找不到“http://127.0.0.1:9”")],
)
def test_an_address_that_leads_nowhere(
    opened: Opened, qtbot: QtBot, runner: TaskRunner, text: str, said: str
) -> None:
    dialog = opened()
    find(dialog, QLineEdit, "addressField").setText(text)
    find(dialog, QPushButton, "addressButton").click()
    qtbot.waitUntil(lambda: not runner.busy, timeout=20_000)
    assert said in word(dialog)
    # What was typed stays to be mended, and the scanner that was chosen stays chosen.
    assert find(dialog, QLineEdit, "addressField").text() == text
    assert dialog.choice is not None


def test_a_remembered_scanner_that_is_gone_is_told(opened: Opened, folder: Path) -> None:
    gone = Device(Via.SANE, "test:7", "Noname", "unplugged")
    remember(folder, ScannerChoice(gone, Settings()))
    dialog = opened()
    assert rows(dialog) == ["Noname unplugged", "Noname frontend-tester"]
    assert "找不到“Noname unplugged”" in word(dialog)
    assert dialog.choice is None
    # Neither Enter nor a double click takes what cannot scan.
    dialog.accept()
    assert dialog.isVisible()


def test_an_answer_that_comes_late_is_not_shown_for_another(
    opened: Opened, qtbot: QtBot, runner: TaskRunner, own_sane: Sane
) -> None:
    own_sane.test_driver(number_of_devices="2")
    dialog = opened()
    held = find(dialog, QListWidget, "scannerList")
    held.setCurrentRow(1)
    held.setCurrentRow(0)
    assert dialog.choice is None
    qtbot.waitUntil(lambda: not runner.busy, timeout=20_000)
    assert dialog.choice is not None
    assert dialog.choice.device.name == "test:0"


@pytest.mark.usefixtures("own_sane")
def test_closing_does_not_wait_for_the_drivers(
    qtbot: QtBot, runner: TaskRunner, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A driver that hangs while the list is made is ended as soon as nobody wants the list any more."""
    script = tmp_path / "scanimage"
    script.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    script.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    dialog = ScannerDialog(runner, folder)
    qtbot.addWidget(dialog)
    dialog.show()
    assert word(dialog) == module.SEARCHING
    begun = time.monotonic()
    dialog.reject()
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: not runner.busy, timeout=20_000)
    assert time.monotonic() - begun < 8


@pytest.mark.usefixtures("own_sane")
@pytest.mark.parametrize("answer", ["acceptButton", "cancelButton"])
def test_the_one_function(qtbot: QtBot, runner: TaskRunner, folder: Path, answer: str) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()

    def press() -> None:
        dialog = QApplication.activeModalWidget()
        ready = isinstance(dialog, ScannerDialog) and dialog.choice is not None
        if ready:
            find(dialog, QPushButton, answer).click()
        else:
            QTimer.singleShot(20, press)

    QTimer.singleShot(0, press)
    choice = choose_scanner(parent, runner, folder)
    assert choice == remembered_choice(folder)
    assert (choice is not None) is (answer == "acceptButton")


def test_it_fits_the_smallest_screen_and_every_control_has_its_names(opened: Opened) -> None:
    dialog = opened()
    assert dialog.sizeHint().height() <= 640
    for kind in (QPushButton, QComboBox, QLineEdit, QSpinBox, QListWidget):
        for control in dialog.findChildren(kind):
            if control.objectName().startswith("qt_"):
                continue
            assert control.objectName(), control
            assert control.accessibleName(), control.objectName()
