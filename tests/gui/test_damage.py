"""A damaged collection in the window: read-only, said so, rescued; and the check of a collection on demand."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path
from typing import Any

import apsw
import pytest
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QListWidget, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from certclerk.collection import change_password, open_collection
from certclerk.core.errors import UserError
from certclerk.gui.main_window import MainWindow
from certclerk.jobs.sample import make_sample

from .conftest import damage

PASSWORD = "样本密码 1"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    make_sample(folder, teachers=3)
    (made,) = folder.glob("*.certclerk")
    return made


@pytest.fixture
def path(sample: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sample, tmp_path))


def wait_until_read(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.session is not None, timeout=20_000)


def test_reading_it_can_be_cancelled(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    damage(path)
    assert not window.open_path(path)
    dialog = window.findChild(QDialog, "readDamaged")
    assert dialog is not None and dialog.isVisible()
    dialog.findChild(QPushButton, "cancelButton").click()
    qtbot.waitUntil(lambda: window.findChild(QDialog, "readDamaged") is None, timeout=20_000)
    assert window.session is None
    assert not window.open_path(path)
    wait_until_read(window, qtbot)


def test_what_is_no_collection_at_all_is_told_at_once(window: MainWindow, path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 400)
    assert not window.open_path(path)
    assert window.findChild(QDialog, "readDamaged") is None
    assert "不是" in window.findChild(QLabel, "troubleLabel").text()


def test_a_password_is_asked_for_also_where_the_pages_look_like_rows_by_chance(
    window: MainWindow, path: Path
) -> None:
    """One page in 256 of an encrypted file begins as a leaf does."""
    head = bytearray(random.Random(1).randbytes(16_384))
    head[16:24] = path.read_bytes()[16:24]
    path.write_bytes(bytes(head) + path.read_bytes()[16_384:])
    assert not window.open_path(path)
    assert window.findChild(QDialog, "readDamaged") is None
    assert window.findChild(QDialog, "passwordDialog").isVisible()


def test_where_only_the_first_bytes_are_lost_no_password_is_asked_for(
    window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    with path.open("r+b") as file:
        file.write(b"?" * 16)
    assert not window.open_path(path)
    assert window.findChild(QDialog, "passwordDialog") is None
    wait_until_read(window, qtbot)
    assert window.opened.collection.losses == ()


def test_a_damaged_file_opens_for_reading_and_is_rescued(
    window: MainWindow, path: Path, qtbot: QtBot, file_dialogs: Any
) -> None:
    damage(path)
    assert not window.open_path(path)
    wait_until_read(window, qtbot)
    assert "只读方式打开" in window.findChild(QLabel, "damageText").text()
    assert window.windowTitle().endswith("（只读）")
    assert [teacher.serial for teacher in window.opened.teachers()] == [1, 2, 3]
    window.findChild(QPushButton, "damageListButton").click()
    listed = window.findChild(QPlainTextEdit, "lines")
    assert "按改动的历史补回" in listed.toPlainText()
    saved = path.with_name("清单.txt")
    file_dialogs.answer = (saved.with_suffix(""),)
    listed.window().findChild(QPushButton, "saveListButton").click()
    assert saved.read_bytes().decode("utf-8-sig").split("\r\n")[1:-1] == listed.toPlainText().splitlines()
    assert os.name != "posix" or saved.stat().st_mode & 0o077 == 0
    assert str(saved) in listed.window().findChild(QLabel, "savedText").text()
    file_dialogs.answer = (path.parent / "没有" / "清单.txt",)
    listed.window().findChild(QPushButton, "saveListButton").click()
    assert "没有" in listed.window().findChild(QLabel, "savedText").text()
    listed.window().close()
    window.action("actionHealthCheck").trigger()
    found = window.findChild(QListWidget, "healthList")
    qtbot.waitUntil(lambda: found.count() > 1, timeout=20_000)
    told = [found.item(row).text() for row in range(found.count())]
    assert "只读方式打开" in told[0] and not [line for line in told if "有一部分读不出来" in line]
    found.window().close()
    qtbot.waitUntil(lambda: window.findChild(QListWidget, "healthList") is None)
    new = path.with_name("新的.certclerk")
    file_dialogs.answer = (new,)
    window.findChild(QPushButton, "rescueButton").click()
    qtbot.waitUntil(lambda: window.findChild(QPushButton, "openRescuedButton") is not None, timeout=20_000)
    window.findChild(QPushButton, "openRescuedButton").click()
    assert window.opened.collection.path == new
    assert not window.opened.collection.is_damaged
    assert window.shown.findChild(QLabel, "damageText") is None


def test_a_change_that_was_broken_off_is_taken_back_also_where_nothing_may_be_written(
    window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    left = path.with_name("断电.certclerk")
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA cache_size = 2; BEGIN; UPDATE teacher SET name = '半途'")
    connection.execute("INSERT INTO blob SELECT upper(sha256), media_type, added_at, data FROM blob")
    for end in ("", "-journal"):
        shutil.copy(f"{path}{end}", f"{left}{end}")
    connection.close()
    before = left.read_bytes()
    assert not window.open_path(left, read_only=True)
    wait_until_read(window, qtbot)
    assert "内容都能读出" in window.findChild(QLabel, "damageText").text()
    assert "半途" not in [teacher.name for teacher in window.opened.teachers()]
    window.close_collection()
    assert left.read_bytes() == before
    with pytest.raises(UserError) as caught:
        open_collection(left, read_only=True)
    assert caught.value.code == "collection_unfinished"
    assert window.open_path(left)
    assert "半途" not in [teacher.name for teacher in window.opened.teachers()]


def test_one_with_a_password_is_rescued_under_it(
    window: MainWindow, path: Path, qtbot: QtBot, file_dialogs: Any
) -> None:
    change_password(path, "", PASSWORD)
    data = bytearray(path.read_bytes())
    data[40_000] ^= 1
    path.write_bytes(data)
    assert not window.open_path(path)
    asked = window.findChild(QDialog, "passwordDialog")
    asked.findChild(QLineEdit, "passwordField").setText(PASSWORD)
    asked.findChild(QPushButton, "acceptButton").click()
    wait_until_read(window, qtbot)
    assert "只读方式打开" in window.findChild(QLabel, "damageText").text()
    new = path.with_name("新的.certclerk")
    file_dialogs.answer = (new,)
    window.findChild(QPushButton, "rescueButton").click()
    qtbot.waitUntil(lambda: window.findChild(QPushButton, "openRescuedButton") is not None, timeout=20_000)
    window.findChild(QPushButton, "openRescuedButton").click()
    assert window.opened.collection.path == new
    assert window.opened.collection.opened_with(PASSWORD)
    assert not window.opened.collection.is_damaged


def test_the_check_says_that_all_is_well_or_whose_page_is_not(
    window: MainWindow, path: Path, qtbot: QtBot
) -> None:
    window.open_path(path)
    window.action("actionHealthCheck").trigger()
    banner = window.findChild(QLabel, "healthBannerText")
    qtbot.waitUntil(lambda: "完好" in banner.text(), timeout=20_000)
    assert window.findChild(QPushButton, "rescueButton").isHidden()
    banner.window().close()
    window.close_collection()
    connection = apsw.Connection(str(path))
    # The start page looks into the file for the days at the counter.
    connection.set_busy_timeout(10_000)
    connection.execute(
        "UPDATE blob SET data = zeroblob(length(data)) WHERE sha256 = (SELECT sha256 FROM page)"
    )
    connection.close()
    with open_collection(path) as collection:
        first = collection.roster().teachers[0]
    qtbot.waitUntil(lambda: window.findChild(QLabel, "healthBannerText") is None)
    window.open_path(path)
    window.action("actionHealthCheck").trigger()
    found = window.findChild(QListWidget, "healthList")
    qtbot.waitUntil(lambda: found.count() == 1, timeout=20_000)
    assert first.name in found.item(0).text() and "请重新扫描" in found.item(0).text()
    assert not window.findChild(QPushButton, "rescueButton").isHidden()
    found.window().close()
