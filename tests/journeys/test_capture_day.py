"""A day of scanning in the real window, with SANE's own pretended scanner, which jams, tires and is called off.

Every page is a sheet of a colour of its own, so that the bytes at each teacher say whose page they are. The short
form scans a few teachers, ``--long`` scans sixty.
"""

from __future__ import annotations

import io
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from certclerk.capture.scanners import sane
from certclerk.collection import create_collection
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, Page, ProposedCertificate, ProposedTeacher
from certclerk.gui.main_window import MainWindow
from certclerk.jobs import scanner_memory
from certclerk.jobs.scan_pages import Device, Settings, Via
from certclerk.jobs.scanner_memory import ScannerChoice

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support"),
    pytest.mark.skipif(
        shutil.which("scanimage") is None, reason="scanimage (Debian: sane-utils) is not installed"
    ),
]

WAIT_MS = 30_000
SHORT, LONG = 4, 60
SLOTS = ("cover", "text", "remarks")
PNM = ScannerChoice(Device(Via.SANE, "pnm:0", "Noname", "PNM file reader"), Settings())
FAULTS = ("--status-jammed", "--status-coveropen", "--status-nodocs", "--status-ioerror")
HELD = ProposedCertificate("小学", "语文", "20133500521000001", "泉州市教育局", "2013-07-01")


@dataclass
class Glass:
    """What lies on the scanner's glass, and what the driver is going to do; the real scanimage does it."""

    folder: Path
    sheet: Path

    def lay(self, number: int, *, fault: str = "", slow: bool = False) -> None:
        """Sheet ``number``; ``fault`` is an option of the pnm driver, ``slow`` holds the driver back for long."""
        Image.new("RGB", (124, 175), colour(number)).save(self.sheet, "PPM")
        real = shutil.which("scanimage", path="/usr/bin:/usr/local/bin:/bin")
        words = f"--filename {self.sheet} {fault and f'{fault}=yes'}"
        wait = "sleep 60;" if slow else ""
        script = self.folder / "scanimage"
        script.write_text(
            f'#!/bin/sh\ncase "$*" in *--batch*) {wait} exec {real} "$@" {words};; esac\nexec {real} "$@"\n',
            encoding="utf-8",
        )
        script.chmod(0o700)


def colour(number: int) -> tuple[int, int, int]:
    """Far enough from any other's to be known again in a JPEG."""
    return 40 + 25 * (number % 8), 40 + 25 * (number // 8 % 8), 40 + 25 * (number // 64 % 8)


@pytest.fixture
def glass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Glass]:
    folder = tmp_path / "driver"
    folder.mkdir()
    (folder / "dll.conf").write_text("pnm\n", encoding="utf-8")
    monkeypatch.setenv("SANE_CONFIG_DIR", str(folder))
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/usr/local/bin:/bin")
    sane.options.cache_clear()
    made = Glass(folder, folder / "sheet.ppm")
    made.lay(0)
    yield made
    sane.options.cache_clear()


@pytest.fixture
def window(
    tmp_path: Path, quanzhou: Notice, qtbot: QtBot, request: pytest.FixtureRequest, glass: Glass
) -> MainWindow:
    assert glass
    count = LONG if request.config.getoption("--long") else SHORT
    path = tmp_path / "泉州第一中学.certclerk"
    with create_collection(path, quanzhou, Filing("泉州第一中学", "王五", "22138813")) as made:
        people = (
            ProposedTeacher(f"教师{number}", serial=number, certificates=(HELD,))
            for number in range(1, count + 1)
        )
        with made.change("导入名册") as change:
            change.add_teachers(people)
    scanner_memory.remember(tmp_path, PNM)
    shown = MainWindow(tmp_path)
    qtbot.addWidget(shown)
    with qtbot.waitExposed(shown):
        shown.show()
    assert shown.open_path(path)
    return shown


def pages(window: MainWindow) -> list[Page]:
    return [page for teacher in window.opened.teachers() for page in teacher.pages()]


def seen(window: MainWindow, page: Page) -> tuple[int, int, int]:
    """The colour of a stored page, as its bytes have it."""
    with Image.open(io.BytesIO(window.opened.collection.blob(page.sha256))) as picture:
        middle = picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2))
    assert isinstance(middle, tuple)
    return middle


def press(window: MainWindow, key: Qt.Key) -> None:
    window.activateWindow()
    QTest.keyClick(window, key)


def test_every_page_lies_at_its_teacher_whatever_the_scanner_does(
    window: MainWindow, glass: Glass, qtbot: QtBot
) -> None:
    chance = random.Random(11)
    scanning = window.shown.capture.scanning
    told: list[str] = []
    window.opened.failed.connect(told.append)
    teachers = [teacher.id for teacher in window.opened.teachers()]
    expected: dict[tuple[int, str], int] = {}
    troubled = 0
    for number, (teacher, slot) in enumerate((one, slot) for one in teachers for slot in SLOTS):
        assert (window.opened.current, window.opened.target and window.opened.target.slot) == (teacher, slot)
        trouble = chance.choice(("", "", "fault", "cancel")) if number else ""
        before = len(pages(window))
        if trouble:
            glass.lay(
                number, fault=chance.choice(FAULTS) if trouble == "fault" else "", slow=trouble == "cancel"
            )
            press(window, Qt.Key.Key_F5)
            if trouble == "cancel":
                qtbot.waitUntil(lambda: scanning.is_busy, timeout=WAIT_MS)
                scanning.stop()
            qtbot.waitUntil(lambda: not scanning.is_busy, timeout=WAIT_MS)
            assert len(pages(window)) == before
            troubled += trouble == "fault"
            assert len(told) == troubled
            assert window.opened.tray() == ()
        glass.lay(number)
        press(window, Qt.Key.Key_F5)
        qtbot.waitUntil(lambda before=before: len(pages(window)) == before + 1, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: not scanning.is_busy, timeout=WAIT_MS)
        expected[teacher, slot] = number
    found = {
        (teacher.id, page.slot): seen(window, page)
        for teacher in window.opened.teachers()
        for page in teacher.pages()
    }
    assert found.keys() == expected.keys()
    for place, number in expected.items():
        differences = [abs(a - b) for a, b in zip(found[place], colour(number), strict=True)]
        assert max(differences) <= 4, place
    assert all(found.is_note for found in window.opened.collection.examine())


def test_backspace_takes_the_last_page_back_but_not_letters_that_are_typed(
    window: MainWindow, qtbot: QtBot
) -> None:
    scanning = window.shown.capture.scanning
    press(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: len(pages(window)) == 1 and not scanning.is_busy, timeout=WAIT_MS)
    search = window.shown.roster.search
    search.setFocus()
    qtbot.keyClicks(search, "ab")
    qtbot.keyClick(search, Qt.Key.Key_Backspace)
    assert (search.text(), len(pages(window))) == ("a", 1)
    search.clear()
    window.shown.roster.table.setFocus()
    qtbot.keyClick(window.shown.roster.table, Qt.Key.Key_Backspace)
    assert pages(window) == []
    assert window.opened.target is not None and window.opened.target.slot == "cover"
