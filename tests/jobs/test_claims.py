"""Two intakes of the same bytes at once: whatever becomes of the one, the other's pages keep their bytes."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certclerk.collection import Collection, create_collection
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.jobs.take_pages import Incoming, SlotTarget, Stored, forget, place, store, store_incoming

from .conftest import CHEN, FILING, LIN, picture
from .test_renditions import drawn_pdf, keep


def one(shade: int = 40) -> list[Incoming]:
    return [Incoming("扫描 1.jpg", picture(shade))]


def empty_trash(collection: Collection) -> None:
    collection.empty_trash()
    collection.sweep()


def is_whole(collection: Collection) -> bool:
    return all(found.is_note for found in collection.examine()) and not collection.damaged_blobs()


def test_an_intake_that_is_let_go_leaves_the_bytes_that_another_is_about_to_place(
    collection: Collection,
) -> None:
    first, second = store_incoming(collection, one()), store_incoming(collection, one())
    forget(collection, second.pages)
    assert len(place(collection, first).page_ids) == 1
    assert is_whole(collection)


def test_the_last_to_let_go_leaves_nothing(collection: Collection) -> None:
    first, second = store_incoming(collection, one()), store_incoming(collection, one())
    forget(collection, first.pages)
    forget(collection, first.pages)
    assert len(collection.blob_sizes()) == 1, "to let go twice is not to let go for somebody else"
    forget(collection, second.pages)
    assert collection.blob_sizes() == {}


@pytest.mark.parametrize("stopped_at", [1, 2, 3])
def test_an_intake_that_is_stopped_within_a_file_leaves_what_another_has_stored_meanwhile(
    collection: Collection, tmp_path: Path, stopped_at: int
) -> None:
    data = drawn_pdf(4)
    scans = keep(tmp_path / "扫描", {"林晓雯.pdf": data})
    asked = count()
    other: list[Stored] = []

    def cancelled() -> bool:
        if next(asked) != stopped_at:
            return False
        other.append(store_incoming(collection, [Incoming("林晓雯.pdf", data)]))
        return True

    with pytest.raises(UserError, match="已取消"):
        store(collection, [scans], cancelled=cancelled)
    assert len(place(collection, other[0]).page_ids) == 4
    assert is_whole(collection)


def test_emptying_the_trash_leaves_the_bytes_that_are_about_to_be_placed(collection: Collection) -> None:
    """They were stored before the page with the same bytes went to the trash."""
    first = place(collection, store_incoming(collection, one()))
    second = store_incoming(collection, one())
    with collection.change("删除页") as change:
        change.trash_page(first.page_ids[0])
    empty_trash(collection)
    assert len(place(collection, second).page_ids) == 1
    assert is_whole(collection)


def test_what_was_not_placed_because_it_lies_here_is_nobody_s_any_more(collection: Collection) -> None:
    first = place(collection, store_incoming(collection, one()))
    assert place(collection, store_incoming(collection, one())).known == 1
    with collection.change("删除页") as change:
        change.trash_page(first.page_ids[0])
    empty_trash(collection)
    assert collection.blob_sizes() == {}


def test_bytes_that_nobody_claims_go_with_the_next_emptying(collection: Collection) -> None:
    stored = store_incoming(collection, one())
    empty_trash(collection)
    assert len(collection.blob_sizes()) == 1
    for page in stored.pages:
        assert page.claim is not None
        collection.release(page.claim)
    empty_trash(collection)
    assert collection.blob_sizes() == {}


Step = tuple[str, int]
STEPS = st.sampled_from(("take", "place", "aim", "forget", "trash", "empty", "undo", "redo"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(STEPS, st.integers(0, 1)), max_size=25))
def test_in_whatever_order_no_page_is_without_its_bytes_and_none_are_left_over(
    quanzhou: Notice, steps: list[Step]
) -> None:
    with TemporaryDirectory() as folder, made(Path(folder) / "采集.certclerk", quanzhou) as collection:
        waiting: list[Stored] = []
        for what, number in steps:
            _do(collection, waiting, what, number)
            assert is_whole(collection)
        for stored in waiting:
            forget(collection, stored.pages)
        with collection.change("改名") as change:
            change.update_teacher(collection.order()[0], name=f"林{len(steps)}")
        _trash_all(collection)
        empty_trash(collection)
        assert collection.blob_sizes() == {}


def made(path: Path, notice: Notice) -> Collection:
    collection = create_collection(path, notice, FILING)
    with collection.change("导入") as change:
        change.add_teachers([LIN, CHEN])
    return collection


def _do(collection: Collection, waiting: list[Stored], what: str, number: int) -> None:
    oldest = [waiting.pop(0)] if waiting and what in ("place", "aim", "forget") else []
    if what == "take":
        waiting.append(store_incoming(collection, one(40 + 30 * number)))
    elif what == "place":
        for stored in oldest:
            place(collection, stored)
    elif what == "aim":
        cover = SlotTarget(collection.roster().teachers[number].certificates[0].id, "cover")
        for stored in oldest:
            assert place(collection, stored, cover).placed == 1
    elif what == "forget":
        for stored in oldest:
            forget(collection, stored.pages)
    elif what == "trash":
        _trash_all(collection)
    elif what == "empty":
        empty_trash(collection)
    elif what == "redo" or collection.undo_label != "导入":
        getattr(collection, what)()


def _trash_all(collection: Collection) -> None:
    roster = collection.roster()
    pages = [*roster.tray, *(page for teacher in roster.teachers for page in teacher.pages())]
    if pages:
        with collection.change("删除页") as change:
            for page in pages:
                change.trash_page(page.id)
