"""What is said of a table before it becomes part of the roster."""

from __future__ import annotations

import pytest

from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.jobs.roster_preview import (
    Proposal,
    complaints,
    detect,
    propose,
    read_pasted,
    remarks,
    skip_counts,
    totals,
)
from certclerk.roster import parse_workbook

TABLE = """序号,姓名,身份证号,资格种类,发证日期
1,林晓雯,359901198001010025,高中,2013-07-01
,,,,
2,新来的,359901198001010041,高中,去年
合计,2人,,,
"""


def proposal(notice: Notice) -> Proposal:
    sheet = parse_workbook(TABLE.encode(), "名册.csv").sheets[0]
    return propose(sheet, detect(sheet, notice), notice)


def test_every_row_left_out_and_every_doubtful_cell_is_remarked_from_top_to_bottom(quanzhou: Notice) -> None:
    found = remarks(proposal(quanzhou))
    assert [(remark.row, remark.column) for remark in found] == [(4, 4), (5, None)]
    assert found[0].text.startswith("第 4 行（序号 2）　发证日期：")
    assert (found[1].row, found[1].column, found[1].text) == (5, None, "第 5 行：跳过，合计行")


def test_the_same_remarks_stand_alone_as_lines(quanzhou: Notice) -> None:
    first, second = complaints(proposal(quanzhou))
    assert first.startswith("工作表“名册”第4行（序号2） 发证日期：")
    assert second == "工作表“名册”第5行：跳过，合计行"


def test_the_rows_are_a_sum_that_adds_up(quanzhou: Notice) -> None:
    found = proposal(quanzhou)
    assert totals(found) == (
        "共 4 行 = 导入 2 + 跳过 2（空行 1、合计 1） + 不能导入 0；2 名教师，0 个单元格没有采用。"
    )
    assert sum(count for _, count in skip_counts(found)) == len(found.skipped)


def test_every_reason_to_pass_a_row_over_is_counted(quanzhou: Notice) -> None:
    rows = ["序号,姓名,身份证号,资格种类,发证日期", "1,林晓雯,359901198001010025,高中,2013-07-01"]
    rows += [",,,,", "合计,1人,,,", "注：都在岗,,,,", rows[0], rows[1]]
    sheet = parse_workbook("\n".join(rows).encode(), "名册.csv").sheets[0]
    found = propose(sheet, detect(sheet, quanzhou), quanzhou)
    assert dict(skip_counts(found)) == dict.fromkeys(("空行", "合计", "说明", "重复的表头", "重复的行"), 1)
    assert found.read == len(found.accepted) + len(found.skipped) + len(found.refused)


def test_a_block_without_cells_is_refused() -> None:
    with pytest.raises(UserError) as caught:
        read_pasted(" \r\n\t")
    assert caught.value.code == "roster_nothing_pasted"


def test_a_pasted_block_keeps_its_cells_apart() -> None:
    block = '姓名\t备注\n张三\t"一，二\n三"\n李娜\t，'
    sheet = read_pasted(block).sheets[0]
    assert [[cell.text for cell in row] for row in sheet.rows] == [
        ["姓名", "备注"],
        ["张三", "一，二\n三"],
        ["李娜", "，"],
    ]
