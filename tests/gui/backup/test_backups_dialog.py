"""备份: the list, 立即备份, the second place, 校验, and restoring into a new file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import apsw
import pytest
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection, create_collection, open_collection
from certclerk.core.backup import Reason
from certclerk.core.notice import Notice
from certclerk.core.records import Filing
from certclerk.gui import files
from certclerk.gui.backup import dialog as dialog_module
from certclerk.gui.backup.dialog import BackupsDialog
from certclerk.gui.backup.schedule import BackupSchedule
from certclerk.gui.main_window import MainWindow
from certclerk.gui.session import Session
from certclerk.gui.start_page import StartPage
from certclerk.jobs import acts, backup
from certclerk.jobs.backup_places import second_place

from ..conftest import Asked

D = TypeVar("D", bound=QDialog)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "user"
    made.mkdir()
    monkeypatch.setattr(files, "documents", lambda: tmp_path)
    return made


@pytest.fixture
def backed_up(session: Session, folder: Path) -> BackupSchedule:
    """Two backups, between which a note was written."""
    for note in ("", "第二次"):
        acts.set_teacher_field(session.collection, session.teachers()[0].id, "note", note)
        backup.back_up(backup.source_of(session.collection), folder, Reason.CHANGED)
    return BackupSchedule(session, folder)


@pytest.fixture
def shown(folder: Path, qtbot: QtBot) -> Callable[..., BackupsDialog]:
    def show(schedule: BackupSchedule | None = None, rows: int = 2) -> BackupsDialog:
        dialog = BackupsDialog(folder, schedule)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: dialog.table.topLevelItemCount() == rows)
        return dialog

    return show


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the clerk presses in each question, in their order."""
    ready: list[str] = []
    monkeypatch.setattr(dialog_module, "ask_way", lambda *_asked: ready.pop(0))
    yield ready
    assert ready == []


def press(dialog: QDialog, name: str) -> None:
    dialog.findChild(QPushButton, name).click()


def test_each_backup_says_when_it_was_made(
    shown: Callable[..., BackupsDialog], backed_up: BackupSchedule
) -> None:
    table = shown(backed_up).table
    when = table.topLevelItem(0).text(0)
    assert when.startswith("20")
    assert table.columnWidth(0) > table.fontMetrics().horizontalAdvance(when)


def row(dialog: BackupsDialog, number: int) -> list[str]:
    item = dialog.table.topLevelItem(number)
    return [item.text(column) for column in range(1, dialog.table.columnCount())]


def spoil(folder: Path) -> None:
    (pack,) = folder.rglob("*.certpages")
    writer = apsw.Connection(str(pack))
    writer.execute("UPDATE page SET data = x'00' WHERE instr(CAST(data AS TEXT), '封面')")
    writer.close()


def said(dialog: BackupsDialog) -> str:
    return dialog.banner.text()


def test_each_with_its_figures(backed_up: BackupSchedule, shown: Callable[..., BackupsDialog]) -> None:
    dialog = shown(backed_up)
    name, place, size, *figures = row(dialog, 0)
    assert (name, place, figures) == ("泉州第一中学", "本机", ["6", "7", "3", "改动后"])
    assert size.endswith("KB")
    assert dialog.table.isColumnHidden(1)
    head = dialog.findChild(QLabel, "backupsHead").text()
    assert "还可以另选第二处" in head


def test_one_is_made_now(
    backed_up: BackupSchedule, session: Session, shown: Callable[..., BackupsDialog], qtbot: QtBot
) -> None:
    dialog = shown(backed_up)
    acts.set_teacher_field(session.collection, session.teachers()[0].id, "note", "第三次")
    press(dialog, "backUpButton")
    qtbot.waitUntil(lambda: dialog.table.topLevelItemCount() == 3)
    assert row(dialog, 0)[-1] == "立即备份"
    assert said(dialog).startswith("已备份 ")


def test_a_second_place_is_backed_up_to_at_once_and_no_longer_when_taken_away(
    backed_up: BackupSchedule,
    shown: Callable[..., BackupsDialog],
    folder: Path,
    tmp_path: Path,
    file_dialogs: Asked,
    answers: list[str],
    qtbot: QtBot,
) -> None:
    stick = tmp_path / "U盘"
    stick.mkdir()
    file_dialogs.answer = (stick,)
    dialog = shown(backed_up)
    press(dialog, "secondPlaceButton")
    qtbot.waitUntil(lambda: dialog.table.topLevelItemCount() == 3)
    assert [row(dialog, number)[1] for number in range(3)].count("第二处") == 1
    identity = backed_up.source.identity
    assert second_place(folder, identity) == stick
    answers.append("noneButton")
    press(dialog, "secondPlaceButton")
    assert second_place(folder, identity) is None
    assert list(stick.rglob("*.certbackup"))


def test_a_sound_backup_is_said_to_be_so(
    backed_up: BackupSchedule, shown: Callable[..., BackupsDialog], qtbot: QtBot
) -> None:
    dialog = shown(backed_up)
    press(dialog, "checkBackupButton")
    qtbot.waitUntil(lambda: said(dialog).startswith("备份完好"))
    assert "6 名教师，7 本证书，3 页" in said(dialog)


def test_a_damaged_one_names_the_pages_it_lost(
    backed_up: BackupSchedule, shown: Callable[..., BackupsDialog], folder: Path, qtbot: QtBot
) -> None:
    spoil(folder)
    dialog = shown(backed_up)
    press(dialog, "checkBackupButton")
    qtbot.waitUntil(lambda: dialog.findChild(QDialog, "lostPagesDialog") is not None)
    lines = dialog.findChild(QPlainTextEdit, "lines").toPlainText()
    assert lines.startswith("第1号 王芳 的封面") and "\n" not in lines


def test_a_file_that_is_not_as_it_was_written_is_refused(
    backed_up: BackupSchedule, shown: Callable[..., BackupsDialog], folder: Path, qtbot: QtBot
) -> None:
    newest = max(folder.rglob("*.certbackup"))
    newest.write_bytes(newest.read_bytes().replace("王芳".encode(), "王芬".encode()))
    dialog = shown(backed_up)
    press(dialog, "restoreButton")
    qtbot.waitUntil(lambda: "已损坏，没有恢复出文件" in said(dialog))


def test_a_file_that_is_no_longer_a_database_cannot_be_chosen(
    backed_up: BackupSchedule, shown: Callable[..., BackupsDialog], folder: Path
) -> None:
    max(folder.rglob("*.certbackup")).write_bytes(b"")
    dialog = shown(backed_up)
    assert row(dialog, 0)[-1] == "已损坏，不能恢复"
    assert not dialog.findChild(QPushButton, "restoreButton").isEnabled()


def test_restored_into_a_new_file_and_opened(
    backed_up: BackupSchedule,
    shown: Callable[..., BackupsDialog],
    file_dialogs: Asked,
    answers: list[str],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    """The older of the two, though the clerk left the suffix out."""
    dialog = shown(backed_up)
    dialog.table.setCurrentItem(dialog.table.topLevelItem(1))
    file_dialogs.answer = (tmp_path / "恢复",)
    answers.append("openButton")
    with qtbot.waitSignal(dialog.open_wanted) as opened:
        press(dialog, "restoreButton")
    assert opened.args == [tmp_path / "恢复.certclerk"]
    (question,) = file_dialogs.questions
    assert question.start and question.start.name.startswith("泉州第一中学_恢复_20")
    assert not question.start.exists()
    with open_collection(tmp_path / "恢复.certclerk") as again:
        assert again.roster().teachers[0].note == ""


def test_never_over_a_file_that_is_there(
    backed_up: BackupSchedule,
    collection: Collection,
    shown: Callable[..., BackupsDialog],
    file_dialogs: Asked,
    qtbot: QtBot,
) -> None:
    before = collection.path.read_bytes()
    file_dialogs.answer = (collection.path,)
    dialog = shown(backed_up)
    press(dialog, "restoreButton")
    qtbot.waitUntil(lambda: "已经存在，没有改动它" in said(dialog))
    assert collection.path.read_bytes() == before


@pytest.mark.parametrize("wanted", [True, False])
def test_what_is_left_of_a_damaged_one_only_when_the_clerk_says_so(
    wanted: bool,
    backed_up: BackupSchedule,
    shown: Callable[..., BackupsDialog],
    folder: Path,
    file_dialogs: Asked,
    answers: list[str],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    spoil(folder)
    dialog = shown(backed_up)
    file_dialogs.answer = (tmp_path / "恢复.certclerk",)
    answers.append("partlyButton" if wanted else "")
    press(dialog, "restoreButton")
    qtbot.waitUntil(lambda: answers == [])
    if not wanted:
        assert file_dialogs.questions == ()
        return
    qtbot.waitUntil(lambda: dialog.findChild(QDialog, "lostPagesDialog") is not None)
    with open_collection(tmp_path / "恢复.certclerk") as again:
        assert len(again.damaged_blobs()) == 1
        assert len(again.roster().teachers) == 6


def test_stopped_it_leaves_nothing(
    backed_up: BackupSchedule,
    shown: Callable[..., BackupsDialog],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, stopped = threading.Event(), threading.Event()
    real = dialog_module.check_backup

    def held(*given: Any) -> Any:
        begun.set()
        stopped.wait(10)
        return real(*given)

    monkeypatch.setattr(dialog_module, "check_backup", held)
    dialog = shown(backed_up)
    press(dialog, "checkBackupButton")
    qtbot.waitUntil(begun.is_set)
    press(dialog, "stopButton")
    stopped.set()
    qtbot.waitUntil(lambda: said(dialog).startswith("已停止"))
    assert dialog.findChild(QPushButton, "restoreButton").isEnabled()


@pytest.mark.usefixtures("backed_up")
def test_of_a_collection_whose_file_is_gone(
    collection: Collection, shown: Callable[..., BackupsDialog]
) -> None:
    collection.close()
    collection.path.unlink()
    dialog = shown()
    assert not dialog.table.isColumnHidden(1)
    assert row(dialog, 0)[0] == "泉州第一中学"
    assert dialog.findChild(QPushButton, "backUpButton").isHidden()


@pytest.mark.usefixtures("backed_up")
def test_of_a_stick_on_another_computer(
    folder: Path, tmp_path: Path, file_dialogs: Asked, qtbot: QtBot
) -> None:
    stick = tmp_path / "U盘"
    stick.mkdir()
    (folder / backup.FOLDER).rename(stick / backup.SECOND_FOLDER)
    dialog = BackupsDialog(folder)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.findChild(QLabel, "backupsHead").text() == "这里没有找到备份。")
    file_dialogs.answer = (stick,)
    press(dialog, "otherPlaceButton")
    qtbot.waitUntil(lambda: dialog.table.topLevelItemCount() == 2)


def test_one_with_a_password_asks_for_it(
    folder: Path,
    tmp_path: Path,
    quanzhou: Notice,
    shown: Callable[..., BackupsDialog],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with create_collection(tmp_path / "密.certclerk", quanzhou, Filing("某校"), password="秘密") as made:
        backup.back_up(backup.source_of(made), folder, Reason.ASKED)
    given = ["不对", "秘密"]
    monkeypatch.setattr(dialog_module, "ask_password", lambda *_asked: given.pop(0))
    dialog = shown(rows=1)
    assert row(dialog, 0)[0] == "密" and row(dialog, 0)[-1] == "有密码"
    press(dialog, "checkBackupButton")
    qtbot.waitUntil(lambda: "有密码，或密码不对" in said(dialog))
    press(dialog, "checkBackupButton")
    qtbot.waitUntil(lambda: said(dialog).startswith("备份完好"))


def test_the_start_page_and_the_menu_lead_there(folder: Path, qtbot: QtBot) -> None:
    window = MainWindow(folder)
    qtbot.addWidget(window)
    window.show()
    window.findChild(StartPage).findChild(QPushButton, "restoreButton").click()
    dialog = window.findChild(BackupsDialog)
    assert dialog is not None and dialog.windowTitle() == "从备份恢复"
    assert dialog.height() <= 600
    dialog.reject()
    assert not window.action("actionBackups").isEnabled()
