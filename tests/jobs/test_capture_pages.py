"""Pages that arrive one after the other, drawn as ``林晓雯 cover:a text: remarks: 陈志远 … tray:b(reason)``."""

from __future__ import annotations

import pytest

from certclerk.collection import Collection
from certclerk.core.flow import Aim
from certclerk.core.progress import Gap
from certclerk.core.records import Teacher
from certclerk.jobs.capture_pages import NO_AIM, capture, doubt_of, take_back
from certclerk.jobs.take_pages import Incoming, StoredPage, store_incoming

from .conftest import picture


def stored(collection: Collection, names: str) -> tuple[StoredPage, ...]:
    """A page for each letter."""
    return store_incoming(collection, [Incoming(name, picture(ord(name))) for name in names]).pages


def of(collection: Collection, index: int) -> Teacher:
    return collection.roster().teachers[index]


def aim(teacher: Teacher, slot: str, **beside: int) -> Aim:
    return Aim(Gap(teacher.certificates[0].id, slot), **beside)


def drawn(collection: Collection) -> str:
    """Who has pages, and the tray."""
    parts = []
    for teacher in collection.roster().teachers:
        pages = [f"{page.slot}:{page.source}" for page in teacher.pages()]
        if pages:
            parts.append(f"{teacher.name} {' '.join(sorted(pages, key=order))}")
    tray = ",".join(page.source for page in collection.tray())
    return " ".join([*parts, f"tray:{tray}"])


def order(page: str) -> int:
    return ("cover", "text", "remarks").index(page.partition(":")[0])


def test_a_page_goes_where_it_is_aimed(collection: Collection) -> None:
    lin = of(collection, 0)
    (landed,) = capture(collection, stored(collection, "a"), lin.id, aim(lin, "cover"), 1)
    assert drawn(collection) == "林晓雯 cover:a tray:"
    assert (landed.teacher_id, landed.gap) == (lin.id, Gap(lin.certificates[0].id, "cover"))
    assert collection.undo_label == "放入 林晓雯 · 封面"


def test_a_feeders_pages_fill_one_teacher_and_the_rest_waits_in_the_tray(collection: Collection) -> None:
    lin = of(collection, 0)
    landed = capture(collection, stored(collection, "abcd"), lin.id, aim(lin, "cover"), 1)
    assert drawn(collection) == "林晓雯 cover:a text:b remarks:c tray:d"
    assert [page.reason for page in collection.tray()] == ["一次来了4页，多出的一页"]
    assert [page.gap is None for page in landed] == [False, False, False, True]


@pytest.mark.parametrize("lost", ["no aim", "other teacher", "teacher gone"])
def test_without_a_sure_place_everything_goes_to_the_tray(collection: Collection, lost: str) -> None:
    lin, chen = of(collection, 0), of(collection, 1)
    teacher_id = {"no aim": lin.id, "other teacher": chen.id, "teacher gone": 999}[lost]
    capture(
        collection,
        stored(collection, "ab"),
        teacher_id,
        None if lost == "no aim" else aim(lin, "cover"),
        1,
    )
    assert drawn(collection) == "tray:a,b"
    assert {page.reason for page in collection.tray()} == {NO_AIM}


def test_a_doubt_sends_it_to_the_tray_with_its_words(collection: Collection) -> None:
    lin = of(collection, 0)
    capture(collection, stored(collection, "a"), lin.id, aim(lin, "cover"), 1, doubt="像别人的")
    assert [(page.source, page.reason) for page in collection.tray()] == [("a", "像别人的")]


def test_a_retake_takes_the_place_and_the_old_page_is_in_the_trash(collection: Collection) -> None:
    lin = of(collection, 0)
    first, second, _ = (
        capture(collection, stored(collection, name), lin.id, aim(lin, "text"), 1)[0] for name in "abc"
    )
    (landed,) = capture(
        collection, stored(collection, "x"), lin.id, aim(lin, "text", replaces=second.page_id), 1
    )
    assert drawn(collection) == "林晓雯 text:a text:x text:c tray:"
    assert [trashed.page.source for trashed in collection.trash()] == ["b"]
    take_back(collection, landed)
    assert drawn(collection) == "林晓雯 text:a text:b text:c tray:"
    assert [trashed.page.source for trashed in collection.trash()] == ["x"]
    assert first.replaced is None


def test_a_slot_of_one_page_that_was_filled_meanwhile_gets_no_second(collection: Collection) -> None:
    """Two pictures pasted at once were both meant for the first gap."""
    lin = of(collection, 0)
    for name in "ab":
        capture(collection, stored(collection, name), lin.id, aim(lin, "cover"), 1)
    assert drawn(collection) == "林晓雯 cover:a tray:b"
    assert [page.reason for page in collection.tray()] == ["到来时林晓雯 · 封面已有一页"]
    assert collection.undo_label == "收到 1 页"


def test_a_retake_of_a_page_that_has_gone_does_not_crowd_its_slot(collection: Collection) -> None:
    lin = of(collection, 0)
    (gone,) = capture(collection, stored(collection, "a"), lin.id, aim(lin, "cover"), 1)
    take_back(collection, gone)
    retake = aim(lin, "cover", replaces=gone.page_id)
    for name in "bc":
        capture(collection, stored(collection, name), lin.id, retake, 1)
    assert drawn(collection) == "林晓雯 cover:b tray:c"


def test_what_a_retake_replaced_comes_back_only_from_the_trash(collection: Collection) -> None:
    lin = of(collection, 0)
    (old,) = capture(collection, stored(collection, "a"), lin.id, aim(lin, "cover"), 1)
    retake = aim(lin, "cover", replaces=old.page_id)
    (landed,) = capture(collection, stored(collection, "x"), lin.id, retake, 1)
    collection.empty_trash()
    take_back(collection, landed)
    assert drawn(collection) == "tray:"
    assert [trashed.page.source for trashed in collection.trash()] == ["x"]


def test_an_inserted_page_goes_before_the_one_it_was_aimed_at(collection: Collection) -> None:
    lin = of(collection, 0)
    landed = [capture(collection, stored(collection, name), lin.id, aim(lin, "text"), 1)[0] for name in "ab"]
    capture(collection, stored(collection, "x"), lin.id, aim(lin, "text", before=landed[1].page_id), 1)
    assert drawn(collection) == "林晓雯 text:a text:x text:b tray:"


def test_a_page_taken_back_is_in_the_trash_and_its_place_is_free(collection: Collection) -> None:
    lin = of(collection, 0)
    (landed,) = capture(collection, stored(collection, "a"), lin.id, aim(lin, "cover"), 1)
    take_back(collection, landed)
    assert drawn(collection) == "tray:"
    assert [trashed.page.source for trashed in collection.trash()] == ["a"]
    collection.undo()
    assert drawn(collection) == "林晓雯 cover:a tray:"


@pytest.mark.parametrize(
    ("name", "doubt"),
    [
        ("scan_012.jpg", ""),
        ("林晓雯_封面.jpg", ""),
        ("2 陈志远 封面.jpg", "文件名里是陈志远，不是林晓雯"),
        ("陈志远的证.jpg", ""),
        ("IMG 陈志远 x9.jpg", "文件名里是陈志远，不是林晓雯"),
        ("林晓雯 陈志远 x9.jpg", ""),
    ],
)
def test_a_file_that_names_somebody_else_is_doubted(collection: Collection, name: str, doubt: str) -> None:
    teachers = collection.roster().teachers
    assert doubt_of(name, teachers, teachers[0], collection.notice) == doubt
