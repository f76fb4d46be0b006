from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from certclerk.core.annexes import Entry, annex_tables
from certclerk.core.notice import Notice
from certclerk.core.printed_table import HeadCell, fact_lines, is_sealed
from certclerk.core.records import Certificate, Filing, Teacher

FILING = Filing("泉州第三中学", "陈小明", "22138813", date(2032, 3, 1))


def teacher(number: int, name: str, *kinds: str) -> Entry:
    certificates = tuple(
        Certificate(
            number * 10 + index,
            number,
            kind=kind,
            subject="语文",
            number=f"2031350000{number:04}{index:03}",
            authority="泉州市教育局",
            issued="2031-07",
        )
        for index, kind in enumerate(kinds)
    )
    return Entry(
        number,
        Teacher(number, 90 + number, name, "女", "350502198501010011", note="注", certificates=certificates),
        certificates,
    )


ENTRIES = (teacher(1, "王芳", "小学"), teacher(2, "张三", "初级中学", "高级中学"))


def test_the_roster_has_a_row_for_each_certificate_with_the_teacher_repeated(quanzhou: Notice) -> None:
    roster, _ = annex_tables(ENTRIES, FILING, quanzhou)
    assert [cell.text for cell in roster.grid.columns] == [
        *("序号", "姓名", "性别", "身份证号码", "资格种类", "任教学科"),
        *("证书号码", "认定机构", "发证时间", "备注"),
    ]
    assert [row[:3] + row[4:5] for row in roster.grid.rows] == [
        (1, "王芳", "女", "小学"),
        (2, "张三", "女", "初级中学"),
        (2, "张三", "女", "高级中学"),
    ]
    assert roster.grid.rows[0][3:] == (
        *("350502198501010011", "小学", "语文", "20313500000001000", "泉州市教育局", "2031-07", "注"),
    )


def test_the_head_tells_who_files_and_when(quanzhou: Notice) -> None:
    roster, counts = annex_tables(ENTRIES, FILING, quanzhou)
    assert (
        roster.head
        == counts.head
        == (
            ("报送单位（盖章）", "泉州第三中学"),
            ("经办人", "陈小明"),
            ("联系电话", "22138813"),
            ("填报时间", "2032年3月1日"),
        )
    )
    assert (roster.label, roster.title) == ("附件1", "教师资格证书电子证照采集名册")
    assert roster.foot == "注：教师资格证书电子证照采集名册起止时间为2009年1月1日以来至今。"
    assert counts.file_stem == "附件2_泉州第三中学_采集统计表"


def test_the_counts_list_every_unit_and_fill_the_own_row(quanzhou: Notice) -> None:
    _, counts = annex_tables(ENTRIES, FILING, quanzhou)
    assert len(counts.grid.rows) == 17
    assert counts.grid.rows[0] == (1, "泉州第一中学", "", "", "", "", "", "")
    assert counts.grid.rows[1] == (2, "泉州第三中学", 0, 1, 1, 1, 0, 0)
    assert [row[0] for row in counts.grid.rows] == list(range(1, 18))
    assert counts.grid.rows[16][1] == "泉州市职业技术教育中心"


@pytest.mark.parametrize("unit", ["泉州市盲聋哑学校", "别处的学校"])
def test_a_unit_that_the_counts_do_not_list_is_appended(unit: str, quanzhou: Notice) -> None:
    _, counts = annex_tables(ENTRIES, replace(FILING, unit=unit), quanzhou)
    assert counts.grid.rows[17] == (18, unit, 0, 1, 1, 1, 0, 0)
    assert all(value == "" for row in counts.grid.rows[:17] for value in row[2:])


def test_the_head_of_the_counts_spans_its_kinds(quanzhou: Notice) -> None:
    _, counts = annex_tables(ENTRIES, FILING, quanzhou)
    assert counts.grid.head_rows == 2
    assert counts.grid.columns[:4] == (
        HeadCell("序号", 0, 0, rows=2),
        HeadCell("学校(单位)", 0, 1, rows=2),
        HeadCell("教师资格认定(资格种类)人数", 0, 2, columns=6),
        HeadCell("幼儿园", 1, 2),
    )


def test_every_grid_is_as_wide_as_its_rows(quanzhou: Notice, invented: Notice) -> None:
    for notice in (quanzhou, invented):
        for table in annex_tables(ENTRIES, FILING, notice):
            assert {len(row) for row in table.grid.rows} == {len(table.grid.widths)}
            assert max(cell.column + cell.columns for cell in table.grid.columns) == len(table.grid.widths)


def test_another_notice_has_its_own_annexes(invented: Notice) -> None:
    filing = replace(FILING, unit="海门县东洲学校")
    counts, roster, kept = annex_tables((teacher(1, "王芳", "二级"),), filing, invented)
    assert counts.grid.rows == (
        (1, "海门县东洲学校", 0, 1, 0),
        (2, "海门县临江学校", "", "", ""),
    )
    assert roster.grid.rows == (("王芳", "350502198501010011", "二级", "20313500000001000", 1),)
    assert [table.file_stem for table in (counts, roster, kept)] == [
        "附表一 海门县东洲学校 人数",
        "附表二 海门县东洲学校 清单",
        "留存 海门县东洲学校",
    ]
    assert roster.head == (("填报日期", "2032年3月1日"), ("学校（公章）", "海门县东洲学校"))
    assert (counts.landscape, kept.landscape, kept.label) == (False, True, "")


def test_a_notice_without_annexes(quanzhou: Notice) -> None:
    assert annex_tables(ENTRIES, FILING, replace(quanzhou, annexes=())) == ()


def test_a_unit_with_a_slash_still_makes_a_file(quanzhou: Notice) -> None:
    roster, _ = annex_tables(ENTRIES, replace(FILING, unit="一校/二校"), quanzhou)
    assert roster.file_stem == "附件1_一校_二校_采集名册"


def test_facts_share_lines_but_a_sealed_one_stands_alone() -> None:
    """
    日期
    单位（公章）
    甲 乙 丙
    丁
    """
    head = tuple((label, "") for label in ("日期", "单位（公章）", "甲", "乙", "丙", "丁"))
    assert [[label for label, _ in line] for line in fact_lines(head)] == [
        ["日期"],
        ["单位（公章）"],
        ["甲", "乙", "丙"],
        ["丁"],
    ]
    assert [len(line) for line in fact_lines(head, 1)] == [1] * 6
    assert fact_lines(()) == ()


def test_a_seal_is_known_by_its_word() -> None:
    assert is_sealed("报送单位（盖章）")
    assert not is_sealed("经办人")
