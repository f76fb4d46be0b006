"""Names of files and folders to places, one row each."""

from __future__ import annotations

import string
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certclerk.capture.matching import Arrival, Placement, match
from certclerk.capture.reading import name_key
from certclerk.core.notice import Notice, parse_notice
from certclerk.core.records import Certificate, Page, Place, Teacher

PROFILE = Path(__file__).parents[2] / "resources" / "notices" / "quanzhou-2017-1.toml"
PEOPLE = (
    # serial, name, kinds of the certificates
    (1, "王芳", ("小学",)),
    (2, "李娜", ("高级中学",)),
    (3, "张三", ("初级中学", "高级中学")),
    (4, "阿依古丽·买买提", ("小学",)),
    (5, "陈明", ("初级中学",)),
    (6, "陈明", ("初级中学",)),
    (7, "欧阳文", ("",)),
    (8, "欧阳文字", ("幼儿园",)),
    (9, "周杰", ("中等职业学校", "中等职业学校实习指导")),
    (10, "林没证", ()),
    (11, "䶮小龙", ("小学",)),
    (12, "孙同", ("小学", "小学")),
    (13, "Anna Smith", ("小学",)),
)


@pytest.fixture(scope="module")
def notice() -> Notice:
    return parse_notice(PROFILE.read_text(encoding="utf-8"), PROFILE.name)


def roster(people=PEOPLE) -> tuple[Teacher, ...]:
    """Teacher ids are serials times 100, certificate ids count from the teacher's id plus 1."""
    return tuple(
        Teacher(
            id=serial * 100,
            serial=serial,
            name=name,
            certificates=tuple(
                Certificate(serial * 100 + 1 + place, serial * 100, kind) for place, kind in enumerate(kinds)
            ),
        )
        for serial, name, kinds in people
    )


def arrivals(paths: str) -> tuple[Arrival, ...]:
    """One arrival for each path between blanks; ``file*3`` has three pages. ␣ is a space."""
    found = []
    for path in paths.split(" "):
        path, _, count = path.replace("␣", " ").partition("*")
        *parts, name = path.split("/")
        frames = int(count or 1)
        found += [Arrival(name, tuple(parts), frame, frames) for frame in range(frames)]
    return tuple(found)


def shown(placement: Placement) -> str:
    """``301 cover`` is certificate 301's cover, ``301 text2`` the third page of its text, ``-`` the tray."""
    if placement.certificate_id is None:
        assert placement.reason
        return "-"
    assert not placement.reason
    return f"{placement.certificate_id} {placement.slot}{placement.order or ''}"


def placed(paths: str, notice: Notice, teachers=None) -> list[str]:
    return [shown(placement) for placement in match(arrivals(paths), teachers or roster(), notice)]


SINGLE = [
    # the name, then a page's word
    ("王芳_封面.jpg", "101 cover"),
    ("王芳封面.jpg", "101 cover"),
    ("王芳␣封面.JPG", "101 cover"),
    ("王芳-内页.png", "101 text"),
    ("王芳－文字.jpg", "101 text"),
    ("王芳—图案.jpg", "101 text"),
    ("王芳（照片）.jpg", "101 text"),
    ("王芳【备注】.jpg", "101 remarks"),
    ("王芳、备注页.jpg", "101 remarks"),
    ("王芳.封面.jpg", "101 cover"),
    ("王芳#封面.jpg", "101 cover"),
    ("[王芳]封面.jpg", "101 cover"),
    ("王芳_封面.jpg.jpg", "101 cover"),
    ("王芳_封面", "101 cover"),
    ("封面_王芳.jpg", "101 cover"),
    ("王芳_封面2.jpg", "101 cover"),
    ("王芳_文字图案.jpg", "101 text"),
    # spaces, widths, dots, rare characters, Latin
    ("王␣芳␣封␣面.jpg", "101 cover"),
    ("王␣芳_封面.jpg", "101 cover"),
    ("王\u3000芳_封面.jpg", "101 cover"),
    ("王芳\uff3f\uff11.jpg", "101 cover"),
    ("阿依古丽·买买提_封面.jpg", "401 cover"),
    ("阿依古丽•买买提_封面.jpg", "401 cover"),
    ("阿依古丽・买买提_封面.jpg", "401 cover"),
    ("阿依古丽‧买买提_封面.jpg", "401 cover"),
    ("阿依古丽･买买提_封面.jpg", "401 cover"),
    ("阿依古丽.买买提_封面.jpg", "401 cover"),
    ("阿依古丽．买买提.封面.jpg", "401 cover"),
    ("阿依古丽买买提_封面.jpg", "-"),
    ("䶮小龙_封面.jpg", "1101 cover"),
    ("anna␣smith_封面.jpg", "1301 cover"),
    ("ANNASMITH封面.jpg", "1301 cover"),
    ("Anna_封面.jpg", "-"),
    # noise
    ("王芳教师资格证书封面.jpg", "101 cover"),
    ("王芳_资格证_封面.jpg", "101 cover"),
    ("王芳_扫描件_封面.jpg", "101 cover"),
    ("王芳老师_小学教师资格证书_封面.jpg", "101 cover"),
    # names that only look like one of the roster
    ("王芳芳_封面.jpg", "-"),
    ("小王芳_封面.jpg", "-"),
    ("王_封面.jpg", "-"),
    ("赵六_封面.jpg", "-"),
    ("封面.jpg", "-"),
    ("1.jpg", "-"),
    ("王芳李娜_封面.jpg", "-"),
    ("王芳_李娜_封面.jpg", "-"),
    # the longest name, and then all of the rest
    ("欧阳文字_封面.jpg", "801 cover"),
    ("欧阳文文字.jpg", "701 text"),
    ("欧阳文_文字.jpg", "701 text"),
    ("欧阳文封面.jpg", "701 cover"),
    ("欧阳文字字.jpg", "-"),
    # no page, no certainty
    ("王芳.jpg", "-"),
    ("王芳_小学.jpg", "-"),
    ("王芳_封底.jpg", "-"),
    ("王芳_封面新.jpg", "-"),
    ("王芳_封面_备注.jpg", "-"),
    ("王芳_IMG_0001.jpg", "-"),
    # numbers before the name
    ("07␣王芳_封面.jpg", "101 cover"),
    ("07王芳封面.jpg", "101 cover"),
    ("2.王芳.封面.jpg", "101 cover"),
    ("1王芳.jpg", "-"),
    # one certificate: the kind agrees or is not known
    ("王芳_小学_封面.jpg", "101 cover"),
    ("王芳_小学教师资格_封面.jpg", "101 cover"),
    ("王芳_高中_封面.jpg", "-"),
    ("王芳_小学高中_封面.jpg", "-"),
    ("欧阳文_高级中学_封面.jpg", "701 cover"),
    # two certificates: the kind tells which
    ("张三_高中_封面.jpg", "302 cover"),
    ("张三（初级中学）封面.jpg", "301 cover"),
    ("张三_封面_高级中学.jpg", "302 cover"),
    ("张三_封面.jpg", "-"),
    ("张三_小学_封面.jpg", "-"),
    ("周杰_中等职业学校实习指导_封面.jpg", "902 cover"),
    ("周杰_中职实习指导教师资格证_封面.jpg", "902 cover"),
    ("周杰_中等职业学校_封面.jpg", "901 cover"),
    ("孙同_小学_封面.jpg", "-"),
    ("林没证_封面.jpg", "-"),
    # people of one name: the number before it decides, if it is a serial
    ("陈明_封面.jpg", "-"),
    ("5陈明_封面.jpg", "501 cover"),
    ("06␣陈明_封面.jpg", "601 cover"),
    ("（6）陈明封面.jpg", "601 cover"),
    ("7陈明_封面.jpg", "-"),
    ("2017␣5␣陈明_封面.jpg", "-"),
    ("陈明5_封面.jpg", "-"),
    ("陈明␣(5)_封面.jpg", "-"),
    # folders
    ("07␣王芳/封面.jpg", "101 cover"),
    ("王芳/封面.jpg", "101 cover"),
    ("王芳/小学/封面.jpg", "101 cover"),
    ("张三/初级中学/封面.jpg", "301 cover"),
    ("高级中学/张三_封面.jpg", "302 cover"),
    ("高级中学/封面/张三.jpg", "302 cover"),
    ("2017扫描/小学扫描件/王芳_封面.jpg", "101 cover"),
    ("泉州第一中学扫描/王芳_封面.jpg", "101 cover"),
    ("初级中学/张三_高中_封面.jpg", "-"),
    ("备注/王芳_封面.jpg", "-"),
    ("王芳/李娜_封面.jpg", "-"),
    ("王芳/李娜/封面.jpg", "-"),
    ("王芳/王芳_封面.jpg", "101 cover"),
    ("5陈明/封面.jpg", "501 cover"),
    ("5陈明/陈明_封面.jpg", "501 cover"),
    ("5陈明/6陈明_封面.jpg", "-"),
    ("5/陈明_封面.jpg", "-"),
    # a folder that holds more than a name names nobody
    ("王芳的证书/封面.jpg", "-"),
    ("王芳的证书/李娜_封面.jpg", "201 cover"),
    ("王芳芳/封面.jpg", "-"),
    ("王芳/新的封面.jpg", "-"),
    # one page alone, numbered
    ("王芳_1.jpg", "101 cover"),
    ("王芳1.jpg", "101 cover"),
    ("王芳␣(1).jpg", "101 cover"),
    ("王芳_P1.jpg", "101 cover"),
    ("王芳_第1页.jpg", "101 cover"),
    ("王芳第一页.jpg", "101 cover"),
    ("王芳_scan0001.jpg", "101 cover"),
    ("王芳/1.jpg", "101 cover"),
    ("王芳/第1张.jpg", "101 cover"),
    ("王芳_2.jpg", "-"),
    ("王芳_0.jpg", "-"),
    ("王芳_1_2.jpg", "-"),
    ("王芳_20170313101112.jpg", "-"),
]


@pytest.mark.parametrize(("path", "expected"), SINGLE)
def test_a_page_alone(path, expected, notice):
    assert placed(path, notice) == [expected]


TOGETHER = [
    # 1 is the cover, the last the remarks, those between are text
    ("王芳_1 王芳_2", ["101 cover", "101 remarks"]),
    ("王芳_1 王芳_2 王芳_3", ["101 cover", "101 text", "101 remarks"]),
    (
        "王芳_10 王芳_2 王芳_1 王芳_9",
        ["101 remarks", "101 text", "101 cover", "101 text1"],
    ),
    ("王芳␣(1) 王芳␣(2) 王芳␣(3)", ["101 cover", "101 text", "101 remarks"]),
    ("王芳/1 王芳/2 王芳/3 李娜/1", ["101 cover", "101 text", "101 remarks", "201 cover"]),
    ("张三_高中_1 张三_初中_1 张三_初中_2", ["302 cover", "301 cover", "301 remarks"]),
    ("王芳_2 王芳_3", ["101 text", "101 remarks"]),
    ("王芳_1023 王芳_1024 王芳_1025", ["-", "-", "-"]),
    ("王芳_0 王芳_1 王芳_2", ["-", "-", "-"]),
    # a number twice: none of the two, the others stay
    ("王芳_1.jpg 王芳_2.jpg 王芳_2.png 王芳_3.jpg", ["101 cover", "-", "-", "101 remarks"]),
    ("王芳_1.jpg 王芳_2.jpg 王芳_3.png 王芳_3.jpg", ["101 cover", "101 text", "-", "-"]),
    # words and numbers mixed
    ("王芳_封面 王芳_1 王芳_2", ["-", "-", "101 remarks"]),
    ("王芳_文字 王芳_1 王芳_2 王芳_3", ["101 text1", "101 cover", "101 text", "101 remarks"]),
    # two for a slot of one page
    ("王芳_封面.jpg 王芳封面.png 王芳_内页.jpg", ["-", "-", "101 text"]),
    # text: 文字 before 图案 and 照片, then by name, numbers as numbers
    (
        "王芳_照片 王芳_内页10 王芳_内页2 王芳_文字1",
        ["101 text3", "101 text1", "101 text", "101 text2"],
    ),
    ("王芳/图案/1 王芳/文字/2", ["101 text1", "101 text"]),
    # files of many pages
    ("王芳.pdf*4", ["101 cover", "101 text", "101 text1", "101 remarks"]),
    ("王芳.pdf*3", ["101 cover", "101 text", "101 remarks"]),
    ("王芳.pdf*2", ["-", "-"]),
    ("王芳_内页.tif*2 王芳_照片.jpg", ["101 text", "101 text1", "101 text2"]),
    ("王芳_封面.tif*2", ["-", "-"]),
    ("王芳_1.tif*3", ["-", "-", "-"]),
    ("王芳.pdf*3 王芳_1.jpg", ["-", "-", "-", "101 cover"]),
    ("王芳.pdf*3 王芳.tif*3", ["-"] * 6),
    ("王芳.pdf*3 王芳_封面.jpg", ["-", "101 text", "101 remarks", "-"]),
    (
        "张三_高中.pdf*3 张三_初中.pdf*3",
        [f"{c} {s}" for c in (302, 301) for s in ("cover", "text", "remarks")],
    ),
]


@pytest.mark.parametrize(("paths", "expected"), TOGETHER)
def test_pages_together(paths, expected, notice):
    assert placed(paths, notice) == expected


def test_a_slot_that_has_its_page_takes_no_other(notice):
    """王芳: cover ●, text ●, remarks ○."""
    pages = tuple(
        Page(id, "0", 0, "image/jpeg", 1, 1, None, "x", "", place=Place.SLOT, certificate_id=101, slot=slot)
        for id, slot in ((1, "cover"), (2, "text"))
    )
    wang, *others = roster()
    wang = replace(wang, certificates=(replace(wang.certificates[0], pages=pages),))
    assert placed("王芳_封面 王芳_内页 王芳_备注", notice, (wang, *others)) == [
        "-",
        "101 text",
        "101 remarks",
    ]


@pytest.mark.parametrize(
    ("path", "reason", "suggested"),
    [
        ("赵六_封面.jpg", "名册中没有文件名里的姓名", None),
        ("封面.jpg", "文件名和文件夹名中没有名册上的姓名", None),
        ("陈明_封面.jpg", "同名教师有2位，姓名前没有序号", None),
        ("张三_封面.jpg", "有2本证书，文件名没有写明种类", 300),
        ("王芳.jpg", "文件名中没有页面名称或序号", 100),
        ("王芳_2.jpg", "单凭序号2不能确定是哪一页", 100),
        ("王芳_高中_封面.jpg", "写明的种类是高级中学，名册中是小学", 100),
        ("林没证_封面.jpg", "名册中这位教师没有证书", 1000),
        ("王芳/李娜_封面.jpg", "文件名与文件夹名写的不是同一位教师", None),
        ("王芳_新拍.jpg", "文件名中有不能识别的文字", 100),
        ("王芳/新拍.jpg", "文件名中有不能识别的文字", 100),
        ("王芳芳_封面.jpg", "名册中没有文件名里的姓名", None),
    ],
)
def test_the_tray_says_why_and_for_whom_it_may_be(path, reason, suggested, notice):
    (placement,) = match(arrivals(path), roster(), notice)
    assert (placement.reason, placement.suggested) == (reason, suggested)


OTHER_PROFILE = {
    "两页在前两页在后": (
        [("front", False), ("id", False), ("inner", True), ("seal", False), ("back", False)],
        ("甲1 甲2 甲3 甲4 甲5 甲6", ["front", "id", "inner", "inner1", "seal", "back"]),
    ),
    "没有多页": ([("front", False), ("back", False)], ("甲1 甲2 甲3", ["front", "back", "-"])),
    "多页在最前": ([("inner", True), ("back", False)], ("甲1 甲2 甲3", ["inner", "inner1", "back"])),
    "只有多页": ([("inner", True)], ("甲1 甲2", ["inner", "inner1"])),
}


@pytest.mark.parametrize(("slots", "case"), OTHER_PROFILE.values(), ids=list(OTHER_PROFILE))
def test_running_numbers_follow_the_notices_own_slots(slots, case, notice):
    first = notice.slots[0]
    own = replace(
        notice, slots=tuple(replace(first, id=id, label=id, words=(), many=many) for id, many in slots)
    )
    paths, expected = case
    found = placed(paths, own, roster(((1, "甲", ("小学",)),)))
    assert [item.removeprefix("101 ") for item in found] == expected


NAMES = sorted({name for _, name, _ in PEOPLE})
WORDS = ("封面", "内页", "文字", "备注", "高中", "小学", "扫描", "1", "07", "5", "第2页")
PIECES = st.sampled_from((*NAMES, *"王芳李娜张三陈明欧阳文字周杰", *WORDS, *"_- .()（）·/•\u3000"))


@settings(max_examples=400, deadline=None)
@given(paths=st.lists(st.lists(PIECES, min_size=1, max_size=8).map("".join), max_size=6))
def test_no_page_comes_to_a_teacher_who_is_not_named(paths, notice):
    given = [Arrival(path.rsplit("/", 1)[-1] + ".jpg", tuple(path.split("/")[:-1])) for path in paths]
    teachers = {teacher.id: teacher for teacher in roster()}
    for arrival, placement in zip(given, match(given, roster(), notice), strict=True):
        if placement.certificate_id is not None:
            named = (name_key(part) for part in (*arrival.parts, arrival.name))
            assert any(name_key(teachers[placement.teacher_id].name) in part for part in named)


@settings(max_examples=200, deadline=None)
@given(names=st.lists(st.text(st.characters(codec="utf-8") | st.sampled_from(string.printable + "王芳"))))
def test_any_name_gets_an_answer(names, notice):
    assert len(match([Arrival(name) for name in names], roster(), notice)) == len(names)


@pytest.mark.parametrize(
    ("sheet_serials", "name", "owner"),
    [
        # all there and unique: the collection's serials are the sheet's
        ((1, 2, 3), "2 陈明 封面.jpg", 1),
        ((1, 2, 3), "3 陈明 封面.jpg", 2),
        # none in the sheet: the collection's own are the only ones there are
        ((None, None, None), "2 陈明 封面.jpg", 1),
        # a row without a number: the sheet's 2 is the collection's 3
        ((None, 1, 2), "2 陈明 封面.jpg", None),
        ((None, 1, 2), "3 陈明 封面.jpg", None),
        ((None, 1, 2), "1 陈明 封面.jpg", None),
        # numbered anew in each department
        ((1, 2, 2), "2 陈明 封面.jpg", None),
        ((5, 5, 1), "1 陈明 封面.jpg", None),
        ((1, 2, None), "3 陈明 封面.jpg", None),
    ],
)
def test_a_number_decides_between_namesakes_only_where_sheet_and_collection_agree(
    quanzhou: Notice, sheet_serials: tuple[int | None, ...], name: str, owner: int | None
) -> None:
    """1 王芳  2 陈明  3 陈明 in the collection; the sheet's own 序号 beside them."""
    teachers = [
        Teacher(
            id=index,
            serial=index + 1,
            name=person,
            sheet_serial=sheet,
            certificates=(Certificate(10 + index, index, "高级中学"),),
        )
        for index, (person, sheet) in enumerate(zip(("王芳", "陈明", "陈明"), sheet_serials, strict=True))
    ]
    (placement,) = match([Arrival(name)], teachers, quanzhou)
    assert placement.teacher_id == owner
