"""The shipped notice says what the paper says; a broken profile is refused by file, key and reason."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from certclerk.core.errors import UserError
from certclerk.core.notice import Appointment, Notice, parse_notice

INVENTED = (Path(__file__).parents[1] / "data" / "notices" / "invented.toml").read_text(encoding="utf-8")


def test_kinds_in_the_papers_order(quanzhou: Notice) -> None:
    assert [(kind.name, kind.digit) for kind in quanzhou.collected_kinds] == [
        ("幼儿园", "1"),
        ("小学", "2"),
        ("初级中学", "3"),
        ("高级中学", "4"),
        ("中等职业学校", "5"),
        ("中等职业学校实习指导", "6"),
    ]
    assert [kind.name for kind in quanzhou.kinds if not kind.collected] == ["高等学校"]


def test_units_rows_and_appointments_as_on_paper(quanzhou: Notice) -> None:
    assert sorted(unit.row for unit in quanzhou.units if unit.row) == list(range(1, 18))
    days = {unit.name: str(unit.appointment) for unit in quanzhou.units}
    assert days == {
        "泉州第一中学": "3月13日–17日",
        "泉州第三中学": "3月20日–24日",
        "泉州第五中学": "3月27日–31日",
        "泉州培元中学": "4月3日–7日",
        "泉州实验小学": "4月10日–14日",
        "泉州晋光小学": "4月17日–21日",
        "泉州师范学院附属小学": "4月24日–28日",
        "泉州第二实验小学": "5月2日–5日",
        "泉州市盲聋哑学校": "5月8日–10日",
        "泉州幼儿师范附属幼儿园": "5月11日–12日",
        "泉州市机关幼儿园": "5月15日–16日",
        "泉州市刺桐幼儿园": "5月17日–18日",
        "丰泽幼儿园": "5月19日–22日",
        "泉州幼儿高等专业学校附属东海湾实验幼儿园": "5月23日",
        "泉州市职业技术教育中心": "5月24日",
        "泉州市教育科学研究所": "5月25日–26日",
        "泉州市人民政府教育督导室": "另行安排",
        "泉州市招生考试委员会办公室": "另行安排",
        "泉州市教育资源配置中心": "另行安排",
    }


@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("泉州第一中学", "泉州第一中学"),
        ("泉州市第一中学", "泉州第一中学"),
        ("泉州市实验小学", "泉州实验小学"),
        ("泉州市盲聋哑学校", "泉州市盲聋哑学校"),
        ("别处的学校", "别处的学校"),
    ],
)
def test_a_unit_goes_by_the_counts_annexs_name(name: str, official: str, quanzhou: Notice) -> None:
    assert quanzhou.official_name(name) == official


def test_the_rest_of_the_paper(quanzhou: Notice) -> None:
    assert quanzhou.number == "泉教审〔2017〕1号"
    assert (quanzhou.issued, quanzhou.cutoff, quanzhou.deadline) == (
        date(2017, 2, 13),
        date(2009, 1, 1),
        None,
    )
    assert [slot.id for slot in quanzhou.slots] == ["cover", "text", "remarks"]
    assert [slot.many for slot in quanzhou.slots] == [False, True, False]
    assert quanzhou.mail.to == "cjwt686996@163.com"
    assert quanzhou.contact.phone == "22138813"


def test_the_source_is_kept_whole(quanzhou: Notice) -> None:
    assert parse_notice(quanzhou.source, "again") == quanzhou


def test_an_invented_notice_shares_nothing_with_it(invented: Notice, quanzhou: Notice) -> None:
    assert [kind.name for kind in invented.collected_kinds] == ["一级", "二级", "三级"]
    assert {slot.id for slot in invented.slots}.isdisjoint(slot.id for slot in quanzhou.slots)
    assert invented.deadline == date(2031, 6, 30)
    assert [annex.kind for annex in invented.annexes] == ["counts", "roster", "counts"]
    assert invented.official_name("东洲中心校") == "海门县东洲学校"
    assert str(invented.units[0].appointment) == "电话通知"
    assert str(invented.units[1].appointment) == "6月30日–7月2日"
    assert invented.units[2].appointment is None


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (date(2031, 5, 1), date(2031, 5, 1), "5月1日"),
        (date(2031, 5, 1), date(2031, 5, 3), "5月1日–3日"),
        (date(2031, 5, 31), date(2031, 6, 1), "5月31日–6月1日"),
    ],
)
def test_days_are_written_as_people_write_them(start: date, end: date, shown: str) -> None:
    assert str(Appointment(start, end, "", "")) == shown


BROKEN = [
    # what is replaced, by what, the key that is named, a word of the reason
    ('id = "haimen-2031-9"', "", "id", "缺少"),
    ('id = "haimen-2031-9"', 'id = ""', "id", "不能为空"),
    ('id = "haimen-2031-9"', "id = 3", "id", "应为文字"),
    ("issued = 2031-05-06", 'issued = "2031-05-06"', "issued", "应为日期"),
    ("issued = 2031-05-06", "issued = 2031-05-06T10:00:00", "issued", "不带时刻"),
    ("cutoff = 2025-07-01", "", "scope.cutoff", "缺少"),
    ('authorities = ["海门县教育局", "海门县技能鉴定中心"]', "authorities = []", "scope.authorities", "列表"),
    ('name = "二级"', 'name = "一级"', "kinds[2].name", "重复"),
    ('synonyms = ["贰级", "技师"]', 'synonyms = ["一级"]', "kinds", "既属于"),
    ('synonyms = ["贰级", "技师"]', 'digit = "12"', "kinds[2].digit", "一位数字"),
    ("collected = false", 'collected = "no"', "kinds[4].collected", "true"),
    ('id = "seal"', 'id = "person"', "slots[4].id", "重复"),
    ('words = [["印章"]]', 'words = ["印章"]', "slots[4].words", "词组"),
    ("may_be_absent = true", "many = true", "slots", "只能有一个"),
    ('label = "印章页"', 'lable = "印章页"', "slots[4].label", "缺少"),
    ('label = "印章页"', 'label = "印章页"\nrequird = true', "slots[4].requird", "拼写"),
    ("row = 2", "row = 0", "units[1].row", "1 或更大"),
    ("row = 2", "row = 1", "units", "既属于"),
    (
        'arranged = "电话通知"',
        'arranged = "电话", start = 2031-06-01',
        "units[1].appointment.arranged",
        "同时",
    ),
    ("end = 2031-07-02", "end = 2031-06-02", "units[2].appointment.end", "早于"),
    ('field = "filled_on"', 'field = "day"', "annexes.head[1].field", "不在"),
    ('kind = "roster"', 'kind = "rooster"', "annexes.list[2].kind", "不在"),
    (
        'field = "id_number", width = 24',
        'field = "id", width = 24',
        "annexes.list[2].columns[2].field",
        "不在",
    ),
    ("width = 5.5", "width = 0", "annexes.list[2].columns[5].width", "大于 0"),
    ('unit_title = "学校"', "", "annexes.list[1].unit_title", "缺少"),
    ('folder = "报送 {date} {unit}"', 'folder = "报送 {day}"', "names.folder", "{day}"),
    ('folder = "报送 {date} {unit}"', 'folder = "报送 {unit"', "names.folder", "不成对"),
    ('folder = "报送 {date} {unit}"', 'folder = "a/{unit}"', "names.folder", "文件名里不能有"),
    ('document = "{serial}_{name}.pdf"', 'document = "{serial}.pdf"', "names.document", "{name}"),
    ('zip_part = "{unit}影像-{part}-{parts}.zip"', 'zip_part = "{unit}.zip"', "names.zip_part", "{part}"),
    ("limit_mb = 2.5", "limit_mb = -1", "mail.limit_mb", "大于 0"),
    ('to = "lingdao@haimen.example"', 'to = "lingdao"', "mail.to", "邮箱"),
]


@pytest.mark.parametrize(("whole", "instead", "key", "reason"), BROKEN)
def test_a_broken_profile_is_refused_by_file_key_and_reason(
    whole: str, instead: str, key: str, reason: str
) -> None:
    assert INVENTED.count(whole) >= 1
    with pytest.raises(UserError) as caught:
        parse_notice(INVENTED.replace(whole, instead, 1), "某通知.toml")
    assert caught.value.code == "notice_broken"
    assert caught.value.facts["file"] == "某通知.toml"
    assert caught.value.facts["key"] == key
    assert reason in str(caught.value)


def test_nothing_collected() -> None:
    text = re.sub(r'(name = "[一二三]级")', r"\1\ncollected = false", INVENTED)
    with pytest.raises(UserError) as caught:
        parse_notice(text, "某通知.toml")
    assert caught.value.facts["key"] == "kinds"


@pytest.mark.parametrize("text", ["id = ", "\x00", "a = " + "[" * 5000 + "]" * 5000, "id = 1\nid = 2"])
def test_what_is_not_toml_is_refused(text: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_notice(text, "某通知.toml")
    assert caught.value.code == "notice_unreadable"
    assert "某通知.toml" in str(caught.value)
