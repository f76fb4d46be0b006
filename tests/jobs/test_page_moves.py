from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from certclerk.collection import Collection, create_collection
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedCertificate, ProposedPage, ProposedTeacher
from certclerk.jobs.page_moves import move_alike, move_pages, replace_page, swap_pages, take_over
from certclerk.jobs.take_pages import Arrival, Stored, StoredPage

Make = Callable[[str, str], int]


@pytest.fixture
def collection(tmp_path: Path, quanzhou: Notice) -> Iterator[Collection]:
    with create_collection(tmp_path / "一中.certclerk", quanzhou, Filing("泉州第一中学")) as made:
        with made.change("添加教师") as change:
            change.add_teachers([ProposedTeacher("张三", certificates=(ProposedCertificate("小学"),))])
        yield made


def proposed(collection: Collection, name: str) -> ProposedPage:
    sha256 = collection.add_blob(name.encode(), "image/jpeg")
    return ProposedPage(sha256, 0, "image/jpeg", 100, 140, None, name)


def certificate_id(collection: Collection) -> int:
    return collection.roster().teachers[0].certificates[0].id


@pytest.fixture
def make(collection: Collection) -> Make:
    """A page of that name in a slot, or in the tray where the slot is empty."""

    def add(name: str, slot: str) -> int:
        with collection.change("放入页") as change:
            return change.add_page(
                proposed(collection, name),
                certificate_id=certificate_id(collection) if slot else None,
                slot=slot or None,
            )

    return add


def drawn(collection: Collection) -> str:
    """``cover:a text:b,c remarks: tray:d trash:e``"""
    held = collection.roster().teachers[0].certificates[0]
    slots = {slot.id: held.pages_in(slot.id) for slot in collection.notice.slots}
    places = {**slots, "tray": collection.tray(), "trash": [trashed.page for trashed in collection.trash()]}
    return " ".join(f"{name}:{','.join(page.source for page in pages)}" for name, pages in places.items())


def test_several_pages_go_in_order_before_the_one_asked_for(collection: Collection, make: Make) -> None:
    make("a", "text"), make("b", "text")
    moving = [make(name, "") for name in "cd"]
    move_pages(collection, moving, certificate_id(collection), "text", 1)
    assert drawn(collection) == "cover: text:a,c,d,b remarks: tray: trash:"
    collection.undo()
    assert drawn(collection) == "cover: text:a,b remarks: tray:c,d trash:"


def test_two_pages_take_each_others_place(collection: Collection, make: Make) -> None:
    for name, slot in (("a", "cover"), ("b", "text"), ("c", "text"), ("d", "text")):
        make(name, slot)
    held = collection.roster().teachers[0].certificates[0]
    swap_pages(collection, held.pages_in("cover")[0], held.pages_in("text")[1])
    assert drawn(collection) == "cover:c text:b,a,d remarks: tray: trash:"
    collection.undo()
    assert drawn(collection) == "cover:a text:b,c,d remarks: tray: trash:"


def test_who_is_displaced_waits_in_the_tray(collection: Collection, make: Make) -> None:
    make("a", "cover")
    there = collection.roster().teachers[0].certificates[0].pages_in("cover")
    take_over(collection, make("b", ""), certificate_id(collection), "cover", there)
    assert drawn(collection) == "cover:b text: remarks: tray:a trash:"
    assert collection.tray()[0].reason == "由 张三 · 封面 换下"


def test_a_replacement_stands_where_the_old_page_stood(collection: Collection, make: Make) -> None:
    for name in "abc":
        make(name, "text")
    old = collection.roster().teachers[0].certificates[0].pages_in("text")[1]
    fresh = tuple(StoredPage(Arrival(name), proposed(collection, name)) for name in ("x", "y"))
    replace_page(collection, old, Stored(fresh, (), 0))
    assert drawn(collection) == "cover: text:a,x,y,c remarks: tray: trash:b"
    collection.undo()
    assert drawn(collection) == "cover: text:a,b,c remarks: tray: trash:"


def test_the_history_says_what_went_where(collection: Collection, make: Make) -> None:
    held = certificate_id(collection)
    move_pages(collection, [make("a", "")], held, "cover")
    assert collection.undo_label == "移动到 张三 · 封面"
    make("b", "remarks")
    cover, remarks = collection.roster().teachers[0].certificates[0].pages
    swap_pages(collection, cover, remarks)
    assert collection.undo_label == "交换 张三 · 封面 与 张三 · 备注页"


def test_pages_under_the_wrong_teacher_change_places_slot_by_slot(collection: Collection, make: Make) -> None:
    """张三 cover [a] text [b]   李四 cover [c] text [d]   →   张三 cover [c]   李四 cover [a] text [d b]"""
    with collection.change("添加教师") as change:
        change.add_teachers([ProposedTeacher("李四", certificates=(ProposedCertificate("小学"),))])
    make("a", "cover"), make("b", "text")
    other = collection.roster().teachers[1].certificates[0].id
    with collection.change("放入页") as change:
        for name, slot in (("c", "cover"), ("d", "text")):
            change.add_page(proposed(collection, name), certificate_id=other, slot=slot)
    one, two = (teacher.certificates[0] for teacher in collection.roster().teachers)
    move_alike(collection, one.pages, two)
    assert collection.undo_label == "移动 2 页到 李四"
    held = [
        {(page.slot, page.source) for page in teacher.pages()} for teacher in collection.roster().teachers
    ]
    assert held == [{("cover", "c")}, {("cover", "a"), ("text", "d"), ("text", "b")}]
    collection.undo()
    assert collection.roster().teachers[0].certificates[0] == one
