from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from certclerk.core.notice import Notice
from certclerk.core.printed_table import CellValue, Grid, HeadCell, PrintedTable
from certclerk.output.workbook import CELL_FONT, HIGHEST_ROW, line_count, row_height, workbook_bytes

from .conftest import DAY, Maker

TEXTS = (
    "=1+1",
    "+A1",
    "-cmd|' /C calc'!A0",
    "@SUM(1)",
    "350502198501010011",
    "00123",
    "2013-07-01",
    "TRUE",
    "#N/A",
    "阿依古丽·买买提",
    "䶮𠮷",
    " 前后有空格 ",
    "<&>\"'",
    "一\n二",
)


def table(*rows: tuple[CellValue, ...], **changes: object) -> PrintedTable:
    grid = Grid(
        columns=(HeadCell("序号", 0, 0), HeadCell("内容", 0, 1)), head_rows=1, widths=(6.0, 20.0), rows=rows
    )
    made = PrintedTable(
        "附件1", "某名册", "附件1_某校", True, (("报送单位（盖章）", "某校"),), grid, "注：某。"
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def sheet(made: PrintedTable) -> Worksheet:
    book: Workbook = load_workbook(io.BytesIO(workbook_bytes(made, DAY)))
    return book.active


def column(made: Worksheet, letter: str) -> list[CellValue]:
    return [cell.value for cell in made[letter]]


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_text_and_never_a_formula(text: str) -> None:
    cell = sheet(table((1, text)))["B5"]
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")


def test_numbers_are_numbers() -> None:
    cell = sheet(table((7, "")))["A5"]
    assert (cell.value, cell.data_type) == (7, "n")


def test_characters_that_no_workbook_can_hold_are_left_out() -> None:
    assert sheet(table((1, "a\x00b\x0bc")))["B5"].value == "abc"


def test_the_layout() -> None:
    """
    附件1
    某名册
    报送单位（盖章）：某校
    序号 内容
    1    张三
    注：某。
    """
    made = sheet(table((1, "张三")))
    assert column(made, "A") == ["附件1", "某名册", "报送单位（盖章）：某校", "序号", 1, "注：某。"]
    assert {str(merged) for merged in made.merged_cells.ranges} == {"A1:B1", "A2:B2", "A3:B3", "A6:B6"}
    assert made["A1"].alignment.horizontal == "left"
    assert (made["A2"].font.name, made["A2"].font.size) == ("方正小标宋简体", 22)
    assert (made["B5"].font.name, made["B5"].font.size) == ("仿宋", 10.5)
    assert made["B5"].border.left.style == made["B4"].border.top.style == "thin"
    assert made.title == "附件1"


def test_the_print_set_up() -> None:
    made = sheet(table((1, "张三"), landscape=False))
    assert made.page_setup.orientation == "portrait"
    assert sheet(table()).page_setup.orientation == "landscape"
    assert int(made.page_setup.paperSize) == 9
    assert (made.page_setup.fitToWidth, made.page_setup.fitToHeight) == (1, 0)
    assert made.sheet_properties.pageSetUpPr.fitToPage
    assert made.print_title_rows == "$4:$4"
    assert made.print_area == "'附件1'!$A$1:$B$6"
    assert made.oddFooter.center.text == "第 &P 页，共 &N 页"


def test_left_columns_and_room_for_a_signature() -> None:
    made = table((1, "张三"))
    roomy = sheet(replace(made, grid=replace(made.grid, left=frozenset({1}), least_lines=3)))
    assert (roomy["A5"].alignment.horizontal, roomy["B5"].alignment.horizontal) == ("center", "left")
    assert roomy.row_dimensions[5].height > 2 * sheet(made).row_dimensions[5].height


def test_no_label_no_foot_no_rows() -> None:
    made = sheet(table(label="", foot="", title="某/表*"))
    assert column(made, "A") == ["某/表*", "报送单位（盖章）：某校", "序号"]
    assert made.title == "某表"


def test_merged_heads_of_the_counts(quanzhou: Notice, maker: Maker) -> None:
    counts = sheet(maker.plan().annexes[1])
    assert {"A6:A7", "B6:B7", "C6:H6"} <= {str(merged) for merged in counts.merged_cells.ranges}
    assert [cell.value for cell in counts[7]][2:] == [kind.name for kind in quanzhou.collected_kinds]
    assert counts.print_title_rows == "$6:$7"


def test_the_own_row_is_filled_with_numbers_and_the_others_empty(maker: Maker) -> None:
    counts = sheet(maker.plan().annexes[1])
    assert [cell.value for cell in counts[8]] == [1, "泉州第一中学", 0, 1, 1, 1, 1, 0]
    assert [cell.value for cell in counts[9]] == [2, "泉州第三中学", *[None] * 6]


def test_facts_share_a_line_but_the_sealed_one() -> None:
    facts = tuple((label, "某") for label in ("日期", "单位（公章）", "甲", "乙", "丙", "丁"))
    widths = Grid(tuple(HeadCell(str(n), 0, n) for n in range(6)), 1, (10.0,) * 6, ())
    made = sheet(table(head=facts, grid=widths))
    texts = [[cell.value for cell in row if cell.value] for row in made.iter_rows(min_row=3, max_row=6)]
    assert texts == [["日期：某"], ["单位（公章）：某"], ["甲：某", "乙：某", "丙：某"], ["丁：某"]]
    assert made.row_dimensions[4].height > made.row_dimensions[3].height


def test_a_fact_too_long_for_a_narrow_column_has_its_line_shared_by_fewer() -> None:
    facts = (("经办人", "某"), ("联系电话", "22000000"), ("填报时间", "2032年3月1日"))
    grid = Grid(tuple(HeadCell(str(n), 0, n) for n in range(3)), 1, (26.0, 5.0, 50.0), ())
    made = sheet(table(head=facts, grid=grid))
    texts = [[cell.value for cell in row if cell.value] for row in made.iter_rows(min_row=3, max_row=4)]
    assert texts == [["经办人：某", "联系电话：22000000"], ["填报时间：2032年3月1日"]]


def test_long_values_get_higher_rows() -> None:
    made = sheet(table((1, "短"), (2, "很长的备注" * 20), (3, "很长的备注" * 2000)))
    heights = [made.row_dimensions[row].height for row in (5, 6, 7)]
    assert heights[0] < 25
    assert heights[1] > 5 * heights[0]
    assert heights[2] == HIGHEST_ROW
    assert len(made["B7"].value) == 10_000


def test_equal_tables_make_equal_files() -> None:
    first, second = (workbook_bytes(table((1, "张三")), DAY) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as opened:
        assert {info.date_time[:3] for info in opened.infolist()} == {(2032, 3, 1)}
        assert b"2032-03-01T00:00:00Z" in opened.read("docProps/core.xml")


def office(made: PrintedTable, folder: Path, form: str) -> bytes:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    (folder / "a.xlsx").write_bytes(workbook_bytes(made, DAY))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", folder, folder / "a.xlsx"]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / f"a.{form.partition(':')[0]}").read_bytes()


def test_office_shows_numbers_of_identity_as_they_are(maker: Maker, tmp_path: Path) -> None:
    text = office(maker.plan().annexes[0], tmp_path, "csv:Text - txt - csv (StarCalc):44,34,76").decode(
        "utf-8-sig"
    )
    rows = list(csv.reader(io.StringIO(text)))
    (row,) = (row for row in rows if "张三" in row)
    assert row[:4] == ["3", "张三", "女", "350502198501010011"]
    assert row[6] == "20313500000000003"


def test_another_notice_has_its_own_columns(invented: Notice, made_for: Callable[[Notice], Maker]) -> None:
    counts, roster, kept = (sheet(annex) for annex in made_for(invented).plan().annexes)
    assert [cell.value for cell in roster[5]] == ["持证人", "证件号", "等级", "证号", "顺序"]
    assert counts["B5"].value == "学校"
    assert counts.title == "附表一"
    assert kept.title == "技能等级证书人数（留存联）"


def test_a_text_too_long_for_the_highest_row_is_set_smaller() -> None:
    made = sheet(table((1, "因遗失补发，" * 60)))
    assert made.row_dimensions[5].height == HIGHEST_ROW
    assert made["B5"].font.sz < CELL_FONT[1]
    size, width = made["B5"].font.sz, 20.0
    assert row_height(line_count(made["B5"].value, width, size), size) < HIGHEST_ROW
