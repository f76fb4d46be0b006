"""What the other copy is called afterwards: only what is true of it now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from certclerk.gui.copies.dialog import CopiesDialog
from certclerk.gui.main_window import MainWindow
from certclerk.jobs import acts

from .conftest import add, edit, leave_waiting, note, press, rows, settle, shown

HELD = "都已经有了"
FORKED = "各有对方没有的改动"


def told(window: MainWindow, path: Path) -> str:
    """What is said on opening it after the one before was closed; empty where nothing is."""
    for each in questions(window):
        each.reject()
    window.close_collection()
    assert window.open_path(path)
    return " ".join(label.text() for each in questions(window) for label in each.findChildren(QLabel))


def questions(window: MainWindow) -> list[QDialog]:
    return [each for each in window.findChildren(QDialog, "olderCopyDialog") if each.isVisible()]


def differences(window: MainWindow, qtbot: QtBot) -> CopiesDialog:
    """查看差异… of the question that is on the screen."""
    press(shown(window, "olderCopyDialog"), "compareThatCopy")
    dialog = shown(window, "copiesDialog")
    assert isinstance(dialog, CopiesDialog)
    settle(qtbot, dialog)
    return dialog


def take_all(dialog: CopiesDialog, qtbot: QtBot) -> None:
    qtbot.keyClick(dialog.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    press(dialog, "takeOverButton")
    press(shown(dialog, "takeOverDialog"), "takeButton")
    qtbot.waitUntil(lambda: not dialog.findChildren(QDialog, "copyingDialog"))
    settle(qtbot, dialog)


@pytest.fixture
def caught_up(window: MainWindow, path: Path, stick: Path, qtbot: QtBot) -> tuple[Path, Path]:
    """An older copy has taken everything of the newer one; the window is open on it, the newer one is the other."""
    edit(stick, note(0, "在家改的"), add("林晓雯"), leave_waiting("IMG_1"))
    assert told(window, stick) == ""
    assert "旧" in told(window, path)
    dialog = differences(window, qtbot)
    take_all(dialog, qtbot)
    assert rows(dialog) == []
    dialog.reject()
    return path, stick


def test_the_copy_that_everything_was_taken_of_is_said_to_be_held(
    window: MainWindow, caught_up: tuple[Path, Path]
) -> None:
    path, stick = caught_up
    assert HELD in told(window, stick)
    assert told(window, path) == ""
    assert HELD in told(window, stick)


def test_the_question_is_not_asked_again(window: MainWindow, caught_up: tuple[Path, Path]) -> None:
    assert not questions(window)
    path, _ = caught_up
    assert window.opened.collection.path == path


def test_once_taken_back_the_copies_are_two_again(window: MainWindow, caught_up: tuple[Path, Path]) -> None:
    path, stick = caught_up
    window.close_collection()
    assert window.open_path(path)
    window.opened.undo()
    assert FORKED in told(window, stick)


def test_what_is_changed_there_afterwards_is_not_held(
    window: MainWindow, caught_up: tuple[Path, Path]
) -> None:
    _, stick = caught_up
    edit(stick, note(0, "后来又改的"))
    assert FORKED in told(window, stick)


def test_what_was_left_there_is_told(window: MainWindow, path: Path, stick: Path, qtbot: QtBot) -> None:
    edit(path, note(1, "在学校改的"))
    edit(stick, note(0, "在家改的"), note(2, "不要的"))
    assert told(window, stick) == ""
    assert FORKED in told(window, path)
    dialog = differences(window, qtbot)
    dialog.table.go_to(0)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    press(dialog, "takeOverButton")
    press(shown(dialog, "takeOverDialog"), "takeButton")
    qtbot.waitUntil(lambda: not dialog.findChildren(QDialog, "copyingDialog"))
    settle(qtbot, dialog)
    dialog.reject()
    # The clerk goes on with this one: it is the other that is told of now.
    assert told(window, path) == ""
    assert FORKED in told(window, stick)


def test_who_only_looked_is_asked_again(window: MainWindow, path: Path, stick: Path, qtbot: QtBot) -> None:
    edit(path, note(1, "在学校改的"))
    edit(stick, note(0, "在家改的"))
    assert told(window, stick) == ""
    assert FORKED in told(window, path)
    differences(window, qtbot).reject()
    assert shown(window, "olderCopyDialog")
    press(shown(window, "olderCopyDialog"), "openThatCopy")
    assert window.opened.collection.path == stick


def test_what_is_newer_in_other_things_is_asked_about_still(
    window: MainWindow, path: Path, stick: Path, qtbot: QtBot
) -> None:
    """Of a copy that is newer by its filing alone there is nothing to take, and yet it is the one to go on with."""
    edit(stick, lambda there: acts.set_filing(there, replace(there.filing(), phone="22130000")))
    assert told(window, stick) == ""
    assert "旧" in told(window, path)
    dialog = differences(window, qtbot)
    heading = dialog.findChild(QLabel, "copiesHeading")
    assert heading is not None and heading.text() == "另一份较新，不过没有可取的教师和扫描页。"
    dialog.reject()
    assert questions(window)


def test_copies_that_went_their_own_ways_to_the_same_end_are_not_asked_about(
    window: MainWindow, path: Path, stick: Path, qtbot: QtBot
) -> None:
    edit(path, note(0, "返聘"))
    edit(stick, note(0, "返聘"))
    assert told(window, stick) == ""
    assert FORKED in told(window, path)
    differences(window, qtbot).reject()
    assert not questions(window)
    assert HELD in told(window, stick)
