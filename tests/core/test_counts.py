from __future__ import annotations

from certclerk.core.counts import teachers_per_kind
from certclerk.core.notice import Notice
from certclerk.core.records import Certificate


def holding(*kinds: str) -> tuple[Certificate, ...]:
    return tuple(Certificate(number, 1, kind=kind) for number, kind in enumerate(kinds))


def test_a_teacher_counts_once_under_each_of_their_kinds(quanzhou: Notice) -> None:
    counts = teachers_per_kind(
        [holding("初级中学", "高级中学"), holding("初级中学", "初级中学"), holding("小学"), holding()],
        quanzhou,
    )
    assert counts == {
        "幼儿园": 0,
        "小学": 1,
        "初级中学": 2,
        "高级中学": 1,
        "中等职业学校": 0,
        "中等职业学校实习指导": 0,
    }


def test_kinds_that_are_not_collected_do_not_count(quanzhou: Notice, invented: Notice) -> None:
    assert sum(teachers_per_kind([holding("高等学校"), holding("不知道的")], quanzhou).values()) == 0
    assert teachers_per_kind([holding("三级"), holding("初学")], invented) == {
        "一级": 0,
        "二级": 0,
        "三级": 1,
    }


def test_kinds_stand_in_the_notices_order(quanzhou: Notice) -> None:
    assert list(teachers_per_kind([], quanzhou)) == [kind.name for kind in quanzhou.collected_kinds]
