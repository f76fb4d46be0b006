"""A collection in a sync folder or on a stick: no WAL, and a long reading that keeps nobody from working."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from certclerk.collection import (
    Collection,
    change_password,
    create_collection,
    lock_path,
    open_collection,
)
from certclerk.collection.archive import held_alone
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedTeacher
from certclerk.system.holder import this_process

from .conftest import ZHANG, add_page


@pytest.fixture
def shared(tmp_path: Path, quanzhou: Notice) -> Iterator[Collection]:
    folder = tmp_path / "我的坚果云"
    folder.mkdir()
    with create_collection(folder / "甲.certclerk", quanzhou, Filing("泉州市第一中学")) as made:
        with made.change("导入") as change:
            change.add_teachers([ZHANG, ProposedTeacher(name="李四")])
        yield made


def beside(path: Path) -> set[str]:
    return {each.name for each in path.parent.iterdir() if not each.name.endswith(".lock")}


def test_nothing_lies_beside_the_file_between_changes(shared: Collection) -> None:
    add_page(shared)
    assert shared._connection.pragma("journal_mode") == "delete"
    assert shared._connection.pragma("synchronous") == 2
    assert beside(shared.path) == {"甲.certclerk"}
    # What a sync program would carry away at this moment is whole.
    copy = shared.path.parent.parent / "copy.certclerk"
    copy.write_bytes(shared.path.read_bytes())
    assert sqlite3.connect(copy).execute("SELECT count(*) FROM page").fetchone() == (1,)


def test_a_file_brought_there_with_its_wal_loses_nothing(collection: Collection, tmp_path: Path) -> None:
    """As after a crash on the local disk: what was saved last is in the WAL alone."""
    add_page(collection)
    folder = tmp_path / "Dropbox"
    folder.mkdir()
    for tail in ("", "-wal"):
        source = Path(f"{collection.path}{tail}")
        (folder / source.name).write_bytes(source.read_bytes())
    with open_collection(folder / collection.path.name) as moved:
        assert len(list(moved.roster().teachers[0].pages())) == 1
        assert beside(moved.path) == {moved.path.name}


@pytest.mark.parametrize("password", ["", "一个够长的密码"])
def test_a_snapshot_there_keeps_its_state_and_nobody_waiting(shared: Collection, password: str) -> None:
    page_id = add_page(shared, b"first")
    path = shared.path
    shared.close()
    if password:
        change_password(path, "", password)
    with open_collection(path, password=password) as collection:
        with collection.snapshot() as state:
            before = state.roster()
            # Had the reading locked the file, this would wait for ten seconds and then be refused.
            collection._connection.set_busy_timeout(0)
            with collection.change("改") as change:
                change.trash_page(page_id)
                change.update_teacher(before.teachers[0].id, name="张三丰")
            collection.empty_trash()
            collection.sweep()
            (page,) = before.teachers[0].pages()
            read: list[bytes] = []
            worker = threading.Thread(target=lambda: read.append(state.picture(page).data))
            worker.start()
            worker.join()
            assert read == [b"first"]
            assert state.roster() == before
            assert state.moment() < collection.moment()
            assert page.sha256 in state.blob_sizes() and not state.damaged_blobs()
        collection.sweep()
        assert page.sha256 not in collection.blob_sizes()
        assert collection.roster().teachers[0].name == "张三丰"


def test_one_that_another_computer_has_open_is_refused_by_name(shared: Collection) -> None:
    path = shared.path
    shared.close()
    elsewhere = replace(this_process(), machine="other", host="教务处电脑", since="2032-03-01T02:12:00+00:00")
    lock_path(path).write_text(f" {elsewhere.to_json()}", encoding="utf-8")
    with pytest.raises(UserError) as refused:
        open_collection(path)
    assert refused.value.code == "collection_locked_elsewhere"
    assert "教务处电脑" in str(refused.value) and "2032-03-01" in str(refused.value)
    with pytest.raises(UserError) as kept, held_alone(path):
        raise AssertionError("cleared while another computer has it")
    assert kept.value.code == "collection_locked_elsewhere"
    open_collection(path, read_only=True).close()
    open_collection(path, taking_over=True).close()
    assert not lock_path(path).exists()
