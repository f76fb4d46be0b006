"""The import wizard on real workbooks: what it shows, what stops it, what it takes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTableView,
    QWidget,
)

from certclerk.collection import create_collection
from certclerk.core.notice import Notice
from certclerk.core.records import Filing
from certclerk.gui import style
from certclerk.gui.importing.preview import FIRST_CELL, HAS_PROBLEM_ROLE, ORIGINAL_ROLE, STATUS, PreviewModel
from certclerk.gui.importing.request import Pasted
from certclerk.gui.importing.wizard import ImportWizard
from certclerk.gui.session import Session
from certclerk.jobs.roster_preview import detect, propose, read

# The offscreen platform has no window manager to tell sizes to, and says so.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

HEADS = ("序号", "姓名", "性别", "身份证号", "民族", "资格种类", "证书编号", "发证机关", "发证日期")
LOST = 350502198501010000


def row(serial: object, name: str, **changed: Any) -> list[Any]:
    values: dict[str, Any] = {
        "序号": serial,
        "姓名": name,
        "性别": "女",
        "身份证号": f"35050219850101{serial!s:0>2}2X",
        "民族": "汉",
        "资格种类": "高中",
        "证书编号": f"2013350051420000{serial!s:0>2}"[:17],
        "发证机关": "泉州市教育局",
        "发证日期": "2013.7",
    }
    return list({**values, **changed}.values())


@pytest.fixture
def roster_file(tmp_path: Path) -> Path:
    """Title, head in row 3, three teachers (one ID's digits lost), a total; a hidden sheet with one teacher."""
    return written(
        tmp_path / "名册.xlsx",
        {
            "教师名册": [
                ["泉州第一中学教师名册"],
                [],
                HEADS,
                row(1, "王　芳"),
                row(2, "李娜", 身份证号=LOST),
                row(3, "张三", 发证日期="去年"),
                ["合计", "3人"],
            ],
            "旧表": [HEADS, row(9, "陈旧")],
        },
        hidden=("旧表",),
    )


def written(path: Path, sheets: dict[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> Path:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for values in rows:
            sheet.append(list(values))
        if name in hidden:
            sheet.sheet_state = "hidden"
    workbook.save(path)
    return path


@pytest.fixture
def empty(tmp_path: Path, quanzhou: Notice) -> Iterator[Session]:
    with create_collection(tmp_path / "空.certclerk", quanzhou, Filing("泉州第一中学")) as collection:
        session = Session(collection)
        yield session
        session.runner.close()


class Driver:
    """The wizard by object names and keys, as the clerk without a mouse has it."""

    def __init__(self, qtbot: Any, wizard: ImportWizard) -> None:
        self.qtbot = qtbot
        self.wizard = wizard

    def find(self, kind: type[Any], name: str) -> Any:
        found = self.wizard.findChild(kind, name)
        assert found is not None, name
        return found

    def press(self, name: str, key: Qt.Key = Qt.Key.Key_Space) -> None:
        self.qtbot.keyClick(self.find(QWidget, name), key)

    def wait_until_shown(self) -> None:
        """Until the rows are understood and nothing is under way."""
        session = self.wizard._request.session
        self.qtbot.waitUntil(lambda: not session.runner.busy)

    @property
    def can_import(self) -> bool:
        return bool(self.find(QPushButton, "nextButton").isEnabled())

    @property
    def totals(self) -> str:
        return str(self.find(QLabel, "importTotals").text())

    @property
    def said(self) -> str:
        banner = self.find(QFrame, "importBanner")
        return str(banner.text()) if banner.isVisible() else ""

    @property
    def problems(self) -> list[str]:
        entries = self.find(QListWidget, "problemsList")
        return [entries.item(index).text() for index in range(entries.count())]

    def cell(self, row_number: int, head: str, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What stands in the sheet's row under the sheet's head; STATUS for the head 状态."""
        model = self.find(QTableView, "previewTable").model()
        numbers = [model.headerData(index, Qt.Orientation.Vertical) for index in range(model.rowCount())]
        heads = [
            model.headerData(index, Qt.Orientation.Horizontal).split("　")[-1]
            for index in range(model.columnCount())
        ]
        return model.index(numbers.index(str(row_number)), heads.index(head)).data(role)


@pytest.fixture
def opened(qtbot: Any, tmp_path: Path) -> Callable[[Session, Path | Pasted], Driver]:
    folder = tmp_path / "user"
    folder.mkdir()

    def open_wizard(session: Session, source: Path | Pasted) -> Driver:
        wizard = ImportWizard(session, source, folder)
        qtbot.addWidget(wizard)
        wizard.show()
        driver = Driver(qtbot, wizard)
        driver.wait_until_shown()
        return driver

    return open_wizard


def test_the_rows_are_shown_as_understood_and_the_totals_add_up(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    assert wizard.totals == "共 4 行 = 导入 3 + 跳过 1（合计 1） + 不能导入 0；3 名教师，1 个单元格没有采用。"
    assert wizard.cell(4, "姓名") == "王芳"
    assert wizard.cell(4, "姓名", Qt.ItemDataRole.ToolTipRole) == "原值：王　芳"
    assert wizard.cell(4, "资格种类") == "高级中学"
    assert wizard.cell(4, "发证日期") == "2013-07"
    assert wizard.cell(3, "状态") == "表头"
    assert wizard.cell(1, "序号") == "泉州第一中学教师名册"
    assert wizard.cell(7, "状态") == "跳过：合计行"
    assert "民族" in wizard.said


def test_a_cell_that_lost_digits_is_refused_in_sight(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    assert wizard.cell(5, "身份证号") == "未采用"
    assert str(LOST) in wizard.cell(5, "身份证号", Qt.ItemDataRole.ToolTipRole)
    assert wizard.cell(5, "状态") == "导入"
    assert wizard.problems[0].startswith("第 5 行（序号 2）　身份证号：")
    assert wizard.problems[1].startswith("第 6 行（序号 3）　发证日期：")
    assert wizard.problems[2:] == ["第 7 行：跳过，合计行"]


def test_choosing_a_problem_goes_to_its_cell(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    entries, table = wizard.find(QListWidget, "problemsList"), wizard.find(QTableView, "previewTable")
    entries.setFocus()
    wizard.press("problemsList", Qt.Key.Key_Down)
    wizard.press("problemsList", Qt.Key.Key_Home)
    assert table.currentIndex().data() == "未采用"
    wizard.press("problemsList", Qt.Key.Key_End)
    assert table.currentIndex().column() == STATUS
    assert table.currentIndex().data() == "跳过：合计行"


def test_import_takes_everything_in_as_one_change_and_says_what(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    wizard.press("nextButton")
    teachers = empty.teachers()
    assert [teacher.name for teacher in teachers] == ["王芳", "李娜", "张三"]
    assert teachers[1].id_number == ""
    assert teachers[1].refusals[0].original == str(LOST)
    report = wizard.find(QPlainTextEdit, "importReport").toPlainText()
    assert "导入 3 行（3 名教师），跳过 1 行（合计 1）" in report
    assert "第5行（序号2） 身份证号：没有采用" in report
    wizard.press("copyReportButton")
    assert QGuiApplication.clipboard().text() == report
    wizard.press("finishButton")
    assert empty.current == teachers[0].id
    empty.undo()
    assert empty.teachers() == ()


def test_nothing_is_changed_by_looking(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    wizard.press("cancelButton")
    assert not wizard.wizard.isVisible()
    assert empty.teachers() == ()
    assert empty.collection.undo_label == ""


def test_without_a_name_column_nothing_can_be_imported(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    choice = wizard.find(QComboBox, "fieldChoiceB")
    assert choice.accessibleName() == "B 列 姓名 导入为"
    choice.setFocus()
    wizard.press("fieldChoiceB", Qt.Key.Key_Home)
    wizard.wait_until_shown()
    assert not wizard.can_import
    assert "还没有指定“姓名”列" in wizard.said
    for _ in range(choice.findData("name")):
        wizard.press("fieldChoiceB", Qt.Key.Key_Down)
    wizard.wait_until_shown()
    assert wizard.can_import
    assert "姓名" not in wizard.said


def test_a_field_stands_at_one_column_only(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    nation = wizard.find(QComboBox, "fieldChoiceE")
    nation.setCurrentIndex(nation.findData("name"))
    wizard.wait_until_shown()
    assert wizard.find(QComboBox, "fieldChoiceB").currentData() == ""
    assert wizard.cell(4, "民族") == "汉"
    assert wizard.can_import


def test_the_wheel_never_changes_a_mapping(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    choice = wizard.find(QComboBox, "fieldChoiceB")
    turn = QWheelEvent(
        QPointF(5, 5),
        QPointF(choice.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(choice, turn)
    assert choice.currentData() == "name"


def test_a_choice_out_of_sight_is_scrolled_to_by_the_keyboard(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    wizard.wizard.resize(620, 480)
    table = wizard.find(QTableView, "previewTable")
    table.horizontalScrollBar().setValue(0)
    choice = wizard.find(QComboBox, "fieldChoiceI")
    wizard.wizard.activateWindow()
    choice.setFocus(Qt.FocusReason.TabFocusReason)
    wizard.qtbot.waitUntil(lambda: table.horizontalScrollBar().value() > 0)
    assert choice.geometry().right() <= table.horizontalHeader().width()


def test_the_tab_key_goes_through_the_choices_before_the_table(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    stop: QWidget = wizard.find(QCheckBox, "problemsOnlyCheck")
    passed = []
    while stop.objectName() != "previewTable":
        stop = stop.nextInFocusChain()
        if stop.focusPolicy() & Qt.FocusPolicy.TabFocus:
            passed.append(stop.objectName())
    assert passed == [*(f"fieldChoice{letter}" for letter in "ABCDEFGHI"), "previewTable"]


def test_a_hidden_sheet_is_marked_and_can_be_chosen(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    sheets = wizard.find(QComboBox, "sheetChoice")
    assert [sheets.itemText(index) for index in range(sheets.count())] == ["教师名册", "旧表（隐藏）"]
    sheets.setFocus()
    wizard.press("sheetChoice", Qt.Key.Key_Down)
    wizard.wait_until_shown()
    assert wizard.totals.startswith("共 1 行 = 导入 1")
    assert wizard.cell(2, "姓名") == "陈旧"


def test_the_head_can_be_another_row(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    header, table = wizard.find(QSpinBox, "headerRowField"), wizard.find(QTableView, "previewTable")
    assert header.text() == "第 3 行"
    header.setFocus()
    wizard.press("headerRowField", Qt.Key.Key_Up)
    wizard.wait_until_shown()
    assert not wizard.can_import
    table.setCurrentIndex(table.model().index(2, FIRST_CELL))
    wizard.press("headerFromRowButton")
    wizard.wait_until_shown()
    assert header.value() == 3
    assert wizard.can_import


def test_only_rows_with_problems_can_be_shown(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    wizard.find(QCheckBox, "problemsOnlyCheck").setFocus()
    wizard.press("problemsOnlyCheck")
    model = wizard.find(QTableView, "previewTable").model()
    assert [model.headerData(i, Qt.Orientation.Vertical) for i in range(model.rowCount())] == ["5", "6", "7"]


def test_a_row_becomes_the_head_by_a_click_on_its_number(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    header, table = wizard.find(QSpinBox, "headerRowField"), wizard.find(QTableView, "previewTable")
    numbers = table.verticalHeader()
    assert numbers.model().headerData(0, Qt.Orientation.Vertical, Qt.ItemDataRole.ToolTipRole) == (
        "点一下，以第 1 行为表头"
    )
    for row_number in (1, 3):
        where = QPoint(10, numbers.sectionViewportPosition(row_number - 1) + 5)
        wizard.qtbot.mouseClick(numbers.viewport(), Qt.MouseButton.LeftButton, pos=where)
        wizard.wait_until_shown()
        assert header.value() == row_number
    assert wizard.can_import


def test_what_was_read_stands_beside_what_is_understood(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    assert wizard.cell(4, "姓名", ORIGINAL_ROLE) == "王　芳"
    assert wizard.cell(4, "姓名", Qt.ItemDataRole.AccessibleTextRole) == "王芳，原值 王　芳"
    assert wizard.cell(5, "姓名", ORIGINAL_ROLE) is None
    assert wizard.cell(5, "身份证号", ORIGINAL_ROLE) == str(LOST)
    picture = wizard.find(QTableView, "previewTable").grab().toImage()
    faint = QColor(style.FAINT).rgb()
    assert any(picture.pixel(x, y) == faint for x in range(picture.width()) for y in range(picture.height()))


def test_a_mapping_is_remembered_for_the_same_heads_and_can_be_given_up(
    opened: Callable[..., Driver], empty: Session, roster_file: Path, tmp_path: Path
) -> None:
    first = opened(empty, roster_file)
    note, restore = first.find(QLabel, "recalledNote"), first.find(QPushButton, "automaticMappingButton")
    assert not note.isVisible()
    assert not restore.isVisible()
    nation = first.find(QComboBox, "fieldChoiceE")
    nation.setCurrentIndex(nation.findData("note"))
    first.wait_until_shown()
    assert restore.isVisible()
    first.press("nextButton")
    assert empty.teachers()[0].note == "汉"
    empty.undo()
    other = written(tmp_path / "又一份.xlsx", {"表": [HEADS, row(1, "陈明")]})
    again = opened(empty, other)
    assert again.find(QLabel, "recalledNote").isVisible()
    assert again.find(QComboBox, "fieldChoiceE").currentData() == "note"
    again.find(QPushButton, "automaticMappingButton").setFocus()
    again.press("automaticMappingButton")
    again.wait_until_shown()
    assert not again.find(QLabel, "recalledNote").isVisible()
    assert again.find(QComboBox, "fieldChoiceE").currentData() == ""
    again.press("nextButton")
    empty.undo()
    assert not opened(empty, other).find(QLabel, "recalledNote").isVisible()


def test_a_block_from_the_clipboard_is_imported_like_a_file(
    opened: Callable[..., Driver], empty: Session
) -> None:
    block = "\r\n".join("\t".join(map(str, cells)) for cells in (HEADS, row(1, "王　芳"), row(2, "李娜")))
    wizard = opened(empty, Pasted(block))
    assert wizard.find(QLabel, "fileName").text() == "剪贴板"
    assert wizard.totals.startswith("共 2 行 = 导入 2")
    wizard.press("nextButton")
    assert [teacher.name for teacher in empty.teachers()] == ["王芳", "李娜"]


def test_an_unreadable_file_is_told_and_another_can_be_chosen(
    opened: Callable[..., Driver], empty: Session, roster_file: Path, tmp_path: Path, file_dialogs: Any
) -> None:
    broken = tmp_path / "坏的.xlsx"
    broken.write_bytes(b"%PDF-1.4 no table")
    wizard = opened(empty, broken)
    assert "坏的.xlsx" in wizard.said
    assert not wizard.can_import
    file_dialogs.answer = (roster_file,)
    wizard.press("otherFileButton")
    wizard.wait_until_shown()
    assert wizard.can_import
    assert file_dialogs.questions[0].start == tmp_path


def test_a_sheet_without_teachers_cannot_be_imported(
    opened: Callable[..., Driver], empty: Session, tmp_path: Path
) -> None:
    wizard = opened(empty, written(tmp_path / "空表.xlsx", {"表": [HEADS]}))
    assert not wizard.can_import
    assert "没有可以导入的行" in wizard.said


def test_a_collection_that_cannot_be_written_keeps_the_page(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    empty.collection.read_only = True
    wizard.press("nextButton")
    assert "只读" in wizard.said
    assert wizard.find(QTableView, "previewTable").isVisible()


def test_every_input_and_button_has_a_name_and_says_what_it_is(
    opened: Callable[..., Driver], empty: Session, roster_file: Path
) -> None:
    wizard = opened(empty, roster_file)
    for kind in (QPushButton, QComboBox, QSpinBox, QCheckBox, QTableView, QListWidget, QPlainTextEdit):
        for widget in wizard.wizard.findChildren(kind):
            if widget.isVisibleTo(wizard.wizard) and not widget.objectName().startswith("qt_"):
                assert widget.objectName(), widget
                assert widget.accessibleName(), widget.objectName()


def test_the_model_keeps_to_the_rules_of_models(
    qtmodeltester: Any, roster_file: Path, quanzhou: Notice
) -> None:
    sheet = read(roster_file).sheets[0]
    layout = detect(sheet, quanzhou)
    model = PreviewModel()
    model.show(sheet, layout, propose(sheet, layout, quanzhou))
    qtmodeltester.check(model)
    with_problems = [
        model.number(index)
        for index in range(model.rowCount())
        if model.index(index, STATUS).data(HAS_PROBLEM_ROLE)
    ]
    assert with_problems == [5, 6, 7]
    assert [model.row_of(model.number(index)) for index in range(model.rowCount())] == list(range(7))
