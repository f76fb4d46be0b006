from __future__ import annotations

from pathlib import Path

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certclerk.collection import Collection, create_collection, open_collection
from certclerk.collection.emptying import Outlook
from certclerk.core.errors import UserError
from certclerk.core.form import Form, FormMapping
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedCertificate, ProposedPage, ProposedTeacher

from .conftest import add_page


def trash(collection: Collection, *page_ids: int) -> None:
    with collection.change("删除页") as change:
        for page_id in page_ids:
            change.trash_page(page_id, "放错")


def rename(collection: Collection, name: str) -> None:
    with collection.change(f"改{name}") as change:
        change.update_teacher(collection.order()[0], name=name)


def empty(collection: Collection) -> Outlook:
    done = collection.empty_trash()
    collection.sweep()
    return done


def undo_all(collection: Collection) -> list[str]:
    return list(iter(collection.undo, None))


def test_pages_and_their_bytes_go_and_nothing_else(collection: Collection) -> None:
    gone, kept = add_page(collection, b"gone"), add_page(collection, b"kept", None)
    (sha256,) = (page.sha256 for page in collection.roster().teachers[0].pages())
    collection.store_thumbnail(sha256, 0, 192, b"small")
    collection.add_rendition(sha256, 0, b"picture", "image/jpeg")
    trash(collection, gone)
    assert collection.emptying_outlook() == Outlook(pages=1, bytes=4, changes=4)
    assert empty(collection) == Outlook(1, 4, 4)
    assert collection.trash() == ()
    assert [page.id for page in collection.tray()] == [kept]
    assert list(collection.blob_sizes().values()) == [4]
    assert collection.thumbnail(sha256, 0, 192) is None
    assert all(found.is_note for found in collection.examine())


def test_bytes_that_another_page_has_are_kept(collection: Collection) -> None:
    one, other = add_page(collection, b"shared"), add_page(collection, b"shared", "text")
    trash(collection, one)
    assert collection.emptying_outlook().bytes == 0
    empty(collection)
    assert [page.id for page in collection.roster().teachers[0].pages()] == [other]
    assert collection.damaged_blobs() == frozenset() and len(collection.blob_sizes()) == 1


def test_undo_goes_back_to_the_last_change_of_a_page_that_is_no_more(collection: Collection) -> None:
    rename(collection, "早")
    page = add_page(collection)
    trash(collection, page)
    rename(collection, "晚")
    empty(collection)
    assert undo_all(collection) == ["改晚"]
    assert collection.roster().teachers[0].name == "早"
    assert collection.undo_end == "清空回收站 1 页"
    assert collection.redo() == "改晚"
    assert collection.undo_end == ""


def test_a_mere_move_of_a_page_that_is_no_more_is_out_of_reach_too(collection: Collection) -> None:
    """The move names the page by its id alone: no hash stands in its changeset."""
    page = add_page(collection)
    held = collection.roster().teachers[0].certificates[0]
    with collection.change("移动") as change:
        change.place_page(page, held.id, "text")
    trash(collection, page)
    collection.undo()
    with collection.change("删除证书") as change:
        change.remove_certificate(held.id)
    empty(collection)
    assert undo_all(collection) == []
    assert all(found.is_note for found in collection.examine())


def test_what_was_undone_cannot_be_done_again(collection: Collection) -> None:
    page = add_page(collection)
    trash(collection, page)
    rename(collection, "晚")
    collection.undo()
    empty(collection)
    assert collection.redo() is None


def test_it_is_not_undone_and_stands_in_the_audit_trail(collection: Collection, path: Path) -> None:
    trash(collection, add_page(collection))
    empty(collection)
    assert collection.undo() is None
    collection.close()
    reader = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    labels = [row[0] for row in reader.execute("SELECT label FROM history ORDER BY id")]
    assert labels == ["导入", "加页", "删除页", "清空回收站 1 页"]
    reader.close()


def test_the_moment_stays_that_of_the_records(collection: Collection) -> None:
    """A submission made before the trash is emptied is not out of date after it."""
    page = add_page(collection)
    trash(collection, page)
    before = collection.moment()
    empty(collection)
    assert collection.moment() == before
    rename(collection, "又")
    assert collection.moment() != before
    collection.undo()
    assert collection.moment() == before
    trash(collection, add_page(collection, b"2"))
    later = collection.moment()
    empty(collection)
    assert collection.moment() == later != before


def test_a_change_stands_until_it_is_taken_back(collection: Collection) -> None:
    rename(collection, "某")
    moment = collection.moment()
    rename(collection, "又")
    assert collection.stands(moment)
    collection.undo()
    assert collection.stands(moment)
    collection.undo()
    assert not collection.stands(moment)
    collection.redo()
    assert collection.stands(moment)
    collection.undo()
    rename(collection, "另")
    assert collection.moment() > moment and not collection.stands(moment)


def test_a_change_that_can_no_longer_be_taken_back_stands(collection: Collection) -> None:
    trash(collection, add_page(collection))
    moment = collection.moment()
    empty(collection)
    assert collection.undo() is None and collection.stands(moment)


def test_an_empty_trash_ends_nothing(collection: Collection) -> None:
    rename(collection, "某")
    assert empty(collection) == Outlook(0, 0, 0)
    assert undo_all(collection) == ["改某", "导入"]
    assert collection.moment() == 0


def test_listeners_hear_of_it(collection: Collection) -> None:
    trash(collection, add_page(collection))
    heard: list[object] = []
    collection.subscribe(heard.append)
    collection.empty_trash()
    assert len(heard) == 1 and collection.trash_count() == 0


def test_read_only_it_is_refused(collection: Collection, path: Path) -> None:
    trash(collection, add_page(collection))
    with open_collection(path, read_only=True) as reader, pytest.raises(UserError):
        reader.empty_trash()


def test_bytes_that_come_again_meanwhile_are_left(collection: Collection) -> None:
    """An intake has stored them and places the page only after the sweep."""
    trash(collection, add_page(collection, b"again"))
    claim = collection.claim(b"again")
    empty(collection)
    assert claim.sha256 in collection.blob_sizes()
    add_page(collection, b"again")
    assert all(found.is_note for found in collection.examine())


def test_bytes_that_a_redo_brings_back_are_left(collection: Collection, path: Path) -> None:
    """The clerk takes a page's arrival back between the emptying and the sweep."""
    add_page(collection, b"redone", None)
    collection.close()
    with open_collection(path) as again:
        again.empty_trash()
        again.undo()
        again.sweep()
        again.redo()
        assert [page.source for page in again.tray()] and again.damaged_blobs() == frozenset()
        assert all(found.is_note for found in again.examine())


def test_what_never_had_a_page_goes_once_nobody_claims_it(collection: Collection, path: Path) -> None:
    claim = collection.claim(b"orphan")
    collection.add_blob(b"orphan", "image/jpeg")
    empty(collection)
    assert claim.sha256 in collection.blob_sizes(), "an intake is at work"
    collection.close()
    with open_collection(path) as again:
        empty(again)
        assert again.blob_sizes() == {}


def test_the_file_becomes_smaller(collection: Collection, path: Path) -> None:
    pages = [add_page(collection, bytes([number]) * 1_000_000) for number in range(6)]
    trash(collection, *pages[:5])
    empty(collection)
    collection.close()
    assert 1_000_000 < path.stat().st_size < 2_000_000


def test_a_sweep_that_is_stopped_is_made_up_for_by_the_next(collection: Collection) -> None:
    trash(collection, add_page(collection))
    collection.empty_trash()
    collection.sweep(cancelled=lambda: True)
    assert len(collection.blob_sizes()) == 1
    empty(collection)
    assert collection.blob_sizes() == {}


# Where a page in the trash lay


def test_the_trash_says_where_a_page_lay_the_last_one_first(collection: Collection) -> None:
    held = collection.roster().teachers[0].certificates[0]
    first, second = add_page(collection, b"1", "text"), add_page(collection, b"2", "text")
    trash(collection, first)
    trash(collection, second)
    found = collection.trash()
    assert [(one.page.id, one.certificate_id, one.slot) for one in found] == [
        (second, held.id, "text"),
        (first, held.id, "text"),
    ]
    assert found[0].position == 1 and found[0].trashed_at >= found[1].trashed_at > ""
    assert collection.trash_count() == 2


def test_a_page_trashed_from_the_tray_lay_in_the_tray(collection: Collection) -> None:
    """Also where it had come there from a slot."""
    page = add_page(collection)
    with collection.change("移到待归位") as change:
        change.send_to_tray(page, "放错")
    trash(collection, page)
    (found,) = collection.trash()
    assert (found.certificate_id, found.slot) == (None, None)


def test_no_certificate_gets_the_number_of_one_that_a_page_remembers(collection: Collection) -> None:
    """Else the page would be put back to a stranger."""
    gone = collection.roster().teachers[0].certificates[0].id
    add_page(collection)
    with collection.change("删除证书") as change:
        change.remove_certificate(gone)
        added = change.add_certificate(collection.order()[1], ProposedCertificate("小学"))
    assert added > gone
    assert collection.trash()[0].certificate_id == gone


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 3)),
        st.tuples(st.sampled_from(("trash", "tray", "place", "rotate")), st.integers(0, 5)),
        st.tuples(st.sampled_from(("undo", "redo", "rename", "empty")), st.just(0)),
    ),
    max_size=30,
)


@settings(max_examples=30, deadline=None)
@given(ACTS)
def test_whatever_is_done_undo_never_fails_and_no_page_lacks_its_bytes(
    quanzhou: Notice, tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int]]
) -> None:
    path = tmp_path_factory.mktemp("清空") / "c.certclerk"
    teacher = ProposedTeacher("张三", certificates=(ProposedCertificate(),))
    with create_collection(path, quanzhou, Filing("某校")) as collection:
        states = {collection.moment(): collection.roster()}
        with collection.change("开始") as change:
            change.add_teachers([teacher])
        states[collection.moment()] = collection.roster()
        for name, number in acts:
            _act(collection, name, number)
            roster = collection.roster()
            assert states.setdefault(collection.moment(), roster) == roster
            assert not collection.damaged_blobs() and all(found.is_note for found in collection.examine())
        undo_all(collection)
        assert states[collection.moment()] == collection.roster()
        assert not collection.damaged_blobs() and all(found.is_note for found in collection.examine())


def _act(collection: Collection, name: str, number: int) -> None:
    roster = collection.roster()
    pages = [*roster.tray, *(page for one in roster.teachers for page in one.pages())]
    if name == "undo":
        collection.undo()
    elif name == "redo":
        collection.redo()
    elif name == "empty":
        empty(collection)
    elif name == "rename":
        if roster.teachers:
            rename(collection, f"{roster.teachers[0].name}又"[-4:])
    elif name == "add":
        sha256 = collection.add_blob(b"page %d" % number, "image/jpeg")
        with collection.change("加页") as change:
            change.add_page(ProposedPage(sha256, 0, "image/jpeg", 9, 9, None, "a.jpg"))
    elif number < len(pages) and roster.teachers:
        page, held = pages[number].id, roster.teachers[0].certificates[0].id
        with collection.change(name) as change:
            if name == "trash":
                change.trash_page(page)
            elif name == "tray":
                change.send_to_tray(page, "放错")
            elif name == "rotate":
                change.rotate_page(page, 90)
            else:
                change.place_page(page, held, "text", 0)


def test_what_was_in_the_trash_is_overwritten_in_the_file(collection: Collection) -> None:
    """Looked at after the overwriting, before the room is given back to the disk."""
    data = b"\xff\xd8\xff" + b"page of nobody any more" * 4_000
    page = add_page(collection, data)
    collection.close()
    with open_collection(collection.path) as reopened:
        assert data[:23] in collection.path.read_bytes()
        trash(reopened, page)
        reopened.empty_trash()
        asked = iter((False,))
        reopened.sweep(lambda: next(asked, True))
        assert data[10:50] not in collection.path.read_bytes()


def test_what_is_deleted_within_a_page_is_overwritten(collection: Collection) -> None:
    form = Form("annex-2", "表样.xlsx", FormMapping("表", 1, 1, ()), b"the form of another school" * 20)
    collection.keep_form(form)
    collection.drop_form(form.annex)
    collection.close()
    assert form.data[:20] not in collection.path.read_bytes()
