"""What another window or computer has open is looked at, and edited only when that is safe or wanted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QDialog, QLabel, QPushButton

from certclerk.collection import Collection, lock_path
from certclerk.core.records import Filing
from certclerk.gui.main_window import MainWindow
from certclerk.gui.reading_bar import ReadingBar
from certclerk.system.holder import this_process


def ask(window: MainWindow, path: Path) -> QDialog:
    assert not window.open_path(path)
    (dialog,) = (each for each in window.findChildren(QDialog, "heldDialog") if each.isVisible())
    return dialog


def press(dialog: QDialog | ReadingBar, name: str) -> None:
    found = dialog.findChild(QPushButton, name)
    assert found is not None
    found.click()


def bar(window: MainWindow) -> ReadingBar:
    found = window.shown.findChild(ReadingBar)
    assert isinstance(found, ReadingBar) and found.isVisible()
    return found


def test_what_another_window_has_is_looked_at(window: MainWindow, collection: Collection) -> None:
    press(ask(window, collection.path), "cancelButton")
    assert window.session is None
    dialog = ask(window, collection.path)
    assert dialog.findChild(QPushButton, "openAnyway") is None
    press(dialog, "openReadOnly")
    assert window.opened.collection.read_only
    assert "只读" in window.windowTitle()
    assert "不能修改" in bar(window).findChild(QLabel, "readingText").text()
    assert not window.action("actionAddTeacher").isEnabled()


def test_it_is_read_again_and_edited_once_it_is_free(window: MainWindow, collection: Collection) -> None:
    press(ask(window, collection.path), "openReadOnly")
    with collection.change("填写报送信息") as change:
        change.set_filing(Filing("泉州第九中学"))
    assert window.opened.filing().unit != "泉州第九中学"
    press(bar(window), "readAgainButton")
    assert window.opened.filing().unit == "泉州第九中学"
    shown = window.opened
    press(bar(window), "editButton")
    assert window.opened is shown, "still open elsewhere: what is shown stays"
    collection.close()
    press(bar(window), "editButton")
    assert not window.opened.collection.read_only
    assert window.shown.findChild(ReadingBar) is None


def test_what_another_computer_has_is_edited_only_on_purpose(
    window: MainWindow, collection: Collection
) -> None:
    collection.close()
    path = collection.path
    elsewhere = replace(this_process(), machine="other", host="教务处电脑")
    folder = path.parent / "OneDrive"
    folder.mkdir()
    path = path.rename(folder / path.name)
    lock_path(path).write_text(f" {elsewhere.to_json()}", encoding="utf-8")
    press(ask(window, path), "cancelButton")
    assert window.session is None
    press(ask(window, path), "openReadOnly")
    assert window.opened.collection.read_only
    window.close_collection()
    press(ask(window, path), "openAnyway")
    assert not window.opened.collection.read_only
