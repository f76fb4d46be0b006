"""Two copies that were edited on their own: told, shown side by side, taken over, and taken back."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QTreeWidget
from pytestqt.qtbot import QtBot

from certclerk.collection import change_password, create_collection, open_collection
from certclerk.core.notice import Notice
from certclerk.core.records import Filing
from certclerk.gui import wizard
from certclerk.gui.copies.dialog import CopiesDialog
from certclerk.gui.copies.model import CopiesModel
from certclerk.gui.main_window import MainWindow
from certclerk.gui.session import Session
from certclerk.gui.tasks import TaskRunner
from certclerk.jobs import acts
from certclerk.jobs.two_copies import compare_copies, open_other

from ..conftest import Asked, id_number
from .conftest import add, edit, leave_waiting, note, press, put, row_of, rows, settle, shown, ticked

PASSWORD = "langes Wort 1"
OTHER_NUMBER = id_number(40, "女")

Compare = Callable[[Path, Path], CopiesDialog]


def text(dialog: QDialog, name: str) -> str:
    label = dialog.findChild(QLabel, name)
    assert label is not None
    return label.text()


def sides(dialog: CopiesDialog) -> list[tuple[str, str, str]]:
    tree = dialog.findChild(QTreeWidget, "sidesTable")
    items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return [(item.text(0), item.text(1), item.text(2)) for item in items]


def notes(window: MainWindow) -> list[str]:
    return [teacher.note for teacher in window.opened.teachers()]


def take(qtbot: QtBot, dialog: CopiesDialog) -> str:
    """Takes over what is ticked; what was said before."""
    press(dialog, "takeOverButton")
    asking = shown(dialog, "takeOverDialog")
    said = text(asking, "said")
    press(asking, "takeButton")
    qtbot.waitUntil(lambda: not [each for each in dialog.findChildren(QDialog) if each.isVisible()])
    settle(qtbot, dialog)
    return said


def is_shown(dialog: CopiesDialog, name: str) -> bool:
    return any(each.isVisible() for each in dialog.findChildren(QDialog, name))


def spoil(path: Path) -> None:
    """The page that was stored last."""
    connection = apsw.Connection(str(path))
    connection.execute("UPDATE blob SET data = x'00' WHERE rowid = (SELECT max(rowid) FROM blob)")
    connection.close()


def hold_up(dialog: CopiesDialog) -> threading.Event:
    """Its worker does nothing more until the event is set."""
    gate = threading.Event()
    dialog.findChild(TaskRunner).run(lambda _job: gate.wait(), lambda _nothing: None)
    return gate


def let_worker_finish(dialog: CopiesDialog) -> None:
    """All that was asked of it so far; nobody has heard of that yet."""
    done = threading.Event()
    dialog.findChild(TaskRunner).run(lambda _job: done.set(), lambda _nothing: None)
    assert done.wait(10)


# Shown


def test_whoever_differs_is_shown_and_nobody_is_ticked(compare: Compare, path: Path, stick: Path) -> None:
    edit(path, note(0, "在学校改的"), add("许文强"))
    edit(stick, note(0, "在家改的"), note(1, "返聘"), add("林晓雯"), leave_waiting("IMG_1"))
    dialog = compare(path, stick)
    assert text(dialog, "copiesHeading") == "两份分开改过，各有对方没有的改动。"
    assert str(stick) in text(dialog, "copiesPlaces")
    assert "另有 4 位两份相同。" in text(dialog, "copiesCounts")
    assert rows(dialog) == [
        ("1 王芳", "两份不同"),
        ("2 李娜", "两份不同"),
        ("7 林晓雯", "只在另一份"),
        ("另一份待归位的 1 页", "只在另一份"),
        ("7 许文强", "只在这一份"),
    ]
    assert ticked(dialog) == []
    assert not dialog.findChild(QPushButton, "takeOverButton").isEnabled()
    assert sides(dialog) == [("备注", "在学校改的", "在家改的")]


@pytest.mark.parametrize(
    ("older", "said"),
    [
        (True, "另一份较新：它是从这一份接着改下去的。"),
        (False, "这一份较新：它是从另一份接着改下去的。"),
    ],
)
def test_it_says_which_copy_is_newer(
    compare: Compare, path: Path, stick: Path, older: bool, said: str
) -> None:
    edit(stick if older else path, note(0, "改"))
    dialog = compare(path, stick)
    assert text(dialog, "copiesHeading") == said
    assert rows(dialog) == [("1 王芳", "两份不同")]


def test_copies_with_nothing_to_tell_apart_say_so(compare: Compare, path: Path, stick: Path) -> None:
    dialog = compare(path, stick)
    assert rows(dialog) == [] and not dialog.table.isVisible()
    assert "6 位两份相同。" in text(dialog, "copiesCounts")
    assert text(dialog, "copiesHeading") == "两份的教师和扫描页都相同。"


def test_the_pages_of_both_stand_side_by_side(compare: Compare, path: Path, stick: Path) -> None:
    edit(stick, put(1, "cover", "封面"))
    dialog = compare(path, stick)
    assert [side[0] for side in sides(dialog)] == ["封面"]
    assert [dialog.details.here.count(), dialog.details.there.count()] == [0, 1]


# Taken over


def test_what_is_ticked_is_taken_over_and_taken_back_at_once(
    compare: Compare, path: Path, stick: Path, window: MainWindow, qtbot: QtBot
) -> None:
    edit(path, note(0, "在学校改的"))
    edit(stick, note(0, "在家改的"), put(1, "cover", "封面"), note(2, "没有打勾"), add("林晓雯"))
    dialog = compare(path, stick)
    before = window.opened.teachers()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    press(dialog, "allNewButton")
    assert ticked(dialog) == ["1 王芳", "2 李娜", "7 林晓雯"]
    assert dialog.findChild(QPushButton, "takeOverButton").text() == "取得 3 位教师…"
    said = take(qtbot, dialog)
    assert "被替换的页放进回收站" in said and "可以用“撤销”一次退回" in said
    assert notes(window)[:3] == ["在家改的", "", ""]
    assert [page.source for page in window.opened.teachers()[1].pages()] == ["封面.jpg"]
    assert window.opened.teachers()[-1].name == "林晓雯"
    assert rows(dialog) == [("3 张三", "两份不同")]
    assert "已取得 3 位教师" in text(dialog, "copiesBannerText")

    qtbot.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, dialog)
    assert window.opened.teachers() == before
    moment = window.opened.collection.moment()
    qtbot.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.opened.collection.moment() == moment
    assert len(rows(dialog)) == 4 and ticked(dialog) == []
    assert "已撤销" in text(dialog, "copiesBannerText")


def test_pages_that_wait_there_can_wait_here(
    compare: Compare, path: Path, stick: Path, window: MainWindow, qtbot: QtBot
) -> None:
    edit(stick, leave_waiting("IMG_1"), leave_waiting("IMG_2"))
    dialog = compare(path, stick)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert dialog.findChild(QPushButton, "takeOverButton").text() == "取得待归位的 2 页…"
    assert dialog.details.there.count() == 2
    take(qtbot, dialog)
    assert text(dialog, "copiesHeading") == "两份的教师和扫描页都相同。"
    assert [page.source for page in window.opened.tray()] == ["IMG_1.jpg", "IMG_2.jpg"]
    assert rows(dialog) == []


@pytest.mark.parametrize(
    ("way", "numbers"),
    [("同一位，用另一份的", [OTHER_NUMBER]), ("另一位，加入名册", [id_number(1, "男"), OTHER_NUMBER])],
)
def test_a_doubt_is_settled_by_the_clerk(
    compare: Compare,
    path: Path,
    stick: Path,
    window: MainWindow,
    qtbot: QtBot,
    way: str,
    numbers: list[str],
) -> None:
    edit(stick, lambda there: acts.set_teacher_field(there, there.order()[1], "id_number", OTHER_NUMBER))
    dialog = compare(path, stick)
    assert rows(dialog)[0] == ("2 李娜", "可能不是同一位")
    qtbot.keyClick(dialog.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert ticked(dialog) == []
    for each in ("同一位，用另一份的", "另一位，加入名册", way):
        dialog.table.go_to(row_of(dialog, each))
        qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    if way not in ticked(dialog):
        qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert ticked(dialog) == [way]
    take(qtbot, dialog)
    named = [teacher.id_number for teacher in window.opened.teachers() if teacher.name == "李娜"]
    assert named == numbers


def test_several_lines_are_ticked_at_once(compare: Compare, path: Path, stick: Path, qtbot: QtBot) -> None:
    edit(stick, *(note(row, "改") for row in range(4)))
    dialog = compare(path, stick)
    for _ in range(2):
        qtbot.keyClick(dialog.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert ticked(dialog) == ["1 王芳", "2 李娜", "3 张三"]
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert ticked(dialog) == []


def test_enter_takes_nothing(
    compare: Compare, path: Path, stick: Path, window: MainWindow, qtbot: QtBot
) -> None:
    edit(stick, note(0, "改"))
    dialog = compare(path, stick)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible() and not dialog.findChildren(QDialog)
    press(dialog, "takeOverButton")
    asking = shown(dialog, "takeOverDialog")
    qtbot.keyClick(asking, Qt.Key.Key_Return)
    assert not asking.isVisible() and notes(window)[0] == ""


def test_cancelling_leaves_everything_as_it_was(
    compare: Compare, path: Path, stick: Path, window: MainWindow, qtbot: QtBot
) -> None:
    edit(stick, put(1, "cover", "封面"))
    dialog = compare(path, stick)
    before, stored = window.opened.collection.moment(), window.opened.collection.blob_sizes()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    gate = hold_up(dialog)
    press(dialog, "takeOverButton")
    press(shown(dialog, "takeOverDialog"), "takeButton")
    copying = shown(dialog, "copyingDialog")
    press(copying, "cancelButton")
    gate.set()
    qtbot.waitUntil(lambda: not is_shown(dialog, "copyingDialog"))
    assert window.opened.collection.moment() == before
    assert window.opened.collection.blob_sizes() == stored
    assert ticked(dialog) == ["2 李娜"]


@pytest.mark.parametrize("closing", [False, True])
def test_cancelling_or_closing_once_all_is_copied_leaves_nothing(
    compare: Compare, path: Path, stick: Path, window: MainWindow, qtbot: QtBot, closing: bool
) -> None:
    edit(stick, put(1, "cover", "封面"))
    dialog = compare(path, stick)
    before, stored = window.opened.collection.moment(), window.opened.collection.blob_sizes()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    press(dialog, "takeOverButton")
    press(shown(dialog, "takeOverDialog"), "takeButton")
    let_worker_finish(dialog)
    assert len(window.opened.collection.blob_sizes()) == len(stored) + 1
    if closing:
        dialog.reject()
    else:
        press(shown(dialog, "copyingDialog"), "cancelButton")
        qtbot.waitUntil(lambda: not is_shown(dialog, "copyingDialog"))
    assert window.opened.collection.moment() == before
    assert window.opened.collection.blob_sizes() == stored


def test_who_was_changed_meanwhile_is_not_taken_over(
    compare: Compare, path: Path, stick: Path, window: MainWindow, qtbot: QtBot
) -> None:
    edit(stick, note(0, "在家改的"), note(1, "在家改的"))
    dialog = compare(path, stick)
    qtbot.keyClick(dialog.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    gate = hold_up(dialog)
    press(dialog, "takeOverButton")
    press(shown(dialog, "takeOverDialog"), "takeButton")
    collection = window.opened.collection
    acts.set_teacher_field(collection, collection.order()[0], "note", "刚刚改的")
    gate.set()
    qtbot.waitUntil(lambda: not is_shown(dialog, "copyingDialog"))
    settle(qtbot, dialog)
    assert "王芳" in text(dialog, "copiesBannerText")
    assert notes(window)[:2] == ["刚刚改的", ""]
    assert ticked(dialog) == ["2 李娜"]
    take(qtbot, dialog)
    assert notes(window)[:2] == ["刚刚改的", "在家改的"]


def test_whose_page_is_damaged_there_is_not_taken_and_the_rest_is(
    compare: Compare, path: Path, stick: Path, window: MainWindow, qtbot: QtBot
) -> None:
    edit(stick, put(1, "cover", "封面"), note(2, "在家改的"))
    spoil(stick)
    dialog = compare(path, stick)
    qtbot.keyClick(dialog.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    press(dialog, "takeOverButton")
    press(shown(dialog, "takeOverDialog"), "takeButton")
    qtbot.waitUntil(lambda: is_shown(dialog, "notTakenDialog"))
    lines = shown(dialog, "notTakenDialog").findChild(QPlainTextEdit, "lines")
    assert lines.toPlainText().startswith("李娜：")
    assert notes(window)[2] == "在家改的" and not list(window.opened.teachers()[1].pages())
    settle(qtbot, dialog)
    assert ticked(dialog) == ["2 李娜"]


# Files that cannot be compared


def test_what_is_no_copy_is_refused_with_a_sentence(
    window: MainWindow, path: Path, file_dialogs: Asked, tmp_path: Path, quanzhou: Notice
) -> None:
    assert window.open_path(path)
    stranger, letter = tmp_path / "别校.certclerk", tmp_path / "信.certclerk"
    create_collection(stranger, quanzhou, Filing("泉州第二中学")).close()
    letter.write_text("不是采集", encoding="utf-8")
    for other in (stranger, letter, path):
        window.message_bar.hide()
        file_dialogs.answer = (other,)
        window.action("actionCompareCopies").trigger()
        assert window.message_bar.isVisible() and other.name in window.message_bar.text
        assert not window.findChildren(CopiesDialog)
    file_dialogs.answer = ()
    window.action("actionCompareCopies").trigger()
    assert not window.findChildren(CopiesDialog)


def test_a_locked_copy_asks_for_its_password(
    window: MainWindow, path: Path, stick: Path, file_dialogs: Asked, qtbot: QtBot
) -> None:
    edit(stick, note(0, "在家改的"))
    change_password(stick, "", PASSWORD)
    assert window.open_path(path)
    file_dialogs.answer = (stick,)
    window.action("actionCompareCopies").trigger()
    for word in ("falsches Wort", PASSWORD):
        asking = shown(window, "passwordDialog")
        asking.findChild(QLineEdit, "passwordField").setText(word)
        press(asking, "acceptButton")
    dialog = shown(window, "copiesDialog")
    assert isinstance(dialog, CopiesDialog)
    settle(qtbot, dialog)
    assert rows(dialog) == [("1 王芳", "两份不同")]


def test_a_copy_with_the_same_password_opens_by_itself(
    window: MainWindow, path: Path, file_dialogs: Asked
) -> None:
    change_password(path, "", PASSWORD)
    stick = Path(shutil.copy(path, path.with_name("U盘.certclerk")))
    assert window.open_path(path, PASSWORD)
    file_dialogs.answer = (stick,)
    window.action("actionCompareCopies").trigger()
    assert shown(window, "copiesDialog")


def test_a_collection_open_for_reading_is_compared_and_keeps_its_teachers(
    path: Path, stick: Path, qtbot: QtBot
) -> None:
    edit(stick, note(0, "在家改的"), add("林晓雯"))
    edit(stick, lambda there: acts.set_teacher_field(there, there.order()[1], "id_number", OTHER_NUMBER))
    session = Session(open_collection(path, read_only=True))
    dialog = CopiesDialog(session, open_other(session.collection, stick))
    qtbot.addWidget(dialog)
    dialog.show()
    settle(qtbot, dialog)
    assert rows(dialog) == [("1 王芳", "两份不同"), ("2 李娜", "可能不是同一位"), ("7 林晓雯", "只在另一份")]
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    assert ticked(dialog) == []
    assert "只读" in text(dialog, "copiesBannerText")
    assert not dialog.findChild(QPushButton, "takeOverButton").isEnabled()
    dialog.reject()
    session.close()


# The dialog itself


def test_closing_lets_go_of_the_other_copy_whatever_is_at_work(
    compare: Compare, path: Path, stick: Path, window: MainWindow
) -> None:
    edit(stick, note(0, "在家改的"))
    dialog = compare(path, stick)
    gate = hold_up(dialog)
    edit(stick, note(1, "还能改"))
    gate.set()
    dialog.reject()
    stick.rename(stick.with_name("别名.certclerk"))
    assert window.opened.collection.roster().teachers


def test_it_goes_with_the_collection(compare: Compare, path: Path, stick: Path, window: MainWindow) -> None:
    dialog = compare(path, stick)
    window.close_collection()
    assert not dialog.isVisible()
    assert window.open_path(stick)


def test_a_change_in_the_window_shows_and_the_ticks_of_others_stay(
    compare: Compare, path: Path, stick: Path, window: MainWindow, qtbot: QtBot
) -> None:
    edit(stick, note(0, "在家改的"), note(1, "在家改的"))
    dialog = compare(path, stick)
    qtbot.keyClick(dialog.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    collection = window.opened.collection
    acts.set_teacher_field(collection, collection.order()[0], "note", "刚刚改的")
    settle(qtbot, dialog)
    assert ticked(dialog) == ["2 李娜"]
    dialog.table.go_to(row_of(dialog, "1 王芳"))
    assert sides(dialog) == [("备注", "刚刚改的", "在家改的")]


def test_it_fits_the_smallest_screen_and_everything_has_a_name(
    compare: Compare, path: Path, stick: Path
) -> None:
    edit(stick, note(0, "在家改的"))
    dialog = compare(path, stick)
    least = dialog.minimumSizeHint()
    assert least.width() <= wizard.LARGEST.width() and least.height() <= wizard.LARGEST.height()
    for button in dialog.findChildren(QPushButton):
        assert button.objectName() and button.accessibleName()


def test_the_tab_key_comes_to_everything(compare: Compare, path: Path, stick: Path, qtbot: QtBot) -> None:
    edit(stick, note(0, "在家改的"), put(0, "cover", "封面"), add("林晓雯"))
    dialog = compare(path, stick)
    dialog.activateWindow()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    reached = []
    for _ in range(8):
        focused = dialog.focusWidget()
        reached.append(focused.objectName())
        assert focused.accessibleName()
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert reached == [
        "copiesTable",
        "sidesTable",
        "pagesHere",
        "pagesThere",
        "allNewButton",
        "untickButton",
        "takeOverButton",
        "closeButton",
    ]


def test_the_model_keeps_its_promises(path: Path, stick: Path) -> None:
    edit(stick, note(0, "改"), add("林晓雯"), leave_waiting("IMG_1"))
    model = CopiesModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    with open_collection(path) as here:
        other = open_other(here, stick)
        model.show(compare_copies(here, other), writable=True)
        other.close()
    model.toggle(range(model.rowCount()))
    assert model.rowCount() == 3 and len(model.choices()) == 2
    model.untick_all()
    assert model.choices() == ()
    del tester
