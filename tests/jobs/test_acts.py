from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from certclerk.collection import Collection, create_collection
from certclerk.core.notice import Notice
from certclerk.core.records import (
    Filing,
    Page,
    ProposedCertificate,
    ProposedPage,
    ProposedTeacher,
    Teacher,
)
from certclerk.core.signature import Signature, signature
from certclerk.jobs import acts
from certclerk.jobs.acts import Edit


@pytest.fixture
def collection(tmp_path: Path, quanzhou: Notice) -> Iterator[Collection]:
    """1 王芳 with one certificate, 2 李娜 with two, 3 张三 with none."""
    with create_collection(tmp_path / "c.certclerk", quanzhou, Filing("泉州第一中学")) as made:
        with made.change("导入") as change:
            change.add_teachers(
                ProposedTeacher(
                    name=name,
                    certificates=tuple(
                        ProposedCertificate(
                            "小学", authority="泉州市教育局", issued="2013-07-01", number=str(place)
                        )
                        for place in range(count)
                    ),
                )
                for name, count in (("王芳", 1), ("李娜", 2), ("张三", 0))
            )
        yield made


def teachers(collection: Collection) -> tuple[Teacher, ...]:
    return collection.roster().teachers


def tray(collection: Collection, *names: str) -> list[int]:
    with collection.change("放入") as change:
        return [
            change.add_page(
                ProposedPage(
                    collection.add_blob(name.encode(), "image/jpeg"), 0, "image/jpeg", 9, 9, None, name
                )
            )
            for name in names
        ]


def placed(teacher: Teacher) -> list[tuple[int, str | None, str]]:
    held = [certificate.id for certificate in teacher.certificates]
    return sorted((held.index(page.certificate_id or 0), page.slot, page.source) for page in teacher.pages())


def page(collection: Collection, source: str) -> Page:
    return next(page for teacher in teachers(collection) for page in teacher.pages() if page.source == source)


def test_pages_fill_gaps_in_order_and_the_rest_stay(collection: Collection) -> None:
    first = teachers(collection)[0]
    pages = tray(collection, "a", "b", "c", "d")
    assert acts.give_pages(collection, pages, first.id) == 3
    assert placed(teachers(collection)[0]) == [(0, "cover", "a"), (0, "remarks", "c"), (0, "text", "b")]
    assert [left.source for left in collection.tray()] == ["d"]
    collection.undo()
    assert len(collection.tray()) == 4


def test_a_page_keeps_its_slot_when_the_taker_lacks_it(collection: Collection) -> None:
    first, second, _ = teachers(collection)
    acts.give_pages(collection, tray(collection, "a", "b", "c"), first.id)
    remarks = page(collection, "c")
    assert remarks.slot == "remarks"
    assert acts.give_pages(collection, [remarks.id], second.id) == 1
    assert placed(teachers(collection)[1]) == [(0, "remarks", "c")]


def test_a_teachers_own_page_and_a_teacher_without_gaps_change_nothing(collection: Collection) -> None:
    first, _, third = teachers(collection)
    acts.give_pages(collection, tray(collection, "a"), first.id)
    before = collection.undo_label
    assert acts.give_pages(collection, [page(collection, "a").id], first.id) == 0
    assert acts.give_pages(collection, [page(collection, "a").id], third.id) == 0
    assert collection.undo_label == before
    assert placed(teachers(collection)[0]) == [(0, "cover", "a")]


def test_a_block_of_cells_and_new_teachers_is_one_change(collection: Collection) -> None:
    first, _, third = teachers(collection)
    acts.edit_fields(
        collection,
        [
            Edit(first.id, None, "name", "王 方"),
            Edit(third.id, None, "kind", "高中"),
            Edit(third.id, None, "subject", "语文"),
        ],
        [ProposedTeacher(name="赵六")],
    )
    now = teachers(collection)
    assert [teacher.name for teacher in now] == ["王方", "李娜", "张三", "赵六"]
    assert [(held.kind, held.subject) for held in now[2].certificates] == [("高级中学", "语文")]
    assert collection.undo_label == "粘贴并添加 1 位教师"
    collection.undo()
    assert [teacher.name for teacher in teachers(collection)] == ["王芳", "李娜", "张三"]
    assert teachers(collection)[2].certificates == ()


@pytest.mark.parametrize(
    ("count", "label"), [(1, "改姓名"), (2, "改2 个单元格")], ids=["one cell by its name", "many by number"]
)
def test_labels(collection: Collection, count: int, label: str) -> None:
    edits = [Edit(teacher.id, None, "name", "新名") for teacher in teachers(collection)[:count]]
    acts.edit_fields(collection, edits)
    assert collection.undo_label.replace(" ", "") == label.replace(" ", "")


def test_a_signature_is_one_undo_and_lapses_with_the_row(collection: Collection) -> None:
    wang, li, _ = teachers(collection)
    acts.sign(collection, [wang.id, li.id], date(2017, 3, 1))
    assert [signature(teacher) for teacher in teachers(collection)] == [
        Signature.HELD,
        Signature.HELD,
        Signature.NONE,
    ]
    acts.set_teacher_field(collection, li.id, "sex", "女")
    assert signature(teachers(collection)[1]) is Signature.LAPSED
    acts.withdraw_signatures(collection, [wang.id])
    assert signature(teachers(collection)[0]) is Signature.NONE
    for _step in range(3):
        collection.undo()
    assert [teacher.signed_on for teacher in teachers(collection)] == ["", "", ""]
