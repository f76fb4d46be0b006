"""Backups without asking: when they are made, what is said of them, and that nobody waits for one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection, open_collection
from certclerk.core.backup import Reason
from certclerk.gui.backup import schedule as schedule_module
from certclerk.gui.backup.closing import ClosingDialog
from certclerk.gui.backup.mark import BackupMark
from certclerk.gui.backup.schedule import BackupSchedule
from certclerk.gui.main_window import MainWindow
from certclerk.gui.session import Session
from certclerk.jobs import acts, backup
from certclerk.jobs.backup_places import keep_second_place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "user"
    made.mkdir()
    return made


@pytest.fixture
def schedule(session: Session, folder: Path) -> BackupSchedule:
    return BackupSchedule(session, folder)


def reasons(folder: Path) -> list[str]:
    """Of the backups that there are, oldest first, at every place."""
    found = [one for shelf in backup.shelves(folder) for one in shelf.backups]
    return [one.facts.reason for one in sorted(found, key=lambda one: one.number) if one.facts]


def change(session: Session, note: str) -> None:
    acts.set_teacher_field(session.collection, session.teachers()[0].id, "note", note)


def make(schedule: BackupSchedule, qtbot: QtBot, reason: Reason = Reason.ASKED) -> None:
    with qtbot.waitSignal(schedule.made):
        schedule.back_up(reason)


def test_after_opening_and_ten_minutes_after_a_change(
    session: Session, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule_module, "FIRST_AFTER_MS", 0)
    monkeypatch.setattr(schedule_module, "EVERY_MS", 30)
    schedule = BackupSchedule(session, folder)
    with qtbot.waitSignal(schedule.made):
        assert reasons(folder) == []
    assert reasons(folder) == ["opened"]
    with qtbot.waitSignal(schedule.made):
        change(session, "甲")
    assert reasons(folder) == ["opened", "changed"]
    assert schedule.words.startswith("已备份 ") and schedule.trouble == ""


def test_a_collection_opened_read_only_is_left_alone(
    collection: Collection, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule_module, "FIRST_AFTER_MS", 0)
    with open_collection(collection.path, read_only=True) as reader:
        session = Session(reader)
        schedule = BackupSchedule(session, folder)
        with qtbot.assertNotEmitted(schedule.made, wait=50):
            pass
        session.runner.close()
        session.sources.close()
        session.refreshing.close()


def test_the_mark_says_when_and_what_went_wrong(
    session: Session, schedule: BackupSchedule, folder: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    mark = BackupMark(schedule)
    qtbot.addWidget(mark)
    assert mark.text() == "尚未备份"
    stick = tmp_path / "U盘"
    keep_second_place(folder, schedule.source.identity, stick)
    said: list[str] = []
    session.message.connect(said.append)
    make(schedule, qtbot)
    assert mark.text().startswith("⚠ 已备份 ") and "U盘" in mark.toolTip()
    change(session, "乙")
    make(schedule, qtbot)
    assert len(said) == 1 and "没有备份到那里；它回来后会接着备份" in said[0]
    stick.mkdir()
    make(schedule, qtbot)
    assert mark.text().startswith("已备份 ")
    assert [len(shelf.backups) for shelf in backup.shelves(folder)] == [2, 1]


def test_it_fails_quietly_and_work_goes_on(
    session: Session, schedule: BackupSchedule, folder: Path, qtbot: QtBot
) -> None:
    (folder / backup.FOLDER).write_text("no folder")
    said: list[str] = []
    session.message.connect(said.append)
    make(schedule, qtbot)
    assert schedule.words == "备份没有成功" and len(said) == 1
    change(session, "丙")
    assert session.teachers()[0].note == "丙"
    (folder / backup.FOLDER).unlink()
    make(schedule, qtbot)
    assert reasons(folder) == ["asked"]


def test_only_what_is_new_is_backed_up_at_the_end(
    session: Session, schedule: BackupSchedule, folder: Path, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    change(session, "丁")
    make(schedule, qtbot)
    session.close()
    schedule.finish(window)
    assert reasons(folder) == ["asked"]


def test_closing_waits_for_the_last_backup_and_says_so(
    session: Session,
    schedule: BackupSchedule,
    folder: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The dialog is there while the backup is held up, and gone after it."""
    shown, real = threading.Event(), schedule_module.back_up
    monkeypatch.setattr(schedule_module, "PATIENCE_MS", 0)
    monkeypatch.setattr(schedule_module, "back_up", lambda *given: shown.wait(10) and real(*given))
    monkeypatch.setattr(ClosingDialog, "showEvent", lambda _dialog, _event: shown.set())
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    change(session, "戊")
    session.close()
    schedule.finish(window)
    assert shown.is_set() and window.isEnabled()
    assert reasons(folder) == ["closed"]


def test_the_clerk_need_not_wait(
    session: Session,
    schedule: BackupSchedule,
    folder: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    skipped, real = threading.Event(), schedule_module.back_up
    monkeypatch.setattr(schedule_module, "PATIENCE_MS", 0)
    monkeypatch.setattr(schedule_module, "back_up", lambda *given: skipped.wait(10) and real(*given))

    def skip(dialog: ClosingDialog, _event: object) -> None:
        dialog.findChild(QPushButton, "skipBackupButton").click()
        skipped.set()

    monkeypatch.setattr(ClosingDialog, "showEvent", skip)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    change(session, "己")
    session.close()
    schedule.finish(window)
    assert reasons(folder) == []


def test_the_window_backs_up_what_was_typed_last(
    collection: Collection, folder: Path, qtbot: QtBot, settled: Callable[[MainWindow], None]
) -> None:
    collection.close()
    window = MainWindow(folder)
    qtbot.addWidget(window)
    window.show()
    assert window.open_path(collection.path)
    change(window.opened, "最后")
    settled(window)
    window.close()
    (found,) = backup.shelves(folder)[0].backups
    restored = folder / "恢复.certclerk"
    backup.restore_backup(found, restored)
    with open_collection(restored) as again:
        assert again.roster().teachers[0].note == "最后"


@pytest.fixture
def settled(qtbot: QtBot) -> Callable[[MainWindow], None]:
    return lambda window: qtbot.waitUntil(lambda: not window.opened.runner.busy)
