"""A collection with a password: nothing of it can be read without, everything with it, from every connection."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest

from certclerk.collection import Collection, change_password, create_collection, open_collection
from certclerk.collection.cipher import is_encrypted
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedTeacher

NAME = "林晓雯"
ID_NUMBER = "359901198001010025"
PAGE = b"\xff\xd8 a page of hers " + bytes(range(256)) * 200
PASSWORD = "秘密 Pass'1"


def make(path: Path, notice: Notice, password: str) -> Collection:
    collection = create_collection(path, notice, Filing("泉州第一中学", "王五", "1"), password=password)
    with collection.change("添加教师") as change:
        change.add_teachers([ProposedTeacher(name=NAME, id_number=ID_NUMBER)])
    collection.add_blob(PAGE, "image/jpeg")
    return collection


def everything_beside(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in sorted(path.parent.iterdir()))


def test_nothing_of_it_is_readable_on_the_disk(tmp_path: Path, quanzhou: Notice) -> None:
    path = tmp_path / "a.certclerk"
    told = (NAME.encode(), ID_NUMBER.encode(), PAGE[:40], "泉州第一中学".encode(), b"CREATE TABLE")
    with make(path, quanzhou, PASSWORD):
        assert len(list(tmp_path.iterdir())) > 1  # the journal too
        held = everything_beside(path)
        assert [word for word in told if word in held] == []
    assert [word for word in told if word in path.read_bytes()] == []
    with make(tmp_path / "plain.certclerk", quanzhou, ""):
        pass
    plain = (tmp_path / "plain.certclerk").read_bytes()
    assert [word for word in told if word in plain] == list(told)


def test_with_the_password_everything_is_there(tmp_path: Path, quanzhou: Notice) -> None:
    path = tmp_path / "a.certclerk"
    with make(path, quanzhou, PASSWORD) as collection:
        sha256 = collection.add_blob(PAGE, "image/jpeg")
    for read_only in (True, False):
        with open_collection(path, read_only=read_only, password=PASSWORD) as collection:
            found: list[object] = []
            worker = threading.Thread(target=lambda c=collection, f=found: f.append(c.blob(sha256)))
            worker.start()
            worker.join()
            with collection.snapshot() as snapshot:
                (teacher,) = snapshot.roster().teachers
            assert (teacher.name, found) == (NAME, [PAGE])


def test_one_password_however_its_characters_are_composed(tmp_path: Path, quanzhou: Notice) -> None:
    path = tmp_path / "a.certclerk"
    make(path, quanzhou, "caf\u00e9").close()
    open_collection(path, password="cafe\u0301").close()


@pytest.mark.parametrize(
    ("given", "code"), [("", "collection_password_needed"), ("falsch", "collection_password_wrong")]
)
@pytest.mark.parametrize("read_only", [True, False])
def test_without_it_a_sentence(
    tmp_path: Path, quanzhou: Notice, given: str, code: str, read_only: bool
) -> None:
    path = tmp_path / "a.certclerk"
    make(path, quanzhou, PASSWORD).close()
    before = path.read_bytes()
    with pytest.raises(UserError) as caught:
        open_collection(path, read_only=read_only, password=given)
    assert caught.value.code == code
    assert path.read_bytes() == before
    open_collection(path, password=PASSWORD).close()


def test_a_file_without_one_needs_none(tmp_path: Path, quanzhou: Notice) -> None:
    path = tmp_path / "a.certclerk"
    make(path, quanzhou, "").close()
    assert not is_encrypted(path)
    with open_collection(path, password=PASSWORD) as collection, collection.snapshot() as snapshot:
        assert len(snapshot.roster().teachers) == 1


@pytest.mark.parametrize("content", [b"", b"rubbish", b"x" * 100_000])
def test_rubbish_asks_for_no_password(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.certclerk"
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        open_collection(path)
    assert caught.value.code == "collection_not_one"


def test_a_changed_page_of_it_is_noticed(tmp_path: Path, quanzhou: Notice) -> None:
    path = tmp_path / "a.certclerk"
    with make(path, quanzhou, PASSWORD) as collection:
        sha256 = collection.add_blob(PAGE * 10, "image/jpeg")
    data = bytearray(path.read_bytes())
    data[-5_000] ^= 1
    path.write_bytes(data)
    with open_collection(path, read_only=True, password=PASSWORD) as collection:
        with pytest.raises(UserError) as caught:
            collection.blob(sha256)
        assert caught.value.code in ("collection_damaged", "blob_damaged")


@pytest.mark.parametrize("left", [24, 1_000, 16_383, 16_384, 100_000])
def test_what_is_left_of_a_cut_one_is_damaged_not_locked(tmp_path: Path, quanzhou: Notice, left: int) -> None:
    path = tmp_path / "a.certclerk"
    make(path, quanzhou, PASSWORD).close()
    os.truncate(path, left)
    with pytest.raises(UserError) as caught:
        open_collection(path, password=PASSWORD)
    assert caught.value.code == "collection_damaged"


def test_a_wrong_password_loses_nothing_that_a_crash_left_in_the_journal(
    tmp_path: Path, quanzhou: Notice
) -> None:
    path, copy = tmp_path / "a.certclerk", tmp_path / "crashed.certclerk"
    with make(path, quanzhou, PASSWORD):
        shutil.copy(path, copy)
        shutil.copy(path.with_name(f"{path.name}-wal"), copy.with_name(f"{copy.name}-wal"))
    for read_only in (True, False):
        with pytest.raises(UserError) as caught:
            open_collection(copy, read_only=read_only, password="falsch")
        assert caught.value.code == "collection_password_wrong"
    with open_collection(copy, password=PASSWORD) as collection:
        assert [teacher.name for teacher in collection.roster().teachers] == [NAME]


@pytest.mark.skipif(os.name != "posix", reason="modes")
@pytest.mark.parametrize("password", ["", PASSWORD])
def test_whatever_lies_there_is_the_owners_alone(tmp_path: Path, quanzhou: Notice, password: str) -> None:
    path = tmp_path / "a.certclerk"
    seen: dict[str, int] = {}

    def look(*_progress: object) -> None:
        seen.update({each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()})

    former = os.umask(0)
    try:
        with make(path, quanzhou, password):
            look()
        with open_collection(path, password=password):
            look()
        change_password(path, password, "neues 密码", look)
        look()
    finally:
        os.umask(former)
    tails = ("-wal", "-shm", "")
    assert set(seen) == {*(path.name + tail for tail in tails), f".{path.name}.lock", f".{path.name}.rekeyed"}
    assert set(seen.values()) == {0o600}
