"""The key-in window by its keys: what is copied, ticked, filtered, and kept when the records change under it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QTableView,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from certclerk.core.keying import KeyState
from certclerk.gui.key_in.view import KeyInView
from certclerk.gui.lists.dialog import ListsDialog
from certclerk.gui.session import Session
from certclerk.gui.wizard import Banner
from certclerk.jobs import acts, counter

Key = Qt.Key


@pytest.fixture
def view(session: Session, tmp_path: Path, qtbot: QtBot) -> KeyInView:
    made = KeyInView(session, tmp_path)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.fields.setFocus()
    return made


def press(view: QWidget, *keys: Key) -> None:
    """As a keyboard does: to whatever has the focus."""
    for key in keys:
        focused = QApplication.focusWidget()
        target = focused if focused is not None and view.isAncestorOf(focused) else view
        QTest.keyClick(target, key)


def copied() -> str:
    return QGuiApplication.clipboard().text()


def states(session: Session) -> list[KeyState]:
    return [entry.state for entry in counter.entries(session.collection)]


def answering(answer: Callable[[QDialog], object]) -> None:
    """Answers the question that is about to be asked."""

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QDialog):
            answer(dialog)
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)


def said(view: KeyInView, name: str) -> str:
    label = view.findChild(QLabel, name)
    assert label is not None
    return label.text()


DIGITS = (
    Key.Key_1,
    Key.Key_2,
    Key.Key_3,
    Key.Key_4,
    Key.Key_5,
    Key.Key_6,
    Key.Key_7,
    Key.Key_8,
    Key.Key_9,
    Key.Key_0,
)


def test_each_digit_copies_its_field_as_the_record_has_it(session: Session, view: KeyInView) -> None:
    for entry in counter.entries(session.collection):
        assert view.entry is not None and view.entry.certificate.id == entry.certificate.id
        for key, field in zip(DIGITS, entry.fields, strict=True):
            if field.copied:
                press(view, key)
                assert copied() == field.copied
        press(view, Key.Key_PageDown)
    assert said(view, "keyInSaid") == "这是最后一本。"


def test_space_copies_field_after_field_and_passes_empty_ones(session: Session, view: KeyInView) -> None:
    entry = counter.entries(session.collection)[0]
    for field in entry.fields:
        if field.copied:
            press(view, Key.Key_Space)
            assert copied() == field.copied
    press(view, Key.Key_Space)
    assert "已复制完" in said(view, "keyInSaid")


def test_a_click_on_a_copy_button_leaves_the_keys_to_the_window(session: Session, view: KeyInView) -> None:
    fields = counter.entries(session.collection)[0].fields
    button = view.findChild(QWidget, "copyButton4")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert copied() == fields[3].copied
    press(view, Key.Key_Space)
    assert copied() == fields[4].copied


def test_enter_ticks_and_goes_on_and_undo_takes_it_back(session: Session, view: KeyInView) -> None:
    first, second, *_ = counter.entries(session.collection)
    press(view, Key.Key_Return)
    assert states(session)[0] is KeyState.DONE
    assert view.entry is not None and view.entry.certificate.id == second.certificate.id
    press(view, Key.Key_PageUp, Key.Key_Delete)
    assert states(session)[0] is KeyState.OPEN
    QTest.keyClick(view, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert states(session)[0] is KeyState.DONE
    assert view.entry.certificate.id == first.certificate.id
    assert "已录入 1 本" in said(view, "keyInCounts")


def test_a_problem_needs_a_reason(session: Session, view: KeyInView) -> None:
    answering(lambda dialog: dialog.reject())
    press(view, Key.Key_F2)
    assert states(session)[0] is KeyState.OPEN

    def answer(dialog: QDialog) -> None:
        field = dialog.findChild(QLineEdit, "reasonField")
        assert field is not None
        field.setText("系统里已有")
        dialog.accept()

    answering(answer)
    press(view, Key.Key_F2)
    assert states(session)[0] is KeyState.PROBLEM
    assert said(view, "keyInState") == "！ 有问题：系统里已有"


def test_a_record_changed_afterwards_is_told_and_the_place_is_kept(session: Session, view: KeyInView) -> None:
    press(view, Key.Key_Return)
    here = view.entry
    assert here is not None
    done = counter.entries(session.collection)[0]
    acts.set_certificate_field(session.collection, done.certificate.id, "subject", "音乐")
    assert view.entry is not None and view.entry.certificate.id == here.certificate.id
    press(view, Key.Key_PageUp)
    assert said(view, "keyInState").endswith("录入后有改动")


def test_a_month_is_shown_as_one_and_said_to_be_incomplete(session: Session, view: KeyInView) -> None:
    acts.set_certificate_field(
        session.collection, counter.entries(session.collection)[0].certificate.id, "issued", "2013-07"
    )
    value = view.findChild(QLabel, "keyValue9")
    assert value is not None and value.text() == "2013-07　只有年月，没有日"
    press(view, Key.Key_9)
    assert copied() == "2013-07"


def test_the_list_shows_what_is_left_and_finds_by_name(session: Session, view: KeyInView) -> None:
    shown = view.findChild(QListWidget, "keyList")
    chip = view.findChild(QToolButton, "keyFilterOpen")
    assert shown is not None and chip is not None
    everyone = shown.count()
    press(view, Key.Key_Return)
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert shown.count() == everyone - 1
    press(view, Key.Key_Slash)
    name = counter.entries(session.collection)[-1].teacher.name
    view.queue.search.setText(name)
    assert shown.count() >= 1
    assert all(name in shown.item(row).text() for row in range(shown.count()))
    before = states(session)
    press(view, Key.Key_Return)
    assert states(session) == before
    assert view.fields.hasFocus()


def test_in_a_narrow_window_the_fields_keep_their_room(view: KeyInView, qtbot: QtBot) -> None:
    view.resize(620, 700)
    qtbot.waitUntil(lambda: not view.pages.isVisible())
    assert not view.queue.isVisible() and view.fields.isVisible()
    view.resize(1100, 660)
    qtbot.waitUntil(lambda: view.pages.isVisible() and view.queue.isVisible())


def test_nothing_to_key_in_is_said(session: Session, view: KeyInView) -> None:
    everyone = [teacher.id for teacher in session.teachers()]
    acts.set_scope(session.collection, everyone, "hold", "后补")
    assert said(view, "keyInName") == "没有符合条件的证书"
    press(view, Key.Key_Space, Key.Key_Return, Key.Key_1, Key.Key_Delete)
    assert states(session) == []


def test_it_goes_with_its_collection(session: Session, view: KeyInView) -> None:
    session.closing.emit()
    assert not view.isVisible()


@pytest.mark.parametrize("chip", ["keyFilterAll", "keyFilterOpen"])
def test_enter_after_enter_ticks_everyone_in_order(
    session: Session, view: KeyInView, add_teachers: Callable[[int], None], chip: str
) -> None:
    add_teachers(60)
    shown = view.findChild(QToolButton, chip)
    assert shown is not None
    QTest.mouseClick(shown, Qt.MouseButton.LeftButton)
    entries = counter.entries(session.collection)
    assert len({entry.teacher.id for entry in entries}) >= 60
    for entry in entries:
        assert view.entry is not None and view.entry.certificate.id == entry.certificate.id
        press(view, Key.Key_1, Key.Key_4)
        assert copied() == entry.teacher.id_number
        press(view, Key.Key_Return)
    assert set(states(session)) == {KeyState.DONE}


@pytest.mark.parametrize("width", [1100, 620])
def test_the_search_is_a_key_away_at_any_width(view: KeyInView, qtbot: QtBot, width: int) -> None:
    view.resize(width, 700)
    qtbot.waitUntil(lambda: view.width() == width)
    press(view, Key.Key_Slash)
    assert view.queue.search.isVisible() and view.queue.search.hasFocus()
    view.queue.search.setText("张三")
    press(view, Key.Key_Return)
    assert view.fields.isVisible() and view.fields.hasFocus()
    assert view.entry is not None and view.entry.teacher.name == "张三"


def test_in_a_narrow_window_list_and_pages_take_the_place_of_the_fields(
    session: Session, view: KeyInView, qtbot: QtBot
) -> None:
    view.resize(620, 700)
    qtbot.waitUntil(lambda: view.width() == 620)
    entries = counter.entries(session.collection)
    press(view, Key.Key_F3)
    assert view.pages.isVisible() and not view.fields.isVisible()
    press(view, Key.Key_PageDown, Key.Key_4)
    assert copied() == entries[1].teacher.id_number
    press(view, Key.Key_Escape)
    assert view.fields.isVisible() and not view.pages.isVisible()
    chip = view.findChild(QToolButton, "keyListChip")
    shown = view.findChild(QListWidget, "keyList")
    assert chip is not None and shown is not None
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert view.queue.isVisible() and not view.fields.isVisible()
    shown.setFocus()
    press(view, Key.Key_Down, Key.Key_Return)
    assert view.fields.isVisible() and set(states(session)) == {KeyState.OPEN}
    assert view.entry is not None and view.entry.certificate.id == entries[2].certificate.id
    press(view, Key.Key_Slash)
    view.resize(1280, 720)
    qtbot.waitUntil(lambda: view.fields.isVisible() and view.pages.isVisible() and view.queue.isVisible())
    assert view.fields.hasFocus()
    qtbot.waitUntil(lambda: view.pages.width() > 400)


def test_a_dragged_page_leaves_the_keys_to_the_window(session: Session, view: KeyInView) -> None:
    second = counter.entries(session.collection)[1].certificate.id
    QTest.mouseClick(view.pages.canvas.viewport(), Qt.MouseButton.LeftButton)
    press(view, Key.Key_PageDown)
    assert view.entry is not None and view.entry.certificate.id == second


def test_a_character_that_only_looks_like_a_digit_is_none(view: KeyInView) -> None:
    before = copied()
    pressed = QKeyEvent(QEvent.Type.KeyPress, Key.Key_twosuperior, Qt.KeyboardModifier.NoModifier, "²")
    QApplication.sendEvent(view, pressed)
    assert copied() == before


def test_the_summary_tells_the_reasons_and_follows_the_ticks(session: Session, view: KeyInView) -> None:
    first, second, *_ = counter.entries(session.collection)
    counter.mark_problem(session.collection, [first], "系统里已有")
    summary = view.findChild(QWidget, "keySummaryButton")
    assert summary is not None
    QTest.mouseClick(summary, Qt.MouseButton.LeftButton)
    dialog = view.findChild(ListsDialog, "listsDialog")
    assert dialog is not None
    told = dialog.findChild(Banner, "listBanner")
    table = dialog.findChild(QTableView)
    assert told is not None and table is not None
    assert "已录入 0 本，有问题 1 本" in told.text()
    row = [str(table.model().index(0, column).data()) for column in range(table.model().columnCount())]
    assert "系统里已有" in row
    counter.mark_done(session.collection, [second])
    assert "已录入 1 本，有问题 1 本" in told.text()
    dialog.accept()


def test_the_sheet_is_saved_as_a_pdf_from_its_preview(
    session: Session, view: KeyInView, file_dialogs: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    file_dialogs.answer = (tmp_path / "录入单",)
    sheet = view.findChild(QWidget, "keySheetButton")
    assert sheet is not None
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton)
    preview = view.findChild(QDialog, "printPreview")
    assert preview is not None
    saving = preview.findChild(QAction, "savePdfAction")
    assert saving is not None
    (pressed,) = [button for button in preview.findChildren(QToolButton) if button.defaultAction() is saving]
    qtbot.waitUntil(pressed.isVisible)
    with qtbot.waitSignal(session.message, timeout=20_000):
        saving.trigger()
    assert (tmp_path / "录入单.pdf").read_bytes().startswith(b"%PDF")
    preview.reject()
