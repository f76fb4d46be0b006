"""收证 and 还证 in the window, by the keys, while the rest of the work goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QDate, QItemSelectionModel, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QDateEdit, QDialog, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection
from certclerk.core.custody import Custody
from certclerk.gui.custody.dialog import CustodyDialog
from certclerk.gui.main_window import MainWindow
from certclerk.gui.session import Session
from certclerk.jobs import counter

Shift = Qt.KeyboardModifier.ShiftModifier
TODAY = date(2026, 3, 6)


@pytest.fixture
def window(
    collection: Collection, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[MainWindow]:
    monkeypatch.setattr(Session, "today", lambda _session: TODAY)
    collection.close()
    folder = tmp_path / "user"
    folder.mkdir()
    made = MainWindow(folder)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    assert made.open_path(collection.path)
    yield made
    made.close()


@pytest.fixture
def key(window: MainWindow, qtbot: QtBot) -> Callable[..., None]:
    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(window.focusWidget() or window, key, modifier)

    return press


def find(parent: QWidget, kind: type[Any], name: str) -> Any:
    found = parent.findChild(kind, name)
    assert found is not None, name
    return found


def said(window: MainWindow) -> str:
    return str(find(window, QLabel, "messageText").text())


def badge(window: MainWindow) -> QToolButton:
    made: QToolButton = find(window.shown, QToolButton, "custodyBadge")
    return made


def select(window: MainWindow, first: int, last: int) -> None:
    """Rows of the roster, both included."""
    table = window.shown.roster.table
    flags = QItemSelectionModel.SelectionFlag
    for row in range(first, last + 1):
        table.selectionModel().select(table.model().index(row, 0), flags.Select | flags.Rows)


def shown_names(window: MainWindow) -> list[str]:
    session = window.opened
    found = (session.teacher(key) for key in window.shown.roster.table.roster().teacher_ids())
    return [teacher.name for teacher in found if teacher]


def choose(window: MainWindow, name: str) -> QAction:
    entry: QAction = find(window, QAction, name)
    entry.trigger()
    return entry


def test_nothing_is_seen_of_it_before_it_is_used(window: MainWindow) -> None:
    assert badge(window).isHidden()
    assert not find(window, QAction, "filterOwed").isVisible()
    assert not find(window, QAction, "filterHere").isVisible()


def test_one_key_takes_the_booklet_and_one_gives_it_back(
    window: MainWindow, key: Callable[..., None]
) -> None:
    session = window.opened
    target, current = session.target, session.current
    (certificate,) = session.teachers()[0].certificates
    key(Qt.Key.Key_F7)
    assert session.collection.custody() == {certificate.id: Custody("2026-03-06")}
    assert said(window) == "已收证：王芳（高级中学）。"
    assert badge(window).isVisible() and badge(window).text() == "在手 3月6日"
    assert (session.target, session.current) == (target, current)
    key(Qt.Key.Key_F7)
    assert said(window) == "王芳（高级中学）：在手 3月6日。"
    key(Qt.Key.Key_F7, Shift)
    assert badge(window).text() == "已还 3月6日"
    assert said(window) == "已还证：王芳（高级中学）。"
    find(window, QPushButton, "messageUndoButton").click()
    assert badge(window).text() == "在手 3月6日"
    session.undo()
    assert session.collection.custody() == {} and badge(window).isHidden()


def test_it_is_the_certificate_whose_slots_are_shown(window: MainWindow, key: Callable[..., None]) -> None:
    session = window.opened
    zhang = session.teachers()[2]
    session.select(zhang.id)
    window.shown.scan.tabs.bar.setCurrentIndex(1)
    key(Qt.Key.Key_F7)
    assert list(session.collection.custody()) == [zhang.certificates[1].id]
    window.shown.scan.tabs.bar.setCurrentIndex(0)
    assert badge(window).text() == "未收"


def test_all_certificates_of_the_selected_teachers(window: MainWindow, key: Callable[..., None]) -> None:
    select(window, 0, 2)
    key(Qt.Key.Key_F7)
    assert said(window) == "已收证：4 本证书。"
    select(window, 0, 3)
    key(Qt.Key.Key_F7)
    assert said(window) == "已收证：1 本证书，其余 4 本不用改。"
    key(Qt.Key.Key_F7)
    assert said(window) == "5 本证书都已在手。"


def test_in_the_full_table_it_is_the_rows(window: MainWindow, key: Callable[..., None]) -> None:
    session = window.opened
    window.action("actionWideRoster").setChecked(True)
    table = window.shown.roster.table
    table.selectionModel().clearSelection()
    select(window, 3, 3)
    key(Qt.Key.Key_F7)
    assert list(session.collection.custody()) == [session.teachers()[2].certificates[1].id]


def test_who_has_not_handed_in_and_whose_is_still_here(window: MainWindow, key: Callable[..., None]) -> None:
    key(Qt.Key.Key_F7)
    entry = choose(window, "filterHere")
    assert entry.isVisible() and entry.text() == "证书在手  1"
    assert shown_names(window) == ["王芳"]
    assert choose(window, "filterOwed").text() == "证书未收  5"
    assert "王芳" not in shown_names(window)[1:]
    session = window.opened
    session.select(session.teachers()[1].id)
    assert "王芳" not in shown_names(window) and len(shown_names(window)) == 5
    key(Qt.Key.Key_F7)
    # Who is worked on stays in sight.
    assert "李娜" in shown_names(window)
    session.undo()
    session.undo()
    assert window.shown.roster.filter.state is None
    assert len(shown_names(window)) == 6


def test_a_teacher_without_certificates_is_told_of(window: MainWindow, key: Callable[..., None]) -> None:
    from certclerk.jobs import acts

    session = window.opened
    (certificate,) = session.teachers()[1].certificates
    session.act(acts.remove_certificate, certificate.id)
    session.select(session.teachers()[1].id)
    for press in ((Qt.Key.Key_F7,), (Qt.Key.Key_F7, Shift)):
        key(*press)
        assert said(window).startswith("这里没有证书")
    window.action("actionCustodyDays").trigger()
    assert said(window).startswith("这里没有证书")


@pytest.fixture
def opened(qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch) -> Callable[[], CustodyDialog]:
    """On the first teacher's certificate, received on the second of March."""
    monkeypatch.setattr(session, "today", lambda: TODAY)
    (certificate,) = session.teachers()[0].certificates
    session.act(counter.receive, [certificate.id], date(2026, 3, 2))

    def open_dialog() -> CustodyDialog:
        dialog = CustodyDialog(session, [certificate.id], "王芳（高级中学）")
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return open_dialog


def test_the_days_can_be_changed(opened: Callable[[], CustodyDialog], session: Session, qtbot: QtBot) -> None:
    dialog = opened()
    assert find(dialog, QDateEdit, "receivedOnField").date() == QDate(2026, 3, 2)
    assert not find(dialog, QDateEdit, "returnedOnField").isEnabled()
    qtbot.keyClick(find(dialog, QCheckBox, "returnedBox"), Qt.Key.Key_Space)
    find(dialog, QDateEdit, "returnedOnField").setDate(QDate(2026, 3, 1))
    assert find(dialog, QLabel, "custodyWord").text() == "还证不能早于收证。"
    assert not find(dialog, QPushButton, "acceptButton").isEnabled()
    find(dialog, QDateEdit, "returnedOnField").setDate(QDate(2026, 3, 4))
    with qtbot.waitSignal(session.undoable) as told:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert told.args == ["已改收还证日期。"]
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert list(session.collection.custody().values()) == [Custody("2026-03-02", "2026-03-04")]


def test_a_booklet_cannot_come_tomorrow(opened: Callable[[], CustodyDialog]) -> None:
    dialog = opened()
    field = find(dialog, QDateEdit, "receivedOnField")
    field.setDate(QDate(2026, 3, 9))
    assert field.date() == QDate(2026, 3, 6)


def test_the_entry_can_be_forgotten(
    opened: Callable[[], CustodyDialog], session: Session, qtbot: QtBot
) -> None:
    dialog = opened()
    with qtbot.waitSignal(session.undoable):
        find(dialog, QPushButton, "forgetCustodyButton").click()
    assert session.collection.custody() == {}
    session.undo()
    again = opened()
    find(again, QCheckBox, "receivedBox").setChecked(False)
    find(again, QPushButton, "acceptButton").click()
    assert session.collection.custody() == {}


def test_the_badge_opens_the_days(window: MainWindow, key: Callable[..., None], qtbot: QtBot) -> None:
    key(Qt.Key.Key_F7)
    badge(window).click()
    qtbot.waitUntil(lambda: bool(window.findChildren(QDialog, "custodyDialog")))
    dialog = find(window, QDialog, "custodyDialog")
    assert find(dialog, QLabel, "custodyHead").text() == "王芳（高级中学）"
    dialog.close()


def test_a_collection_that_is_only_read_shows_but_does_not_change(
    window: MainWindow, key: Callable[..., None]
) -> None:
    key(Qt.Key.Key_F7)
    path = window.opened.collection.path
    window.close_collection()
    window.open_path(path, read_only=True)
    assert badge(window).text() == "在手 3月6日" and not badge(window).isEnabled()
    assert not window.action("actionReceive").isEnabled()
