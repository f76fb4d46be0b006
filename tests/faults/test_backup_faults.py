"""Each step of a backup to the disk fails once: the earlier backup is whole, the clerk is told, the next one is made."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from certclerk.collection.backups import backups_in, examine
from certclerk.core.backup import Reason
from certclerk.jobs import backup

from . import tally
from .backups import add_pages, small_collection
from .door import Door, files_through
from .vfs import database_through

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's system calls")
SHORT = 24
ROW, BROKEN = "faults: backup", "mishandled"
TOLD = {"disk_full", "device_gone", "file_failed", "access_denied", "backup_unproven", "collection_disk_full"}


def through(door: Door, source: backup.Source, folder: Path) -> backup.Outcome:
    with files_through(door), database_through(door):
        (outcome,) = backup.back_up(source, folder, Reason.CHANGED)
    return outcome


def test_each_step_to_the_disk_fails_once(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    path, folder = tmp_path / "示例.certclerk", tmp_path / "数据"
    folder.mkdir()
    with small_collection(path) as collection:
        add_pages(collection, 3, 0)
        source = backup.source_of(collection)
        (place,) = backup.places(source.identity, folder)
        backup.back_up(source, folder, Reason.CHANGED)
        add_pages(collection, 3, 1)
        measured = Door()
        assert through(measured, source, folder).made
        steps = len(measured.passed)
        wanted = steps if pytestconfig.getoption("--long") else SHORT
        problems: list[str] = []
        for number in range(wanted):
            add_pages(collection, 3, number + 2)
            before = {found.path for found in backups_in(place)}
            at = 1 + number * steps // wanted
            door = Door(at, torn=bool(number % 2))
            outcome = through(door, source, folder)
            what = f"{at} of {steps}, {door.failed}: {outcome.error}"
            wrong = []
            if outcome.error is not None and outcome.error.code not in TOLD:
                wrong.append(f"not told: {what}")
            (again,) = backup.back_up(source, folder, Reason.CHANGED)
            if again.error is not None:
                wrong.append(f"the next: {again.error}; {what}")
            after = backups_in(place)
            kept = {found.path for found in after}
            if sorted(before)[-11:] != sorted(before & kept)[-11:]:
                wrong.append(f"lost: {what}")
            if any(examine(found, report=lambda _done, _total: None).damaged for found in after[:2]):
                wrong.append(f"damaged: {what}")
            if strays := [one.name for one in place.iterdir() if one.name.startswith(".")]:
                wrong.append(f"left behind: {strays}; {what}")
            tally.add(ROW, tried=1, missed=int(bool(wrong)), miss=BROKEN)
            problems += wrong
    assert not problems, "\n".join(problems)
