"""The small parts of the window: message bar, recent list, words, reasons, file dialogs, page intake."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFileDialog,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from certclerk.core.notice import Notice
from certclerk.gui import files, message_bar, mime, recent
from certclerk.gui.message_bar import MessageBar
from certclerk.gui.reason_dialog import ReasonDialog, ask_reason
from certclerk.gui.roster.columns import short_kind
from certclerk.gui.scan.page_intake import take_in
from certclerk.gui.session import Session
from certclerk.gui.status_bar import StatusBar
from certclerk.jobs import acts
from certclerk.jobs.take_pages import SlotTarget, TeacherTarget

# Message bar


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 500)
    made = MessageBar(window)
    with qtbot.waitExposed(window):
        window.show()
    made.window_kept = window  # type: ignore[attr-defined]
    return made


def test_a_word_goes_by_itself_an_error_stays(
    bar: MessageBar, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_bar, "SHOWN_FOR_MS", 1)
    bar.say("已撤销：改姓名")
    assert bar.isVisible()
    qtbot.waitUntil(lambda: not bar.isVisible())
    bar.warn("磁盘已满")
    timer = bar.findChild(QTimer)
    assert bar.isVisible() and timer is not None and not timer.isActive()
    close = bar.findChild(QToolButton, "messageCloseButton")
    assert close is not None
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()


def test_undo_is_offered_only_where_there_is_something_to_undo(bar: MessageBar, qtbot: QtBot) -> None:
    undo = bar.findChild(QPushButton, "messageUndoButton")
    assert undo is not None
    bar.say("一句话")
    assert not undo.isVisible()
    bar.offer_undo("已删除王芳。")
    with qtbot.waitSignal(bar.undo_wanted):
        qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()


def test_it_stays_inside_its_window(bar: MessageBar, qtbot: QtBot) -> None:
    bar.warn("很长的一句话。" * 40)
    room = bar.parentWidget()
    assert room is not None
    for width in (1000, 500):
        room.resize(width, 400)
        qtbot.waitUntil(lambda: room.rect().contains(bar.geometry()))
    assert bar.height() > 60


# Recent list


def test_recent_newest_first_each_once_and_no_more_than_ten(tmp_path: Path) -> None:
    paths = [tmp_path / f"{place}.certclerk" for place in range(12)]
    for path in (*paths, paths[3]):
        recent.remember(tmp_path, path)
    assert recent.recent(tmp_path)[:2] == (paths[3], paths[11])
    assert len(recent.recent(tmp_path)) == recent.MOST


@pytest.mark.parametrize("text", ["", "{", "{}", "[1, null]", "\x00"])
def test_a_broken_recent_list_is_no_trouble(tmp_path: Path, text: str) -> None:
    (tmp_path / recent.FILE).write_text(text, encoding="utf-8")
    assert recent.recent(tmp_path) == ()
    recent.remember(tmp_path, tmp_path / "a.certclerk")
    assert recent.recent(tmp_path) == (tmp_path / "a.certclerk",)


def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    recent.remember(tmp_path / "没有", tmp_path / "a.certclerk")
    assert recent.recent(tmp_path / "没有") == ()


# Words


def test_kinds_are_shortened_by_their_own_synonyms(quanzhou: Notice) -> None:
    shortened = [short_kind(kind.name, quanzhou) for kind in quanzhou.kinds]
    assert shortened[:4] == ["幼儿园", "小学", "初中", "高中"]
    assert short_kind("不认识的种类", quanzhou) == "不认识的种类"


# Reasons


def test_a_suggested_reason_is_two_keys(qtbot: QtBot) -> None:
    dialog = ReasonDialog(None, "暂缓…", "为什么暂缓？", ("等补页", "等核对"))
    qtbot.addWidget(dialog)
    dialog.show()
    accept = dialog.findChild(QPushButton, "acceptButton")
    second = dialog.findChild(QPushButton, "suggestion2")
    assert accept is not None and second is not None
    assert accept.text() == "暂缓" and not accept.isEnabled()
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    assert dialog.reason == "等核对" and accept.isEnabled()
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)


def test_an_option_is_wanted_only_when_ticked(qtbot: QtBot) -> None:
    for ticked in (True, False):
        dialog = ReasonDialog(None, "确认无误…", "为什么？", ("等核对",), "写入附件1的“备注”栏")
        qtbot.addWidget(dialog)
        dialog.show()
        option = dialog.findChild(QCheckBox, "optionBox")
        assert option is not None and option.isVisible() and option.text() == "写入附件1的“备注”栏"
        option.setChecked(ticked)
        assert dialog.wanted is ticked
    plain = ReasonDialog(None, "暂缓…", "为什么？")
    qtbot.addWidget(plain)
    plain.show()
    absent = plain.findChild(QCheckBox, "optionBox")
    assert absent is None or not absent.isVisible()
    assert not plain.wanted


@pytest.mark.parametrize(("typed", "accepted", "answer"), [(" 原因 ", True, "原因"), ("原因", False, None)])
def test_what_is_answered(typed: str, accepted: bool, answer: str | None) -> None:
    def reply() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ReasonDialog)
        field = dialog.findChild(QLineEdit, "reasonField")
        assert field is not None
        field.setText("  ")
        assert dialog.reason == ""
        field.setText(typed)
        if accepted:
            dialog.accept()
        else:
            dialog.reject()

    QTimer.singleShot(0, reply)
    assert ask_reason(None, "暂缓", "为什么？") == answer


# File dialogs


@pytest.mark.parametrize(
    ("call", "method", "returned", "expected"),
    [
        (files.choose_file, "getOpenFileName", ("/a/b.toml", ""), Path("/a/b.toml")),
        (files.choose_file, "getOpenFileName", ("", ""), None),
        (
            files.choose_files,
            "getOpenFileNames",
            (["/a/1.jpg", "/a/2.jpg"], ""),
            (Path("/a/1.jpg"), Path("/a/2.jpg")),
        ),
        (files.choose_files, "getOpenFileNames", ([], ""), ()),
        (files.choose_folder, "getExistingDirectory", "/a", Path("/a")),
        (files.choose_save, "getSaveFileName", ("/a/b", ""), Path("/a/b")),
    ],
)
def test_each_dialog_is_asked_through_one_door(
    monkeypatch: pytest.MonkeyPatch, call: Any, method: str, returned: Any, expected: Any
) -> None:
    monkeypatch.setattr(QFileDialog, method, lambda *_asked: returned)
    assert call(None, "选择") == expected


# Dragging


def test_pages_are_carried_by_their_ids() -> None:
    assert mime.pages_carried(mime.carrying_pages([3, 14])) == (3, 14)
    assert mime.pages_carried(QMimeData()) == ()


# Pages from files


def draw(folder: Path, *names: str) -> list[Path]:
    for place, name in enumerate(names):
        Image.new("RGB", (60, 80 + place), "white").save(folder / name)
    return [folder / name for name in names]


def test_files_go_where_their_names_say(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    paths = draw(tmp_path, "李娜封面.png", "陈明备注.png", "IMG_1.png")
    with qtbot.waitSignal(session.rested), qtbot.waitSignal(session.undoable) as told:
        take_in(session, paths)
    assert "2 页" in told.args[0] and "1 页不能确定" in told.args[0]
    assert [page.slot for page in session.teachers()[1].pages()] == ["cover"]
    assert len(session.tray()) == 1


def test_one_refused_file_is_told_several_are_listed(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    for name in ("坏1.jpg", "坏2.jpg"):
        (tmp_path / name).write_bytes(b"\xff\xd8\xff\xe0 not really")
    with qtbot.waitSignal(session.failed) as told:
        take_in(session, [tmp_path / "坏1.jpg"])
    assert "坏1.jpg" in told.args[0]
    with qtbot.waitSignal(session.reported) as listed:
        take_in(session, [tmp_path / "坏1.jpg", tmp_path / "坏2.jpg", *draw(tmp_path, "李娜封面.png")])
    assert len(listed.args[1]) == 2 and "放入 1 页" in listed.args[0]


def test_a_target_that_went_away_meanwhile_is_no_target(
    session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    second, third = session.teachers()[1:3]
    paths = draw(tmp_path, "李娜封面.png")
    for target in (SlotTarget(third.certificates[1].id, "cover"), TeacherTarget(third.id)):
        with qtbot.waitSignal(session.undoable):
            take_in(session, paths, target)
            if isinstance(target, SlotTarget):
                session.act(acts.remove_certificate, third.certificates[1].id)
            else:
                session.act(acts.remove_teachers, [third.id])
        assert [page.slot for page in (session.teacher(second.id) or second).pages()] == ["cover"]
        session.undo()
        session.undo()
        assert session.tray() == ()


def test_the_same_files_again_are_said_to_be_known(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    paths = draw(tmp_path, "李娜封面.png")
    with qtbot.waitSignal(session.undoable):
        take_in(session, paths)
    with qtbot.waitSignal(session.message) as told:
        take_in(session, paths)
    assert "已经收过" in told.args[0]


def test_an_offer_to_undo_goes_when_something_else_changes(bar: MessageBar) -> None:
    bar.offer_undo("已删除 1 页")
    bar.withdraw_undo()
    assert bar.isHidden()
    bar.say("没有缺页的教师了。")
    bar.withdraw_undo()
    assert not bar.isHidden()


def test_the_status_bar_says_when_a_submission_is_outdated(
    session: Session, qtbot: QtBot, submit: Callable[..., None]
) -> None:
    status = StatusBar(session)
    qtbot.addWidget(status)
    mark = status.findChild(QPushButton, "submissionMark")
    assert mark.isHidden()
    submit(session.collection)
    acts.add_teacher(session.collection, "新人")  # who has no certificate, and is not in it
    qtbot.waitUntil(lambda: status.freshness.settled)
    assert mark.isHidden()
    acts.set_teacher_field(session.collection, session.teachers()[0].id, "name", "王小芳")
    qtbot.waitUntil(lambda: not mark.isHidden())
    assert "1 处改动" in mark.toolTip()
    session.undo()
    qtbot.waitUntil(mark.isHidden)
