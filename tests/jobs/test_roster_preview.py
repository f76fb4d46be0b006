"""What is said of a table before it becomes part of the roster."""

from __future__ import annotations

from certclerk.collection import Collection
from certclerk.core.notice import Notice
from certclerk.jobs.roster_preview import Proposal, already_there, complaints, detect, propose, remarks
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


def test_identity_numbers_in_the_roster_are_counted(collection: Collection, quanzhou: Notice) -> None:
    assert already_there(collection.roster().teachers, proposal(quanzhou)) == 1
    assert already_there((), proposal(quanzhou)) == 0
