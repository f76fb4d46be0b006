"""On opening a copy of a collection: silence where it is the newest, a word where it is older or forked."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection, open_collection
from certclerk.gui import siblings
from certclerk.gui.main_window import MainWindow

from .conftest import damage


@pytest.fixture
def path(collection: Collection) -> Path:
    collection.close()
    return collection.path


def copied(path: Path, name: str) -> Path:
    return Path(shutil.copy(path, path.with_name(name)))


def sqlite3_copy(path: Path, to: Path) -> Path:
    """As it stands now, while it is open."""
    with (
        closing(apsw.Connection(str(path))) as source,
        closing(apsw.Connection(str(to))) as target,
        target.backup("main", source, "main") as copying,
    ):
        copying.step()
    return to


def edit(path: Path, note: str) -> None:
    with open_collection(path) as collection, collection.change("改") as change:
        change.update_teacher(collection.order()[0], note=note)


def asked(window: MainWindow, path: Path) -> QDialog | None:
    """Opens a copy after the one before was closed; the dialog that comes up, if any."""
    window.close_collection()
    assert window.open_path(path)
    shown = [each for each in window.findChildren(QDialog, "olderCopyDialog") if each.isVisible()]
    return shown[-1] if shown else None


def test_a_copy_that_nobody_edited_is_the_same(window: MainWindow, path: Path) -> None:
    stick = copied(path, "U盘.certclerk")
    assert asked(window, path) is None
    assert asked(window, stick) is None
    window.close_collection()
    edit(stick, "在家改的")
    assert asked(window, stick) is None


def test_an_older_copy_is_told_and_the_newer_one_opened(window: MainWindow, path: Path) -> None:
    old = copied(path, "旧.certclerk")
    edit(path, "后来改的")
    assert asked(window, path) is None
    dialog = asked(window, old)
    assert dialog is not None
    assert str(path) in dialog.findChild(QLabel, "said").text()
    dialog.findChild(QPushButton, "openThatCopy").click()
    assert window.opened.collection.path == path


def test_a_forked_copy_is_told_until_the_clerk_goes_on_with_it(window: MainWindow, path: Path) -> None:
    stick = copied(path, "U盘.certclerk")
    edit(path, "在学校改的")
    edit(stick, "在家改的")
    assert asked(window, path) is None
    dialog = asked(window, stick)
    assert dialog is not None
    dialog.findChild(QPushButton, "cancelButton").click()
    # Undecided: it is said again, whatever was looked at meanwhile.
    dialog = asked(window, stick)
    assert dialog is not None
    dialog.findChild(QPushButton, "keepThisCopy").click()
    assert asked(window, stick) is None
    dialog = asked(window, path)
    assert dialog is not None
    assert "各有对方没有的改动" in " ".join(each.text() for each in dialog.findChildren(QLabel))


def test_a_copy_made_in_the_midst_of_an_opening_is_older(window: MainWindow, path: Path) -> None:
    middle = path.with_name("备份.certclerk")
    with open_collection(path) as collection:
        for note in ("一", "二"):
            with collection.change("改") as change:
                change.update_teacher(collection.order()[0], note=note)
            if note == "一":
                collection._connection.execute("VACUUM INTO ?", (str(middle),))
    assert asked(window, path) is None
    assert asked(window, middle) is not None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', '{"a": {"path": "x"}}'])
def test_what_cannot_be_read_is_nothing_remembered(tmp_path: Path, text: str) -> None:
    (tmp_path / siblings.FILE).write_text(text, encoding="utf-8")
    assert siblings.seen(tmp_path) == {}


def test_a_damaged_copy_is_not_called_older(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    """What is left of its history says nothing of what came after."""
    edit(path, "改过")
    assert asked(window, path) is None
    window.close_collection()
    damage(path, "history")
    window.close_collection()
    assert not window.open_path(path)
    qtbot.waitUntil(lambda: window.session is not None, timeout=20_000)
    assert window.opened.collection.is_damaged
    assert not [each for each in window.findChildren(QDialog, "olderCopyDialog") if each.isVisible()]


def test_a_backup_of_the_midst_that_was_edited_has_forked(window: MainWindow, path: Path) -> None:
    """It has all generations and one more, but not all of the last that both have."""
    assert window.open_path(path)
    first = window.opened.collection.order()[0]
    with window.opened.collection.change("改") as change:
        change.update_teacher(first, note="备份前改的")
    restored = path.with_name("恢复.certclerk")
    backup = sqlite3_copy(window.opened.collection.path, restored)
    with window.opened.collection.change("改") as change:
        change.update_teacher(first, note="备份后改的")
    edit(backup, "恢复后改的")
    dialog = asked(window, backup)
    assert dialog is not None
    assert "各有对方没有的改动" in dialog.findChild(QLabel).text()
