"""What a submission would be now against what it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from certclerk.core.differences import Kind, differences, so_far, supplement_since
from certclerk.core.records import Filing
from certclerk.core.scope import Scope
from certclerk.core.submission import LeftOut
from certclerk.core.submission_json import as_json, from_json
from certclerk.core.submission_record import (
    Content,
    SubmissionRecord,
    SubmittedCertificate,
    SubmittedFile,
    SubmittedPage,
    SubmittedTeacher,
    Terms,
)

COLUMNS = ("name", "id_number", "number")


def teacher(key: int, name: str = "王芳", id_number: str = "", number: str = "1", pages: str = "abc"):  # type: ignore[no-untyped-def]
    slots = ("封面", "内页", "内页", "备注页")
    held = tuple(SubmittedPage(sha, 0, 0, "", slot) for sha, slot in zip(pages, slots, strict=False))
    certificate = SubmittedCertificate(key * 10, "高级中学", (name, id_number or f"id{key}", number), held)
    return SubmittedTeacher(key, name, (certificate,), serial=key)


def content(*teachers: SubmittedTeacher, left_out: tuple[LeftOut, ...] = ()) -> Content:
    filing = Filing("泉州第一中学", "陈敏", "22000000")
    return Content("0" * 64, filing, COLUMNS, teachers, left_out)


def told(before: Content, now: Content) -> list[str]:
    return [str(each) for each in differences(before, now)]


def test_the_whole_is_compared_too() -> None:
    before = content(teacher(1))
    now = replace(before, notice="1" * 64, filing=Filing("泉州第一中学", "", "1", date(2017, 3, 2)))
    assert told(before, now) == [
        "通知配置改了",
        "经办人 陈敏 → （空）",
        "联系电话 22000000 → 1",
        "填报时间 生成当天 → 2017年3月2日",
    ]


@pytest.mark.parametrize(
    ("before", "now", "what"),
    [
        ("abc", "xbc", "封面换了1页"),
        ("abc", "acb", "内页的次序改了"),
        ("ab", "abc", "内页增加了1页"),
        ("abc", "ab", "内页去掉了1页"),
        ("abcd", "abxy", "内页换了1页；备注页换了1页"),
        ("abc", "abc", ""),
    ],
)
def test_pages_are_compared_by_slot(before: str, now: str, what: str) -> None:
    found = differences(content(teacher(1, pages=before)), content(teacher(1, pages=now)))
    assert "；".join(each.what for each in found) == what


def test_a_roster_imported_again_is_known_by_its_id_numbers() -> None:
    """
    1 王芳 A    →  7 王芳 A, 8 李娜 B: other ids, the same people
    2 李娜 B
    """
    before = content(teacher(1, "王芳", "A"), teacher(2, "李娜", "B"))
    now = content(teacher(7, "王芳", "A"), teacher(8, "李娜", "B", number="2"))
    assert told(before, now) == ["李娜：证书号码 1 → 2"]


def test_an_id_given_anew_is_somebody_else() -> None:
    before, now = content(teacher(1, "王芳", "A")), content(teacher(1, "张三", "C"))
    assert told(before, now) == ["王芳：已不在名册中", "张三：新增"]


def test_of_two_with_one_id_number_none_is_taken_for_another() -> None:
    before = content(teacher(1, "王芳", "A"))
    now = content(teacher(7, "王芳", "A"), teacher(8, "李娜", "A"))
    assert [each.kind for each in differences(before, now)] == [Kind.GONE, Kind.ADDED, Kind.ADDED]


def test_a_second_certificate_comes_and_goes() -> None:
    one = teacher(1)
    second = SubmittedCertificate(99, "初级中学", ("王芳", "id1", "5"), ())
    both = replace(one, certificates=(*one.certificates, second))
    assert told(content(one), content(both)) == ["王芳：增加了初级中学证书"]
    assert told(content(both), content(one)) == ["王芳：少了初级中学证书"]
    swapped = replace(both, certificates=both.certificates[::-1])
    assert told(content(both), content(swapped)) == ["王芳：证书的次序改了"]


def test_a_supplement_withdraws_with_the_clerks_reason() -> None:
    before = content(teacher(1, "王芳"), teacher(2, "李娜"), teacher(3, "张三"))
    now = content(teacher(3, "张三", number="9"), left_out=(LeftOut(1, 1, "王芳", Scope.OUT, "退休"),))
    found = supplement_since(before, now, 4, 1)
    assert found.teacher_ids == {3}
    assert [(each.name, each.reason) for each in found.withdrawn] == [
        ("王芳", "退休"),
        ("李娜", "已不在名册中"),
    ]


teachers = st.lists(
    st.builds(
        teacher,
        st.integers(1, 6),
        st.sampled_from(["王芳", "李娜", "张三"]),
        st.sampled_from(["", "A", "B"]),
        st.sampled_from(["1", "2"]),
        st.text("abx", min_size=1, max_size=4),
    ),
    max_size=5,
    unique_by=lambda made: made.teacher_id,
)
contents = st.builds(lambda made: content(*made), teachers)


def record_of(held: Content, **values: object) -> SubmissionRecord:
    made = SubmissionRecord(
        moment=3,
        day=date(2017, 3, 1),
        folder="/报送",
        teachers=len(held.teachers),
        mails=1,
        terms=Terms("clear", 2.5, True, False, {2: "材料不全"}),
        files=(SubmittedFile("一.zip", 5, "a" * 64),),
        left_out=held.left_out,
        content=held,
    )
    return replace(made, **values)  # type: ignore[arg-type]


@given(contents)
def test_nothing_differs_from_itself(held: Content) -> None:
    assert differences(held, held, ordered=False) == ()


@given(contents)
def test_a_record_reads_as_it_was_written(held: Content) -> None:
    record = record_of(held)
    assert from_json(as_json(record)) == record


def namesakes(*numbers: str) -> Content:
    return content(*(teacher(key, "王芳", number) for key, number in enumerate(numbers, 1) if number))


@given(contents, contents)
@example(namesakes("C", "A", "B"), namesakes("C", "A", "A"))
@example(namesakes("", "", "A"), namesakes("", "", "B", "A"))
def test_with_its_supplement_all_is_handed_in(before: Content, now: Content) -> None:
    """What was handed in, and a supplement of what is new and different, together are what is there now."""
    supplement = supplement_since(before, now, 1, 1)
    added = tuple(each for each in now.teachers if each.teacher_id in supplement.teacher_ids)
    second = record_of(replace(now, teachers=added), supplement=supplement)
    total = so_far([record_of(before), second])
    assert total is not None
    left = differences(total, now, ordered=False)
    assert [each for each in left if each.kind is not Kind.ORDER] == []


def test_an_earlier_versions_record_says_nothing_of_its_content() -> None:
    held = content(teacher(1))
    assert so_far([record_of(held, content=None)]) is None
