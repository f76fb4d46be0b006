"""The lists made of the roster: audit, chase, signatures, each with its words and its rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from certclerk.core.audit import NAMES_PER_ROW, audit
from certclerk.core.chase import LACKING, NOBODY, QUESTIONS, chase
from certclerk.core.notice import Notice
from certclerk.core.printed_table import CellValue
from certclerk.core.records import (
    Absence,
    Certificate,
    Confirmation,
    Filing,
    Refusal,
    Roster,
    Teacher,
)
from certclerk.core.roster_list import RosterList
from certclerk.core.rules import CATALOGUE, SCOPE_QUESTIONS, check
from certclerk.core.signature import row_digest
from certclerk.core.signature_sheet import signature_sheet

DAY = date(2017, 3, 1)
FILING = Filing("泉州第一中学", "陈敏", "22000000", DAY)
WITHOUT_PAGES = ("cover", "text", "remarks")


def certificate(index: int, **values: object) -> Certificate:
    """In scope and complete, its pages all said not to be there."""
    held: dict[str, object] = {
        "kind": "高级中学",
        "subject": "语文",
        "number": f"20133599042{index:06}",
        "authority": "泉州市教育局",
        "issued": "2013-07-01",
        "absences": tuple(Absence(slot, "确无") for slot in WITHOUT_PAGES),
    }
    return Certificate(index, 0, **{**held, **values})  # type: ignore[arg-type]


def teacher(index: int, name: str, *certificates: Certificate, **values: object) -> Teacher:
    return replace(
        Teacher(index, index, name, "女", "359901198001010025", certificates=certificates),
        **values,  # type: ignore[arg-type]
    )


def rows(made: RosterList) -> list[tuple[CellValue, ...]]:
    return list(made.table.grid.rows)


LIN = teacher(1, "林晓雯", certificate(1))
ROSTER = (
    LIN,
    teacher(2, "陈志远", certificate(2, authority="福建省教育厅")),
    teacher(3, "黄燕", certificate(3, issued="2008-07-01", number="20083599042000003")),
    teacher(4, "王芳", certificate(4, issued="")),
    teacher(5, "李娜", certificate(5), choice="hold", choice_reason="证书在补办"),
    teacher(6, "张帆", certificate(6), choice="out", choice_reason="退休"),
    teacher(7, "郑洁", certificate(7), certificate(8, kind="小学", authority="福建省教育厅")),
    teacher(8, "", certificate(9, authority="福建省教育厅")),
)


# 摸底审核表


def test_the_audit_counts_and_names_everyone_by_reason(quanzhou: Notice) -> None:
    made = audit(ROSTER, FILING, quanzhou)
    assert rows(made) == [
        ("纳入", "符合采集范围", 2, "1 林晓雯、7 郑洁"),
        ("待定", "缺发证时间", 1, "4 王芳"),
        ("暂缓", "证书在补办", 1, "5 李娜"),
        ("不纳入", "认定机构是福建省教育厅", 2, "2 陈志远、8 （未填姓名）"),
        ("不纳入", "2009年1月1日以前取得", 1, "3 黄燕"),
        ("不纳入", "退休", 1, "6 张帆"),
        ("合计", "", 8, ""),
        ("另有证书不采集", "认定机构是福建省教育厅", 1, "7 郑洁"),
    ]
    assert made.summary == "共 8 人：纳入 2 人，待定 1 人，暂缓 1 人，不纳入 4 人。"
    assert made.text.splitlines()[:3] == [
        "泉州第一中学教师资格证书摸底审核表",
        made.summary,
        "纳入，符合采集范围（2 人）：1 林晓雯、7 郑洁",
    ]
    assert made.text.splitlines()[-1] == "另有证书不采集，认定机构是福建省教育厅（1 人）：7 郑洁"


def test_the_audit_is_headed_as_the_annexes_and_says_its_rule(quanzhou: Notice) -> None:
    table = audit(ROSTER, FILING, quanzhou).table
    assert dict(table.head)["报送单位（盖章）"] == "泉州第一中学"
    assert dict(table.head)["填报时间"] == "2017年3月1日"
    assert "2009年1月1日" in table.foot and quanzhou.number in table.foot
    assert table.file_stem == "教师资格证书摸底审核表_泉州第一中学"


def test_many_of_one_reason_take_several_rows_and_are_counted_once(quanzhou: Notice) -> None:
    many = [teacher(n, "林晓雯", certificate(n)) for n in range(1, NAMES_PER_ROW + 2)]
    first, second, total = rows(audit(many, FILING, quanzhou))
    assert first[:3] == ("纳入", "符合采集范围", NAMES_PER_ROW + 1)
    assert second == ("纳入", "符合采集范围（续）", "", f"{NAMES_PER_ROW + 1} 林晓雯")
    assert total[2] == NAMES_PER_ROW + 1


def test_the_audit_of_nobody(quanzhou: Notice) -> None:
    made = audit((), FILING, quanzhou)
    assert (rows(made), made.summary) == ([], "名册里还没有教师。")


def test_a_word_without_a_reason_is_seen(quanzhou: Notice) -> None:
    (only, _) = rows(audit([replace(LIN, choice="hold")], FILING, quanzhou))
    assert only[:2] == ("暂缓", "（未写原因）")


# 催交名单


def chased(notice: Notice, *teachers: Teacher, filing: Filing = FILING) -> RosterList:
    return chase(teachers, check(Roster(filing, teachers), notice, DAY), filing, notice)


@pytest.mark.parametrize(
    ("lacking", "pages", "fields", "questions"),
    [
        (teacher(1, "林晓雯", certificate(1, absences=())), "封面、内页、备注页", "", ""),
        (replace(LIN, sex="", id_number=""), "", "性别、身份证号码", ""),
        (teacher(1, "林晓雯", certificate(1, kind="", number="")), "", "资格种类、证书号码", ""),
        (teacher(1, "林晓雯", certificate(1, issued="")), "", "发证时间", ""),
        (teacher(1, "林晓雯", certificate(1, authority="")), "", "认定机构", ""),
        (teacher(1, "林晓雯", certificate(1, number="20083599042000001")), "", "", "证书是否补发或换发"),
        (
            replace(LIN, id_number="", refusals=(Refusal("id_number", "3.59E+17", "后面的位数已丢失"),)),
            "",
            "身份证号码",
            "",
        ),
    ],
)
def test_what_is_lacking(lacking: Teacher, pages: str, fields: str, questions: str, quanzhou: Notice) -> None:
    made = chased(quanzhou, lacking)
    assert rows(made) == [(1, "林晓雯", pages, fields, questions, "")]
    assert made.owners == (1,)
    assert made.summary == "1 位教师还有材料没有交齐。"


def test_with_several_certificates_each_is_named(quanzhou: Notice) -> None:
    two = teacher(
        1, "林晓雯", certificate(1, absences=()), certificate(2, kind="小学", subject="", issued="")
    )
    assert rows(chased(quanzhou, two))[0][2:5] == (
        "高级中学证书：封面、内页、备注页",
        "小学证书：发证时间",
        "",
    )
    twins = teacher(1, "林晓雯", certificate(1), certificate(2, issued=""))
    assert rows(chased(quanzhou, twins))[0][3] == "第2本高级中学证书：发证时间"


@pytest.mark.parametrize(
    "settled",
    [
        LIN,
        teacher(1, "林晓雯", certificate(1, issued="", choice="in", choice_reason="已看原件")),
        replace(
            teacher(1, "林晓雯", certificate(1, authority="")),
            confirmations=(Confirmation("authority_missing", "authority", "", "证书未印", 1),),
        ),
        teacher(1, "林晓雯", certificate(1, issued="2008-01-01", number="20083599042000001", absences=())),
        teacher(1, "林晓雯", certificate(1, absences=()), choice="out", choice_reason="退休"),
        teacher(1, "林晓雯", certificate(1, absences=(), number=""), choice="hold", choice_reason="在补办"),
        teacher(
            1,
            "林晓雯",
            certificate(1),
            certificate(
                2,
                kind="小学",
                authority="福建省教育厅",
                number="",
                refusals=(Refusal("number", "2E16", "丢位"),),
            ),
        ),
    ],
)
def test_who_owes_nothing_is_not_chased(settled: Teacher, quanzhou: Notice) -> None:
    made = chased(quanzhou, settled)
    assert (rows(made), made.summary, made.text) == ([], NOBODY, NOBODY)


def test_words_for_a_chat_group(quanzhou: Notice) -> None:
    made = chased(
        quanzhou,
        teacher(1, "林晓雯", certificate(1, absences=(), issued="")),
        teacher(2, "陈志远", certificate(2, number=""), id_number=""),
        teacher(3, "陈志远", certificate(3, kind=""), id_number=""),
        teacher(4, "", certificate(4), id_number=""),
    )
    assert made.text.splitlines() == [
        "各位老师好！教师资格证书电子证照采集还缺以下材料，请尽快交给陈敏（22000000），谢谢！",
        "1. 林晓雯：发证时间",
        "2. 陈志远（名册第 2 号）：身份证号码、证书号码",
        "3. 陈志远（名册第 3 号）：身份证号码、资格种类",
        "4. （未填姓名）（名册第 4 号）：姓名、身份证号码",
    ]


def test_the_words_hold_no_numbers(quanzhou: Notice) -> None:
    refused = Refusal("number", "20133599042000000", "丢位")
    made = chased(quanzhou, teacher(1, "林晓雯", certificate(1, number="", refusals=(refused,), absences=())))
    assert "证书号码" in made.text
    assert not any(word in made.text for word in ("359901", "2013359", "丢位"))


def test_the_deadline_is_named_while_it_is_ahead(quanzhou: Notice) -> None:
    owing = replace(LIN, sex="")
    ahead = replace(quanzhou, deadline=date(2017, 5, 31))
    assert "请在5月31日前交给陈敏" in chased(ahead, owing).text
    past = chased(ahead, owing, filing=replace(FILING, filled_on=date(2017, 6, 1), phone="", clerk=""))
    assert "请尽快交给经办人，谢谢" in past.text


def test_every_code_that_is_chased_is_one_of_the_rules() -> None:
    assert LACKING | set(QUESTIONS) <= set(CATALOGUE)
    assert LACKING | set(QUESTIONS) >= SCOPE_QUESTIONS


# 本人核对表


def signed(made: Teacher) -> Teacher:
    return replace(made, signed_on="2017-02-20", signed_row=row_digest(made))


def test_each_certificate_has_its_row_and_the_teacher_signs_once(quanzhou: Notice) -> None:
    both = teacher(2, "郑洁", certificate(2), certificate(3, kind="小学"))
    made = signature_sheet([LIN, both, ROSTER[5]], FILING, quanzhou)
    own = (2, "郑洁", "女", "359901198001010025")
    assert rows(made)[1:] == [
        (*own, "高级中学", "语文", "20133599042000002", "泉州市教育局", "2013-07-01", "", ""),
        (*own, "小学", "语文", "20133599042000003", "泉州市教育局", "2013-07-01", "同上", ""),
    ]
    assert made.owners == (1, 2, 2)
    assert made.table.landscape and made.table.grid.least_lines > 1


def test_who_signed_is_marked_until_the_row_changes(quanzhou: Notice) -> None:
    changed = replace(signed(replace(LIN, id=2)), name="林晓文")
    made = signature_sheet([signed(LIN), changed], FILING, quanzhou)
    assert [row[-2:] for row in rows(made)] == [("已核对", "2017-02-20"), ("", "")]
    assert made.summary == "共 2 人：已核对 1 人，未核对 0 人，核对后又有改动 1 人。"
    left = signature_sheet([signed(LIN), changed], FILING, quanzhou, open_only=True)
    assert (left.owners, left.summary) == ((2,), made.summary)


def test_without_certificates_there_is_still_a_row(quanzhou: Notice) -> None:
    held = teacher(1, "林晓雯", choice="hold")
    made = signature_sheet([held], FILING, quanzhou)
    assert rows(made) == [(1, "林晓雯", "女", "359901198001010025", *[""] * 7)]


def test_nobody_to_sign(quanzhou: Notice) -> None:
    made = signature_sheet([ROSTER[5]], FILING, quanzhou)
    assert (rows(made), made.summary) == ([], "没有需要核对的教师。")
