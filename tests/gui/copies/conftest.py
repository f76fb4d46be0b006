"""Two copies of one collection, each edited on its own, and the window open on the one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection, open_collection
from certclerk.gui.copies.dialog import CopiesDialog
from certclerk.gui.main_window import MainWindow
from certclerk.gui.tasks import TaskRunner
from certclerk.jobs import acts

from ..conftest import Asked, stored_page

Edit = Callable[[Collection], object]


@pytest.fixture
def path(collection: Collection) -> Path:
    collection.close()
    return collection.path


@pytest.fixture
def stick(path: Path) -> Path:
    return Path(shutil.copy(path, path.with_name("U盘.certclerk")))


def edit(path: Path, *edits: Edit, password: str = "") -> None:
    with open_collection(path, password=password) as collection:
        for each in edits:
            each(collection)


def note(row: int, text: str) -> Edit:
    """The 备注 of the teacher in that row, from 0."""
    return lambda collection: acts.set_teacher_field(collection, collection.order()[row], "note", text)


def add(name: str) -> Edit:
    return lambda collection: acts.add_teacher(collection, name)


def put(row: int, slot: str, source: str) -> Edit:
    """A page in a slot of the first certificate of that row's teacher."""

    def act(collection: Collection) -> None:
        teacher = collection.teacher(collection.order()[row])
        assert teacher is not None
        page = stored_page(collection, source)
        with collection.change("放入页") as change:
            change.add_page(page, certificate_id=teacher.certificates[0].id, slot=slot)

    return act


def leave_waiting(source: str) -> Edit:
    def act(collection: Collection) -> None:
        page = stored_page(collection, source)
        with collection.change("放入页") as change:
            change.add_page(page, reason="名册中没有文件名里的姓名")

    return act


def shown(window: QWidget, name: str) -> QDialog:
    """The dialog of that name that is on the screen."""
    (found,) = [each for each in window.findChildren(QDialog, name) if each.isVisible()]
    return found


def press(dialog: QWidget, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert button is not None and button.isEnabled() and button.isVisible(), name
    button.click()


@pytest.fixture
def compare(window: MainWindow, file_dialogs: Asked, qtbot: QtBot) -> Callable[[Path, Path], CopiesDialog]:
    """Opens the one, asks for 与另一份比较 with the other, and waits until they are compared."""

    def ask(path: Path, other: Path) -> CopiesDialog:
        assert window.open_path(path)
        file_dialogs.answer = (other,)
        window.action("actionCompareCopies").trigger()
        dialog = shown(window, "copiesDialog")
        assert isinstance(dialog, CopiesDialog)
        settle(qtbot, dialog)
        return dialog

    return ask


def settle(qtbot: QtBot, dialog: CopiesDialog) -> None:
    """Until both copies stand compared as they are now."""
    qtbot.waitUntil(lambda: not any(runner.busy for runner in dialog.findChildren(TaskRunner)))


def rows(dialog: CopiesDialog) -> list[tuple[str, str]]:
    """Who stands in the table, and how."""
    model = dialog.table.model()
    return [
        (model.index(row, 0).data(), model.index(row, 1).data() or model.index(row, 0).data())
        for row in range(model.rowCount())
    ]


def ticked(dialog: CopiesDialog) -> list[str]:
    model = dialog.table.model()
    role, checked = Qt.ItemDataRole.CheckStateRole, Qt.CheckState.Checked
    return [
        model.index(row, 0).data()
        for row in range(model.rowCount())
        if model.index(row, 0).data(role) == checked
    ]


def row_of(dialog: CopiesDialog, who: str) -> int:
    return [text for text, _ in rows(dialog)].index(who)
