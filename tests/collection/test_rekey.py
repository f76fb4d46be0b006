"""A password set, changed and removed: the file is the old one or the new one, never a mixture, never lost."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest

from certclerk.collection import Collection, change_password, create_collection, open_collection
from certclerk.collection.cipher import is_encrypted
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedTeacher

NAME = "林晓雯"
PAGES = [f"page {number} of hers".encode() + bytes(range(256)) * 400 for number in range(20)]
OLD, NEW = "altes 密码", "neues 密码"
SHORT = 4


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "泉州 第一?#%中学.certclerk"


def make(path: Path, notice: Notice, password: str) -> list[object]:
    with create_collection(
        path, notice, Filing("泉州第一中学", "王五", "1"), password=password
    ) as collection:
        with collection.change("添加教师") as change:
            change.add_teachers([ProposedTeacher(name=NAME)])
        for page in PAGES:
            collection.add_blob(page, "image/jpeg")
        return held(collection)


def held(collection: Collection) -> list[object]:
    return [
        collection.roster(),
        collection.undo_label,
        collection.identity(),
        sorted(collection.blob_sizes()),
    ]


def content(path: Path, password: str) -> list[object]:
    with open_collection(path, password=password) as collection:
        assert all(found.is_note for found in collection.examine())
        return held(collection)


@pytest.mark.parametrize(("old", "new"), [("", NEW), (OLD, NEW), (OLD, "")])
def test_only_the_new_password_opens_it(path: Path, quanzhou: Notice, old: str, new: str) -> None:
    before = make(path, quanzhou, old)
    change_password(path, old, new)
    assert is_encrypted(path) is bool(new)
    assert content(path, new) == before
    if new:
        with pytest.raises(UserError) as caught:
            open_collection(path, password=old)
        assert caught.value.code == ("collection_password_wrong" if old else "collection_password_needed")
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


def test_the_wrong_password_changes_nothing(path: Path, quanzhou: Notice) -> None:
    before = make(path, quanzhou, OLD)
    with pytest.raises(UserError) as caught:
        change_password(path, "falsch", NEW)
    assert caught.value.code == "collection_password_wrong"
    assert content(path, OLD) == before


@pytest.mark.skipif(os.name != "posix", reason="Windows replaces no open file")
def test_what_was_readable_is_overwritten(path: Path, quanzhou: Notice) -> None:
    make(path, quanzhou, "")
    with path.open("rb") as former:
        assert NAME.encode() in former.read()
        change_password(path, "", NEW)
        former.seek(0)
        assert set(former.read()) == {0}


@pytest.mark.skipif(os.name != "posix", reason="as above")
def test_another_name_of_the_file_keeps_its_content(path: Path, quanzhou: Notice, tmp_path: Path) -> None:
    before = make(path, quanzhou, "")
    copy = tmp_path / "归档.certclerk"
    copy.hardlink_to(path)
    change_password(path, "", NEW)
    assert content(copy, "") == before


def test_who_has_it_open_keeps_it(path: Path, quanzhou: Notice) -> None:
    make(path, quanzhou, OLD)
    with open_collection(path, password=OLD), pytest.raises(UserError) as caught:
        change_password(path, OLD, NEW)
    assert caught.value.code == "collection_locked"


def test_who_reads_it_keeps_it(path: Path, quanzhou: Notice) -> None:
    """What the reader still needs lies beside the file, and would be taken for the new file's."""
    make(path, quanzhou, "")
    with open_collection(path) as collection:
        with collection.change("添加教师") as change:
            change.add_teachers([ProposedTeacher(name="后来的")])
        reader = open_collection(path, read_only=True)
        before = held(collection)
    with reader, reader.snapshot():
        with pytest.raises(UserError) as caught:
            change_password(path, "", NEW)
        assert caught.value.code == "collection_busy"
    assert content(path, "") == before
    change_password(path, "", NEW)
    assert content(path, NEW) == before


def test_cancelled_at_any_moment(path: Path, quanzhou: Notice) -> None:
    before = make(path, quanzhou, "")
    asked = itertools.count()
    change_password(path, "", "", cancelled=lambda: next(asked) < 0)
    moments = next(asked)
    for stop in range(0, moments, -(-moments // SHORT)):
        asked = itertools.count()
        with pytest.raises(UserError) as caught:
            change_password(path, "", NEW, cancelled=lambda asked=asked, stop=stop: next(asked) >= stop)
        assert caught.value.code == "rekey_cancelled"
        assert content(path, "") == before
        assert [each.name for each in path.parent.iterdir()] == [path.name]
