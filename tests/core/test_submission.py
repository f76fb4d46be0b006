from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certclerk.core.notice import Notice
from certclerk.core.records import (
    Certificate,
    Confirmation,
    Filing,
    Finding,
    Page,
    Place,
    Roster,
    Severity,
    Teacher,
)
from certclerk.core.rules import check
from certclerk.core.scope import Scope
from certclerk.core.submission import Submission, Supplement, blockers, plan

DAY = date(2032, 3, 1)


def certificate(number: int, notice: Notice, **values: object) -> Certificate:
    made = Certificate(
        id=number,
        teacher_id=number // 10,
        kind=notice.collected_kinds[0].name,
        number="20313500000000001",
        authority=notice.authorities[0],
        issued="2031-07-01",
        pages=tuple(page(number * 10 + index, slot.id) for index, slot in enumerate(notice.slots)),
    )
    return replace(made, **values)  # type: ignore[arg-type]


def page(number: int, slot: str) -> Page:
    return Page(number, f"{number}", 0, "image/jpeg", 9, 9, None, "", "", place=Place.SLOT, slot=slot)


def teacher(number: int, name: str, notice: Notice, **values: object) -> Teacher:
    made = Teacher(number, 50 + number, name, certificates=(certificate(number * 10, notice),))
    return replace(made, **values)  # type: ignore[arg-type]


def submission(notice: Notice, teachers: Sequence[Teacher], held: dict[int, str] | None = None) -> Submission:
    roster = Roster(Filing(notice.units[0].aliases[0], "陈小明", "22138813"), tuple(teachers))
    return plan(roster, notice, DAY, held=held or {})


def named(notice: Notice, *names: str) -> list[str]:
    made = submission(notice, [teacher(number, name, notice) for number, name in enumerate(names, 1)])
    return [document.file_name for document in made.documents]


def test_serials_run_over_those_who_are_in_it(quanzhou: Notice) -> None:
    made = submission(
        quanzhou,
        [
            teacher(1, "王芳", quanzhou),
            teacher(2, "李娜", quanzhou, choice="out", choice_reason="退休"),
            teacher(3, "张三", quanzhou),
        ],
    )
    assert [(each.serial, each.name) for each in made.documents] == [(1, "王芳"), (2, "张三")]
    assert [row[0] for row in made.annexes[0].grid.rows] == [1, 2]


def test_nobody_is_left_out_without_a_word(quanzhou: Notice) -> None:
    """
    1 王芳 纳入
    2 李娜 不纳入 退休
    3 张三 暂缓   病假
    4 陈明 待定   缺发证时间
    5 周红 纳入, but held this time
    6 吴刚 没有证书
    """
    made = submission(
        quanzhou,
        [
            teacher(1, "王芳", quanzhou),
            teacher(2, "李娜", quanzhou, choice="out", choice_reason="退休"),
            teacher(3, "张三", quanzhou, choice="hold", choice_reason="病假"),
            teacher(4, "陈明", quanzhou, certificates=(certificate(40, quanzhou, issued=""),)),
            teacher(5, "周红", quanzhou),
            teacher(6, "吴刚", quanzhou, certificates=()),
        ],
        held={5: "缺备注页"},
    )
    assert [document.name for document in made.documents] == ["王芳"]
    assert [(left.serial, left.name, left.scope, left.reason) for left in made.left_out] == [
        (52, "李娜", Scope.OUT, "退休"),
        (53, "张三", Scope.HOLD, "病假"),
        (54, "陈明", Scope.ASK, "缺发证时间"),
        (55, "周红", Scope.HOLD, "缺备注页"),
        (56, "吴刚", Scope.OUT, "没有登记证书"),
    ]
    assert [left.name for left in made.held()] == ["张三", "周红"]


def test_a_document_holds_the_certificates_in_scope_in_order(quanzhou: Notice) -> None:
    made = submission(
        quanzhou,
        [
            teacher(
                1,
                "王芳",
                quanzhou,
                certificates=(
                    certificate(11, quanzhou),
                    certificate(12, quanzhou, authority="厦门市教育局"),
                    certificate(13, quanzhou, issued=""),
                    certificate(14, quanzhou, kind="小学"),
                ),
            )
        ],
    )
    (document,) = made.documents
    assert [each.id for each in document.certificates] == [11, 14]
    assert [each.id for each in document.pages] == [110, 111, 112, 140, 141, 142]
    assert made.certificate_count == 2
    assert [(each.serial, each.name, each.reason) for each in made.undecided] == [(51, "王芳", "缺发证时间")]


def test_pages_stand_in_the_notices_order_whatever_order_they_came_in(quanzhou: Notice) -> None:
    pages = (page(1, "remarks"), page(2, "text"), page(3, "cover"), page(4, "text"))
    made = submission(
        quanzhou, [teacher(1, "王芳", quanzhou, certificates=(certificate(11, quanzhou, pages=pages),))]
    )
    assert [each.id for each in made.documents[0].pages] == [3, 2, 4, 1]


def test_another_notices_slots_in_its_order(invented: Notice) -> None:
    pages = (page(1, "seal"), page(2, "grades"), page(3, "outside"), page(4, "person"), page(5, "grades"))
    made = submission(
        invented, [teacher(1, "王芳", invented, certificates=(certificate(11, invented, pages=pages),))]
    )
    assert [each.id for each in made.documents[0].pages] == [3, 4, 2, 5, 1]


LONG = "泉州市丰泽区东海街道附属实验" * 20
# Windows takes 260 characters of a path; the folder that the clerk chooses is to have 100 of them.
MOST_CHARACTERS = 160


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("profile", ["quanzhou", "invented"])
def test_a_unit_of_any_length_leaves_every_name_its_own_and_storable(
    profile: str, number: int, request: pytest.FixtureRequest
) -> None:
    notice: Notice = request.getfixturevalue(profile)
    people = [teacher(each, LONG + tail, notice) for each, tail in enumerate(("甲", "乙", "甲"), 1)]
    roster = Roster(Filing(LONG, "陈小明", "1"), tuple(people))
    added = Supplement(1, number, frozenset({1, 2, 3})) if number else None
    made = plan(roster, notice, DAY, supplement=added)
    parts = range(1, 12)
    files = [
        *(made.archive_name(part, 11) for part in parts),
        *(made.draft_name(part, 11) for part in parts),
        *(f"{annex.file_stem}{suffix}" for annex in made.annexes for suffix in (".xlsx", ".pdf")),
        made.manifest_name,
    ]
    documents = [document.file_name for document in made.documents]
    assert len(set(files)) == len(files)
    assert len(set(documents)) == len(documents)
    assert all(name.endswith(".pdf") for name in documents)
    assert all(
        len(name.encode()) <= 255 for name in (*files, *documents, made.folder_name, made.entry_folder)
    )
    assert max(len(f"{made.folder_name}/{name}") for name in files) <= MOST_CHARACTERS
    assert max(len(made.entry_path(document)) for document in made.documents) <= MOST_CHARACTERS


def test_an_annex_that_begins_with_the_unit_keeps_what_tells_it_from_the_other(quanzhou: Notice) -> None:
    annexes = tuple(replace(annex, file=f"{{unit}}_{annex.label}") for annex in quanzhou.annexes)
    roster = Roster(Filing(LONG, "陈小明", "1"), (teacher(1, "王芳", quanzhou),))
    made = plan(roster, replace(quanzhou, annexes=annexes), DAY)
    first, second = (annex.file_stem for annex in made.annexes)
    assert first.endswith("附件1") and second.endswith("附件2")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张三?", "张三*"),
        ("Zoe", "zoe"),
        ("Zo\u00eb", "Zoe\u0308"),
        ("张\u200b三", "张三"),
        ("CON", "con."),
        ("", "_"),
        ("\U00020bb7" * 100, "\U00020bb7" * 101),
    ],
)
def test_teachers_whose_names_no_folder_tells_apart_get_the_serial(
    one: str, other: str, quanzhou: Notice
) -> None:
    names = named(quanzhou, one, other)
    assert [name[-7:] for name in names] == ["（1）.pdf", "（2）.pdf"]


def test_same_names_get_the_serial(quanzhou: Notice) -> None:
    assert named(quanzhou, "张三", "李娜", "张三") == ["张三（1）.pdf", "李娜.pdf", "张三（3）.pdf"]


@pytest.mark.parametrize(
    "names",
    [
        ("张三", "张三", "张三（1）"),
        ("张三（2）", "张三", "张三"),
        ("Ann", "ANN", "ann（1）"),
        ("a/b", "a:b", "a_b"),
        ("", "", "_"),
    ],
)
def test_no_two_documents_share_a_file(names: tuple[str, ...], quanzhou: Notice) -> None:
    files = [file.casefold() for file in named(quanzhou, *names)]
    assert len(set(files)) == len(names)
    assert all(file.endswith(".pdf") for file in files)


@given(st.lists(st.text(alphabet="张三Aa（12）_/.", max_size=4), max_size=8))
def test_no_names_at_all_share_a_file(quanzhou: Notice, names: list[str]) -> None:
    files = [file.casefold() for file in named(quanzhou, *names)]
    assert len(set(files)) == len(names)


def test_the_unit_goes_by_its_official_name(quanzhou: Notice) -> None:
    made = submission(quanzhou, [teacher(1, "王芳", quanzhou)])
    assert made.filing == Filing("泉州第一中学", "陈小明", "22138813", DAY)
    assert made.folder_name == "泉州第一中学_2032-03-01"
    assert made.entry_path(made.documents[0]) == "泉州第一中学/王芳.pdf"


def test_names_of_parts(quanzhou: Notice, invented: Notice) -> None:
    one, other = submission(quanzhou, []), submission(invented, [])
    assert one.archive_name(1, 1) == "泉州第一中学.zip"
    assert one.archive_name(2, 3) == "泉州第一中学（第2份，共3份）.zip"
    assert one.draft_name(1, 1) == "邮件草稿.eml"
    assert one.draft_name(2, 3) == "邮件草稿（第2封，共3封）.eml"
    assert one.manifest_name == "校验清单.json"
    assert other.archive_name(2, 3) == "海门县临江学校影像-2-3.zip"
    assert other.folder_name == "报送 2032-03-01 海门县临江学校"


def test_an_alien_units_name_makes_safe_files(quanzhou: Notice) -> None:
    roster = Roster(Filing("一校/二校: 东"), ())
    made = plan(roster, quanzhou, DAY)
    assert made.folder_name == "一校_二校_ 东_2032-03-01"
    assert made.archive_name(1, 1) == "一校_二校_ 东.zip"


def finding(severity: Severity, teacher_id: int | None) -> Finding:
    return Finding("some", severity, "", teacher_id=teacher_id)


def test_errors_block_where_the_teacher_is_in_scope_and_the_units_always(quanzhou: Notice) -> None:
    roster = Roster(
        Filing("某校"),
        (teacher(1, "王芳", quanzhou), teacher(2, "李娜", quanzhou, choice="out")),
    )
    error, warning = Severity.ERROR, Severity.WARNING
    findings = [finding(error, 1), finding(error, 2), finding(error, None), finding(warning, 1)]
    assert blockers(roster, quanzhou, findings) == (findings[0], findings[2])


def test_a_confirmation_stands_in_the_roster_annex_only_where_the_clerk_says_so(quanzhou: Notice) -> None:
    def notes(in_note: bool, number: str = "12") -> list[str]:
        first = replace(certificate(10, quanzhou), number=number)
        confirmed = Confirmation("number_malformed", "number", "12", "证书上就是这样", first.id, in_note)
        held = teacher(
            1,
            "王芳",
            quanzhou,
            note="借调",
            certificates=(first, certificate(11, quanzhou)),
            confirmations=(confirmed,),
        )
        roster = Roster(Filing(quanzhou.units[0].name), (held,))
        made = plan(roster, quanzhou, DAY, findings=check(roster, quanzhou, DAY))
        grid = made.annexes[0].grid
        place = [head.text for head in grid.columns].index("备注")
        return [str(row[place]) for row in grid.rows]

    assert notes(in_note=True) == ["借调；证书号码不是 17 位数字（证书上就是这样）", "借调"]
    assert notes(in_note=False) == ["借调", "借调"]
    assert notes(in_note=True, number="123") == ["借调", "借调"], "it lapses with the value"
