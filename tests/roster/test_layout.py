"""Where the head is and what its columns mean, however schools arrange and name them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from certclerk.core.identity import check_character
from certclerk.core.notice import Annex, Column, Notice
from certclerk.roster import Layout, Sheet, Workbook, best_sheet, detect, detect_at

ID_1, ID_2 = (digits + check_character(digits) for digits in ("35050219800101002", "35050219810101002"))
HEAD = (
    "序号",
    "姓名",
    "性别",
    "身份证号码",
    "资格种类",
    "任教学科",
    "证书号码",
    "认定机构",
    "发证时间",
    "备注",
)
FIELDS = ("serial", "name", "sex", "id_number", "kind", "subject", "number", "authority", "issued", "note")
ROW = (
    "1",
    "王芳",
    "女",
    ID_1,
    "小学",
    "语文",
    "20103520122000101",
    "泉州市教育局",
    "2010.9",
    "",
)

SheetOf = Callable[..., Sheet]


def fields(layout: Layout) -> tuple[str | None, ...]:
    return tuple(role.field for role in layout.columns)


def test_the_plain_head(sheet_of: SheetOf, notice: Notice) -> None:
    layout = detect(sheet_of(HEAD, ROW), notice)
    assert (layout.header_row, layout.header_rows, layout.first_data_row) == (1, 1, 2)
    assert fields(layout) == FIELDS
    assert not any(role.guessed for role in layout.columns)
    assert layout.column_of("number") == 6


@pytest.mark.parametrize("above", range(15))
def test_the_head_below_titles(sheet_of: SheetOf, notice: Notice, above: int) -> None:
    titles = [("教师资格证书电子证照采集名册",), ("报送单位：", "泉州第一中学", "经办人：")][:above]
    titles += [(None,)] * (above - len(titles))
    layout = detect(sheet_of(*titles, HEAD, ROW), notice)
    assert layout.header_row == above + 1
    assert layout.header_rows == 1
    assert fields(layout) == FIELDS


def test_too_deep_a_head_is_left_to_the_clerk(sheet_of: SheetOf, notice: Notice) -> None:
    sheet = sheet_of(*[("说明",)] * 15, HEAD, ("1", "王芳"))
    layout = detect(sheet, notice)
    assert not layout.found
    assert layout.first_data_row == 1
    assert fields(detect_at(sheet, 16, notice)) == FIELDS


def test_a_deep_head_right_above_numbers_is_found_by_them(sheet_of: SheetOf, notice: Notice) -> None:
    layout = detect(sheet_of(*[("说明",)] * 15, HEAD, ROW), notice)
    assert (layout.header_row, fields(layout)) == (16, FIELDS)


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("身份证号", "id_number"),
        ("身份证号码（18位）", "id_number"),
        ("身份证\n号码", "id_number"),
        ("证件号码", "id_number"),
        ("公民身份号码", "id_number"),
        ("教师资格种类", "kind"),
        ("教师资格证种类", "kind"),
        ("认定资格", "kind"),
        ("证书编号", "number"),
        ("教师资格证号", "number"),
        ("资格证书号码", "number"),
        ("教师资格证书编号", "number"),
        ("证书号码：", "number"),
        ("*证书号码", "number"),
        ("发证日期", "issued"),
        ("颁发日期", "issued"),
        ("认定时间", "issued"),
        ("取得时间", "issued"),
        ("发证时间\n(年月日)", "issued"),
        ("教师资格证书发证时间", "issued"),
        ("发证机关", "authority"),
        ("颁发机构", "authority"),
        ("教师资格证发证机关", "authority"),
        ("学科", "subject"),
        ("认定学科", "subject"),
        ("任教学科（专业）", "subject"),
        ("姓 名", "name"),
        ("姓　名", "name"),
        ("教师姓名", "name"),
        ("【姓名】", "name"),
        ("教职工姓名", "name"),
        ("公民身份证号", "id_number"),
        ("教师资格证类型", "kind"),
        ("资格证号码", "number"),
        ("教师资格证获得时间", "issued"),
        ("颁证单位", "authority"),
        ("说明", "note"),
        ("Ｎｏ．", "serial"),
        ("任教学科 Subject", "subject"),
        ("3.身份证号码", "id_number"),
        ("身份证号/护照号", "id_number"),
        ("发证时间或认定时间", "issued"),
        # What only looks alike:
        ("学科/证书编号", None),
        ("QQ号码", None),
        ("教师编号", None),
        ("出生年月", None),
        ("参加工作时间", None),
        ("毕业院校", None),
        ("学历证书编号", None),
        ("普通话证书编号", None),
        ("职称取得时间", None),
        ("联系电话", None),
        ("证书备注页", None),
    ],
)
def test_heads_that_schools_write(sheet_of: SheetOf, notice: Notice, head: str, field: str | None) -> None:
    anchor = "任课" if field == "name" else "姓名"
    other = "身份证号码" if field == "name" else "性别"
    layout = detect(sheet_of((anchor, other, head), ("甲", "乙", "丙")), notice)
    assert fields(layout)[2] == field


@pytest.mark.parametrize(
    ("upper", "lower", "expected"),
    [
        (
            ("序号", "姓名", "教师资格证书", None, None, "备注"),
            (None, None, "种类", "编号", "发证时间", None),
            ("serial", "name", "kind", "number", "issued", "note"),
        ),
        (
            ("序号", "基本信息", None, None, "证书", None),
            (None, "姓名", "性别", "身份证号码", "号码", "种类"),
            ("serial", "name", "sex", "id_number", "number", "kind"),
        ),
        (
            ("姓名", "身份证", "发证", None, "备注"),
            (None, "号码", "时间", "机关", None),
            ("name", "id_number", "issued", "authority", "note"),
        ),
    ],
)
def test_two_row_heads(
    sheet_of: SheetOf,
    notice: Notice,
    upper: tuple[str | None, ...],
    lower: tuple[str | None, ...],
    expected: tuple[str, ...],
) -> None:
    layout = detect(sheet_of(("名册",), upper, lower, ("1", "王芳")), notice)
    assert (layout.header_row, layout.header_rows, layout.first_data_row) == (2, 2, 4)
    assert fields(layout) == expected


def test_the_widest_sheet_is_no_hurdle(sheet_of: SheetOf, notice: Notice) -> None:
    """All its titles are kept, those far to the right understood by nobody."""
    far = tuple(f"单元格{column}" for column in range(16_000))
    layout = detect(sheet_of(("姓名", "性别", *far, "备注"), ("", "", *far), *[far] * 15), notice)
    assert fields(layout)[:3] == ("name", "sex", None)
    assert len(layout.columns) == 16_003
    assert (layout.columns[-1].title, layout.columns[-1].field) == ("备注", None)


def test_a_data_row_is_no_second_head(sheet_of: SheetOf, notice: Notice) -> None:
    sheet = sheet_of(("姓名", "性别", "职务", ""), ("王芳", "女", "教师", "说明"))
    layout = detect(sheet, notice)
    assert (layout.header_row, layout.header_rows) == (1, 1)
    assert fields(layout)[:2] == ("name", "sex")


def test_of_two_columns_the_surer_then_the_first_wins(sheet_of: SheetOf, notice: Notice) -> None:
    layout = detect(sheet_of(("姓名", "备注", "备注", "专业", "任教学科", "编号", "序号")), notice)
    assert fields(layout) == ("name", "note", None, None, "subject", None, "serial")
    assert [role.title for role in layout.unmapped] == ["备注", "专业", "编号"]


def test_the_notices_own_titles_come_first(sheet_of: SheetOf, notice: Notice) -> None:
    columns = (Column("编号", "number", 20), Column("证照持有人", "name", 10))
    other = replace(
        notice, annexes=(Annex("roster", "", "表", "表", landscape=False, foot="", columns=columns),)
    )
    layout = detect(sheet_of(("证照持有人", "编号", "序号")), other)
    assert fields(layout) == ("name", "number", "serial")
    assert fields(detect(sheet_of(("姓名", "编号")), notice)) == ("name", "serial")


def test_what_is_not_understood_may_be_guessed_by_content(sheet_of: SheetOf, notice: Notice) -> None:
    layout = detect(
        sheet_of(
            ("姓名", "号", "证", "", "", "", "出生", "学段"),
            ("王芳", ID_1, "20103520122000101", "女", "小学", "2010.9", "1980-01-01", "小学"),
            (
                "李娜",
                ID_2,
                "20103520122000102",
                "女",
                "初中",
                "2010-10",
                "1981-01-01",
                "初中",
            ),
        ),
        notice,
    )
    assert fields(layout) == ("name", "id_number", "number", "sex", "kind", "issued", None, None)
    assert [role.guessed for role in layout.columns] == [False, True, True, True, True, True, False, False]


def test_a_wrong_check_digit_is_no_hint(sheet_of: SheetOf, notice: Notice) -> None:
    layout = detect(sheet_of(("姓名", "号"), ("王芳", ID_1[:17] + "5")), notice)
    assert fields(layout) == ("name", None)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("王芳", "女", "小学")],
        [("备注",), ("x",)],
        [("序号", "学校(单位)", "幼儿园", "小学")],
        [("序号", "备注")],
    ],
)
def test_without_a_head_nothing_is_mapped(
    sheet_of: SheetOf, notice: Notice, rows: list[tuple[str, ...]]
) -> None:
    layout = detect(sheet_of(*rows), notice)
    assert not layout.found
    assert layout.header_row == 0


HEADLESS = (
    ("1", "王芳", "女", ID_1, "1980-01-01", "小学", "语文", "20103520122000101", "厦门市教育局", "2010-09"),
    ("2", "李娜", "女", ID_2, "1981-02-02", "初中", "数学", "20113520132000102", "泉州市教委", "2011-07"),
    ("3", "欧阳明", "男", "", "", "小学", "语文", "", "", ""),
)
BY_CONTENT = ("serial", "name", "sex", "id_number", None, "kind", None, "number", "authority", "issued")


@pytest.mark.parametrize("above", [(), (("泉州某校教师名册",),), (("名册",), (), ("2017年3月",))])
def test_a_table_without_a_head_is_understood_by_content(
    sheet_of: SheetOf, notice: Notice, above: tuple[tuple[str, ...], ...]
) -> None:
    """The dates of birth stand first and are nobody's date of issue."""
    layout = detect(sheet_of(*above, *HEADLESS), notice)
    assert fields(layout) == BY_CONTENT
    assert (layout.header_row, layout.first_data_row) == (0, 1)
    assert all(role.guessed for role in layout.columns if role.field)


def test_a_head_in_words_that_mean_nothing_is_still_the_head(sheet_of: SheetOf, notice: Notice) -> None:
    words = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸")
    layout = detect(sheet_of(("名册",), words, *HEADLESS), notice)
    assert fields(layout) == BY_CONTENT
    assert (layout.header_row, layout.header_rows) == (2, 1)
    assert [role.title for role in layout.unmapped] == ["戊", "庚"]


def test_a_teacher_without_numbers_is_no_head(sheet_of: SheetOf, notice: Notice) -> None:
    first = ("", "林小妹", "女", "待补", "", "小学", "美术", "待补", "", "")
    assert detect(sheet_of(first, *HEADLESS), notice).header_row == 0


@pytest.mark.parametrize("head", ["", "日期", "时间"])
@pytest.mark.parametrize(
    ("dates", "field"),
    [
        (("1980-01-01", "1981-02-02"), None),  # births
        (("1990-01-01", "1991-02-02"), None),  # of children
        (("2010-09", "2011-07"), "issued"),
    ],
)
def test_dates_are_of_issue_only_where_the_numbers_say_so(
    sheet_of: SheetOf, notice: Notice, head: str, dates: tuple[str, str], field: str | None
) -> None:
    rows = [("王芳", ID_1, dates[0]), ("李娜", ID_2, dates[1])]
    assert fields(detect(sheet_of(("姓名", "身份证号码", head), *rows), notice))[2] == field
    numbered = [("王芳", "20103520122000101", dates[0]), ("李娜", "20113520132000102", dates[1])]
    assert fields(detect(sheet_of(("姓名", "证书号码", head), *numbered), notice))[2] == field
    assert fields(detect(sheet_of(("姓名", "性别", head), *rows), notice))[2] is None
    children = [
        ("王芳", ID_1, "20103520122000101", "2005-01-01"),
        ("李娜", ID_2, "20113520132000102", "2006-02-02"),
    ]
    assert fields(detect(sheet_of(("姓名", "身份证号码", "证书号码", head), *children), notice))[3] is None


def test_what_belongs_to_a_degree_is_not_the_certificates(sheet_of: SheetOf, notice: Notice) -> None:
    upper = ("姓名", "身份证号码", "最高学历", None, None, "职称", "教师资格证", None, "备注")
    lower = (None, None, "毕业院校", "专业", "取得时间", "取得时间", "编号", "取得时间", None)
    layout = detect(sheet_of(upper, lower, ("王芳", ID_1)), notice)
    assert fields(layout) == ("name", "id_number", None, None, None, None, "number", "issued", "note")


def test_columns_whose_digits_are_lost_are_known_by_what_is_left(sheet_of: SheetOf, notice: Notice) -> None:
    lost = [("王芳", 350502198001010000, 20103520122000100), ("李娜", 350503198102020000, 20113520132000100)]
    assert fields(detect(sheet_of(*lost), notice)) == ("name", "id_number", "number")


def test_a_sheet_with_a_head_goes_before_one_without(sheet_of: SheetOf, notice: Notice) -> None:
    plain, roster = sheet_of(*HEADLESS), sheet_of(HEAD, ROW)
    assert best_sheet(Workbook("a", (plain, roster)), notice) == 1
    assert best_sheet(Workbook("a", (sheet_of(("说明",)), plain)), notice) == 1
    assert best_sheet(Workbook("a", (plain, replace(roster, hidden=True))), notice) == 0


def test_the_clerk_changes_the_mapping(sheet_of: SheetOf, notice: Notice) -> None:
    """A column takes a field from the column that had it; the old layout stays as it was."""
    layout = detect(sheet_of(("姓名", "备注", "其他"), ("甲", "乙", "丙")), notice)
    changed = layout.with_mapping(2, "note")
    assert fields(changed) == ("name", None, "note")
    assert fields(changed.with_mapping(0, None)) == (None, None, "note")
    assert fields(layout) == ("name", "note", None)


def test_the_clerk_moves_the_head(sheet_of: SheetOf, notice: Notice) -> None:
    sheet = sheet_of(("姓名", "性别"), ("姓名", "备注"), ("王芳", "女"))
    layout = detect(sheet, notice)
    assert layout.header_row == 1
    assert fields(detect_at(sheet, 2, notice)) == ("name", "note")
    bare = detect_at(sheet, 0, notice)
    assert (bare.first_data_row, bare.found) == (1, False)
    assert fields(bare.with_mapping(0, "name")) == ("name", None)
    assert detect_at(sheet, 99, notice) == bare


def test_the_sheet_with_the_most_people_is_taken(sheet_of: SheetOf, notice: Notice) -> None:
    """Not an empty one, a summary or one with an example that stands before it."""
    roster = sheet_of(HEAD, ROW, ROW, ROW)
    for other in (sheet_of(HEAD), sheet_of(HEAD, ROW), sheet_of(("姓名", "证书数"), ("王芳", "2"))):
        assert best_sheet(Workbook("a.xlsx", (other, roster)), notice) == 1
        assert best_sheet(Workbook("a.xlsx", (roster, other)), notice) == 0


def test_the_first_visible_sheet_with_a_head_is_taken(sheet_of: SheetOf, notice: Notice) -> None:
    notes, roster = sheet_of(("请先阅读",)), sheet_of(HEAD, ROW)
    hidden = replace(roster, hidden=True)
    assert best_sheet(Workbook("a", (notes, hidden, roster)), notice) == 2
    assert best_sheet(Workbook("a", (notes, hidden)), notice) == 1
    assert best_sheet(Workbook("a", (notes, notes)), notice) == 0
