"""What is remembered of watched folders: beside the history, and over closing."""

from __future__ import annotations

import pytest

from certclerk.collection import Collection, open_collection
from certclerk.core.errors import UserError
from certclerk.core.records import ProposedPage
from certclerk.core.watched import Stamp, WatchedFile, WatchedOutcome

A = WatchedFile("/扫描件/a.jpg", Stamp(5, 1_700_000_000_123_456_789), "a" * 64, WatchedOutcome.TAKEN)
B = WatchedFile("/扫描件/b.jpg", Stamp(0, 0), "", WatchedOutcome.PASSED)
ODD = WatchedFile("/扫描件/\udcff.jpg", Stamp(1, 2), "c" * 64, WatchedOutcome.REFUSED)


def test_what_is_remembered_is_read_again(collection: Collection) -> None:
    collection.remember_watched([A, B, ODD])
    assert set(collection.watched()) == {A, B, ODD}


def test_the_last_word_on_a_path_holds(collection: Collection) -> None:
    collection.remember_watched([A])
    later = WatchedFile(A.path, Stamp(6, 7), "d" * 64, WatchedOutcome.REFUSED)
    collection.remember_watched([later])
    assert collection.watched() == (later,)


def test_it_is_no_part_of_the_history(collection: Collection) -> None:
    before = collection.moment()
    collection.remember_watched([B])
    assert collection.moment() == before
    with collection.change("放入页") as change:
        page = _page(collection)
        change.add_page(page)
        change.remember_watched([A])
    assert collection.undo() == "放入页"
    assert (collection.tray(), set(collection.watched())) == ((), {A, B})


def test_a_change_that_fails_remembers_nothing(collection: Collection) -> None:
    with pytest.raises(KeyError), collection.change("放入页") as change:
        change.remember_watched([A])
        change.place_page(999, 1, "cover")
    assert collection.watched() == ()


def test_what_is_only_read_is_not_written_to(collection: Collection) -> None:
    collection.remember_watched([A])
    collection.close()
    with open_collection(collection.path, read_only=True) as opened:
        assert opened.watched() == (A,)
        with pytest.raises(UserError) as raised:
            opened.remember_watched([B])
        assert raised.value.code == "collection_open_read_only"


def test_a_page_counts_as_held_in_a_slot_or_in_the_tray(collection: Collection) -> None:
    page = _page(collection)
    assert not collection.holds_page(page.sha256)
    with collection.change("放入页") as change:
        page_id = change.add_page(page)
    assert collection.holds_page(page.sha256)
    with collection.change("删除页") as change:
        change.trash_page(page_id)
    assert not collection.holds_page(page.sha256)


def _page(collection: Collection) -> ProposedPage:
    return ProposedPage(collection.add_blob(b"x", "image/jpeg"), 0, "image/jpeg", 1, 1, None, "a.jpg")
