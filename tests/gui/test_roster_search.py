from __future__ import annotations

import pytest

from certclerk.core.records import Certificate, Teacher
from certclerk.gui.roster.search import folded, matches

ZHANG = Teacher(
    1,
    3,
    name="张三",
    id_number="350502198501150020",
    certificates=(Certificate(1, 1, number="20133500542000123"),),
)
UYGHUR = Teacher(2, 4, name="阿依古丽·买买提")
RARE = Teacher(3, 5, name="䶮一鸣")
SHAN = Teacher(4, 6, name="单雄信")
NAMELESS = Teacher(5, 7)


@pytest.mark.parametrize(
    ("teacher", "typed", "found"),
    [
        (ZHANG, "", True),
        (ZHANG, "张", True),
        (ZHANG, " 张 三 ", True),
        (ZHANG, "李", False),
        (ZHANG, "zhangsan", True),
        (ZHANG, "ZS", True),
        (ZHANG, "ｚｓ", True),
        (ZHANG, "zhangs", True),
        (ZHANG, "san", True),
        (ZHANG, "zsx", False),
        (ZHANG, "hang", False),
        (ZHANG, "0115", True),
        (ZHANG, "000123", True),
        (ZHANG, "3", True),
        (ZHANG, "99999", False),
        (UYGHUR, "aygl", True),
        (UYGHUR, "mmt", True),
        (UYGHUR, "glmm", True),
        (RARE, "yanyi", True),
        (SHAN, "shanxx", True),
        (SHAN, "danxx", True),
        (NAMELESS, "a", False),
        (NAMELESS, "", True),
    ],
)
def test_what_is_found(teacher: Teacher, typed: str, found: bool) -> None:
    assert matches(teacher, folded(typed)) is found
