"""One value as the record keeps it; the second notice shows that nothing of the first is in code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certclerk.core.fields import BY_ID
from certclerk.core.normalise import normalised
from certclerk.core.notice import Kind, parse_notice

_PROFILE = Path(__file__).parents[2] / "resources" / "notices" / "quanzhou-2017-1.toml"
NOTICE = parse_notice(_PROFILE.read_text(encoding="utf-8"), _PROFILE.name)
OTHER = replace(
    NOTICE,
    kinds=(Kind("特殊教育（甲类）", "8", ("特教甲",), True),),
    authorities=("某市教育局（本级）",),
)


@pytest.mark.parametrize(
    ("field", "raw", "kept"),
    [
        ("name", "张　三", "张三"),
        ("name", "阿依古丽•买买提", "阿依古丽·买买提"),
        ("name", "'张三", "张三"),
        ("sex", " 男 ", "男"),
        ("sex", "女性", "女"),
        ("sex", "f", "女"),
        ("sex", "未知", "未知"),
        ("id_number", "35050219800101001x", "35050219800101001X"),
        ("id_number", "３５０５０２１９８００１０１００１Ｘ", "35050219800101001X"),
        ("id_number", "'350502198001010019", "350502198001010019"),
        ("id_number", "350502 19800101 0019", "350502198001010019"),
        ("id_number", "350502\u00a019800101\u30000019\n", "350502198001010019"),
        ("id_number", "\u202d350502198001010019\u202c", "350502198001010019"),
        ("id_number", "35050219800101001", "35050219800101001"),
        ("id_number", "=A1", "=A1"),
        ("number", "‘20133520141000123’", "20133520141000123"),
        ("number", "２０１３３５２０１４１０００１２３", "20133520141000123"),
        ("kind", "初中", "初级中学"),
        ("kind", "初级中学教师资格", "初级中学"),
        ("kind", "初级中学教师资格证书", "初级中学"),
        ("kind", "高中", "高级中学"),
        ("kind", "高中教师资格证", "高级中学"),
        ("kind", "中职", "中等职业学校"),
        ("kind", "中职实习指导", "中等职业学校实习指导"),
        ("kind", "中等职业学校实习指导教师资格证", "中等职业学校实习指导"),
        ("kind", "幼儿园教师资格", "幼儿园"),
        ("kind", " 小 学 ", "小学"),
        ("kind", "'小学", "小学"),
        ("kind", "高等学校教师资格", "高等学校"),
        ("kind", "初级中学、高级中学", "初级中学、高级中学"),
        ("kind", "教师资格", "教师资格"),
        ("kind", "教师", "教师"),
        ("kind", "", ""),
        ("subject", " 语文 ", "语文"),
        ("subject", "语\u3000文", "语文"),
        ("subject", "AI 编程", "AI 编程"),
        ("authority", "泉州市 教育局", "泉州市教育局"),
        ("authority", "厦门市教育局", "厦门市教育局"),
        ("issued", "2010.9", "2010-09"),
        ("issued", "'2010年9月1日", "2010-09-01"),
        ("issued", "40422", "2010-09-01"),
        ("issued", "二〇一〇年", "二〇一〇年"),
        ("issued", " 2010 或 2011 ", "2010 或 2011"),
        ("note", " 换发\n2010年 ", "换发 2010年"),
        ("note", "=1+1", "=1+1"),
        ("serial", " １２ ", "12"),
    ],
)
def test_kept(field: str, raw: str, kept: str) -> None:
    assert normalised(field, raw, NOTICE) == kept


@pytest.mark.parametrize(
    ("field", "raw", "kept"),
    [
        ("kind", "特殊教育(甲类)", "特殊教育（甲类）"),
        ("kind", "特教甲教师资格证", "特殊教育（甲类）"),
        ("kind", "初中", "初中"),
        ("authority", "某市教育局 (本级)", "某市教育局（本级）"),
    ],
)
def test_kinds_and_authorities_are_the_notices(field: str, raw: str, kept: str) -> None:
    assert normalised(field, raw, OTHER) == kept


@settings(deadline=None)
@given(st.sampled_from(sorted(BY_ID)), st.text())
def test_normalising_twice_changes_nothing(field: str, raw: str) -> None:
    once = normalised(field, raw, NOTICE)
    assert normalised(field, once, NOTICE) == once


@settings(deadline=None)
@given(st.sampled_from(["id_number", "number"]), st.text(alphabet="0123456789Xx", max_size=20))
def test_no_digit_is_ever_changed_or_lost(field: str, digits: str) -> None:
    assert normalised(field, digits, NOTICE) == digits.upper()
