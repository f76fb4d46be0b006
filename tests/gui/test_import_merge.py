"""The merge page of the import wizard: what it shows, how it is decided and ticked, what it takes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QToolButton,
    QWidget,
)

from certclerk.core.fields import CERTIFICATE_FIELDS, FIELDS, TEACHER_FIELDS
from certclerk.core.merging import merge_plan
from certclerk.core.notice import Notice
from certclerk.core.records import Teacher
from certclerk.gui.importing.merge_model import MergeModel
from certclerk.gui.importing.request import Pasted
from certclerk.gui.importing.wizard import ImportWizard
from certclerk.gui.session import Session
from certclerk.jobs.roster_preview import State

HEADS = tuple(field.title for field in FIELDS)
CHECKED, UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked
PARTIALLY = Qt.CheckState.PartiallyChecked


def rows_of(teacher: Teacher, **changed: str) -> list[str]:
    """The teacher's rows of a table as text; ``changed`` fields in all of them."""
    own = {name: str(getattr(teacher, name)) for name in TEACHER_FIELDS}
    held = [{name: str(getattr(one, name)) for name in CERTIFICATE_FIELDS} for one in teacher.certificates]
    return ["\t".join({**own, **one, **changed}[field.id] for field in FIELDS) for one in held]


def block(*rows: str) -> Pasted:
    return Pasted("\n".join(["\t".join(HEADS), *rows]))


class Driver:
    """The wizard at its merge page, by object names and keys."""

    def __init__(self, qtbot: Any, wizard: ImportWizard, session: Session) -> None:
        self.qtbot, self.wizard, self.session = qtbot, wizard, session
        self.settle()
        self.press("nextButton")
        self.settle()
        self.table: QTableView = self.find(QTableView, "mergeTable")

    def find(self, kind: type[Any], name: str) -> Any:
        found = self.wizard.findChild(kind, name)
        assert found is not None, name
        return found

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.session.runner.busy)

    def press(self, name: str, key: Qt.Key = Qt.Key.Key_Space) -> None:
        self.qtbot.keyClick(self.find(QWidget, name), key)

    def chip(self, name: str) -> str:
        return str(self.find(QToolButton, name).text())

    @property
    def lines(self) -> list[str]:
        """Every line with its tick: x, - (some), a blank, or nothing where there is none."""
        model = self.table.model()
        signs = {CHECKED: "x ", PARTIALLY: "- ", UNCHECKED: "_ ", None: ""}
        found = []
        for row in range(model.rowCount()):
            cells = [model.index(row, column) for column in range(model.columnCount())]
            state = cells[0].data(Qt.ItemDataRole.CheckStateRole)
            sign = signs[None if state is None else Qt.CheckState(state)]
            found.append(sign + " | ".join(str(cell.data()) for cell in cells))
        return found

    @property
    def can_import(self) -> bool:
        return bool(self.find(QPushButton, "nextButton").isEnabled())

    @property
    def said(self) -> str:
        return str(self.find(QFrame, "mergeBanner").text())


Open = Callable[[Pasted], Driver]


@pytest.fixture
def opened(qtbot: Any, session: Session, tmp_path: Path) -> Open:
    def open_wizard(source: Pasted) -> Driver:
        wizard = ImportWizard(session, source, tmp_path)
        qtbot.addWidget(wizard)
        wizard.show()
        return Driver(qtbot, wizard, session)

    return open_wizard


def all_rows(session: Session, **changed: dict[str, str]) -> list[str]:
    """The roster's own rows, with other values for those whose names are given."""
    return [row for one in session.teachers() for row in rows_of(one, **changed.get(one.name, {}))]


def test_the_rosters_own_rows_change_nothing(opened: Open, session: Session) -> None:
    wizard = opened(block(*all_rows(session)))
    assert wizard.chip("mergeUnchanged") == "没有变化 6"
    assert wizard.said == "表里的内容与名册完全一致，没有需要改的。"
    label = session.collection.undo_label
    wizard.press("nextButton")
    assert "名册没有改动。" in wizard.find(QFrame, "importedBanner").text()
    assert session.collection.undo_label == label


def test_what_differs_is_shown_field_by_field(opened: Open, session: Session) -> None:
    rows = all_rows(session, 王芳={"note": "返聘", "subject": ""})[:-1]
    wizard = opened(block(*rows, "99\t新来的\t男\t\t小学\t\t\t\t\t"))
    assert [wizard.chip(f"merge{state}") for state in ("All", "Changed", "New", "Missing", "Unchanged")] == [
        "全部 7",
        "有改动 1",
        "新增 1",
        "表里没有 1",
        "没有变化 4",
    ]
    wang, chen = session.teachers()[0], session.teachers()[5]
    assert wizard.lines[:5] == [
        f"- 1 王芳 | {wang.id_number} 女 高级中学语文 |  | 有改动，采用 1/2",
        "x 备注 | （空） | 返聘 | ",
        "_ 任教学科 | 语文 | （空） | 表里是空的",
        "x 新来的 |  | 无身份证号码 男 小学 | 新增",
        f"_ 6 陈明 | {chen.id_number} 男 高级中学化学 |  | 表里没有，勾选则设为不纳入",
    ]
    assert wizard.said.startswith("将采用打勾的 2 处")


def test_a_certificate_beyond_the_table_is_told_of(opened: Open, session: Session) -> None:
    zhang = session.teachers()[2]
    rows = all_rows(session)
    rows.remove(rows_of(zhang)[1])
    wizard = opened(block(*rows))
    assert wizard.lines[2].endswith("没有变化；另有 1 本证书，保留")


def test_ticks_by_keyboard_one_by_one_for_a_person_and_for_a_field(opened: Open, session: Session) -> None:
    changes = {"note": "返聘", "subject": "科学"}
    wizard = opened(block(*all_rows(session, 王芳=changes, 李娜=changes)))
    assert wizard.table.currentIndex().row() == 0
    wizard.press("mergeTable", Qt.Key.Key_Down)
    wizard.press("mergeTable")
    assert [line[0] for line in wizard.lines[:6]] == ["-", "_", "x", "x", "x", "x"]
    wizard.press("mergeTable", Qt.Key.Key_Up)
    wizard.press("mergeTable")
    assert [line[0] for line in wizard.lines[:3]] == ["x", "x", "x"]
    wizard.press("mergeTable")
    assert [line[0] for line in wizard.lines[:3]] == ["_", "_", "_"]
    wizard.press("mergeTable", Qt.Key.Key_Return)
    assert wizard.table.currentIndex().row() == 3
    group = wizard.find(QCheckBox, "groupCheck备注")
    assert (group.text(), group.checkState()) == ("备注 1/2", PARTIALLY)
    group.setFocus()
    wizard.press("groupCheck备注")
    assert (group.text(), group.checkState()) == ("备注 2/2", CHECKED)
    wizard.press("groupCheck备注")
    assert group.checkState() == UNCHECKED
    wizard.press("nextButton")
    wang, li = session.teachers()[:2]
    assert [(one.note, one.certificates[0].subject) for one in (wang, li)] == [("", "语文"), ("", "科学")]


def test_ticks_by_mouse_where_they_are_painted(opened: Open, session: Session, qtbot: Any) -> None:
    wizard = opened(block(*all_rows(session, 王芳={"note": "返聘"})))
    box = wizard.table.visualRect(wizard.table.model().index(1, 0))
    beside, on = QPoint(box.left() + 6, box.center().y()), QPoint(box.left() + 32, box.center().y())
    qtbot.mouseClick(wizard.table.viewport(), Qt.MouseButton.LeftButton, pos=beside)
    assert wizard.lines[1].startswith("x 备注")
    qtbot.mouseClick(wizard.table.viewport(), Qt.MouseButton.LeftButton, pos=on)
    assert wizard.lines[1].startswith("_ 备注")


def test_a_doubt_is_decided_in_its_place_before_anything_is_imported(opened: Open, session: Session) -> None:
    li = session.teachers()[1]
    wizard = opened(block(*all_rows(session, 李娜={"id_number": "", "number": ""})))
    assert not wizard.can_import
    assert wizard.said.startswith("有 1 位不能确定")
    description = f"{li.id_number} 男 高级中学数学"
    assert wizard.lines == [
        "李娜 |  |  | 是同一个人吗？请选一项",
        f"_ 同一个人：2 李娜 | {description} | 无身份证号码 男 高级中学数学 | 姓名相同，没有身份证号码可以核对",
        "_ 另一个人 |  | 无身份证号码 男 高级中学数学 | 作为新教师添加",
    ]
    wizard.press("mergeTable", Qt.Key.Key_Down)
    wizard.press("mergeTable")
    assert wizard.can_import
    assert [line[0] for line in wizard.lines] == ["_", "x", "_", "_", "_"]
    assert wizard.table.currentIndex().row() == 1
    wizard.press("mergeTable", Qt.Key.Key_Down)
    wizard.press("mergeTable")
    assert wizard.lines[0] == "x 李娜 |  |  | 新增"
    assert (wizard.chip("mergeNew"), wizard.chip("mergeMissing")) == ("新增 1", "表里没有 1")
    wizard.press("nextButton")
    assert [teacher.name for teacher in session.teachers()][-1] == "李娜"
    assert session.teachers()[1] == li


def test_many_doubts_of_one_kind_are_decided_at_once(opened: Open, session: Session) -> None:
    names = [teacher.name for teacher in session.teachers()]
    wizard = opened(block(*(f"{place}\t{name}\t\t\t\t\t\t\t\t在岗" for place, name in enumerate(names, 1))))
    assert wizard.chip("mergeDoubtful") == "要决定 6"
    wizard.press("allSameButton")
    assert wizard.can_import
    assert (wizard.chip("mergeDoubtful"), wizard.chip("mergeChanged")) == ("要决定 0", "有改动 6")
    wizard.press("nextButton")
    assert {teacher.note for teacher in session.teachers()} == {"在岗"}


def test_chips_choose_whom_is_shown(opened: Open, session: Session) -> None:
    wizard = opened(block(*all_rows(session, 王芳={"note": "返聘"})[:-1]))
    for name, first in (
        ("mergeChanged", "x 1 王芳"),
        ("mergeMissing", "_ 6 陈明"),
        ("mergeUnchanged", "2 李娜"),
    ):
        wizard.find(QToolButton, name).setFocus()
        wizard.press(name)
        assert wizard.lines[0].startswith(first)
    wizard.press("mergeNew")
    assert wizard.lines == []


def test_a_merge_is_one_undo_and_tells_what_it_did(opened: Open, session: Session) -> None:
    before = session.roster()
    wizard = opened(block(*all_rows(session, 王芳={"note": "返聘"})[:-1]))
    wizard.press("groupCheck设为不纳入")
    wizard.press("nextButton")
    assert session.teachers()[0] == replace(before.teachers[0], note="返聘")
    assert (session.teachers()[5].choice, session.teachers()[5].choice_reason) == ("out", "新名册中没有")
    assert "已更新 1 人、设为不纳入 1 人。" in wizard.find(QFrame, "importedBanner").text()
    assert (
        wizard.find(QPlainTextEdit, "importReport").toPlainText().startswith("新增 0 人，更新 1 人（改 1 处")
    )
    wizard.press("finishButton")
    assert session.current == session.teachers()[0].id
    session.undo()
    assert session.roster() == before


def test_going_back_and_forth_keeps_the_ticks_unless_the_table_is_another(
    opened: Open, session: Session
) -> None:
    wizard = opened(block(*all_rows(session, 王芳={"note": "返聘"})))
    wizard.press("groupCheck备注")
    wizard.press("backButton")
    wizard.press("nextButton")
    wizard.settle()
    assert wizard.find(QCheckBox, "groupCheck备注").checkState() == UNCHECKED
    wizard.press("backButton")
    wizard.find(QWidget, "fieldChoiceB").setCurrentIndex(0)
    wizard.settle()
    wizard.find(QWidget, "fieldChoiceB").setCurrentIndex(2)
    wizard.settle()
    wizard.press("nextButton")
    wizard.settle()
    assert wizard.find(QCheckBox, "groupCheck备注").checkState() == CHECKED


def test_a_collection_that_cannot_be_written_keeps_the_page(opened: Open, session: Session) -> None:
    wizard = opened(block(*all_rows(session, 王芳={"note": "返聘"})))
    session.collection.read_only = True
    wizard.press("nextButton")
    assert "只读" in wizard.said
    assert wizard.table.isVisible()


def test_every_input_and_button_has_a_name_and_says_what_it_is(opened: Open, session: Session) -> None:
    wizard = opened(block(*all_rows(session, 王芳={"note": "返聘"})))
    for kind in (QPushButton, QToolButton, QCheckBox, QTableView):
        for widget in wizard.wizard.findChildren(kind):
            if widget.isVisibleTo(wizard.wizard) and not widget.objectName().startswith("qt_"):
                assert widget.objectName(), widget
                assert widget.accessibleName(), widget.objectName()
    assert wizard.find(QLabel, "pageTitle")


def test_the_model_keeps_to_the_rules_of_models(
    qtmodeltester: Any, session: Session, quanzhou: Notice
) -> None:
    model = MergeModel()
    fields = {field.id for field in FIELDS}
    model.show(merge_plan(session.teachers(), [], fields, quanzhou))
    qtmodeltester.check(model)
    assert model.rowCount() == 6
    model.show(merge_plan(session.teachers(), [], fields, quanzhou), State.NEW)
    assert model.rowCount() == 0
