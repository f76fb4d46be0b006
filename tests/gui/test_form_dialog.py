"""局里的表样 by object names: chosen, mapped, kept, used, removed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from certclerk.gui.package.form_dialog import FormDialog
from certclerk.gui.session import Session

from .conftest import Asked

Open = Callable[[], FormDialog]
HEADS = ("序号", "教师姓名", "民族", "身份证件号码", "资格类别", "证书编号")


@pytest.fixture
def form_file(tmp_path: Path) -> Path:
    book = Workbook()
    book.active.append(("某市教师资格登记表",))
    book.active.append(("填报单位：",))
    book.active.append(HEADS)
    path = tmp_path / "登记表.xlsx"
    book.save(path)
    return path


@pytest.fixture
def opened(qtbot: QtBot, session: Session) -> Open:
    def open_() -> FormDialog:
        dialog = FormDialog(session)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: not session.runner.busy)
        return dialog

    return open_


def find(dialog: FormDialog, kind: type[Any], name: str) -> Any:
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def told(dialog: FormDialog) -> str:
    return str(find(dialog, QLabel, "formBannerText").text())


def press(qtbot: QtBot, session: Session, dialog: FormDialog, name: str) -> None:
    qtbot.keyClick(find(dialog, QWidget, name), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not session.runner.busy)


def choose(qtbot: QtBot, session: Session, dialog: FormDialog, asked: Asked, path: Path) -> None:
    asked.answer = (path,)
    press(qtbot, session, dialog, "chooseFormButton")


def test_a_form_is_mapped_kept_and_found_again(
    qtbot: QtBot, session: Session, opened: Open, file_dialogs: Asked, form_file: Path
) -> None:
    dialog = opened()
    assert "程序自己的表" in told(dialog)
    choose(qtbot, session, dialog, file_dialogs, form_file)
    assert find(dialog, QSpinBox, "formHeaderRowField").value() == 3
    chosen = [find(dialog, QComboBox, f"fieldChoice{letter}").currentData() for letter in "ABCDEF"]
    assert chosen == ["serial", "name", "", "id_number", "kind", "number"]
    assert "任教学科" in told(dialog)
    press(qtbot, session, dialog, "keepFormButton")
    (kept,) = session.collection.forms()
    assert (kept.file_name, kept.data) == ("登记表.xlsx", form_file.read_bytes())
    assert dict(kept.mapping.columns) == {0: "serial", 1: "name", 3: "id_number", 4: "kind", 5: "number"}
    again = opened()
    assert "照“登记表.xlsx”填" in told(again)
    assert find(again, QComboBox, "fieldChoiceF").currentData() == "number"
    press(qtbot, session, again, "removeFormButton")
    assert session.collection.forms() == ()
    assert "程序自己的表" in told(again)


def test_the_clerk_says_what_a_column_is_for(
    qtbot: QtBot, session: Session, opened: Open, file_dialogs: Asked, form_file: Path
) -> None:
    dialog = opened()
    choose(qtbot, session, dialog, file_dialogs, form_file)
    choice = find(dialog, QComboBox, "fieldChoiceC")
    choice.setCurrentIndex(choice.findData("note"))
    press(qtbot, session, dialog, "keepFormButton")
    assert (2, "note") in session.collection.forms()[0].mapping.columns


def test_without_a_column_nothing_can_be_kept(
    qtbot: QtBot, session: Session, opened: Open, file_dialogs: Asked, tmp_path: Path
) -> None:
    book = Workbook()
    book.active.append(("通知",))
    book.save(tmp_path / "通知.xlsx")
    dialog = opened()
    choose(qtbot, session, dialog, file_dialogs, tmp_path / "通知.xlsx")
    assert not find(dialog, QPushButton, "keepFormButton").isEnabled()
    assert told(dialog) == "请指出表头在第几行。"


def test_another_kind_of_file_says_what_to_do(
    qtbot: QtBot, session: Session, opened: Open, file_dialogs: Asked, form_file: Path
) -> None:
    wrong = form_file.with_name("名册.csv")
    wrong.write_text("序号,姓名\n1,张三\n", encoding="utf-8")
    dialog = opened()
    choose(qtbot, session, dialog, file_dialogs, wrong)
    assert "另存为 .xlsx" in told(dialog)
    assert not session.collection.forms()


def test_a_form_of_counts_names_the_kinds(
    qtbot: QtBot, session: Session, opened: Open, file_dialogs: Asked, tmp_path: Path
) -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"], sheet["B2"], sheet["C2"] = "统计表", "序号", "单位名称", "资格种类"
    for column, kind in enumerate(("幼儿园", "小学", "初中", "高中"), start=3):
        sheet.cell(3, column, kind)
    for where in ("A2:A3", "B2:B3", "C2:F2"):
        sheet.merge_cells(where)
    book.save(tmp_path / "统计.xlsx")
    dialog = opened()
    find(dialog, QComboBox, "annexChoice").setCurrentIndex(1)
    choose(qtbot, session, dialog, file_dialogs, tmp_path / "统计.xlsx")
    chosen = [find(dialog, QComboBox, f"fieldChoice{letter}").currentData() for letter in "ABCDEF"]
    assert chosen == ["serial", "unit", "幼儿园", "小学", "初级中学", "高级中学"]
    press(qtbot, session, dialog, "keepFormButton")
    (kept,) = session.collection.forms()
    assert (kept.mapping.header_row, kept.mapping.header_rows) == (2, 2)
    assert io.BytesIO(kept.data).read(2) == b"PK"
