"""名册与清单: each list is seen before it leaves the program, and what leaves is what was seen."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QDate, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog, QPrintPreviewWidget
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QFrame,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection, create_collection
from certclerk.core.notice import Notice
from certclerk.core.records import Filing
from certclerk.core.roster_list import RosterList
from certclerk.core.roster_sheet import as_proposed
from certclerk.core.signature import Signature, signature
from certclerk.gui.lists.dialog import ListsDialog
from certclerk.gui.lists.model import ListModel
from certclerk.gui.lists.pages import PAGES
from certclerk.gui.session import Session
from certclerk.jobs import acts, counter, import_roster
from certclerk.jobs.roster_lists import ListKind, Source, roster_list

from .conftest import Asked, complete

W = TypeVar("W", bound=QWidget)
Opened = Callable[[ListKind], ListsDialog]


@pytest.fixture
def opened(qtbot: QtBot, session: Session) -> Opened:
    def open_dialog(kind: ListKind) -> ListsDialog:
        dialog = ListsDialog(session, kind)
        qtbot.addWidget(dialog)
        dialog.resize(1180, 600)
        dialog.show()
        qtbot.waitUntil(lambda: not session.runner.busy)
        return dialog

    return open_dialog


@pytest.fixture
def empty(tmp_path: Path, quanzhou: Notice) -> Iterator[Session]:
    with create_collection(tmp_path / "空.certclerk", quanzhou, Filing("泉州第一中学")) as made:
        session = Session(made)
        yield session
        session.runner.close()


def find(dialog: QWidget, kind: type[W], name: str) -> W:
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def press(dialog: QWidget, name: str) -> None:
    find(dialog, QPushButton, name).click()


def said(dialog: QWidget) -> str:
    return str(find(dialog, QFrame, "listBanner").text())


def cells(dialog: QWidget) -> list[list[str]]:
    model = find(dialog, QTableView, "listTable").model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def ticks(dialog: QWidget) -> list[Any]:
    model = find(dialog, QTableView, "listTable").model()
    role = Qt.ItemDataRole.CheckStateRole
    values = [model.index(row, 0).data(role) for row in range(model.rowCount())]
    return [None if value is None else Qt.CheckState(value) is Qt.CheckState.Checked for value in values]


def choose(dialog: QWidget, *rows: int) -> None:
    table = find(dialog, QTableView, "listTable")
    table.clearSelection()
    for row in rows:
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        table.selectionModel().select(table.model().index(row, 0), flags)
    table.selectionModel().setCurrentIndex(
        table.model().index(rows[-1], 1), QItemSelectionModel.SelectionFlag.NoUpdate
    )


def test_the_lists_are_one_key_apart(opened: Opened, qtbot: QtBot) -> None:
    dialog = opened(ListKind.AUDIT)
    assert find(dialog, QLabel, "listTitle").text() == "摸底审核表"
    choice = find(dialog, QListWidget, "listChoice")
    qtbot.keyClick(choice, Qt.Key.Key_Down)
    assert find(dialog, QLabel, "listTitle").text() == "催交名单"
    assert [choice.item(row).text() for row in range(choice.count())] == [page.name for page in PAGES]


@pytest.mark.parametrize("kind", list(ListKind))
def test_every_list_is_saved_as_it_is_shown(
    kind: ListKind, opened: Opened, file_dialogs: Asked, tmp_path: Path, qtbot: QtBot, session: Session
) -> None:
    dialog = opened(kind)
    for button, name, start in (
        ("savePdfButton", "单.pdf", b"%PDF"),
        ("saveWorkbookButton", "单.xlsx", b"PK"),
    ):
        # The suffix that the clerk left out is added.
        file_dialogs.answer = (tmp_path / Path(name).stem,)
        press(dialog, button)
        qtbot.waitUntil(lambda: not session.runner.busy)
        assert (tmp_path / name).read_bytes().startswith(start)
        assert said(dialog) == f"已存为 {tmp_path / name}"
        assert find(dialog, QPushButton, "openFileButton").isVisible()
    assert file_dialogs.questions[0].start is not None
    assert file_dialogs.questions[0].start.name.endswith("_泉州第一中学.pdf")


def test_what_cannot_be_saved_says_why(
    opened: Opened, file_dialogs: Asked, tmp_path: Path, qtbot: QtBot, session: Session
) -> None:
    dialog = opened(ListKind.CHASE)
    file_dialogs.answer = (tmp_path / "没有" / "单.pdf",)
    press(dialog, "savePdfButton")
    qtbot.waitUntil(lambda: not session.runner.busy)
    assert said(dialog).startswith("找不到")
    assert not find(dialog, QPushButton, "openFileButton").isVisible()


def test_a_cancelled_file_dialog_saves_nothing(opened: Opened, file_dialogs: Asked, session: Session) -> None:
    dialog = opened(ListKind.CHASE)
    before = said(dialog)
    press(dialog, "savePdfButton")
    assert not session.runner.busy
    assert (said(dialog), len(file_dialogs.questions)) == (before, 1)


def test_the_export_is_proven_and_comes_back(
    opened: Opened, file_dialogs: Asked, tmp_path: Path, qtbot: QtBot, session: Session
) -> None:
    dialog = opened(ListKind.ROSTER)
    assert said(dialog) == "共 6 位教师，7 本证书。已读回核对，再导入时一项不少。"
    assert [row[1] for row in cells(dialog)] == [
        "王芳",
        "李娜",
        "张三",
        "张三",
        "阿依古丽·买买提",
        "䶮一鸣",
        "陈明",
    ]
    file_dialogs.answer = (tmp_path / "名册.xlsx",)
    press(dialog, "saveWorkbookButton")
    qtbot.waitUntil(lambda: not session.runner.busy)
    reading = import_roster.best_reading(import_roster.read(tmp_path / "名册.xlsx"), session.notice)
    assert reading.proposal.teachers == tuple(map(as_proposed, session.teachers()))


def test_what_would_be_lost_is_told_before(session: Session, opened: Opened) -> None:
    acts.set_teacher_field(session.collection, session.teachers()[1].id, "note", "#N/A")
    dialog = opened(ListKind.ROSTER)
    assert "再导入时有 1 位教师会与现在不同" in said(dialog)
    press(dialog, "copyTextButton")
    assert QGuiApplication.clipboard().text() == "第 2 号李娜：备注再导入时会不同。"
    assert find(dialog, QPushButton, "saveWorkbookButton").isEnabled()


def test_the_template_is_empty(
    opened: Opened, file_dialogs: Asked, tmp_path: Path, qtbot: QtBot, session: Session
) -> None:
    dialog = opened(ListKind.TEMPLATE)
    assert ["身份证号码", "必填，18 位，末位可以是 X。"] in cells(dialog)
    file_dialogs.answer = (tmp_path / "模板.xlsx",)
    press(dialog, "saveWorkbookButton")
    qtbot.waitUntil(lambda: not session.runner.busy)
    assert load_workbook(io.BytesIO((tmp_path / "模板.xlsx").read_bytes()))["名册"].max_row == 1
    press(dialog, "copyTextButton")
    assert "证书号码：必填，17 位数字。" in QGuiApplication.clipboard().text()


def test_the_chase_is_copied_as_the_clerk_changed_it(opened: Opened) -> None:
    dialog = opened(ListKind.CHASE)
    assert said(dialog) == "5 位教师还有材料没有交齐。"
    text = find(dialog, QPlainTextEdit, "listText")
    assert "1. 李娜：封面、内页、备注页" in text.toPlainText()
    text.setPlainText("改过的话")
    press(dialog, "copyTextButton")
    assert QGuiApplication.clipboard().text() == "改过的话"
    assert said(dialog).startswith("文字已复制")


def test_the_chase_waits_for_the_findings(
    collection: Collection, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a large roster they take a while: nobody is to be told meanwhile that nothing is owed."""
    monkeypatch.setattr("certclerk.gui.session.CHECKED_AT_ONCE", 0)
    session = Session(collection)
    dialog = ListsDialog(session, ListKind.CHASE)
    qtbot.addWidget(dialog)
    dialog.show()
    assert find(dialog, QLabel, "listEmpty").text() == said(dialog) == "正在检查名册，请稍候…"
    assert not find(dialog, QPushButton, "printButton").isEnabled()
    qtbot.waitUntil(lambda: session.settled)
    assert said(dialog) == "5 位教师还有材料没有交齐。"
    assert find(dialog, QTableView, "listTable").isVisible()
    session.runner.close()


def test_nobody_to_chase_is_said_and_nothing_offered(session: Session, opened: Opened) -> None:
    for teacher in session.teachers()[1:]:
        complete(session.collection, teacher.id)
    dialog = opened(ListKind.CHASE)
    shown = find(dialog, QLabel, "listEmpty")
    assert (shown.isVisible(), shown.text()) == (True, "没有需要催交的教师。")
    assert not find(dialog, QPlainTextEdit, "listText").isVisible()
    for name in ("printButton", "savePdfButton", "saveWorkbookButton"):
        assert not find(dialog, QPushButton, name).isEnabled()


@pytest.mark.parametrize("kind", [ListKind.ROSTER, ListKind.AUDIT, ListKind.CHASE, ListKind.SIGNATURES])
def test_without_teachers_every_list_says_so(kind: ListKind, empty: Session, qtbot: QtBot) -> None:
    dialog = ListsDialog(empty, kind)
    qtbot.addWidget(dialog)
    dialog.show()
    assert find(dialog, QLabel, "listEmpty").isVisible()
    assert not find(dialog, QPushButton, "saveWorkbookButton").isEnabled()


def test_the_list_follows_the_collection(session: Session, opened: Opened) -> None:
    dialog = opened(ListKind.AUDIT)
    assert said(dialog) == "共 6 人：纳入 6 人，待定 0 人，暂缓 0 人，不纳入 0 人。"
    acts.set_scope(session.collection, [session.teachers()[0].id], "out", "退休")
    assert said(dialog) == "共 6 人：纳入 5 人，待定 0 人，暂缓 0 人，不纳入 1 人。"
    assert ["不纳入", "退休", "1", "1 王芳"] in cells(dialog)


def test_an_unprintable_name_is_told(session: Session, opened: Opened) -> None:
    acts.set_teacher_field(session.collection, session.teachers()[1].id, "name", "李\ue123")
    assert "没有“\ue123”的字形" in said(opened(ListKind.AUDIT))
    exported = said(opened(ListKind.ROSTER))
    assert "一项不少" in exported and "没有“\ue123”的字形" in exported


# 本人核对表


def states(session: Session) -> list[Signature]:
    return [signature(teacher) for teacher in session.teachers()]


def test_space_and_the_mouse_tick_a_signature_with_its_day(
    session: Session, opened: Opened, qtbot: QtBot
) -> None:
    """
    ☐ 1 王芳
    ☑ 2 李娜         2024-05-06
    ☑ 3 张三         2024-05-06
      3 张三 (second certificate)
    """
    dialog = opened(ListKind.SIGNATURES)
    find(dialog, QDateEdit, "signedOnField").setDate(QDate(2024, 5, 6))
    table = find(dialog, QTableView, "listTable")
    choose(dialog, 1)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    box = table.visualRect(table.model().index(2, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=box)
    assert ticks(dialog)[:4] == [False, True, True, None]
    assert [teacher.signed_on for teacher in session.teachers()[:3]] == ["", "2024-05-06", "2024-05-06"]
    assert said(dialog) == "共 6 人：已核对 2 人，未核对 4 人。"
    choose(dialog, 1)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert ticks(dialog)[1] is False
    assert session.collection.undo() == "取消本人核对"


def test_dragging_over_ticks_chooses_and_does_not_tick(
    session: Session, opened: Opened, qtbot: QtBot
) -> None:
    dialog = opened(ListKind.SIGNATURES)
    table = find(dialog, QTableView, "listTable")
    first, second = (table.visualRect(table.model().index(row, 0)).center() for row in (0, 1))
    qtbot.mousePress(table.viewport(), Qt.MouseButton.LeftButton, pos=first)
    qtbot.mouseRelease(table.viewport(), Qt.MouseButton.LeftButton, pos=second)
    assert states(session)[:2] == [Signature.NONE] * 2


def test_a_signature_that_cannot_be_kept_is_told(session: Session, opened: Opened) -> None:
    dialog = opened(ListKind.SIGNATURES)
    choose(dialog, 0)
    session.collection.read_only = True
    press(dialog, "signButton")
    assert "只读" in said(dialog)


def test_several_are_signed_and_withdrawn_at_once(session: Session, opened: Opened) -> None:
    dialog = opened(ListKind.SIGNATURES)
    sign, withdraw = (find(dialog, QPushButton, name) for name in ("signButton", "withdrawButton"))
    assert (sign.isEnabled(), withdraw.isEnabled()) == (False, False)
    choose(dialog, 0, 1, 3)
    assert (sign.isEnabled(), withdraw.isEnabled()) == (True, False)
    sign.click()
    assert states(session) == [Signature.HELD] * 3 + [Signature.NONE] * 3
    assert session.collection.undo_label == "本人已核对"
    assert (sign.isEnabled(), withdraw.isEnabled()) == (False, True)
    withdraw.click()
    assert states(session) == [Signature.NONE] * 6


def test_a_row_that_changed_is_shown_and_signed_anew(session: Session, opened: Opened) -> None:
    first = session.teachers()[0].id
    acts.sign(session.collection, [first], date(2024, 5, 6))
    acts.set_teacher_field(session.collection, first, "name", "王芬")
    dialog = opened(ListKind.SIGNATURES)
    assert (ticks(dialog)[0], cells(dialog)[0][-2]) == (False, "核对后有改动")
    assert said(dialog).endswith("核对后又有改动 1 人。")
    table = find(dialog, QTableView, "listTable")
    tip = table.model().index(0, len(cells(dialog)[0]) - 2).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("2024-05-06 核对")
    choose(dialog, 0)
    press(dialog, "signButton")
    assert (ticks(dialog)[0], cells(dialog)[0][-2]) == (True, "已核对")


def test_only_those_who_have_yet_to_sign(session: Session, opened: Opened) -> None:
    acts.sign(session.collection, [session.teachers()[0].id], date(2024, 5, 6))
    dialog = opened(ListKind.SIGNATURES)
    find(dialog, QCheckBox, "openOnlyCheck").click()
    assert cells(dialog)[0][1] == "李娜"
    choose(dialog, 0)
    press(dialog, "signButton")
    assert cells(dialog)[0][1] == "张三"


def test_the_bar_belongs_to_the_signatures_alone(opened: Opened) -> None:
    dialog = opened(ListKind.AUDIT)
    assert not find(dialog, QDateEdit, "signedOnField").isVisible()
    assert set(ticks(dialog)) == {None}


def test_nothing_is_signed_in_a_collection_that_is_read_only(
    collection: Collection, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(collection)
    monkeypatch.setattr(collection, "read_only", True)
    dialog = ListsDialog(session, ListKind.SIGNATURES)
    qtbot.addWidget(dialog)
    dialog.show()
    choose(dialog, 0)
    assert not find(dialog, QPushButton, "signButton").isEnabled()
    qtbot.keyClick(find(dialog, QTableView, "listTable"), Qt.Key.Key_Space)
    assert states(session)[0] is Signature.NONE
    session.runner.close()


def test_the_model_keeps_its_promises(session: Session, quanzhou: Notice) -> None:
    model = ListModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for kind in ListKind:
        source = Source(session.roster(), quanzhou, session.findings(), date(2024, 5, 6))
        signers = {teacher.id: teacher for teacher in session.teachers()}
        model.show_list(roster_list(kind, source), signers if kind is ListKind.SIGNATURES else None)
    shorter = replace(session.roster(), teachers=session.teachers()[:2])
    model.show_list(roster_list(ListKind.ROSTER, Source(shorter, quanzhou, (), date(2024, 5, 6))))
    assert (model.rowCount(), tester.model()) == (2, model)


def test_the_view_starts_over_only_where_rows_come_or_go(
    session: Session, quanzhou: Notice, qtbot: QtBot
) -> None:
    def audited(choice: str, reason: str) -> RosterList:
        first = replace(session.teachers()[0], choice=choice, choice_reason=reason)
        roster = replace(session.roster(), teachers=(first, *session.teachers()[1:]))
        return roster_list(ListKind.AUDIT, Source(roster, quanzhou, (), date(2024, 5, 6)))

    model = ListModel()
    model.show_list(audited("", ""))
    with qtbot.waitSignal(model.modelReset):
        model.show_list(audited("out", "退休"))
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.show_list(audited("out", "调离"))


# Printing


def test_the_preview_shows_the_pages_that_will_be_printed(
    opened: Opened, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = opened(ListKind.SIGNATURES)
    press(dialog, "printButton")
    preview = find(dialog, QPrintPreviewDialog, "printPreview")
    shown = preview.findChild(QPrintPreviewWidget)
    qtbot.waitUntil(lambda: shown is not None and shown.pageCount() == 1)
    printer = preview.printer()
    assert printer.pageLayout().orientation().name == "Landscape"
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "印.pdf"))
    preview.paintRequested.emit(printer)
    assert (tmp_path / "印.pdf").read_bytes().startswith(b"%PDF")
    preview.close()


@pytest.mark.qt_log_ignore("QPainter::begin", "QPdf")
def test_a_printer_that_does_not_print_is_told(opened: Opened, tmp_path: Path) -> None:
    dialog = opened(ListKind.AUDIT)
    press(dialog, "printButton")
    preview = find(dialog, QPrintPreviewDialog, "printPreview")
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "没有" / "印.pdf"))
    preview.paintRequested.emit(printer)
    preview.close()
    assert said(dialog).startswith("打印机没有接受“教师资格证书摸底审核表”")


def test_everything_has_a_name(opened: Opened) -> None:
    dialog = opened(ListKind.SIGNATURES)
    for kind in (QPushButton, QDateEdit, QCheckBox, QPlainTextEdit, QListWidget, QTableView):
        for widget in dialog.findChildren(kind):
            if widget.objectName().startswith("qt_") or widget.parent() is None:
                continue
            assert widget.objectName(), widget
            assert widget.accessibleName(), widget.objectName()


def test_words_that_the_clerk_changed_stay_while_the_list_is_the_same(
    opened: Opened, session: Session
) -> None:
    dialog = opened(ListKind.CHASE)
    text = find(dialog, QPlainTextEdit, "listText")
    text.insertPlainText("请于周五前")
    mine = text.toPlainText()
    assert "请于周五前" in mine
    session.act(acts.set_teacher_field, session.teachers()[0].id, "note", "年级长")
    assert text.toPlainText() == mine
    session.act(acts.set_filing, replace(session.filing(), clerk="王五"))
    assert "王五" in text.toPlainText()


def test_choosing_several_rows_ticks_none(opened: Opened, session: Session, qtbot: QtBot) -> None:
    dialog = opened(ListKind.SIGNATURES)
    table = find(dialog, QTableView, "listTable")
    for row, modifier in ((0, Qt.KeyboardModifier.ShiftModifier), (2, Qt.KeyboardModifier.ControlModifier)):
        at = table.visualRect(table.model().index(row, 0)).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, modifier, at)
    assert not any(teacher.signed_on for teacher in session.teachers())
    at = table.visualRect(table.model().index(0, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert session.teachers()[0].signed_on


# 收还证签收表


def test_booklets_are_listed_to_sign_and_those_not_here_asked_for(session: Session, opened: Opened) -> None:
    wang = session.teachers()[0]
    session.act(counter.receive, [wang.certificates[0].id], date(2026, 3, 2))
    dialog = opened(ListKind.CUSTODY)
    assert said(dialog) == "共 7 本：未收 6 本，在手 1 本，已还 0 本。"
    table = find(dialog, QTableView, "listTable").model()
    assert table.index(0, 4).data() == "2026-03-02" and table.index(1, 4).data() == ""
    text = find(dialog, QPlainTextEdit, "listText")
    assert text.isVisible()
    request, *asked = text.toPlainText().splitlines()
    assert "交给王五（22138813）" in request and len(asked) == 5
    assert asked[0] == "1. 李娜：高级中学" and asked[1] == "2. 张三：高级中学、初级中学"
    assert not any(teacher.id_number in text.toPlainText() for teacher in session.teachers())
    press(dialog, "copyTextButton")
    assert QGuiApplication.clipboard().text() == text.toPlainText()
    session.act(
        counter.receive,
        [each.id for other in session.teachers() for each in other.certificates],
        date(2026, 3, 3),
    )
    assert said(dialog) == "共 7 本：未收 0 本，在手 7 本，已还 0 本。"
    assert text.isHidden() and find(dialog, QPushButton, "copyTextButton").isHidden()


def test_the_receipt_sheet_is_saved_as_a_table_and_as_a_pdf(
    session: Session, opened: Opened, qtbot: QtBot, tmp_path: Path, file_dialogs: Asked
) -> None:
    dialog = opened(ListKind.CUSTODY)
    for name, suffix in (("saveWorkbookButton", ".xlsx"), ("savePdfButton", ".pdf")):
        file_dialogs.answer = (tmp_path / f"签收表{suffix}",)
        press(dialog, name)
        qtbot.waitUntil((tmp_path / f"签收表{suffix}").exists)
        qtbot.waitUntil(lambda: not session.runner.busy)
    sheet = load_workbook(tmp_path / "签收表.xlsx").active
    heads = [cell.value for row in sheet.iter_rows() for cell in row]
    assert {"交证人签名", "领回人签名"} <= set(heads)
    assert (tmp_path / "签收表.pdf").read_bytes().startswith(b"%PDF")
