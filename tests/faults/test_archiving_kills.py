"""Killed at any step of archiving and clearing, the collection or its archive is whole, and the clearing can be ended."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from certclerk.collection import create_collection, open_collection
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice
from certclerk.core.records import Filing, ProposedPage, ProposedTeacher
from certclerk.jobs import archiving
from certclerk.jobs.archiving import Plan

from . import tally

CHILD = Path(__file__).with_name("archiving_child.py")
SOURCE = Path(__file__).resolve().parents[2] / "src"
SHORT, LONG = 8, 200


@pytest.fixture
def sample(tmp_path: Path, quanzhou: Notice) -> Path:
    path = tmp_path / "样本.certclerk"
    with create_collection(path, quanzhou, Filing("泉州第一中学", "陈敏", "22000000")) as made:
        with made.change("导入") as change:
            change.add_teachers(ProposedTeacher(name=name, sex="女") for name in ("林晓雯", "陈志远"))
        for number in range(6):
            sha256 = made.add_blob(bytes([number]) * 40_000, "image/jpeg")
            with made.change("收入") as change:
                change.add_page(
                    ProposedPage(sha256, 0, "image/jpeg", 85, 120, None, f"{number}.jpg"), reason=""
                )
    return path


def run(how: str, *folders: Path) -> str:
    """What the child printed: a line for each folder in which it was not killed."""
    return subprocess.run(
        [sys.executable, CHILD, how, *folders],
        env={**os.environ, "PYTHONPATH": str(SOURCE), "XDG_DATA_HOME": str(folders[0].parent / "用户")},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        timeout=300,
        check=True,
    ).stdout


def is_whole(path: Path, expected: object) -> bool:
    """Every record and every picture is there and proven."""
    try:
        with open_collection(path, read_only=True) as collection:
            sound = all(told.is_note for told in collection.examine()) and not collection.damaged_blobs()
            return sound and (collection.roster(), collection.blob_sizes()) == expected
    except UserError:
        return False


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no SIGKILL")
@pytest.mark.parametrize("how", ["keep", "whole"])
def test_collection_or_archive_is_whole(
    sample: Path, tmp_path: Path, how: str, request: pytest.FixtureRequest
) -> None:
    with open_collection(sample, read_only=True) as collection:
        expected = collection.roster(), collection.blob_sizes()

    def fresh(step: int) -> Path:
        folder = tmp_path / str(step)
        folder.mkdir()
        shutil.copy(sample, folder / "采集.certclerk")
        return folder

    before, total = map(int, run(how, fresh(0)).split())
    kills = LONG if request.config.getoption("--long") else SHORT
    # Half of them once something is about to be destroyed.
    steps = [1 + index * before // (kills // 2) for index in range(kills // 2)]
    steps += [total - index * (total - before) // (kills // 2) for index in range(kills // 2)]
    assert run(how, *map(fresh, steps)) == ""
    states = set()
    for step in steps:
        folder = tmp_path / str(step)
        source, archive = folder / "采集.certclerk", folder / "归档.certclerk"
        stands, proven = is_whole(source, expected), is_whole(archive, expected)
        states.add((stands, proven))
        with tally.trial("kills: archiving and clearing", "files broken"):
            # A file under the archive's own name is never half an archive.
            assert proven if archive.exists() else stands, f"killed at step {step} of {total}"
            if stands:
                # The clerk begins again.
                if not proven:
                    archiving.write_archive(source, archive, lambda *_: None)
                archiving.clear(source, archive, Plan(how == "keep", backups=False), lambda *_: None)
            archiving.finish_clearing(source)
            # Hidden beside them may lie what was being made to be kept, which has nobody in it.
            left = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
            assert left <= {source.name, archive.name}, f"killed at step {step} of {total}"
    assert {(True, False), (True, True), (False, True)} <= states
