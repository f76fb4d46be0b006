"""A password is set, asked for, changed and removed through the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection, change_password, open_collection
from certclerk.collection.cipher import is_encrypted
from certclerk.core.errors import UserError
from certclerk.gui import files
from certclerk.gui.main_window import MainWindow
from certclerk.gui.protect_dialog import ProtectDialog

PASSWORD, OTHER = "langes Wort 1", "langes Wort 2"


@pytest.fixture
def path(collection: Collection) -> Path:
    collection.close()
    return collection.path


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "documents", lambda: tmp_path)


def the(window: MainWindow, kind: type, name: str) -> Any:
    found = [each for each in window.findChildren(kind, name) if each.isVisible()]
    assert found, name
    return found[-1]


def type_in(dialog: QDialog, **texts: str) -> None:
    for name, text in texts.items():
        dialog.findChild(QLineEdit, name).setText(text)


def protect(window: MainWindow, **texts: str) -> None:
    window.action("actionPassword").trigger()
    dialog = the(window, QDialog, "protectDialog")
    type_in(dialog, **texts)
    dialog.findChild(QCheckBox, "notedBox").setChecked(True)
    dialog.findChild(QPushButton, "acceptButton").click()


def test_it_is_set_asked_for_and_removed(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    assert window.open_path(path)
    before = window.session.teachers()
    protect(window, newPasswordField=PASSWORD, newPasswordAgainField=PASSWORD)
    qtbot.waitUntil(lambda: window.session is not None, timeout=20_000)
    assert is_encrypted(path) and window.session.teachers() == before
    assert window.message_bar.isVisible()

    window.close_collection()
    window.open_path(path)
    asking = the(window, QDialog, "passwordDialog")
    assert window.session is None
    type_in(asking, passwordField="falsch")
    asking.findChild(QPushButton, "acceptButton").click()
    again = the(window, QDialog, "passwordDialog")
    assert "密码不对" in again.findChild(QLabel, "passwordWord").text()
    type_in(again, passwordField=PASSWORD)
    again.findChild(QPushButton, "acceptButton").click()
    assert window.session is not None and window.session.teachers() == before

    window.action("actionPassword").trigger()
    dialog = the(window, QDialog, "protectDialog")
    type_in(dialog, oldPasswordField=PASSWORD)
    dialog.findChild(QPushButton, "removePasswordButton").click()
    qtbot.waitUntil(lambda: window.session is not None and not is_encrypted(path), timeout=20_000)
    assert window.session.teachers() == before


def test_what_cannot_be_is_said_and_the_dialog_stays(window: MainWindow, path: Path) -> None:
    change_password(path, "", PASSWORD)
    assert window.open_path(path, PASSWORD)
    dialog = ProtectDialog(window.session.collection, window)
    dialog.show()
    accept, word = dialog.findChild(QPushButton, "acceptButton"), dialog.findChild(QLabel, "protectWord")
    type_in(dialog, oldPasswordField=PASSWORD, newPasswordField=OTHER, newPasswordAgainField=OTHER)
    assert not accept.isEnabled()  # nobody has noted it down yet
    dialog.findChild(QCheckBox, "notedBox").setChecked(True)
    for texts, told in (
        ({"oldPasswordField": "falsch"}, "现在的密码不对"),
        ({"oldPasswordField": PASSWORD, "newPasswordField": "kurz"}, "太短"),
        ({"newPasswordField": OTHER + "x"}, "不一样"),
    ):
        type_in(dialog, **texts)
        accept.click()
        assert told in word.text() and dialog.isVisible()
    type_in(dialog, oldPasswordField="falsch")
    dialog.findChild(QPushButton, "removePasswordButton").click()
    assert "现在的密码不对" in word.text() and dialog.isVisible()


def test_cancelling_the_question_leaves_the_window_as_it_was(
    window: MainWindow, path: Path, tmp_path: Path
) -> None:
    other = tmp_path / "加密.certclerk"
    other.write_bytes(path.read_bytes())
    change_password(other, "", PASSWORD)
    assert window.open_path(path)
    session = window.session
    window.open_path(other)
    the(window, QDialog, "passwordDialog").reject()
    assert window.session is session


def test_a_failure_opens_it_again_with_the_sentence(
    qtbot: QtBot, window: MainWindow, path: Path, monkeypatch
) -> None:
    def full(*_arguments: object) -> None:
        raise UserError("no_space", path=path.parent, needed=9, free=1)

    monkeypatch.setattr("certclerk.collection.rekey.require_space", full)
    assert window.open_path(path)
    protect(window, newPasswordField=PASSWORD, newPasswordAgainField=PASSWORD)
    qtbot.waitUntil(lambda: window.session is not None, timeout=20_000)
    assert any("空间" in label.text() for label in window.message_bar.findChildren(QLabel))
    assert not is_encrypted(path)
    window.close_collection()
    open_collection(path).close()


def test_all_is_named(window: MainWindow, path: Path) -> None:
    change_password(path, "", PASSWORD)
    assert window.open_path(path, PASSWORD)
    dialog = ProtectDialog(window.session.collection, window)
    for named in (*dialog.findChildren(QLineEdit), *dialog.findChildren(QPushButton)):
        assert named.objectName() and named.accessibleName()


def test_what_is_typed_can_be_read(window: MainWindow, path: Path) -> None:
    assert window.open_path(path)
    dialog = ProtectDialog(window.session.collection, window)
    fields = dialog.findChildren(QLineEdit)
    box = dialog.findChild(QCheckBox, "showPasswordBox")
    for shown in (False, True, False):
        box.setChecked(shown)
        assert {field.echoMode() is QLineEdit.EchoMode.Normal for field in fields} == {shown}


def test_a_new_collection_has_it_from_the_first(window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "新采集.certclerk"
    window.action("actionNew").trigger()
    dialog = the(window, QDialog, "newCollectionDialog")
    dialog.findChild(QComboBox, "unitField").setEditText("泉州第一中学")
    create, word = dialog.findChild(QPushButton, "createButton"), dialog.findChild(QLabel, "passwordWord")
    type_in(dialog, placeField=str(path), newPasswordField=PASSWORD)
    assert "无法找回" in word.text()
    for again, told in ((OTHER, "不一样"), ("", "不一样")):
        type_in(dialog, newPasswordAgainField=again)
        create.click()
        assert told in word.text() and not path.exists()
    type_in(dialog, newPasswordField="kurz", newPasswordAgainField="kurz")
    create.click()
    assert "太短" in word.text() and not path.exists()
    type_in(dialog, newPasswordField=PASSWORD, newPasswordAgainField=PASSWORD)
    create.click()
    assert window.session is not None and is_encrypted(path)
