"""A small collection to hand in, and the ways in which a disk fails."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from certclerk.collection import Collection, open_collection
from certclerk.jobs.package import Options, Result, holding_incomplete, package, survey
from certclerk.jobs.sample import make_sample

DAY = date(2032, 3, 1)
NEIGHBOUR = "别的文件.txt"


def windows_error(number: int) -> OSError:
    error = PermissionError(errno.EACCES, "another program has it")
    error.winerror = number  # type: ignore[attr-defined, unused-ignore]
    return error


# Each way to fail with the sentence it must come to.
WAYS: tuple[tuple[Callable[[], OSError], str], ...] = (
    (lambda: OSError(errno.ENOSPC, "full"), "disk_full"),
    (lambda: OSError(errno.EIO, "gone"), "device_gone"),
    (lambda: OSError(errno.EROFS, "read-only"), "access_denied"),
    (lambda: PermissionError(errno.EACCES, "denied"), "access_denied"),
    (lambda: OSError(errno.ENAMETOOLONG, "long"), "path_too_long"),
    (lambda: FileNotFoundError(errno.ENOENT, "vanished"), "path_vanished"),
    (lambda: windows_error(32), "file_in_use"),
)


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    folder = tmp_path_factory.mktemp("sample")
    make_sample(folder, teachers=3)
    (path,) = folder.glob("*.certclerk")
    with open_collection(path) as opened:
        yield opened


@dataclass(frozen=True)
class Target:
    """Where the submission goes: one of that name stands there already, and something else beside it."""

    collection: Collection
    parent: Path
    options: Options

    def package(self, **watching: Any) -> Result:
        return package(self.collection, self.parent, self.options, **watching)

    def tree(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.parent).as_posix(): path.read_bytes() if path.is_file() else b"folder"
            for path in sorted(self.parent.rglob("*"))
        }


@pytest.fixture
def target(collection: Collection, tmp_path: Path) -> Target:
    parent = tmp_path / "报送"
    parent.mkdir()
    (parent / NEIGHBOUR).write_text("不要动", encoding="utf-8")
    held = holding_incomplete(survey(collection, DAY))
    made = Target(collection, parent, Options(DAY, held=held))
    made.package()
    return made
