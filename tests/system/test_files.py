from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from certclerk.core.errors import UserError
from certclerk.system import files
from certclerk.system.files import (
    ensured_folder,
    explained,
    explaining,
    folder_aside,
    open_private,
    replace_folder,
    require_space,
    retried,
    write_aside,
)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def in_use() -> PermissionError:
    """As Windows reports a file that another program holds."""
    error = PermissionError(errno.EACCES, "in use")
    error.winerror = 32  # type: ignore[attr-defined, unused-ignore]
    return error


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr(files.time, "sleep", waits.append)
    return waits


def test_a_file_appears_when_its_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "名册.xlsx"
    target.write_bytes(b"old")
    with write_aside(target) as stream:
        stream.write(b"new")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["名册.xlsx"]


@pytest.mark.parametrize("failure", [KeyError(), KeyboardInterrupt()])
def test_a_file_is_as_it_was_when_its_block_fails(failure: BaseException, tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    with pytest.raises(type(failure)), write_aside(target) as stream:
        stream.write(b"half")
        raise failure
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a"]


def test_a_name_that_just_fits_can_be_written(tmp_path: Path) -> None:
    with write_aside(tmp_path / ("名" * 80 + ".pdf")) as stream:
        stream.write(b"x")
    assert len(names(tmp_path)) == 1


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_what_is_written_is_for_its_owner_alone(tmp_path: Path) -> None:
    with write_aside(tmp_path / "a"):
        pass
    open_private(tmp_path / "b").close()
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in "ab"} == {0o600}
    with folder_aside(tmp_path / "d") as aside:
        assert stat.S_IMODE(aside.stat().st_mode) == 0o700


def test_a_private_file_is_never_one_that_exists(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        open_private(tmp_path / "a")


def test_a_folder_aside_goes_again(tmp_path: Path) -> None:
    with folder_aside(tmp_path / "包") as aside:
        (aside / "a").write_bytes(b"x")
        assert aside.parent == tmp_path
    assert names(tmp_path) == []


def test_a_folder_moves_into_place(tmp_path: Path) -> None:
    with folder_aside(tmp_path / "包") as aside:
        (aside / "a").write_bytes(b"x")
        assert replace_folder(aside, tmp_path / "包") is None
    assert names(tmp_path / "包") == ["a"]


def test_an_existing_folder_becomes_the_next_old_one(tmp_path: Path) -> None:
    final = tmp_path / "包"
    for content in ("一", "二", "三"):
        with folder_aside(final) as aside:
            (aside / content).touch()
            replace_folder(aside, final)
    assert names(tmp_path) == ["包", "包_旧1", "包_旧2"]
    assert [names(tmp_path / name) for name in names(tmp_path)] == [["三"], ["一"], ["二"]]


def test_a_folder_that_cannot_be_replaced_stands_where_it_stood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    final, new = tmp_path / "包", tmp_path / "新"
    for folder in (final, new):
        folder.mkdir()
        (folder / folder.name).touch()
    rename = Path.rename

    def refusing(self: Path, target: Path) -> Path:
        if self == new:
            raise in_use()
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(UserError) as caught:
        replace_folder(new, final)
    assert caught.value.code == "file_in_use"
    assert "包" in str(caught.value)
    assert names(tmp_path) == ["包", "新"]
    assert names(final) == ["包"]


def test_a_sharing_violation_that_passes_is_waited_for(no_waits: list[float]) -> None:
    failures = [in_use(), in_use()]

    def step() -> None:
        if failures:
            raise failures.pop()

    retried(step)
    assert len(no_waits) == 2


def test_a_sharing_violation_that_stays_is_told(no_waits: list[float]) -> None:
    def step() -> None:
        raise in_use()

    with pytest.raises(PermissionError):
        retried(step)
    assert 2 < sum(no_waits) < 4


def test_a_missing_permission_is_not_waited_for(no_waits: list[float]) -> None:
    def step() -> None:
        raise PermissionError(errno.EACCES, "denied")

    with pytest.raises(PermissionError):
        retried(step)
    assert no_waits == []


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [
        (errno.ENOSPC, "disk_full", "空间不足"),
        (errno.EROFS, "access_denied", "没有权限"),
        (errno.EACCES, "access_denied", "没有权限"),
        (errno.ENOENT, "path_vanished", "找不到"),
        (errno.EIO, "device_gone", "断开"),
        (errno.ENAMETOOLONG, "path_too_long", "太长"),
        (errno.EFBIG, "file_too_large", "4 GB"),
        (errno.EBUSY, "file_in_use", "另一个程序"),
        (errno.EINVAL, "file_failed", "Invalid"),
    ],
)
def test_each_failure_has_its_sentence(number: int, code: str, word: str) -> None:
    error = explained(OSError(number, os.strerror(number)), Path("某处/名册.xlsx"))
    assert error.code == code
    assert word in str(error)
    assert "名册.xlsx" in str(error)


@pytest.mark.parametrize(
    ("number", "length", "code"),
    [
        (112, 10, "disk_full"),
        (32, 10, "file_in_use"),
        (3, 10, "path_vanished"),
        (3, 300, "path_too_long"),
        (206, 10, "path_too_long"),
        (223, 10, "file_too_large"),
    ],
)
def test_what_windows_says_comes_first(number: int, length: int, code: str) -> None:
    error = OSError(errno.EINVAL, "something")
    error.winerror = number  # type: ignore[attr-defined, unused-ignore]
    assert explained(error, Path("x" * length)).code == code


def test_only_failures_of_the_system_are_explained(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught, explaining(tmp_path):
        (tmp_path / "nowhere" / "a").read_bytes()
    assert caught.value.code == "path_vanished"
    with pytest.raises(ValueError, match="other"), explaining(tmp_path):
        raise ValueError("other")


def test_writing_into_a_folder_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught, write_aside(tmp_path / "gone" / "a"):
        pass
    assert caught.value.code == "path_vanished"


def test_space_is_asked_for_first(tmp_path: Path) -> None:
    require_space(tmp_path, 1)
    with pytest.raises(UserError) as caught:
        require_space(tmp_path, 10**18)
    assert caught.value.code == "no_space"
    assert "1000000000000 MB" in str(caught.value)


def test_a_missing_folder_is_made_and_kept(tmp_path: Path) -> None:
    with ensured_folder(tmp_path / "a" / "b"):
        pass
    assert (tmp_path / "a" / "b").is_dir()


def test_a_folder_made_for_nothing_goes_again(tmp_path: Path) -> None:
    with pytest.raises(KeyError), ensured_folder(tmp_path / "a" / "b"):
        raise KeyError
    assert names(tmp_path) == []


def test_a_folder_that_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(KeyError), ensured_folder(tmp_path / "a"):
        raise KeyError
    assert names(tmp_path) == ["a"]


def test_a_folder_where_a_file_stands(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(UserError) as caught, ensured_folder(tmp_path / "a"):
        pass
    assert caught.value.code == "name_taken"
    assert (tmp_path / "a").is_file()
