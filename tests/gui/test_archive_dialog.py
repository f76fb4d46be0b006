"""归档并清除 in the real window: nothing can be cleared before an archive stands, and only what the clerk typed for goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection, open_collection
from certclerk.gui import recent
from certclerk.gui.archiving.dialog import ArchiveDialog
from certclerk.gui.capture.watch_memory import WatchMemory
from certclerk.gui.main_window import MainWindow
from certclerk.jobs import archiving, mapping_memory

from .conftest import Asked

W = TypeVar("W", bound=QWidget)
WAIT_MS = 20_000


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder, and settings of Qt that are nobody's."""
    folder = tmp_path / "用户"
    folder.mkdir()
    monkeypatch.setattr(archiving, "user_folder", lambda: folder)
    monkeypatch.setattr("certclerk.gui.package.habits.user_folder", lambda: folder)
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(folder / "Qt"))
    return folder


@pytest.fixture
def window(
    collection: Collection, submit: Callable[..., None], own: Path, qtbot: QtBot
) -> Iterator[MainWindow]:
    submit(collection)
    path = collection.path
    collection.close()
    made = MainWindow(own)
    qtbot.addWidget(made)
    made.show()
    assert made.open_path(path)
    yield made
    made.close()


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> ArchiveDialog:
    window.action("actionArchive").trigger()
    found = window.findChild(ArchiveDialog, "archiveDialog")
    assert found is not None
    qtbot.waitUntil(lambda: "载入" not in found.standing.text(), timeout=WAIT_MS)
    return found


def part(dialog: ArchiveDialog, kind: type[W], name: str) -> W:
    found = dialog.findChild(kind, name)
    assert found is not None
    return found


def write(dialog: ArchiveDialog, file_dialogs: Asked, target: Path, qtbot: QtBot) -> None:
    file_dialogs.answer = (target,)
    part(dialog, QPushButton, "writeArchiveButton").click()
    qtbot.waitUntil(lambda: "已校验" in dialog.archived.text(), timeout=WAIT_MS)


def clear(dialog: ArchiveDialog, qtbot: QtBot, said: str) -> None:
    part(dialog, QLineEdit, "clearWordField").setText("清除")
    part(dialog, QPushButton, "clearButton").click()
    qtbot.waitUntil(lambda: said in dialog.archived.text(), timeout=WAIT_MS)


def test_what_is_unfinished_stands_on_top(dialog: ArchiveDialog) -> None:
    assert "没有勾“已收”" in dialog.standing.text() and "没有录入" in dialog.standing.text()
    assert not part(dialog, QCheckBox, "clearBackupsBox").isEnabled()


def test_clearing_takes_an_archive_and_the_word(
    dialog: ArchiveDialog, file_dialogs: Asked, tmp_path: Path, qtbot: QtBot
) -> None:
    word, button = part(dialog, QLineEdit, "clearWordField"), part(dialog, QPushButton, "clearButton")
    word.setText("清除")
    assert not button.isEnabled()
    write(dialog, file_dialogs, tmp_path / "归档", qtbot)
    assert (tmp_path / "归档.certclerk").is_file() and button.isEnabled()
    word.setText("清")
    assert not button.isEnabled()


def test_records_stay_and_are_open_afterwards(
    dialog: ArchiveDialog, window: MainWindow, file_dialogs: Asked, own: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path = window.opened.collection.path
    watching = WatchMemory(own, path)
    watching.keep(tmp_path, is_on=False)
    (own / mapping_memory.FILE).write_text("[]", encoding="utf-8")
    write(dialog, file_dialogs, tmp_path / "归档.certclerk", qtbot)
    clear(dialog, qtbot, "已清除")
    assert window.opened.collection.path == path and window.opened.teachers() == ()
    assert window.opened.collection.last_submission_id() == 1
    assert WatchMemory(own, path).folder is None and not (own / mapping_memory.FILE).exists()
    assert not part(dialog, QPushButton, "clearButton").isEnabled()
    dialog.reject()
    assert not dialog.isVisible()


def test_the_whole_file_goes_and_the_start_page_does_not_know_it(
    dialog: ArchiveDialog, window: MainWindow, file_dialogs: Asked, own: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path = window.opened.collection.path
    write(dialog, file_dialogs, tmp_path / "归档.certclerk", qtbot)
    part(dialog, QRadioButton, "wholeChoice").setChecked(True)
    clear(dialog, qtbot, "采集文件已删除")
    assert window.session is None and not path.exists() and recent.recent(own) == ()
    with open_collection(tmp_path / "归档.certclerk", read_only=True) as copy:
        assert len(copy.roster().teachers) == 6


def test_an_archive_that_is_gone_clears_nothing(
    dialog: ArchiveDialog, window: MainWindow, file_dialogs: Asked, tmp_path: Path, qtbot: QtBot
) -> None:
    write(dialog, file_dialogs, tmp_path / "归档.certclerk", qtbot)
    (tmp_path / "归档.certclerk").unlink()
    clear(dialog, qtbot, "找不到")
    qtbot.waitUntil(lambda: window.session is not None, timeout=WAIT_MS)
    assert len(window.opened.teachers()) == 6


def test_a_taken_name_is_refused_and_another_can_be_chosen(
    dialog: ArchiveDialog, file_dialogs: Asked, tmp_path: Path, qtbot: QtBot
) -> None:
    taken = tmp_path / "归档.certclerk"
    taken.write_bytes(b"1")
    file_dialogs.answer = (taken,)
    part(dialog, QPushButton, "writeArchiveButton").click()
    qtbot.waitUntil(lambda: "已经存在" in dialog.archived.text(), timeout=WAIT_MS)
    assert taken.read_bytes() == b"1"
    write(dialog, file_dialogs, tmp_path / "另一份.certclerk", qtbot)


def test_the_menu_forgets_what_was_opened(window: MainWindow, own: Path) -> None:
    kept = QSettings(QSettings.Scope.UserScope, "QtProject")
    kept.setValue("FileDialog/history", ["file:///home/陈敏"])
    kept.setValue("FileDialog/sidebarWidth", 90)
    assert recent.recent(own) != ()
    menu = next(found for found in window.menuBar().findChildren(QWidget, "menuRecent") if found.metaObject())
    menu.aboutToShow.emit()  # type: ignore[attr-defined]
    clear = next(entry for entry in menu.actions() if entry.objectName() == "actionClearRecent")
    clear.trigger()
    assert recent.recent(own) == () and kept.value("FileDialog/history") is None
    assert kept.value("FileDialog/sidebarWidth") is not None
    menu.aboutToShow.emit()  # type: ignore[attr-defined]
    assert not menu.actions()[-1].isEnabled()
