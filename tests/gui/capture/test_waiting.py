"""Pages that came while the collection could not be written: none is lost, and none takes another's place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from certclerk.gui.capture.desk import CaptureDesk
from certclerk.gui.capture.waiting import Unstored, stored_or_not
from certclerk.gui.choice_dialog import ChoiceDialog
from certclerk.gui.session import Session
from certclerk.gui.workspace import Workspace
from certclerk.jobs.take_pages import Incoming

from .test_desk import FIRST, SECOND, desk, drawn, panes, select, stored

__all__ = ["desk", "panes"]
Draw = Callable[..., Path]


@pytest.fixture(autouse=True)
def locked(desk: CaptureDesk, session: Session) -> Iterator[None]:
    """李娜's cover is next, and nothing can be written."""
    select(session, SECOND)
    assert desk.flow.lock().aim is not None
    session.collection.read_only = True
    yield
    session.collection.read_only = False


def asked(panes: Workspace) -> ChoiceDialog:
    (dialog,) = [each for each in panes.window().findChildren(ChoiceDialog) if each.isVisible()]
    assert dialog.objectName() == "waitingDialog"
    return dialog


def press(panes: Workspace, name: str, session: Session, qtbot: QtBot) -> None:
    dialog = asked(panes)
    with qtbot.waitSignal(dialog.finished):
        qtbot.keyClick(dialog.findChild(QPushButton, name), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not session.sources.busy and not session.runner.busy)


def bring(desk: CaptureDesk, session: Session, scan_file: Draw, *names: str) -> None:
    """One after the other, as the scanner has them."""
    lock = desk.flow.lock()
    session.collection.read_only = False
    pages = [stored(session, scan_file, name) for name in names]
    session.collection.read_only = True
    for each in pages:
        lock = desk.flow.arrive(each, lock)


def test_what_could_not_be_placed_is_placed_in_order_when_tried_again(
    desk: CaptureDesk, panes: Workspace, session: Session, scan_file: Draw, qtbot: QtBot
) -> None:
    bring(desk, session, scan_file, "a", "b")
    assert drawn(session) == ""
    assert len(desk.flow.waiting) == 2
    words = asked(panes).findChild(QLabel, "said").text()
    assert "只读" in words and "没有丢" in words
    session.collection.read_only = False
    press(panes, "retryButton", session, qtbot)
    assert len(desk.flow.waiting) == 0
    assert drawn(session) == "李娜 cover:a text:b"


def test_what_comes_while_one_waits_does_not_take_its_place(
    desk: CaptureDesk, panes: Workspace, session: Session, scan_file: Draw, qtbot: QtBot
) -> None:
    lock = desk.flow.lock()
    bring(desk, session, scan_file, "a")
    session.collection.read_only = False
    lock = desk.flow.arrive(stored(session, scan_file, "b"), lock)
    assert drawn(session) == ""
    press(panes, "retryButton", session, qtbot)
    assert drawn(session) == "李娜 cover:a text:b"


def test_it_may_fail_again_and_is_asked_again(
    desk: CaptureDesk, panes: Workspace, session: Session, scan_file: Draw, qtbot: QtBot
) -> None:
    bring(desk, session, scan_file, "a")
    press(panes, "retryButton", session, qtbot)
    assert len(desk.flow.waiting) == 1
    session.collection.read_only = False
    press(panes, "retryButton", session, qtbot)
    assert drawn(session) == "李娜 cover:a"


def test_put_off_it_is_asked_again_with_the_next_page(
    desk: CaptureDesk, panes: Workspace, session: Session, scan_file: Draw, qtbot: QtBot
) -> None:
    bring(desk, session, scan_file, "a")
    press(panes, "cancelButton", session, qtbot)
    assert len(desk.flow.waiting) == 1
    bring(desk, session, scan_file, "b")
    session.collection.read_only = False
    press(panes, "retryButton", session, qtbot)
    assert drawn(session) == "李娜 cover:a text:b"


def test_given_up_nothing_of_it_is_left(
    desk: CaptureDesk, panes: Workspace, session: Session, scan_file: Draw, qtbot: QtBot
) -> None:
    bring(desk, session, scan_file, "a")
    session.collection.read_only = False
    before = session.collection.blob_sizes()
    press(panes, "giveUpButton", session, qtbot)
    assert len(desk.flow.waiting) == 0
    assert drawn(session) == ""
    assert len(session.collection.blob_sizes()) == len(before) - 1


def test_what_could_not_even_be_stored_is_kept_in_memory(
    desk: CaptureDesk, panes: Workspace, session: Session, scan_file: Draw, qtbot: QtBot
) -> None:
    incoming = Incoming("扫描 第1页.jpg", scan_file("a.jpg").read_bytes())
    kept = stored_or_not(session.collection, incoming)
    assert isinstance(kept, Unstored)
    desk.flow.keep(kept.incoming, desk.flow.lock(), kept.why)
    bring(desk, session, scan_file, "b")
    session.collection.read_only = False
    press(panes, "retryButton", session, qtbot)
    assert drawn(session) == "李娜 cover:扫描 第1页 text:b"


def test_when_the_collection_closes_it_is_tried_a_last_time(
    desk: CaptureDesk, session: Session, scan_file: Draw
) -> None:
    bring(desk, session, scan_file, "a", "b")
    session.collection.read_only = False
    session.closing.emit()
    assert len(desk.flow.waiting) == 0
    assert drawn(session) == "李娜 cover:a text:b"


def test_a_teacher_who_went_meanwhile_leaves_it_in_the_tray(
    desk: CaptureDesk, panes: Workspace, session: Session, scan_file: Draw, qtbot: QtBot
) -> None:
    bring(desk, session, scan_file, "a")
    session.collection.read_only = False
    gone = session.teachers()[SECOND].id
    select(session, FIRST)
    with session.collection.change("删去") as change:
        change.remove_teachers([gone])
    press(panes, "retryButton", session, qtbot)
    assert [page.source for page in session.tray()] == ["a.jpg"]
