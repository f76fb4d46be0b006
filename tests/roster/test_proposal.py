"""Rows into teachers: what joins, what stays apart, what is refused, and that every row is accounted for."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest

from certclerk.core.identity import check_character
from certclerk.core.notice import Notice
from certclerk.core.records import ProposedCertificate, ProposedTeacher
from certclerk.roster import Cell, CellKind, Layout, Problem, Proposal, Sheet, Skip, Status, detect, propose


def _id(first_17: str) -> str:
    return first_17 + check_character(first_17)


WANG, LI, ZHANG = _id("35050219800101002"), _id("35050219810202001"), _id("35050219820303003")
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
PRIMARY = ("小学", "语文", "20103520122000101", "泉州市教育局", "2010-09")
JUNIOR = ("初级中学", "英语", "20093520131000104", "泉州市教育局", "2009-07-01")
SENIOR = ("高级中学", "英语", "20123520141000103", "泉州市教育局", "2012-07")
NO_CERTIFICATE = (None,) * 5

SheetOf = Callable[..., Sheet]
Propose = Callable[..., Proposal]


@pytest.fixture
def proposed(sheet_of: SheetOf, notice: Notice) -> Propose:
    """The proposal of rows below the plain head, which stands in row 1; every row is accounted for."""

    def build(*rows: tuple[object, ...], **about: object) -> Proposal:
        sheet = sheet_of(HEAD, *rows, **about)
        proposal = propose(sheet, detect(sheet, notice), notice)
        assert proposal.read == len(proposal.accepted) + len(proposal.refused) + len(proposal.skipped)
        assert [row.number for row in proposal.rows] == list(range(2, 2 + proposal.read))
        owners = {row.teacher for row in proposal.accepted}
        assert owners == set(range(len(proposal.teachers)))
        return proposal

    return build


def row(
    serial: object = None,
    name: object = None,
    sex: object = None,
    id_number: object = None,
    certificate: tuple[object, ...] = NO_CERTIFICATE,
    note: object = None,
) -> tuple[object, ...]:
    return (serial, name, sex, id_number, *certificate, note)


def summary(proposal: Proposal) -> list[tuple[str, str, list[str]]]:
    return [
        (teacher.name, teacher.id_number, [certificate.kind for certificate in teacher.certificates])
        for teacher in proposal.teachers
    ]


def test_one_row_one_teacher(proposed: Propose) -> None:
    proposal = proposed(row(7, " 王 芳", "女", "'" + WANG.lower(), PRIMARY, " 班主任 "))
    assert proposal.teachers == (
        ProposedTeacher(
            name="王芳",
            sex="女",
            id_number=WANG,
            note="班主任",
            serial=7,
            certificates=(ProposedCertificate(*PRIMARY),),
        ),
    )
    assert not proposal.problems
    values = proposal.rows[0].values
    assert (values[1].read, values[1].understood, values[1].problem) == (" 王 芳", "王芳", Problem.CHANGED)
    assert (values[2].understood, values[2].problem) == ("女", None)


def test_same_number_and_name_join_wherever_they_stand(proposed: Propose) -> None:
    proposal = proposed(
        row(1, "张三", "男", ZHANG, SENIOR),
        row(2, "李娜", "女", LI, PRIMARY),
        row(3, "张 三", "男", ZHANG, JUNIOR),
    )
    assert summary(proposal) == [("张三", ZHANG, ["高级中学", "初级中学"]), ("李娜", LI, ["小学"])]
    assert (proposal.rows[2].status, proposal.rows[2].teacher) == (Status.ACCEPTED, 0)
    assert "第2行" in proposal.rows[2].reason
    assert [teacher.serial for teacher in proposal.teachers] == [1, 2]


def test_blank_name_and_number_join_the_teacher_right_above(proposed: Propose) -> None:
    proposal = proposed(
        row(1, "张三", "男", ZHANG, SENIOR),
        row(certificate=JUNIOR),
        row(2, certificate=PRIMARY),
        row(3, "李娜", "女", LI, PRIMARY),
        row(certificate=SENIOR),
    )
    assert summary(proposal) == [
        ("张三", ZHANG, ["高级中学", "初级中学", "小学"]),
        ("李娜", LI, ["小学", "高级中学"]),
    ]


def test_a_number_of_its_own_makes_a_nameless_row_doubtful(proposed: Propose) -> None:
    """It joins, but says so: somebody's name and number may have been forgotten."""
    first = row("1", "张三", "男", ZHANG, SENIOR)
    for serial, doubtful in (("2", True), ("1", False), (None, False)):
        made = proposed(first, row(serial, certificate=JUNIOR))
        assert len(made.teachers) == 1 and len(made.teachers[0].certificates) == 2
        told = [problem for problem in made.problems if problem.field == "serial"]
        assert [problem.problem for problem in told] == [Problem.CONFLICT] * doubtful
        assert all("核对是否漏填" in problem.reason for problem in told)


@pytest.mark.parametrize(
    ("second", "names"),
    [
        (row(2, "王芳", "女", LI, SENIOR), ["王芳", "王芳"]),  # same name, other number
        (row(2, "李娜", "女", WANG, SENIOR), ["王芳", "李娜"]),  # same number, other name
        (row(None, "王芳", None, None, SENIOR), ["王芳", "王芳"]),  # name without number
        (row(None, None, None, WANG, SENIOR), ["王芳", ""]),  # number without name
        (row(None, None, None, LI, SENIOR), ["王芳", ""]),
        (row(None, None, "男", None, SENIOR), ["王芳", ""]),  # another sex: somebody else
        (row(2, "王芳", "女", 350502198001010000, SENIOR), ["王芳", "王芳"]),  # a number that is not known
        (row(2, "王芳", "女", Cell(CellKind.ERROR, "#N/A"), SENIOR), ["王芳", "王芳"]),
        (row(2, Cell(CellKind.ERROR, "#N/A"), "女", WANG, SENIOR), ["王芳", ""]),
        (row(None, Cell(CellKind.ERROR, "#N/A"), None, None, SENIOR), ["王芳", ""]),
        (row(None, None, None, Cell(CellKind.ERROR, "#REF!"), SENIOR), ["王芳", ""]),
    ],
)
def test_what_is_less_than_certain_stays_apart(
    proposed: Propose, second: tuple[object, ...], names: list[str]
) -> None:
    proposal = proposed(row(1, "王芳", "女", WANG, PRIMARY), second)
    assert [teacher.name for teacher in proposal.teachers] == names
    assert all(len(teacher.certificates) == 1 for teacher in proposal.teachers)


def test_two_lost_numbers_are_two_teachers(proposed: Propose) -> None:
    proposal = proposed(
        row(1, "王芳", "女", 350502198001010000, PRIMARY), row(2, "王芳", "女", 350502198001010000, SENIOR)
    )
    assert [teacher.id_number for teacher in proposal.teachers] == ["", ""]


def test_a_first_row_without_a_person_is_a_teacher_with_errors(proposed: Propose) -> None:
    proposal = proposed(row(certificate=PRIMARY), row(certificate=JUNIOR))
    assert summary(proposal) == [("", "", ["小学", "初级中学"])]


@pytest.mark.parametrize("between", [(None,) * 10, row("小计", 1), row("注：以下为调入教师")])
def test_nothing_joins_across_a_gap(proposed: Propose, between: tuple[object, ...]) -> None:
    proposal = proposed(row(1, "张三", "男", ZHANG, SENIOR), between, row(certificate=JUNIOR))
    assert summary(proposal) == [("张三", ZHANG, ["高级中学"]), ("", "", ["初级中学"])]


def test_a_head_repeated_on_a_new_page_parts_nothing(proposed: Propose) -> None:
    proposal = proposed(row(1, "张三", "男", ZHANG, SENIOR), HEAD, row(certificate=JUNIOR))
    assert summary(proposal) == [("张三", ZHANG, ["高级中学", "初级中学"])]
    assert proposal.rows[1].skip is Skip.HEADER


def test_merged_cells_reach_down(proposed: Propose) -> None:
    """Rows 2-3: name and number merged; rows 4-5: name merged, each its own number; rows 6-7: the office merged.

    1 张三   …  SENIOR
    | |      …  JUNIOR
    2 王芳 WANG PRIMARY
    | |    LI   JUNIOR
    3 李娜 …    PRIMARY 泉州市教育局
    4 赵六 …    SENIOR  |
    """

    def without_office(certificate: tuple[object, ...]) -> tuple[object, ...]:
        return (*certificate[:3], None, certificate[4])

    third, fourth = _id("35050219830404001"), _id("35050219840505001")
    proposal = proposed(
        row(1, "张三", "男", ZHANG, SENIOR),
        row(None, None, None, None, JUNIOR),
        row(2, "王芳", "女", WANG, PRIMARY),
        row(None, None, "女", LI, JUNIOR),
        row(3, "李娜", "女", third, PRIMARY),
        row(4, "赵六", "男", fourth, without_office(SENIOR)),
        merges=[(1, 1, 2, 1), (1, 3, 2, 3), (3, 1, 4, 1), (5, 7, 6, 7)],
    )
    assert summary(proposal) == [
        ("张三", ZHANG, ["高级中学", "初级中学"]),
        ("王芳", WANG, ["小学"]),
        ("王芳", LI, ["初级中学"]),
        ("李娜", third, ["小学"]),
        ("赵六", fourth, ["高级中学"]),
    ]
    assert proposal.teachers[4].certificates[0].authority == "泉州市教育局"


def test_a_merged_name_beside_its_own_same_number_is_one_teacher(proposed: Propose) -> None:
    proposal = proposed(
        row(1, "张三", "男", ZHANG, SENIOR), row(2, None, None, ZHANG, JUNIOR), merges=[(1, 1, 2, 1)]
    )
    assert summary(proposal) == [("张三", ZHANG, ["高级中学", "初级中学"])]


def test_merged_cells_join_even_where_the_number_was_lost(proposed: Propose) -> None:
    proposal = proposed(
        row(1, "张三", "男", 350502198203030000, SENIOR),
        (None,) * 10,
        row(certificate=JUNIOR),
        merges=[(1, 1, 3, 1), (1, 3, 3, 3)],
    )
    assert summary(proposal) == [("张三", "", ["高级中学", "初级中学"])]


def test_a_row_merged_throughout_adds_no_certificate(proposed: Propose) -> None:
    proposal = proposed(
        row(1, "张三", "男", ZHANG, SENIOR, "换发"),
        row(note="2015年调入"),
        merges=[(1, column, 2, column) for column in range(9)],
    )
    assert summary(proposal) == [("张三", ZHANG, ["高级中学"])]
    assert proposal.teachers[0].note == "换发；2015年调入"


def test_joined_rows_lose_nothing(proposed: Propose) -> None:
    proposal = proposed(
        row(1, "张三", None, ZHANG, SENIOR, "甲"),
        row(2, "张三", "男", ZHANG, JUNIOR, "乙"),
        row(3, "张三", "女", ZHANG, PRIMARY, "甲"),
    )
    (teacher,) = proposal.teachers
    assert (teacher.sex, teacher.note, len(teacher.certificates)) == ("男", "甲；乙", 3)
    (conflict,) = proposal.problems
    assert (conflict.problem, conflict.row, conflict.field) == (Problem.CONFLICT, 4, "sex")
    assert "男" in conflict.reason


def test_the_same_row_twice_is_passed_over(proposed: Propose) -> None:
    first = row(1, "张三", "男", ZHANG, SENIOR)
    proposal = proposed(first, row(2, "李娜", "女", LI, PRIMARY), first, row(certificate=SENIOR))
    assert [teacher.name for teacher in proposal.teachers] == ["张三", "李娜"]
    duplicate = proposal.rows[2]
    assert (duplicate.status, duplicate.skip) == (Status.SKIPPED, Skip.DUPLICATE)
    assert "第2行" in duplicate.reason
    assert proposal.rows[3].skip is Skip.DUPLICATE


def test_the_same_certificate_with_a_new_note_keeps_the_note(proposed: Propose) -> None:
    proposal = proposed(
        row(1, "张三", "男", ZHANG, SENIOR), row(2, "张三", "男", ZHANG, SENIOR, "换发"), row(note="x")
    )
    assert len(proposal.teachers[0].certificates) == 1
    assert proposal.teachers[0].note == "换发"
    assert proposal.rows[1].status is Status.ACCEPTED


def test_two_lost_certificate_numbers_are_not_the_same(proposed: Propose) -> None:
    lost = ("小学", "语文", 20103520122000100, "泉州市教育局", "2010-09")
    proposal = proposed(row(1, "张三", "男", ZHANG, lost), row(2, "张三", "男", ZHANG, lost))
    assert len(proposal.teachers[0].certificates) == 2


@pytest.mark.parametrize(
    ("cells", "skip"),
    [
        ((None,) * 10, Skip.BLANK),
        (row(5), Skip.BLANK),
        (row("合计", 40), Skip.TOTAL),
        (row("合 计："), Skip.TOTAL),
        (row(None, "总计", None, None, ("6", "7", None, None, None)), Skip.TOTAL),
        (row("小计（人）", None, "男3女5"), Skip.TOTAL),
        (row("合计：40人"), Skip.TOTAL),
        (row(None, "合计：男15人，女25人"), Skip.TOTAL),
        (row(None, "总人数 40"), Skip.TOTAL),
        (row("共40人"), Skip.TOTAL),
        (row("小计", None, None, None, ("小学", 12, None, None, None)), Skip.TOTAL),
        (row("注：起止时间为2009年1月1日以来至今。"), Skip.NOTE),
        (row("注1：同名教师请注明"), Skip.NOTE),
        (row("备注：" + "说明" * 20), Skip.NOTE),
        (row("填表说明：1.本表一式两份"), Skip.NOTE),
        (row("2．用A4纸打印"), Skip.NOTE),
        (row("填表人：", "张三", None, "审核人：李四"), Skip.NOTE),
        (row(None, "制表人：张三", None, None, (None, None, None, None, "2017年3月1日")), Skip.NOTE),
        (row("单位负责人（签字）：", None, None, None, ("单位（盖章）", None, None, None, None)), Skip.NOTE),
        (row("第1页，共2页"), Skip.NOTE),
        (row("校长", None, None, None, ("单位公章", None, None, None, "2017年3月")), Skip.NOTE),
        (row(None, "", None, "（18位）", (None, None, "（17位）", None, None)), Skip.NOTE),
        (row("语文组"), Skip.NOTE),
        (row(None, "以上人员名单已经核对，情况属实，特此证明。"), Skip.NOTE),
        (HEAD, Skip.HEADER),
        (("序号", "姓 名", "性别"), Skip.HEADER),
    ],
)
def test_rows_that_are_passed_over(proposed: Propose, cells: tuple[object, ...], skip: Skip) -> None:
    proposal = proposed(row(1, "王芳", "女", WANG, PRIMARY), cells, row(2, "李娜", "女", LI, SENIOR))
    assert [teacher.name for teacher in proposal.teachers] == ["王芳", "李娜"]
    passed = proposal.rows[1]
    assert (passed.status, passed.skip) == (Status.SKIPPED, skip)
    assert passed.reason
    assert all(len(teacher.certificates) == 1 for teacher in proposal.teachers)


def test_titles_repeated_further_down_are_passed_over(sheet_of: SheetOf, notice: Notice) -> None:
    sheet = sheet_of(("采集名册",), HEAD, row(1, "王芳", "女", WANG, PRIMARY), ("采集名册",), HEAD)
    proposal = propose(sheet, detect(sheet, notice), notice)
    assert [line.skip for line in proposal.rows] == [None, Skip.HEADER, Skip.HEADER]


@pytest.mark.parametrize(
    "cells",
    [
        row("注", "王芳", "女", WANG, PRIMARY),
        row("合计", "李娜", "女", LI, PRIMARY),
        row(None, "校长", "男", ZHANG, PRIMARY),
        row("校长", "张三", None, None, PRIMARY),
    ],
)
def test_a_row_with_a_persons_number_is_never_passed_over(
    proposed: Propose, cells: tuple[object, ...]
) -> None:
    assert len(proposed(cells).teachers) == 1


@pytest.mark.parametrize(
    "cells",
    [
        row(None, None, None, None, (None, None, None, "泉州第一中学", "2017年3月1日")),
        row(None, None, None, None, (None, None, None, None, "2017-03-01")),
        row(None, None, "男"),
        row("五", None, "男"),
        row(None, None, None, None, NO_CERTIFICATE, "另附"),
        row(5, None, None, None, (None, None, None, None, "不详")),
    ],
)
def test_content_that_makes_no_teacher_is_refused_by_row(
    proposed: Propose, cells: tuple[object, ...]
) -> None:
    proposal = proposed(row(1, "王芳", "女", WANG, PRIMARY), cells)
    assert [teacher.note for teacher in proposal.teachers] == [""]
    (refused,) = proposal.refused
    assert refused.number == 3
    assert refused.reason
    assert refused.serial == str(cells[0] or "")


@pytest.mark.parametrize(
    "cells",
    [
        row(5, None, "男"),
        row("5", None, None, None, NO_CERTIFICATE, "另附"),
        row(5, None, None, None, (None, None, None, "泉州市教育局", None)),
        row(5, None, None, None, (None, None, None, None, "2017-03-01")),
    ],
)
def test_a_serial_and_something_understood_make_a_teacher_without_a_name(
    proposed: Propose, cells: tuple[object, ...]
) -> None:
    proposal = proposed(row(1, "王芳", "女", WANG, PRIMARY), cells)
    assert [(teacher.serial, teacher.name) for teacher in proposal.teachers] == [(1, "王芳"), (5, "")]


def test_content_in_unmapped_columns_alone_is_refused(sheet_of: SheetOf, notice: Notice) -> None:
    sheet = sheet_of(("姓名", "性别", "电话"), ("王芳", "女", "1"), ("", "", "22138813"))
    proposal = propose(sheet, detect(sheet, notice), notice)
    assert [line.status for line in proposal.rows] == [Status.ACCEPTED, Status.REFUSED]
    assert proposal.rows[1].values[2].read == "22138813"


def test_without_a_mapping_no_row_is_lost_from_sight(sheet_of: SheetOf, notice: Notice) -> None:
    sheet = sheet_of(("王芳", WANG), ("李娜", LI))
    layout = detect(sheet, notice).with_mapping(0, None).with_mapping(1, None)
    assert len(propose(sheet, layout, notice).refused) == 2
    mapped = layout.with_mapping(0, "name").with_mapping(1, "id_number")
    assert summary(propose(sheet, mapped, notice)) == [("王芳", WANG, []), ("李娜", LI, [])]


def test_cells_full_of_brackets_are_no_hurdle(sheet_of: SheetOf, notice: Notice) -> None:
    """Half a billion steps each, were every bracket searched for its end."""
    full = "(" * 32_767
    rows = [("1", full, "女", WANG), *[(full, "注" + full, None, None)] * 300]
    sheet = sheet_of((full,) * 20, ("序号", "姓名", "性别", "身份证号码", full), *rows)
    proposal = propose(sheet, detect(sheet, notice), notice)
    assert proposal.teachers[0].name == full
    (problem,) = (problem for problem in proposal.problems if problem.row == 3)
    assert (problem.field, problem.problem, len(problem.reason) < 100) == (
        "name",
        Problem.NOT_UNDERSTOOD,
        True,
    )


def test_blank_rows_at_the_end_are_no_rows(proposed: Propose) -> None:
    proposal = proposed(row(1, "王芳", "女", WANG, PRIMARY), *[(None,) * 10] * 50)
    assert proposal.read == 1


def test_an_empty_sheet(notice: Notice) -> None:
    assert propose(Sheet("空", ()), Layout(0, 0, ()), notice) == Proposal("空", (), (), ())


def certificate_with(**values: object) -> tuple[object, ...]:
    kept = dict(zip(("kind", "subject", "number", "authority", "issued"), PRIMARY, strict=True))
    return tuple({**kept, **values}.values())


@pytest.mark.parametrize(
    ("field", "cell", "problem"),
    [
        ("id_number", 350502198001010000, Problem.DIGITS_LOST),
        ("id_number", "3.50502E+17", Problem.DIGITS_LOST),
        ("id_number", "３.50502198001e17", Problem.DIGITS_LOST),
        ("id_number", Cell(CellKind.ERROR, "#N/A"), Problem.ERROR_CELL),
        ("name", Cell(CellKind.ERROR, "#REF!"), Problem.ERROR_CELL),
        ("sex", Cell(CellKind.ERROR, "#VALUE!"), Problem.ERROR_CELL),
        ("note", 12345678901234567, Problem.DIGITS_LOST),
        ("number", 20103520122000100, Problem.DIGITS_LOST),
        ("number", "2.01035E+16", Problem.DIGITS_LOST),
        ("kind", Cell(CellKind.ERROR, "#NAME?"), Problem.ERROR_CELL),
        ("issued", 2010.1, Problem.AMBIGUOUS_DATE),
        ("issued", datetime.date(1905, 7, 2), Problem.STRANGE_DATE),
        ("issued", datetime.date(2450, 5, 4), Problem.STRANGE_DATE),
        ("issued", Cell(CellKind.ERROR, "#N/A"), Problem.ERROR_CELL),
    ],
)
def test_refused_cells_leave_the_field_empty_and_the_row_in(
    proposed: Propose, field: str, cell: object, problem: Problem
) -> None:
    teacher_level = field in ("name", "sex", "id_number", "note")
    person = {"name": "王芳", "sex": "女", "id_number": WANG, "note": "x"}
    if teacher_level:
        proposal = proposed(row(1, certificate=PRIMARY, **{**person, field: cell}))
    else:
        proposal = proposed(row(1, certificate=certificate_with(**{field: cell}), **person))
    (teacher,) = proposal.teachers
    holder = teacher if teacher_level else teacher.certificates[0]
    assert getattr(holder, field) == ""
    (refusal,) = holder.refusals
    assert refusal.field == field
    assert refusal.original
    assert refusal.reason == proposal.problems[0].reason
    (trouble,) = proposal.problems
    assert (trouble.problem, trouble.row, trouble.serial) == (problem, 2, "1")
    assert trouble.problem.refused
    assert trouble.title == HEAD[trouble.column]
    assert proposal.refused_cells == (trouble,)


@pytest.mark.parametrize(
    ("field", "cell", "kept"),
    [
        ("id_number", 350502800101002, "350502800101002"),  # 15 digits are all kept
        ("id_number", "350502198001010000", "350502198001010000"),
        ("id_number", "３５０５０２１９８００１０１００２Ｘ", "35050219800101002X"),
        ("issued", 2010.9, "2010-09"),
        ("issued", 2010.12, "2010-12"),
        ("issued", 2010.01, "2010-01"),
        ("issued", "2010.1", "2010-01"),
        ("issued", "2010.10", "2010-10"),
        ("issued", 40422, "2010-09-01"),
        ("issued", 20100901, "2010-09-01"),
        ("issued", 201009, "2010-09"),
        ("issued", datetime.date(2010, 9, 1), "2010-09-01"),
        ("issued", Cell(CellKind.DATE, "2010-09"), "2010-09"),
        ("issued", Cell(CellKind.DATE, "2010-09-01 12:30:00"), "2010-09-01"),
        ("issued", "2010/9/1", "2010-09-01"),
        ("issued", "二〇一〇年", "二〇一〇年"),
        ("issued", 2010, "2010"),
        ("kind", "初级中学、高级中学", "初级中学、高级中学"),
        ("kind", "高中", "高级中学"),
        ("subject", "=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("subject", "-1+2", "-1+2"),
        ("authority", "@泉州", "@泉州"),
        ("number", "+20103520122000101", "+20103520122000101"),
        ("name", "=A1", "=A1"),
    ],
)
def test_kept_cells(proposed: Propose, field: str, cell: object, kept: str) -> None:
    if field in ("name", "id_number"):
        proposal = proposed(row(1, certificate=PRIMARY, sex="女", **{"name": "王芳", field: cell}))
        assert getattr(proposal.teachers[0], field) == kept
    else:
        proposal = proposed(row(1, "王芳", "女", WANG, certificate_with(**{field: cell})))
        assert getattr(proposal.teachers[0].certificates[0], field) == kept
    assert not proposal.refused_cells


@pytest.mark.parametrize(
    ("field", "text"), [("kind", "博士"), ("number", "2010352012"), ("issued", "不详"), ("number", "无")]
)
def test_what_is_not_understood_stays_and_is_listed(proposed: Propose, field: str, text: str) -> None:
    proposal = proposed(row(1, "王芳", "女", WANG, certificate_with(**{field: text})))
    assert getattr(proposal.teachers[0].certificates[0], field) == text
    (trouble,) = proposal.problems
    assert (trouble.problem, trouble.field) == (Problem.NOT_UNDERSTOOD, field)
    assert not trouble.problem.refused


def test_a_text_file_does_not_tell_2010_1_from_2010_10(sheet_of: SheetOf, notice: Notice) -> None:
    sheet = sheet_of(HEAD, row("1", "王芳", "女", WANG, certificate_with(issued="2010.1")))
    layout = detect(sheet, notice)
    typed = propose(sheet, layout, notice).teachers[0].certificates[0]
    untyped = propose(replace(sheet, typed=False), layout, notice).teachers[0].certificates[0]
    assert (typed.issued, untyped.issued) == ("2010-01", "")
    assert untyped.refusals[0].original == "2010.1"


def test_day_counts_since_1904(proposed: Propose) -> None:
    certificate = certificate_with(issued=38960)
    rows = row(1, "王芳", "女", WANG, certificate)
    assert proposed(rows).teachers[0].certificates[0].issued == "2006-08-31"
    assert proposed(rows, since_1904=True).teachers[0].certificates[0].issued == "2010-09-01"


@pytest.mark.parametrize(
    ("written", "serials"),
    [
        ((1, 2, 3), [1, 2, 3]),
        (("3", "１", " 2 "), [3, 1, 2]),
        (("001", "002", "003"), [1, 2, 3]),
        ((1, 2, 2), [1, 2, 2]),
        ((1, 2, None), [1, 2, None]),
        ((1, 2, "甲"), [1, 2, None]),
        ((0, 1, 2), [None, 1, 2]),
        ((1, 2, 2.5), [1, 2, None]),
    ],
)
def test_serials_are_the_sheets_own_whole_numbers(
    proposed: Propose, written: tuple[object, ...], serials: list[int | None]
) -> None:
    people = (("王芳", WANG), ("李娜", LI), ("张三", ZHANG))
    proposal = proposed(
        *(row(serial, name, None, number) for serial, (name, number) in zip(written, people, strict=True))
    )
    assert [teacher.serial for teacher in proposal.teachers] == serials
