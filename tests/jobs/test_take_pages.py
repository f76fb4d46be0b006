"""Pages from files into the collection: at the right teacher, in the tray, or refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.imaging import THUMBNAIL_PX
from certclerk.jobs import take_pages
from certclerk.jobs.take_pages import Incoming, Outcome, SlotTarget, TeacherTarget, store_incoming

from .conftest import picture, slots, write_pages


def take(collection: Collection, path: Path, target: SlotTarget | TeacherTarget | None = None) -> Outcome:
    return take_pages.place(collection, take_pages.store(collection, [path]), target)


def certificate_id(collection: Collection, teacher: int = 0) -> int:
    return collection.roster().teachers[teacher].certificates[0].id


def test_a_folder_goes_where_its_names_say(collection: Collection, tmp_path: Path) -> None:
    scans = tmp_path / "扫描"
    write_pages(
        scans,
        "林晓雯_封面.jpg",
        "陈志远/1.jpg",
        "陈志远/2.jpg",
        "陈志远/3.jpg",
        "IMG_7.jpg",
        "Thumbs.db",
        "说明.txt",
    )
    (scans / "坏.jpg").write_bytes(picture(1)[:-40])
    (scans / "空.jpg").write_bytes(b"")
    outcome = take(collection, scans)
    assert slots(collection) == {
        "林晓雯": [("cover", "林晓雯_封面.jpg")],
        "陈志远": [("cover", "1.jpg"), ("remarks", "3.jpg"), ("text", "2.jpg")],
    }
    assert [page.source for page in collection.tray()] == ["IMG_7.jpg"]
    assert (outcome.placed, len(outcome.tray), outcome.droppings) == (4, 1, 2)
    assert sorted(refused.path.name for refused in outcome.refused) == ["坏.jpg", "空.jpg"]
    assert all(refused.path.name in refused.reason for refused in outcome.refused)
    assert collection.undo_label == "放入 5 页"


def test_the_bytes_are_kept_as_they_came(collection: Collection, tmp_path: Path) -> None:
    write_pages(tmp_path / "扫描", "林晓雯_封面.jpg")
    take(collection, tmp_path / "扫描")
    (page,) = collection.roster().teachers[0].pages()
    assert collection.blob(page.sha256) == (tmp_path / "扫描" / "林晓雯_封面.jpg").read_bytes()


def test_taking_the_same_folder_again_adds_nothing(collection: Collection, tmp_path: Path) -> None:
    write_pages(tmp_path / "扫描", "林晓雯_封面.jpg", "IMG_7.jpg")
    take(collection, tmp_path / "扫描")
    before = collection.roster()
    outcome = take(collection, tmp_path / "扫描")
    assert (outcome.placed, outcome.tray, outcome.known) == (0, (), 2)
    assert collection.roster() == before


def test_what_is_dropped_on_a_slot_goes_there_whatever_its_name(
    collection: Collection, tmp_path: Path
) -> None:
    write_pages(tmp_path, "IMG_7.jpg")
    take(collection, tmp_path / "IMG_7.jpg", SlotTarget(certificate_id(collection), "remarks"))
    assert slots(collection)["林晓雯"] == [("remarks", "IMG_7.jpg")]


def test_a_page_dropped_on_a_taken_slot_replaces_the_one_there(
    collection: Collection, tmp_path: Path
) -> None:
    write_pages(tmp_path, "旧.jpg", "新的封面.jpg")
    target = SlotTarget(certificate_id(collection), "cover")
    take(collection, tmp_path / "旧.jpg", target)
    take(collection, tmp_path / "新的封面.jpg", target)
    assert slots(collection)["林晓雯"] == [("cover", "新的封面.jpg")]
    assert [trashed.page.source for trashed in collection.trash()] == ["旧.jpg"]
    collection.undo()
    assert slots(collection)["林晓雯"] == [("cover", "旧.jpg")]


def test_several_pages_for_a_slot_of_one_wait_in_the_tray(collection: Collection, tmp_path: Path) -> None:
    write_pages(tmp_path / "两张", "甲.jpg", "乙乙.jpg")
    outcome = take(collection, tmp_path / "两张", SlotTarget(certificate_id(collection), "cover"))
    assert (outcome.placed, len(outcome.tray)) == (0, 2)
    assert "封面只有一页" in outcome.tray[0].reason


def test_several_pages_for_the_text_slot_follow_one_another(collection: Collection, tmp_path: Path) -> None:
    write_pages(tmp_path / "内", "10.jpg", "9.jpg")
    take(collection, tmp_path / "内", SlotTarget(certificate_id(collection), "text"))
    assert slots(collection)["林晓雯"] == [("text", "9.jpg"), ("text", "10.jpg")]


def test_dropped_on_a_teacher_the_slot_is_enough(collection: Collection, tmp_path: Path) -> None:
    write_pages(tmp_path, "封面.jpg", "陈志远_内页.jpg")
    lin = TeacherTarget(collection.roster().teachers[0].id)
    take(collection, tmp_path / "封面.jpg", lin)
    assert slots(collection)["林晓雯"] == [("cover", "封面.jpg")]
    take(collection, tmp_path / "陈志远_内页.jpg", lin)
    assert slots(collection) == {"林晓雯": [("cover", "封面.jpg")], "陈志远": []}
    assert [page.source for page in collection.tray()] == ["陈志远_内页.jpg"]


def test_dropped_on_a_teacher_a_folder_that_names_another_waits(
    collection: Collection, tmp_path: Path
) -> None:
    write_pages(tmp_path / "扫描", "陈志远/封面.jpg", "陈志远 备注.jpg")
    take(collection, tmp_path / "扫描", TeacherTarget(collection.roster().teachers[0].id))
    assert not any(slots(collection).values())
    assert sorted(page.source for page in collection.tray()) == ["封面.jpg", "陈志远 备注.jpg"]


def test_of_several_files_for_a_slot_those_that_tell_otherwise_go_by_their_names(
    collection: Collection, tmp_path: Path
) -> None:
    """The whole folder of scans dropped on the window while a text page was to come next."""
    write_pages(tmp_path / "扫描", "IMG_7.jpg", "林晓雯 备注.jpg", "陈志远 内页.jpg", "陈志远/1.jpg")
    take(collection, tmp_path / "扫描", SlotTarget(certificate_id(collection), "text"))
    assert slots(collection)["林晓雯"] == [("remarks", "林晓雯 备注.jpg"), ("text", "IMG_7.jpg")]
    assert sorted(page.source for page in collection.tray()) == ["1.jpg", "陈志远 内页.jpg"]


def test_the_reason_names_who_it_may_be(collection: Collection, tmp_path: Path) -> None:
    write_pages(tmp_path, "林晓雯.jpg")
    outcome = take(collection, tmp_path / "林晓雯.jpg")
    assert "可能是第1号林晓雯" in outcome.tray[0].reason


def test_a_cancelled_batch_places_nothing(collection: Collection, tmp_path: Path) -> None:
    write_pages(tmp_path / "扫描", "林晓雯_封面.jpg", "陈志远_封面.jpg")
    with pytest.raises(UserError) as caught:
        take_pages.store(collection, [tmp_path / "扫描"], cancelled=lambda: True)
    assert caught.value.code == "intake_cancelled"
    assert slots(collection) == {"林晓雯": [], "陈志远": []}


def test_the_summary_counts_everything(collection: Collection, tmp_path: Path) -> None:
    write_pages(tmp_path / "扫描", "林晓雯_封面.jpg", "IMG_7.jpg", "Thumbs.db")
    (tmp_path / "扫描" / "空.jpg").write_bytes(b"")
    words = take_pages.summary(take(collection, tmp_path / "扫描"))
    assert words == "放入 1 页，1 页不能确定，在待归位，1 个文件没有收入，略过 1 个无关文件。"


def test_a_thumbnail_is_there_as_soon_as_the_page_is(collection: Collection) -> None:
    (stored,) = store_incoming(collection, [Incoming("a.jpg", picture(90))]).pages
    assert collection.thumbnail(stored.page.sha256, 0, THUMBNAIL_PX) is not None
