"""A password set, changed and removed: the file is the old one or the new one, never a mixture, never lost."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

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

# Each line of its input is a step at which a child of it, changing the password, is to be killed; it answers with how
# the child ended. Steps are what Python's own audit sees of files, syncs, and what is told of the progress.
KILLER = """
import os, signal, sys
from pathlib import Path
from certclerk.collection import change_password

def change(path, old, new, last):
    steps = 0
    def step(*_arguments):
        nonlocal steps
        steps += 1
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)
    def look(event, _arguments):
        if event == "open" or event.startswith(("os.", "fcntl.")):
            step()
    def sync(descriptor, sync=os.fsync):
        step()
        sync(descriptor)
    os.fsync = sync
    sys.addaudithook(look)
    change_password(Path(path), old, new, step)
    return steps

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        steps = change(*sys.argv[1:], int(line))
        print("finished", steps, flush=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        print("killed", os.WTERMSIG(status), flush=True)
    elif status:
        print("failed", status, flush=True)
"""


class Killer:
    def __init__(self, path: Path, old: str, new: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", KILLER, str(path), old, new],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.communicate(timeout=60)

    def change(self, last: int) -> tuple[str, int]:
        """``finished`` and after how many steps, or ``killed`` and by which signal."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{last}\n")
        self._process.stdin.flush()
        how, number = self._process.stdout.readline().split()
        return how, int(number)


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


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize(("old", "new"), [("", NEW), (OLD, NEW), (OLD, "")])
def test_killed_at_any_step(
    path: Path, quanzhou: Notice, old: str, new: str, pytestconfig: pytest.Config
) -> None:
    before = make(path, quanzhou, old)
    original = path.read_bytes()
    ends: set[str] = set()
    with Killer(path, old, new) as killer:
        how, steps = killer.change(0)
        assert how == "finished"
        # The last ones are those after which the new file is there.
        many = set(range(1, steps + 1))
        few = {1, steps // 2, steps - 3, steps}
        for step in sorted(many if pytestconfig.getoption("--long") else few):
            path.write_bytes(original)
            assert killer.change(step) == ("killed", signal.SIGKILL), step
            if new:
                beside = [each.read_bytes() for each in path.parent.iterdir() if each != path]
                assert not any(NAME.encode() in data for data in beside), step
            now = new if is_encrypted(path) is bool(new) and opens(path, new) else old
            ends.add(now)
            assert content(path, now) == before, step
            assert [each.name for each in path.parent.iterdir()] == [path.name], step
    assert ends == {old, new}


def opens(path: Path, password: str) -> bool:
    try:
        open_collection(path, read_only=True, password=password).close()
    except UserError:
        return False
    return True
