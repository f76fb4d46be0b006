"""The stick for the counter: how large it will be, made under a password or not, and its ticks read back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from certclerk.core.errors import UserError
from certclerk.core.keying import KeyState, key_digest
from certclerk.core.records import Page
from certclerk.gui.key_in.take_along_dialog import TakeAlongDialog
from certclerk.gui.key_in.taking_back import take_ticks_back
from certclerk.gui.session import Session
from certclerk.gui.wizard import Banner
from certclerk.jobs import acts, counter

T = TypeVar("T", bound=QWidget)


@pytest.fixture
def dialog(session: Session, put_page: Callable[..., Page], tmp_path: Path, qtbot: QtBot) -> TakeAlongDialog:
    """On pages that are pictures."""
    drawn = [page.id for teacher in session.teachers() for page in teacher.pages()]
    acts.trash_pages(session.collection, drawn)
    for number, entry in enumerate(counter.entries(session.collection)):
        put_page(f"{number}.jpg", entry.certificate.id, "cover")
    made = TakeAlongDialog(session)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    find(made, QLineEdit, "takeAlongFolderField").setText(str(tmp_path / "U盘"))
    qtbot.waitUntil(lambda: "约" in find(made, QLabel, "takeAlongSize").text(), timeout=20_000)
    return made


def find(dialog: QWidget, kind: type[T], name: str) -> T:
    found = dialog.findChild(kind, name)
    assert found is not None
    return found


def export(dialog: TakeAlongDialog, qtbot: QtBot) -> None:
    QTest.mouseClick(find(dialog, QWidget, "takeAlongExportButton"), Qt.MouseButton.LeftButton)
    open_ = find(dialog, QWidget, "takeAlongOpenButton")
    qtbot.waitUntil(open_.isVisible, timeout=30_000)


def test_the_stick_gets_the_page_and_the_pdfs(dialog: TakeAlongDialog, tmp_path: Path, qtbot: QtBot) -> None:
    export(dialog, qtbot)
    (folder,) = (tmp_path / "U盘").iterdir()
    assert (folder / "随身录入.html").stat().st_size > 10_000
    assert list((folder / "证书PDF").glob("*.pdf"))


def test_two_different_passwords_export_nothing(dialog: TakeAlongDialog, tmp_path: Path) -> None:
    find(dialog, QLineEdit, "takeAlongPasswordField").setText("一")
    find(dialog, QLineEdit, "takeAlongPasswordAgainField").setText("二")
    QTest.mouseClick(find(dialog, QWidget, "takeAlongExportButton"), Qt.MouseButton.LeftButton)
    assert "不一样" in find(dialog, QLabel, "takeAlongMeaning").text()
    assert not (tmp_path / "U盘").exists()


def test_a_cancelled_export_leaves_nothing_and_says_so_when_it_is_true(
    dialog: TakeAlongDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    QTest.mouseClick(find(dialog, QWidget, "takeAlongExportButton"), Qt.MouseButton.LeftButton)
    close = find(dialog, QPushButton, "closeButton")
    assert close.text() == "取消"
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: close.text() == "关闭", timeout=30_000)
    said = find(dialog, Banner, "takeAlongBanner")
    assert dialog.isVisible() and said.isVisible()
    assert said.text() == str(UserError("take_along_cancelled"))
    assert not (tmp_path / "U盘").exists()


def test_a_limit_that_cannot_be_kept_is_said_before(dialog: TakeAlongDialog, qtbot: QtBot) -> None:
    find(dialog, QDoubleSpinBox, "takeAlongLimitField").setRange(0.001, 1)
    find(dialog, QDoubleSpinBox, "takeAlongLimitField").setDecimals(3)
    find(dialog, QDoubleSpinBox, "takeAlongLimitField").setValue(0.001)
    qtbot.waitUntil(lambda: "请调大上限" in find(dialog, QLabel, "takeAlongSize").text(), timeout=20_000)
    assert not find(dialog, QWidget, "takeAlongExportButton").isEnabled()


def test_what_it_protects_is_said_and_what_not(dialog: TakeAlongDialog) -> None:
    meaning = find(dialog, QLabel, "takeAlongMeaning")
    assert meaning.text().startswith("没有密码")
    find(dialog, QLineEdit, "takeAlongPasswordField").setText("一")
    assert "不能防止" in meaning.text()


def test_ticks_come_back_and_are_undone(session: Session, tmp_path: Path, file_dialogs: Any) -> None:
    first, *_ = counter.entries(session.collection)
    tick = {
        "certificate": first.certificate.id,
        "state": "done",
        "reason": "",
        "at": "2026-03-02T01:00:00.000Z",
        "row": key_digest(first.fields),
    }
    state = {
        "format": "certclerk-keying",
        "version": 1,
        "collection": session.collection.identity(),
        "ticks": [tick],
    }
    file = tmp_path / "录入进度.json"
    file.write_text(json.dumps(state), "utf-8")
    said: list[str] = []
    session.undoable.connect(said.append)
    session.message.connect(said.append)
    file_dialogs.answer = (file,)
    take_ticks_back(QWidget(), session)
    assert counter.entries(session.collection)[0].state is KeyState.DONE
    take_ticks_back(QWidget(), session)
    assert said == ["已读回 1 本的录入标记。", "没有新的录入标记；1 本这里已是最新。"]
    session.undo()
    assert counter.entries(session.collection)[0].state is KeyState.OPEN


def test_a_file_that_is_none_is_told(session: Session, tmp_path: Path, file_dialogs: Any) -> None:
    file = tmp_path / "别的.json"
    file.write_text("{", "utf-8")
    failed: list[str] = []
    session.failed.connect(failed.append)
    file_dialogs.answer = (file,)
    take_ticks_back(QWidget(), session)
    assert len(failed) == 1 and "不完整或已损坏" in failed[0]
