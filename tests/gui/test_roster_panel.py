from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QContextMenuEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu, QToolButton
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection
from certclerk.core.progress import State
from certclerk.core.records import Finding, Severity
from certclerk.gui.mime import carrying_pages
from certclerk.gui.roster import commands as roster_commands
from certclerk.gui.roster import panel as panel_module
from certclerk.gui.roster.model import RosterModel
from certclerk.gui.roster.panel import RosterPanel
from certclerk.gui.session import Session
from certclerk.jobs import acts

Key = Qt.Key


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> Iterator[RosterPanel]:
    made = RosterPanel(session)
    qtbot.addWidget(made)
    made.resize(1200, 500)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def model_of(panel: RosterPanel) -> RosterModel:
    return panel.table.roster()


def names(session: Session) -> list[str]:
    return [teacher.name for teacher in session.teachers()]


def go_to(panel: RosterPanel, row: int, field: str) -> None:
    model = model_of(panel)
    panel.table.setCurrentIndex(model.index(row, model.column_of(field)))
    panel.table.setFocus()


def editor(panel: RosterPanel) -> QLineEdit:
    """The open one; those closed are deleted a moment later."""
    return next(found for found in panel.table.findChildren(QLineEdit, "cellEditor") if found.isVisible())


def commit(panel: RosterPanel, qtbot: QtBot) -> None:
    """Enter; Qt lets the editor see the key before it commits."""
    qtbot.keyClick(editor(panel), Key.Key_Return)
    qtbot.waitUntil(lambda: panel.table.state() != panel.table.State.EditingState)


def chip(panel: RosterPanel, name: str) -> QToolButton:
    found = panel.filter.findChild(QToolButton, name)
    assert found is not None
    return found


def test_a_click_selects_and_the_session_selects_back(
    panel: RosterPanel, session: Session, qtbot: QtBot
) -> None:
    table = panel.table
    third = model_of(panel).index(2, 1)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(third).center())
    assert session.current == session.teachers()[2].id
    session.select(session.teachers()[4].id)
    assert table.currentIndex().row() == 4


def test_chips_count_and_filter(panel: RosterPanel, session: Session, qtbot: QtBot) -> None:
    assert [
        chip(panel, name).text() for name in ("filterAll", "filterToScan", "filterProblem", "filterDone")
    ] == [
        "全部 6",
        "待扫 5",
        "有问题 0",
        "完成 1",
    ]
    qtbot.mouseClick(chip(panel, "filterDone"), Qt.MouseButton.LeftButton)
    assert model_of(panel).teacher_ids() == (session.teachers()[0].id,)
    qtbot.mouseClick(chip(panel, "filterAll"), Qt.MouseButton.LeftButton)
    assert model_of(panel).rowCount() == 6


def test_further_states_are_behind_more(panel: RosterPanel, session: Session) -> None:
    session.act(acts.set_scope, [session.teachers()[3].id], "hold", "等补页")
    panel.filter.choose(State.HOLD)
    assert chip(panel, "filterMore").text().startswith("暂缓")
    assert model_of(panel).teacher_ids() == (session.teachers()[3].id,)
    panel.filter.choose(None)
    assert chip(panel, "filterAll").isChecked() and chip(panel, "filterMore").text() == "更多…"


def test_search_by_keys(panel: RosterPanel, session: Session, qtbot: QtBot) -> None:
    panel.start_search()
    qtbot.keyClicks(panel.search, "zs")
    qtbot.keyClick(panel.search, Key.Key_Return)
    assert session.current == session.teachers()[2].id
    qtbot.keyClick(panel.search, Key.Key_Escape)
    assert panel.search.text() == "" and model_of(panel).rowCount() == 6


def test_typing_replaces_a_cell_and_enter_goes_down(
    panel: RosterPanel, session: Session, qtbot: QtBot
) -> None:
    panel.set_wide(True)
    go_to(panel, 1, "subject")
    qtbot.keyClicks(panel.table, "l")
    editor(panel).setText("历 史")
    commit(panel, qtbot)
    assert session.teachers()[1].certificates[0].subject == "历史"
    assert session.collection.undo_label == "改任教学科"
    assert panel.table.currentIndex().row() == 2


def test_tab_goes_on_to_the_next_cell(panel: RosterPanel, session: Session, qtbot: QtBot) -> None:
    panel.set_wide(True)
    go_to(panel, 1, "name")
    qtbot.keyClick(panel.table, Key.Key_F2)
    editor(panel).setText("李四")
    qtbot.keyClick(editor(panel), Key.Key_Tab)
    assert session.teachers()[1].name == "李四"
    assert model_of(panel).columns[panel.table.currentIndex().column()].id == "sex"


def test_escape_keeps_the_cell_and_unchanged_text_is_no_change(
    panel: RosterPanel, session: Session, qtbot: QtBot
) -> None:
    panel.set_wide(True)
    before = session.collection.undo_label
    go_to(panel, 1, "name")
    qtbot.keyClick(panel.table, Key.Key_F2)
    editor(panel).setText("李四")
    qtbot.keyClick(editor(panel), Key.Key_Escape)
    go_to(panel, 2, "name")
    qtbot.keyClick(panel.table, Key.Key_F2)
    commit(panel, qtbot)
    assert names(session)[1:3] == ["李娜", "张三"] and session.collection.undo_label == before


def test_a_value_out_of_range_is_kept_and_found(panel: RosterPanel, session: Session, qtbot: QtBot) -> None:
    panel.set_wide(True)
    go_to(panel, 0, "sex")
    qtbot.keyClick(panel.table, Key.Key_F2)
    editor(panel).setText("不详")
    commit(panel, qtbot)
    assert session.teachers()[0].sex == "不详"
    assert session.standing(session.teachers()[0].id).state is State.PROBLEM


def test_an_edited_field_without_certificate_makes_one(
    panel: RosterPanel, session: Session, qtbot: QtBot
) -> None:
    session.act(acts.remove_certificate, session.teachers()[3].certificates[0].id)
    panel.set_wide(True)
    go_to(panel, model_of(panel).place_of(session.teachers()[3].id), "kind")
    qtbot.keyClick(panel.table, Key.Key_F2)
    editor(panel).setText("初中")
    commit(panel, qtbot)
    assert [held.kind for held in session.teachers()[3].certificates] == ["初级中学"]


def test_f4_and_escape_widen_and_narrow(panel: RosterPanel, session: Session, qtbot: QtBot) -> None:
    session.select(session.teachers()[4].id)
    with qtbot.waitSignal(panel.wide_wanted) as told:
        panel.set_wide(True)
    assert told.args == [True]
    assert model_of(panel).row(panel.table.currentIndex()).teacher_id == session.teachers()[4].id
    qtbot.keyClick(panel.table, Key.Key_Escape)
    assert not panel.wide
    assert session.current == session.teachers()[4].id


def paste(panel: RosterPanel, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    panel.table.setFocus()
    QTest.keyClick(panel.table, Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_a_block_from_a_spreadsheet_is_one_change(panel: RosterPanel, session: Session, qtbot: QtBot) -> None:
    panel.set_wide(True)
    go_to(panel, 5, "name")
    text = '钱一\t男\t350502198505150029\n钱\u3000二\t女\t"多行\n格子"\n钱三\t男\t\n\n'
    with qtbot.waitSignal(session.undoable) as told:
        paste(panel, text)
    assert told.args == ["已粘贴 6 格，添加 1 位教师。"]
    assert names(session) == ["王芳", "李娜", "张三", "阿依古丽·买买提", "钱一", "钱二", "钱三"]
    assert session.teachers()[5].id_number == "多行格子"
    session.undo()
    assert names(session) == ["王芳", "李娜", "张三", "阿依古丽·买买提", "䶮一鸣", "陈明"]


def test_paste_into_an_empty_roster_makes_it(panel: RosterPanel, session: Session, qtbot: QtBot) -> None:
    session.act(acts.remove_teachers, [teacher.id for teacher in session.teachers()])
    panel.set_wide(True)
    QGuiApplication.clipboard().setText("钱一\t男\n钱二\t女\r\n")
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert names(session) == ["钱一", "钱二"]
    assert [teacher.sex for teacher in session.teachers()] == ["男", "女"]


def test_paste_says_what_it_could_not_take(panel: RosterPanel, session: Session, qtbot: QtBot) -> None:
    panel.set_wide(True)
    go_to(panel, 0, "state")
    before = session.collection.undo_label
    with qtbot.waitSignal(session.message) as told:
        paste(panel, "完成\t再一列")
    assert "没有改动" in told.args[0] and session.collection.undo_label == before


def test_copy_gives_a_block_that_paste_takes(panel: RosterPanel, qtbot: QtBot) -> None:
    panel.set_wide(True)
    model = model_of(panel)
    panel.table.setFocus()
    for row, field in ((0, "name"), (0, "sex"), (1, "name"), (1, "sex")):
        panel.table.selectionModel().select(
            model.index(row, model.column_of(field)), panel.table.selectionModel().SelectionFlag.Select
        )
    qtbot.keyClick(panel.table, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "王芳\t女\n李娜\t男"


def test_delete_clears_the_selected_cells_in_one_change(
    panel: RosterPanel, session: Session, qtbot: QtBot
) -> None:
    panel.set_wide(True)
    go_to(panel, 0, "name")
    model = model_of(panel)
    for field in ("sex", "state", "serial"):
        panel.table.selectionModel().select(
            model.index(0, model.column_of(field)), panel.table.selectionModel().SelectionFlag.Select
        )
    qtbot.keyClick(panel.table, Key.Key_Delete)
    first = session.teachers()[0]
    assert (first.name, first.sex, first.serial) == ("", "", 1)
    session.undo()
    assert (session.teachers()[0].name, session.teachers()[0].sex) == ("王芳", "女")


def test_removing_asks_nothing_and_offers_undo(panel: RosterPanel, session: Session, qtbot: QtBot) -> None:
    panel.table.selectRow(1)
    with qtbot.waitSignal(session.undoable) as told:
        panel.remove_selected()
    assert "李娜" in told.args[0] and len(session.teachers()) == 5
    session.undo()
    assert names(session)[1] == "李娜"


@pytest.mark.parametrize(
    ("chosen", "step", "after"),
    [
        ([1], -1, [1, 0, 2, 3, 4, 5]),
        ([1], 1, [0, 2, 1, 3, 4, 5]),
        ([0], -1, [0, 1, 2, 3, 4, 5]),
        ([5], 1, [0, 1, 2, 3, 4, 5]),
        ([1, 2], 1, [0, 3, 1, 2, 4, 5]),
        ([1, 3], -1, [1, 3, 0, 2, 4, 5]),
        ([1, 3], 1, [0, 2, 4, 1, 3, 5]),
    ],
)
def test_moving_keeps_the_block_together(
    panel: RosterPanel, session: Session, chosen: list[int], step: int, after: list[int]
) -> None:
    before = [teacher.id for teacher in session.teachers()]
    flags = panel.table.selectionModel().SelectionFlag
    panel.table.clearSelection()
    for row in chosen:
        panel.table.selectionModel().select(model_of(panel).index(row, 0), flags.Select | flags.Rows)
    panel.move_selected(step)
    assert [teacher.id for teacher in session.teachers()] == [before[place] for place in after]


def test_moving_in_a_sorted_view_says_why_not(panel: RosterPanel, session: Session, qtbot: QtBot) -> None:
    panel.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    panel.table.selectRow(1)
    before = names(session)
    with qtbot.waitSignal(session.message):
        panel.move_selected(1)
    assert names(session) == before


def test_scope_by_the_menu(panel: RosterPanel, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    panel.table.selectRow(3)
    menu = panel.context_menu()
    out = menu.findChild(QMenu, "excludeMenu")
    assert out is not None
    next(entry for entry in out.actions() if entry.text() == "退休").trigger()
    fourth = session.teachers()[3]
    assert (fourth.choice, fourth.choice_reason) == ("out", "退休")
    panel.readmit()
    assert session.teachers()[3].choice == ""
    monkeypatch.setattr(roster_commands, "ask_reason", lambda *_: "等补页")
    panel.hold()
    assert (session.teachers()[3].choice, session.teachers()[3].choice_reason) == ("hold", "等补页")
    monkeypatch.setattr(roster_commands, "ask_reason", lambda *_: None)
    panel.exclude()
    assert session.teachers()[3].choice == "hold"


def test_the_menu_key_opens_the_menu_at_the_row(panel: RosterPanel, qtbot: QtBot) -> None:
    panel.table.selectRow(2)
    here = QPoint(1, 1)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, here, here)
    with qtbot.waitSignal(panel.table.menu_wanted) as asked:
        panel.table.contextMenuEvent(event)
    place = panel.table.viewport().mapFromGlobal(asked.args[0])
    assert panel.table.indexAt(place).row() == 2
    menu = panel.findChild(QMenu, "rosterMenu")
    assert menu is not None
    menu.hide()


def test_the_menu_moves_a_teachers_pages_elsewhere(
    panel: RosterPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1 王芳 has all her pages, 2 李娜 none: hers are asked about in the order of the slots."""
    asked: list[list[str | None]] = []
    monkeypatch.setattr(
        panel_module,
        "move_elsewhere",
        lambda _panel, _session, pages: asked.append([page.slot for page in pages]),
    )
    panel.table.selectRow(0)
    moving = panel.context_menu().findChild(QAction, "menuMovePages")
    assert moving is not None and moving.isEnabled()
    moving.trigger()
    assert asked == [["cover", "text", "remarks"]]
    panel.table.selectRow(1)
    moving = panel.context_menu().findChild(QAction, "menuMovePages")
    assert moving is not None and not moving.isEnabled()


def test_a_certificate_is_removed_from_the_full_table(panel: RosterPanel, session: Session) -> None:
    panel.set_wide(True)
    go_to(panel, 3, "kind")
    entry = next(entry for entry in panel.context_menu().actions() if entry.text() == "删除这本证书")
    entry.trigger()
    assert [held.kind for held in session.teachers()[2].certificates] == ["高级中学"]


def test_read_only_the_menu_offers_nothing(panel: RosterPanel, collection: Collection) -> None:
    panel.table.selectRow(1)
    collection.read_only = True
    assert not any(entry.isEnabled() for entry in panel.context_menu().actions() if entry.text())


def test_a_new_teacher_is_typed_at_once(panel: RosterPanel, session: Session, qtbot: QtBot) -> None:
    panel.search.setText("zs")
    panel.filter.choose(State.DONE)
    panel.add_teacher()
    assert session.current == session.teachers()[6].id
    editor(panel).setText("孙七")
    commit(panel, qtbot)
    assert names(session)[6] == "孙七"


def drop(panel: RosterPanel, mime: QMimeData, row: int) -> None:
    table = panel.table
    point = table.visualRect(model_of(panel).index(row, 1)).center()
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(point, copy, mime, left, none)
    table.dragEnterEvent(enter)
    assert enter.isAccepted()
    table.dropEvent(QDropEvent(QPointF(point), copy, mime, left, none))


def test_pages_dropped_on_a_teacher_fill_the_gaps(panel: RosterPanel, session: Session, qtbot: QtBot) -> None:
    first, second = session.teachers()[:2]
    remarks = next(page for page in first.pages() if page.slot == "remarks")
    with qtbot.waitSignal(session.undoable) as told:
        drop(panel, carrying_pages([remarks.id]), 1)
    assert "1 页" in told.args[0] and "李娜" in told.args[0]
    assert [page.slot for page in session.teachers()[1].pages()] == ["remarks"]
    assert second.id == session.teachers()[1].id


def test_pages_dropped_where_nothing_is_missing_stay(
    panel: RosterPanel, session: Session, qtbot: QtBot
) -> None:
    first = session.teachers()[0]
    before = [page.id for page in first.pages()]
    with qtbot.waitSignal(session.message) as told:
        drop(panel, carrying_pages(before[:1]), 0)
    assert "没有缺页" in told.args[0]
    assert [page.id for page in session.teachers()[0].pages()] == before


def test_files_dropped_on_a_teacher_go_to_that_teacher(
    panel: RosterPanel, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    for name in ("封面.png", "看不出.png"):
        Image.new("RGB", (60, 80), "white" if name == "封面.png" else "grey").save(tmp_path / name)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("封面.png", "看不出.png")])
    with qtbot.waitSignal(session.undoable) as told:
        drop(panel, mime, 1)
    second = session.teachers()[1]
    assert session.current == second.id
    assert [page.slot for page in second.pages()] == ["cover"]
    assert len(session.tray()) == 1 and "待归位" in told.args[0]


def test_going_to_a_finding_in_the_full_table(panel: RosterPanel, session: Session) -> None:
    third = session.teachers()[2]
    panel.set_wide(True)
    session.request_focus(
        Finding("x", Severity.ERROR, "", third.id, 3, third.certificates[1].id, 1, field="number")
    )
    index = panel.table.currentIndex()
    assert (index.row(), model_of(panel).columns[index.column()].id) == (3, "number")
    session.request_focus(Finding("x", Severity.ERROR, "", third.id, 3, field="cover"))
    assert not panel.wide


def test_an_empty_roster_says_what_to_do(panel: RosterPanel, session: Session) -> None:
    words = panel.table.viewport().findChild(QLabel, "rosterEmpty")
    assert words is not None and not words.isVisible()
    panel.search.setText("没有这个人")
    assert words.isVisible() and "没有找到“没有这个人”" in words.text()
    panel.search.clear()
    session.act(acts.remove_teachers, [teacher.id for teacher in session.teachers()])
    assert words.isVisible() and "导入名册" in words.text()
    session.undo()
    assert not words.isVisible()
