"""A submission that cannot be finished: the folder is as it was, the clerk is told why, and the next attempt succeeds."""

from __future__ import annotations

import itertools
import os
from dataclasses import replace
from pathlib import Path

import pytest

from certclerk.core.errors import UserError
from certclerk.jobs.verify import verify

from . import tally
from .conftest import WAYS, Target
from .door import Door, files_through

SHORT = 40
CANCELS = 20


def chosen(count: int, most: int) -> list[int]:
    """``most`` numbers below ``count``, spread over all of them."""
    return sorted({index * count // most for index in range(most)})


def test_each_step_to_the_disk_fails_once(target: Target, pytestconfig: pytest.Config) -> None:
    door = Door()
    with files_through(door):
        target.package()
    assert {"open", "write", "fsync", "rename", "mkdir"} <= set(door.passed)
    runs = list(itertools.product(range(1, len(door.passed) + 1), WAYS))
    if not pytestconfig.getoption("--long"):
        runs = [runs[index] for index in chosen(len(runs), SHORT)]
    else:
        assert len(runs) >= 200
    for failing_step, (error, code) in runs:
        before = target.tree()
        door = Door(failing_step, error)
        told = None
        with tally.trial("faults: writing a submission", "mishandled"):
            with files_through(door):
                try:
                    made = target.package()
                except UserError as refused:
                    told = refused
            where = f"step {failing_step} ({door.passed[-1]}), {code}"
            if told is None:
                # What passes by itself (Windows' virus scanner), or may fail since the files themselves are safe.
                # Otherwise this run took a step less than the first, by when its threads came to write, and nothing
                # failed.
                assert len(door.passed) >= failing_step, where
                assert verify(made.written.folder).ok, where
                continue
            assert told.code == code, where
            assert target.tree() == before, where
    assert verify(target.package().written.folder).ok


def test_cancelled_at_any_moment(target: Target) -> None:
    asked = itertools.count()
    target.package(cancelled=lambda: next(asked) < 0)
    moments = next(asked)
    before = target.tree()
    for moment in chosen(moments, CANCELS):
        asked = itertools.count()
        with pytest.raises(UserError) as caught:
            target.package(cancelled=lambda asked=asked, moment=moment: next(asked) >= moment)
        assert caught.value.code == "package_cancelled"
        assert target.tree() == before
    assert verify(target.package().written.folder).ok


def test_the_folder_vanishes_meanwhile(target: Target, tmp_path: Path) -> None:
    away = tmp_path / "U盘拔出后"

    def pull(_done: int, _total: int, what: str) -> None:
        if what.startswith("生成") and target.parent.exists():
            target.parent.rename(away)

    with pytest.raises(UserError) as caught:
        target.package(progress=pull)
    assert caught.value.code == "path_vanished"
    away.rename(target.parent)
    assert verify(target.package().written.folder).ok
    assert not [path for path in target.parent.iterdir() if path.name.startswith(".")]


def test_a_path_that_is_too_long(target: Target, tmp_path: Path) -> None:
    long = replace(target, parent=tmp_path / ("长" * 200))
    with pytest.raises(UserError) as caught:
        long.package()
    assert caught.value.code == "path_too_long"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only(target: Target) -> None:
    before = target.tree()
    target.parent.chmod(0o500)
    try:
        with pytest.raises(UserError) as caught:
            target.package()
    finally:
        target.parent.chmod(0o700)
    assert caught.value.code == "access_denied"
    assert target.tree() == before
