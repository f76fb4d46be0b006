from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from certclerk.core.errors import UserError
from certclerk.core.form import Form
from certclerk.core.printed_table import PrintedTable
from certclerk.output.form import filled_form, form_differences

from .conftest import DAY, Maker
from .forms import counts_form, roster_form

NAMES = ("王芳", "=1+1", "䶮𠮷", "阿依古丽·买买提", "陈明", "@SUM(1)")
ROSTER, COUNTS = 0, 1


def filled(maker: Maker, form: Form, annex: int, names: tuple[str, ...] = NAMES, unit: str = "") -> Worksheet:
    table = maker.plan(names, unit=unit).annexes[annex]
    data = filled_form(form, table, maker.notice.annexes[annex], maker.notice, DAY)
    assert form_differences(data, form, table, maker.notice.annexes[annex], maker.notice) == ()
    return load_workbook(io.BytesIO(data))[form.mapping.sheet]


def texts(sheet: Worksheet, row: int) -> list[object]:
    return [cell.value for cell in sheet[row]]


def test_rows_fill_the_form_and_grow_it_in_its_own_style(maker: Maker) -> None:
    sheet = filled(maker, roster_form(rows=3), ROSTER)
    assert [sheet.cell(row, 2).value for row in range(5, 11)] == list(NAMES)
    assert [sheet.cell(row, 1).value for row in range(5, 11)] == [1, 2, 3, 4, 5, 6]
    for row in range(5, 11):
        cell = sheet.cell(row, 5)
        assert (cell.value, cell.data_type, cell.number_format) == ("350502198501010011", "s", "@")
        assert (cell.font.name, cell.font.sz, cell.border.left.style) == ("楷体", 9, "thin")
        assert sheet.row_dimensions[row].height == 21
    assert {sheet.cell(row, 2).data_type for row in range(5, 11)} == {"s"}


def test_the_example_is_gone_and_what_we_have_no_word_for_is_empty(maker: Maker) -> None:
    sheet = filled(maker, roster_form(rows=3), ROSTER)
    assert [sheet.cell(row, 4).value for row in range(5, 11)] == [None] * 6


def test_what_stands_below_moves_down_whole(maker: Maker) -> None:
    sheet = filled(maker, roster_form(rows=3), ROSTER)
    assert texts(sheet, 11)[:3] == ["合计", "=COUNTA(B5:B10)", "=B11*2"]
    assert sheet.row_dimensions[11].height == 33
    assert sheet["A12"].value == "注：一人多证分行填写。"
    assert {"A1:K1", "A2:E2", "A12:K12"} == {str(merged) for merged in sheet.merged_cells.ranges}
    assert sheet["A13"].value == "校长签字："
    assert sheet.print_area == "'登记表'!$A$1:$K$13"
    assert sheet.print_title_rows == "$1:$4"
    assert sheet.page_setup.orientation == "landscape"
    assert [str(each.sqref) for each in sheet.data_validations.dataValidation] == ["C5:C10"]
    assert [str(each.sqref) for each in sheet.conditional_formatting] == ["A5:A10"]
    assert sheet.parent["说明"]["A1"].value == "=登记表!B11+SUM(登记表!A5:A10)"


def test_formulas_of_the_form_go_on_and_its_title_looks_as_before(maker: Maker) -> None:
    sheet = filled(maker, roster_form(rows=3), ROSTER)
    assert [sheet.cell(row, 11).value for row in range(5, 11)] == [f"=LEN(B{row})" for row in range(5, 11)]
    title = sheet["A1"]
    assert (title.value, title.font.name, title.font.sz, title.font.color.rgb) == (
        "教师资格证书登记表",
        "黑体",
        20,
        "00FF0000",
    )


def test_facts_go_behind_their_labels(maker: Maker) -> None:
    sheet = filled(maker, roster_form(), ROSTER)
    assert sheet["A2"].value == "填报单位（盖章）：泉州第一中学"
    assert sheet["F2"].value == "填 表 人：陈小明　　联系电话：22138813"
    assert sheet["G13"].value == "填表日期：2032年3月1日"
    assert sheet["I3"].value is None


def test_fewer_rows_than_the_form_has(maker: Maker) -> None:
    sheet = filled(maker, roster_form(rows=8), ROSTER)
    assert [sheet.cell(row, 2).value for row in range(5, 13)] == [*NAMES, None, None]
    assert sheet["A13"].value == "合计"


def test_a_form_without_a_row_for_data(maker: Maker) -> None:
    sheet = filled(maker, roster_form(rows=0, example=False), ROSTER)
    assert [sheet.cell(row, 2).value for row in range(5, 11)] == list(NAMES)
    assert sheet["A11"].value == "合计"


def test_a_long_note_wraps_and_its_row_grows(maker: Maker) -> None:
    submission = maker.plan(NAMES)
    table = submission.annexes[ROSTER]
    note = "因遗失补发，原证书号码不变，" * 8
    rows = tuple((*row[:-1], note) for row in table.grid.rows)
    long: PrintedTable = replace(table, grid=replace(table.grid, rows=rows))
    data = filled_form(roster_form(), long, maker.notice.annexes[ROSTER], maker.notice, DAY)
    sheet = load_workbook(io.BytesIO(data))["登记表"]
    assert sheet["J5"].alignment.wrap_text and sheet["J5"].alignment.horizontal == "center"
    assert sheet.row_dimensions[5].height > 100


def test_the_own_row_is_found_by_an_alias_and_only_that_is_filled(maker: Maker) -> None:
    sheet = filled(maker, counts_form("泉州市第三中学", "泉州市第一中学", "泉州市第五中学"), COUNTS)
    assert texts(sheet, 6) == [2, "泉州市第一中学", 1, 1, 1, 1, "=SUM(C6:F6)"]
    assert texts(sheet, 5)[2:6] == texts(sheet, 7)[2:6] == [None] * 4
    assert (sheet["B2"].value, sheet["D2"].value) == ("泉州第一中学", "陈小明")


def test_a_unit_that_the_form_lacks_takes_the_next_free_row(maker: Maker) -> None:
    sheet = filled(maker, counts_form("泉州第三中学", blanks=2), COUNTS)
    assert texts(sheet, 6) == [2, "泉州第一中学", 1, 1, 1, 1, "=SUM(C6:F6)"]
    assert texts(sheet, 8)[1] == "合 计"


def test_or_a_row_of_its_own_above_the_sum(maker: Maker) -> None:
    sheet = filled(maker, counts_form("泉州第三中学", "泉州第五中学"), COUNTS)
    assert texts(sheet, 7) == [3, "泉州第一中学", 1, 1, 1, 1, "=SUM(C7:F7)"]
    assert texts(sheet, 8)[1:] == ["合 计", None, None, None, None, "=SUM(G5:G7)"]
    assert sheet["B7"].border.left.style == "thin"


def test_the_same_bytes_for_the_same_form(maker: Maker) -> None:
    table, annex = maker.plan(NAMES).annexes[ROSTER], maker.notice.annexes[ROSTER]
    form = roster_form()
    first, second = (filled_form(form, table, annex, maker.notice, DAY) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(("annex", "cell"), [(ROSTER, "E7"), (COUNTS, "D5")])
def test_an_edited_cell_is_told(maker: Maker, annex: int, cell: str) -> None:
    form = (roster_form(), counts_form("泉州第一中学"))[annex]
    table, notice = maker.plan(NAMES).annexes[annex], maker.notice
    book = load_workbook(io.BytesIO(filled_form(form, table, notice.annexes[annex], notice, DAY)))
    book[form.mapping.sheet][cell] = "9"
    stream = io.BytesIO()
    book.save(stream)
    (told,) = form_differences(stream.getvalue(), form, table, notice.annexes[annex], notice)
    assert told.startswith(f"{cell}应为") and told.endswith("读到“9”")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04nothing", roster_form().data[:900]])
def test_what_is_no_workbook_is_refused_with_a_sentence(maker: Maker, data: bytes) -> None:
    form = replace(roster_form(), data=data)
    with pytest.raises(UserError) as told:
        filled_form(form, maker.plan(NAMES).annexes[ROSTER], maker.notice.annexes[ROSTER], maker.notice, DAY)
    assert told.value.code == "form_unfillable"
