"""The full table as a spreadsheet: six teachers on seven rows, the third with two certificates.

0 王芳 · 1 李娜 · 2 张三 (高级中学) · 3 张三 (初级中学) · 4 阿依古丽·买买提 · 5 䶮一鸣 · 6 陈明
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QDropEvent, QGuiApplication, QKeyEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection
from certclerk.core.notice import Notice
from certclerk.core.records import ProposedTeacher, Refusal
from certclerk.gui.mime import carrying_rows
from certclerk.gui.roster.editor import CellEditor
from certclerk.gui.roster.model import RosterModel
from certclerk.gui.roster.panel import RosterPanel
from certclerk.gui.roster.readings import reading
from certclerk.gui.roster.rows import Wish, moved
from certclerk.gui.session import Session
from certclerk.jobs import acts

Key = Qt.Key
Control, Shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> Iterator[RosterPanel]:
    made = RosterPanel(session)
    qtbot.addWidget(made)
    made.resize(1300, 500)
    made.show()
    qtbot.waitExposed(made)
    made.set_wide(True)
    made.table.setFocus()
    yield made
    made.close()


def model_of(panel: RosterPanel) -> RosterModel:
    return panel.table.roster()


def select(panel: RosterPanel, rows: tuple[int, int], first: str, last: str = "") -> None:
    """The block from the first row and field to the last, its first cell current."""
    model, chosen = model_of(panel), panel.table.selectionModel()
    chosen.setCurrentIndex(model.index(rows[0], model.column_of(first)), chosen.SelectionFlag.ClearAndSelect)
    for row in range(rows[0], rows[1] + 1):
        for column in range(model.column_of(first), model.column_of(last or first) + 1):
            chosen.select(model.index(row, column), chosen.SelectionFlag.Select)


def here(panel: RosterPanel) -> tuple[int, str]:
    index = panel.table.currentIndex()
    return index.row(), model_of(panel).columns[index.column()].id


def press(panel: RosterPanel, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(panel.table, key, modifiers)


def editor(panel: RosterPanel) -> CellEditor:
    return next(found for found in panel.table.findChildren(CellEditor) if found.isVisible())


def subjects(session: Session) -> list[str]:
    return [held.subject for teacher in session.teachers() for held in teacher.certificates]


def names(session: Session) -> str:
    return "".join(teacher.name[0] for teacher in session.teachers())


# Moving


def test_tab_visits_what_can_be_typed_and_enter_returns_to_where_the_row_began(panel: RosterPanel) -> None:
    select(panel, (0, 0), "issued")
    press(panel, Key.Key_Tab)
    assert here(panel) == (0, "note")
    press(panel, Key.Key_Tab)
    assert here(panel) == (1, "name"), "round the end, past what cannot be typed"
    press(panel, Key.Key_Backtab, Shift)
    assert here(panel) == (0, "note")
    select(panel, (2, 2), "note")
    press(panel, Key.Key_Tab)
    assert here(panel) == (3, "kind"), "a second certificate has no name of its own"
    select(panel, (4, 4), "name")
    press(panel, Key.Key_Tab)
    press(panel, Key.Key_Tab)
    press(panel, Key.Key_Return)
    assert here(panel) == (5, "name")


def test_tab_leaves_the_table_at_its_end(panel: RosterPanel) -> None:
    select(panel, (6, 6), "note")
    press(panel, Key.Key_Tab)
    assert QApplication.focusWidget() is not panel.table


@pytest.mark.parametrize(
    ("key", "modifiers", "there"),
    [
        (Key.Key_Return, NONE, (4, "subject")),
        (Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, (4, "subject")),
        (Key.Key_Return, Shift, (2, "subject")),
        (Key.Key_Down, NONE, (4, "subject")),
        (Key.Key_Left, NONE, (3, "kind")),
        (Key.Key_Home, NONE, (3, "serial")),
        (Key.Key_Home, Control, (0, "serial")),
        (Key.Key_End, Control, (6, "state")),
    ],
)
def test_keys_move(
    panel: RosterPanel, key: Qt.Key, modifiers: Qt.KeyboardModifier, there: tuple[int, str]
) -> None:
    select(panel, (3, 3), "subject")
    press(panel, key, modifiers)
    assert here(panel) == there


@pytest.mark.parametrize(
    ("key", "modifiers", "there"),
    [
        (Key.Key_Return, NONE, (2, "subject")),
        (Key.Key_Return, Shift, (0, "subject")),
        (Key.Key_Tab, NONE, (1, "number")),
        (Key.Key_Backtab, Shift, (1, "kind")),
        (Key.Key_Down, NONE, (2, "subject")),
        (Key.Key_Up, NONE, (0, "subject")),
    ],
)
def test_keys_leave_an_editor_with_what_was_typed(
    panel: RosterPanel,
    session: Session,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier,
    there: tuple[int, str],
) -> None:
    select(panel, (1, 1), "subject")
    press(panel, Key.Key_F2)
    editor(panel).setText("历史")
    QTest.keyClick(editor(panel), key, modifiers)
    assert subjects(session)[1] == "历史"
    assert here(panel) == there


# Blocks


def test_fill_down_takes_the_first_cell_and_is_one_step(panel: RosterPanel, session: Session) -> None:
    before = subjects(session)
    select(panel, (0, 3), "subject")
    press(panel, Key.Key_D, Control)
    assert subjects(session)[:4] == ["语文"] * 4
    assert session.collection.undo_label == "向下填充 3 个单元格"
    session.undo()
    assert subjects(session) == before


def test_fill_down_of_one_row_takes_what_stands_above(panel: RosterPanel, session: Session) -> None:
    select(panel, (4, 4), "sex")
    press(panel, Key.Key_D, Control)
    assert session.teachers()[3].sex == session.teachers()[2].sex, "past the second certificate's blank"
    select(panel, (0, 0), "subject")
    before = session.collection.undo_label
    press(panel, Key.Key_D, Control)
    assert session.collection.undo_label == before


@pytest.mark.parametrize("key", [Key.Key_D, Key.Key_C, Key.Key_X, Key.Key_V])
def test_the_windows_shortcuts_wait_while_the_table_has_the_keys(panel: RosterPanel, key: Qt.Key) -> None:
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, key, Control)
    asked.ignore()
    QApplication.sendEvent(panel.table, asked)
    assert asked.isAccepted()


def test_control_d_is_the_windows_in_the_short_list(panel: RosterPanel) -> None:
    panel.set_wide(False)
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, Key.Key_D, Control)
    asked.ignore()
    QApplication.sendEvent(panel.table, asked)
    assert not asked.isAccepted()


def test_control_enter_puts_the_typed_value_into_the_selection(panel: RosterPanel, session: Session) -> None:
    select(panel, (0, 4), "subject")
    press(panel, Key.Key_F2)
    editor(panel).setText("历 史")
    QTest.keyClick(editor(panel), Key.Key_Return, Control)
    assert subjects(session)[:5] == ["历史"] * 5
    assert session.collection.undo_label == "填写 5 个单元格"
    session.undo()
    assert "历史" not in subjects(session)


def typing(panel: RosterPanel, row: int, text: str) -> None:
    """A cell is open, and what is typed in it is not entered yet."""
    select(panel, (row, row), "subject")
    press(panel, Key.Key_F2)
    editor(panel).setText(text)


def test_undo_takes_back_what_is_being_typed(panel: RosterPanel, session: Session) -> None:
    typing(panel, 0, "历史")
    QTest.keyClick(editor(panel), Key.Key_Return)
    typing(panel, 3, "地理")
    session.undo()
    assert (subjects(session)[0], "地理" in subjects(session)) == ("历史", False)
    session.redo()
    assert "地理" in subjects(session)


def test_going_elsewhere_keeps_what_is_being_typed(panel: RosterPanel, session: Session) -> None:
    typing(panel, 0, "历史")
    panel.search.setText("林")
    assert subjects(session)[0] == "历史"
    panel.search.clear()
    typing(panel, 0, "地理")
    panel.set_wide(False)
    assert subjects(session)[0] == "地理"


def test_only_tab_goes_on_with_a_row(panel: RosterPanel) -> None:
    """A cell that was once come to by Tab is begun anew when it is come to in another way."""
    select(panel, (1, 1), "name")
    press(panel, Key.Key_Tab)
    row, tabbed = here(panel)
    select(panel, (0, 0), tabbed)
    press(panel, Key.Key_Return)
    press(panel, Key.Key_Return)
    assert here(panel) == (row + 1, tabbed)


def test_a_soft_line_end_stays_in_its_cell(panel: RosterPanel, session: Session) -> None:
    select(panel, (0, 0), "subject")
    count = len(session.teachers())
    paste(panel, "工作证\x0b遗失\r\n无\r\n返聘")
    assert subjects(session)[1:3] == ["无", "返聘"]
    assert len(session.teachers()) == count


def test_a_cell_that_begins_with_a_quote_is_copied_and_pasted_as_it_is(
    panel: RosterPanel, session: Session
) -> None:
    select(panel, (0, 0), "subject")
    paste(panel, '"甲\n乙')
    assert subjects(session)[:2] == ['"甲', "乙"]
    select(panel, (0, 1), "subject")
    press(panel, Key.Key_C, Control)
    select(panel, (3, 3), "subject")
    press(panel, Key.Key_V, Control)
    assert subjects(session)[3:5] == ['"甲', "乙"]


def test_what_a_spreadsheet_has_lost_is_not_pasted(
    panel: RosterPanel, session: Session, qtbot: QtBot
) -> None:
    before = [held.issued for teacher in session.teachers() for held in teacher.certificates]
    number = session.teachers()[0].id_number
    select(panel, (0, 0), "issued")
    with qtbot.waitSignal(session.message) as said:
        paste(panel, "2010.1")
    assert "没有改动；1 格的数字在原表格里已不完整" in said.args[0]
    select(panel, (0, 0), "id_number")
    with qtbot.waitSignal(session.message):
        paste(panel, "3.50502E+17")
    assert session.teachers()[0].id_number == number
    assert [held.issued for teacher in session.teachers() for held in teacher.certificates] == before
    select(panel, (0, 0), "issued")
    paste(panel, "2010.12")
    assert session.teachers()[0].certificates[0].issued == "2010-12"


def test_a_block_longer_than_what_is_listed_is_not_pasted(panel: RosterPanel, session: Session) -> None:
    panel.search.setText(session.teachers()[0].name)
    before = names(session)
    last = model_of(panel).rowCount() - 1
    select(panel, (last, last), "name")
    paste(panel, "一\n二\n三")
    assert names(session) == before


def test_cut_copies_and_clears_in_one_step(panel: RosterPanel, session: Session) -> None:
    select(panel, (0, 1), "subject")
    press(panel, Key.Key_X, Control)
    assert QGuiApplication.clipboard().text() == "语文\n数学"
    assert subjects(session)[:2] == ["", ""]
    assert session.collection.undo_label == "剪切 2 个单元格"


def paste(panel: RosterPanel, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    press(panel, Key.Key_V, Control)


def test_one_value_fills_the_whole_selection(panel: RosterPanel, session: Session) -> None:
    select(panel, (1, 4), "subject")
    paste(panel, "历史")
    assert subjects(session) == ["语文", *["历史"] * 4, "物理", "化学"]
    assert session.collection.undo_label == "粘贴 4 个单元格"


def test_a_block_is_repeated_where_it_fits_several_times(panel: RosterPanel, session: Session) -> None:
    select(panel, (0, 3), "subject")
    paste(panel, "甲\n乙")
    assert subjects(session)[:5] == ["甲", "乙", "甲", "乙", "音乐"]
    select(panel, (0, 2), "subject")
    paste(panel, "丙\n丁")
    assert subjects(session)[:4] == ["丙", "丁", "甲", "乙"], "else once, from the first cell on"


def test_a_block_goes_past_hidden_columns(panel: RosterPanel, session: Session) -> None:
    panel.table.columns.show_column("id_number", False)
    before = session.teachers()[0].id_number
    select(panel, (0, 0), "sex")
    paste(panel, "男\t初中")
    first = session.teachers()[0]
    assert (first.sex, first.certificates[0].kind, first.id_number) == ("男", "初级中学", before)


def test_select_all_and_whole_rows(panel: RosterPanel, session: Session) -> None:
    select(panel, (1, 2), "subject")
    press(panel, Key.Key_Space, Shift)
    assert panel.selected_teachers() == [teacher.id for teacher in session.teachers()[1:3]]
    assert len(panel.table.selected_cells()) == 2 * sum(
        not panel.table.isColumnHidden(place) for place in range(model_of(panel).columnCount())
    )
    press(panel, Key.Key_A, Control)
    assert len(panel.selected_teachers()) == 6


def test_read_only_no_key_changes_anything(
    panel: RosterPanel, collection: Collection, session: Session
) -> None:
    collection.read_only = True
    before = session.teachers()
    select(panel, (0, 3), "subject")
    for key in (Key.Key_D, Key.Key_X, Key.Key_V):
        press(panel, key, Control)
    press(panel, Key.Key_Delete)
    assert session.teachers() == before


# Order


@pytest.mark.parametrize(
    ("chosen", "gap", "order"),
    [
        ("a", 2, "ba"),
        ("a", 0, ""),
        ("a", 1, ""),
        ("e", 0, "eabcd"),
        ("bd", 5, "cebd"),
        ("bd", 0, "bdac"),
        ("db", 2, "dc"),
        ("abcde", 3, ""),
    ],
)
def test_a_block_into_a_gap(chosen: str, gap: int, order: str) -> None:
    found = moved([ord(letter) for letter in "abcde"], [ord(letter) for letter in chosen], gap)
    assert "".join(map(chr, found)) == order


def drop_rows(panel: RosterPanel, y: int) -> None:
    action, left = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton
    mime: QMimeData = carrying_rows()
    panel.table.dropEvent(QDropEvent(QPointF(20, y), action, mime, left, NONE))


def test_rows_are_dropped_between_teachers_and_keep_their_numbers(
    panel: RosterPanel, session: Session
) -> None:
    """李 onto the lower half of 张's first row: under all of 张's rows."""
    panel.table.selectRow(1)
    box = panel.table.visualRect(model_of(panel).index(3, 0))
    drop_rows(panel, box.top() + 5)
    assert names(session) == "王张李阿䶮陈"
    assert [teacher.serial for teacher in session.teachers()] == [1, 3, 2, 4, 5, 6]
    assert session.collection.undo_label == "调整顺序"
    session.undo()
    assert names(session) == "王李张阿䶮陈"
    panel.table.selectRow(6)
    drop_rows(panel, 2)
    assert names(session) == "陈王李张阿䶮"
    panel.table.selectRow(0)
    drop_rows(panel, panel.table.viewport().height() - 2)
    assert names(session) == "王李张阿䶮陈"


def test_sorted_rows_are_not_dragged_and_numbers_stay(
    panel: RosterPanel, session: Session, qtbot: QtBot
) -> None:
    panel.table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    before = names(session)
    point = panel.table.visualRect(model_of(panel).index(2, 0)).center()
    viewport = panel.table.viewport()
    with qtbot.waitSignal(session.message) as told:
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, NONE, point)
        QTest.mouseMove(viewport, point + QPoint(0, 60))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, NONE, point)
    assert "恢复名册顺序" in told.args[0] and names(session) == before
    with qtbot.waitSignal(session.message):
        drop_rows(panel, 2)
    assert names(session) == before
    numbers = [model_of(panel).index(row, 0).data() for row in range(7)]
    assert sorted(filter(None, numbers)) == ["1", "2", "3", "4", "5", "6"]


def test_a_number_chooses_its_row(panel: RosterPanel, session: Session) -> None:
    point = panel.table.visualRect(model_of(panel).index(4, 0)).center()
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, NONE, point)
    assert panel.selected_teachers() == [session.teachers()[3].id]
    assert len(panel.table.selected_cells()) > 5


# Columns


def test_the_clerk_chooses_columns_and_finds_them_again(panel: RosterPanel, session: Session) -> None:
    table, model = panel.table, model_of(panel)
    assert table.isColumnHidden(model.column_of("signature"))
    menu = panel.column_menu()
    ticks = {entry.objectName(): entry for entry in menu.actions() if isinstance(entry, QAction)}
    assert "column-name" not in ticks, "who it is stays"
    ticks["column-signature"].trigger()
    ticks["column-note"].trigger()
    table.setColumnWidth(model.column_of("subject"), 177)
    kept = table.columns.text()
    other = RosterPanel(session)
    other.table.columns.restore(kept)
    other.set_wide(True)
    assert not other.table.isColumnHidden(model.column_of("signature"))
    assert other.table.isColumnHidden(model.column_of("note"))
    assert other.table.columnWidth(model.column_of("subject")) == 177
    other.set_wide(False)
    assert not any(other.table.isColumnHidden(place) for place in range(5))
    other.set_wide(True)
    assert other.table.columnWidth(model.column_of("subject")) == 177
    other.table.columns.reset()
    assert other.table.isColumnHidden(model.column_of("signature"))
    other.deleteLater()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"widths": {"wide/name": "x", "wide/sex": 9}, "hidden": 3}']
)
def test_a_layout_that_cannot_be_read_is_left(panel: RosterPanel, text: str) -> None:
    before = panel.table.columnWidth(2)
    panel.table.columns.restore(text)
    assert panel.table.columnWidth(2) == before


def test_widths_survive_a_search(panel: RosterPanel) -> None:
    panel.table.setColumnWidth(2, 99)
    panel.search.setText("wf")
    panel.search.clear()
    assert panel.table.columnWidth(2) == 99


@pytest.fixture
def narrow(panel: RosterPanel) -> RosterPanel:
    """Scrolled sideways by 200 px, so that 序 and 姓名 stand in the strip."""
    panel.resize(700, 500)
    panel.table.horizontalScrollBar().setValue(200)
    return panel


def strip_of(panel: RosterPanel) -> QTableView:
    found = panel.table.findChild(QTableView, "frozenCells")
    assert isinstance(found, QTableView)
    return found


def test_names_stay_in_sight(narrow: RosterPanel) -> None:
    strip = strip_of(narrow)
    assert strip.isVisible() and strip.width() == narrow.table.columnWidth(0) + narrow.table.columnWidth(1)
    assert strip.selectionModel() is narrow.table.selectionModel()
    assert strip.horizontalScrollBar().value() == 0
    narrow.table.horizontalScrollBar().setValue(0)
    assert not strip.isVisible()


def test_a_click_on_the_strip_is_a_click_on_its_cell(narrow: RosterPanel) -> None:
    point = QPoint(narrow.table.columnWidth(0) + 10, narrow.table.rowViewportPosition(4) + 5)
    QTest.mouseClick(narrow.table.viewport(), Qt.MouseButton.LeftButton, NONE, point)
    assert here(narrow) == (4, "name")
    assert narrow.table.horizontalScrollBar().value() == 200, "nothing jumps"
    QTest.keyClick(narrow.table, Key.Key_F2)
    assert narrow.table.horizontalScrollBar().value() == 0 and editor(narrow).isVisible()


def test_the_strip_never_hides_the_current_cell(narrow: RosterPanel) -> None:
    select(narrow, (4, 4), "number")
    for _ in range(4):
        press(narrow, Key.Key_Left)
        left = narrow.table.visualRect(narrow.table.currentIndex()).left()
        assert left >= strip_of(narrow).width() or narrow.table.currentIndex().column() < 2


def test_the_strip_scrolls_in_step(narrow: RosterPanel, session: Session) -> None:
    with session.collection.change("添加") as change:
        change.add_teachers(ProposedTeacher(name=f"钱{index}") for index in range(60))
    narrow.table.executeDelayedItemsLayout()
    narrow.table.verticalScrollBar().setValue(17)
    assert strip_of(narrow).verticalScrollBar().value() == 17
    assert strip_of(narrow).rowHeight(3) == narrow.table.rowHeight(3)
    narrow.table.selectRow(40)
    assert strip_of(narrow).verticalScrollBar().value() == narrow.table.verticalScrollBar().value()


# Editors and what they understand


@pytest.mark.parametrize(
    ("field", "typed", "words", "understood"),
    [
        ("issued", "2010.9", "→ 2010-09（只到月）", True),
        ("issued", "2010年9月1日", "→ 2010-09-01", True),
        ("issued", "20100901", "→ 2010-09-01", True),
        ("issued", "2010/9/1", "→ 2010-09-01", True),
        ("issued", "40422", "→ 2010-09-01", True),
        ("issued", "去年", "不是能识别的日期，将按原文保留并列为问题", False),
        ("issued", "2010-02-30", "不是能识别的日期，将按原文保留并列为问题", False),
        ("kind", "高中", "→ 高级中学", True),
        ("kind", "高级中学教师资格", "→ 高级中学", True),
        ("kind", "校长", "不是通知里的资格种类，将按原文保留并列为问题", False),
        ("sex", "F", "→ 女", True),
        ("sex", "不详", "性别是“男”或“女”，将按原文保留并列为问题", False),
        ("name", "张 三", "→ 张三", True),
        ("id_number", "11010119900101123x", "→ 11010119900101123X", True),
    ],
)
def test_what_is_understood(quanzhou: Notice, field: str, typed: str, words: str, understood: bool) -> None:
    found = reading(field, typed, quanzhou)
    assert found is not None
    assert (found.words, found.understood) == (words, understood)


@pytest.mark.parametrize(
    ("field", "typed"), [("name", "张三"), ("kind", "高级"), ("sex", ""), ("authority", "泉州市教育局")]
)
def test_nothing_is_said_where_nothing_changes(quanzhou: Notice, field: str, typed: str) -> None:
    assert reading(field, typed, quanzhou) is None


def test_the_editor_shows_what_it_understands(panel: RosterPanel, session: Session) -> None:
    select(panel, (0, 0), "issued")
    press(panel, Key.Key_F2)
    cell = editor(panel)
    cell.selectAll()
    QTest.keyClicks(cell, "2010.9")
    words = panel.table.viewport().findChild(QLabel, "cellReading")
    assert isinstance(words, QLabel) and words.isVisible() and words.text() == "→ 2010-09（只到月）"
    assert cell.accessibleDescription() == words.text()
    QTest.keyClick(cell, Key.Key_Return)
    assert session.teachers()[0].certificates[0].issued == "2010-09"
    assert not words.isVisible()


def test_a_list_is_taken_by_keys(panel: RosterPanel, session: Session) -> None:
    select(panel, (1, 1), "kind")
    press(panel, Key.Key_F2)
    cell = editor(panel)
    QTest.keyClick(cell, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    popup = cell.completer().popup()
    assert popup.isVisible()
    QTest.keyClick(popup, Key.Key_Down)
    QTest.keyClick(popup, Key.Key_Return)
    assert session.teachers()[1].certificates[0].kind == session.notice.kinds[0].name
    assert here(panel) == (2, "kind"), "one Enter is enough"


def test_a_refused_cell_says_what_stood_there(panel: RosterPanel, session: Session) -> None:
    refusal = Refusal("id_number", "3.7E+17", "末位已丢失，请照证件重新输入")
    with session.collection.change("导入") as change:
        change.add_teachers([ProposedTeacher(name="钱一", refusals=(refusal,))])
    model = model_of(panel)
    tip = model.index(7, model.column_of("id_number")).data(Qt.ItemDataRole.ToolTipRole)
    assert "3.7E+17" in tip and "请照证件重新输入" in tip


# Teachers


def test_the_signature_column_follows_the_row(panel: RosterPanel, session: Session) -> None:
    model = model_of(panel)
    cell = model.index(0, model.column_of("signature"))
    assert cell.data() == ""
    panel.table.selectRow(0)
    panel.sign()
    assert cell.data() == f"已核对 {date.today().isoformat()}"
    acts.set_teacher_field(session.collection, session.teachers()[0].id, "name", "王方")
    assert cell.data() == "核对后有改动"
    panel.unsign()
    assert cell.data() == ""


def test_an_act_is_for_all_selected_teachers(panel: RosterPanel, session: Session) -> None:
    select(panel, (0, 2), "name")
    panel.sign()
    assert [bool(teacher.signed_on) for teacher in session.teachers()] == [True] * 3 + [False] * 3
    assert session.collection.undo_label == "本人已核对"
    session.undo()
    assert not any(teacher.signed_on for teacher in session.teachers())


# Searching


def found_words(panel: RosterPanel) -> str:
    label = panel.findChild(QLabel, "searchFound")
    assert isinstance(label, QLabel)
    return label.text() if label.isVisible() else ""


def test_f3_goes_round_those_found(panel: RosterPanel, session: Session) -> None:
    panel.find_next(1)
    assert QApplication.focusWidget() is panel.search and found_words(panel) == ""
    panel.search.setText("3")
    session.select(session.teachers()[0].id)
    assert found_words(panel) == "第 1 个，共 6 个"
    panel.find_next(1)
    assert (session.current, found_words(panel)) == (session.teachers()[1].id, "第 2 个，共 6 个")
    panel.find_next(-1)
    panel.find_next(-1)
    assert (session.current, found_words(panel)) == (session.teachers()[5].id, "第 6 个，共 6 个")
    panel.find_next(1)
    assert session.current == session.teachers()[0].id


@pytest.mark.parametrize(("step", "place"), [(1, 0), (-1, -1)])
def test_f3_starts_at_an_end_where_nobody_found_is_current(
    panel: RosterPanel, session: Session, step: int, place: int
) -> None:
    session.select(session.teachers()[0].id)
    panel.search.setText("m")
    hits = model_of(panel).teacher_ids()
    assert session.current not in hits and hits
    panel.find_next(step)
    assert session.current == hits[place]


def test_nobody_found_says_so_and_offers_everybody(panel: RosterPanel) -> None:
    panel.search.setText("没有这个人")
    assert found_words(panel) == "没有找到"
    panel.find_next(1)
    way_out = panel.findChild(QPushButton, "showAllButton")
    assert isinstance(way_out, QPushButton) and way_out.isVisible()
    way_out.click()
    assert panel.search.text() == "" and model_of(panel).rowCount() == 7


# The model is told on, and tells only what it must


def test_an_edit_tells_of_its_row_alone(panel: RosterPanel, session: Session) -> None:
    model = model_of(panel)
    panel.table.viewport().repaint()
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    acts.set_teacher_field(session.collection, session.teachers()[4].id, "note", "补证")
    assert set(told) == {(5, 5)}


@pytest.mark.parametrize("seed", range(3))
def test_qts_own_tester_follows_random_edits_and_undos(session: Session, seed: int) -> None:
    model, chance = RosterModel(session), random.Random(seed)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_wide(True)
    for _ in range(40):
        everyone = [teacher.id for teacher in session.teachers()]
        match chance.randrange(7):
            case 0:
                edits = [
                    acts.Edit(
                        teacher_id, None, chance.choice(("name", "sex", "note")), chance.choice("男甲乙")
                    )
                    for teacher_id in chance.sample(everyone, min(3, len(everyone)))
                ]
                if edits:
                    session.act(acts.edit_fields, edits, (), "填写")
            case 1:
                session.act(acts.add_teacher, chance.choice("甲乙丙"))
            case 2 if everyone:
                session.act(acts.remove_teachers, [chance.choice(everyone)])
            case 3 if everyone:
                session.act(acts.reorder, chance.sample(everyone, len(everyone)))
            case 4 if everyone:
                session.act(acts.add_certificate, chance.choice(everyone))
            case 5:
                model.set_wish(Wish(None, chance.choice(("", "w", "3", "甲"))))
            case _:
                (session.undo if chance.random() < 0.6 else session.redo)()
        for row in range(model.rowCount()):
            assert (
                model.cell(row, model.column_of("state")) is not None or model.row(model.index(row, 0)).place
            )
    assert tester.model() is model
