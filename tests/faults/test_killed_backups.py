"""Killed in the midst of a backup: the earlier ones are whole, the next one is made, and nothing is left to grow."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from certclerk.collection import open_collection
from certclerk.collection.backups import backups_in, examine
from certclerk.collection.backups.packs import Pages
from certclerk.core.backup import Reason
from certclerk.jobs import backup

from . import tally
from .backups import add_pages, small_collection

ROOT = Path(__file__).resolve().parents[2]
SHORT, LONG = 8, 100
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs fork")
LOST, BROKEN = "backups lost", "files broken"
PAGES = 12


@pytest.fixture
def killed_after() -> Iterator[Callable[[Path, Path, float], bool]]:
    """Backs up in a child; whether it was still at it after so many seconds, and is dead now."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.backups"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    ) as child:

        def order(path: Path, folder: Path, seconds: float) -> bool:
            assert child.stdin and child.stdout
            child.stdin.write(json.dumps([str(path), str(folder), seconds]) + "\n")
            child.stdin.flush()
            return child.stdout.readline() == "True\n"

        yield order


def test_killed_at_any_moment(
    killed_after: Callable[[Path, Path, float], bool], tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    wanted = LONG if pytestconfig.getoption("--long") else SHORT
    chance = random.Random(3)
    path, folder = tmp_path / "示例.certclerk", tmp_path / "数据"
    folder.mkdir()
    with small_collection(path) as collection:
        source = backup.source_of(collection)
    (place,) = backup.places(source.identity, folder)
    problems: list[str] = []
    tried, whole = 0, 1.0
    for number in range(3 * wanted):
        with open_collection(path) as collection:
            add_pages(collection, PAGES, number)
        before = [found.path for found in backups_in(place)]
        if tried == wanted:
            break
        if number and killed_after(path, folder, chance.uniform(0, whole)):
            tried += 1
            found = list(faults_after(place, before, source, folder))
            tally.add_row(
                "kills: backup",
                1,
                {LOST: int(LOST in dict(found)), BROKEN: int(BROKEN in dict(found))},
            )
            problems += [f"{kind}: {what}" for kind, what in found]
        else:
            started = time.monotonic()
            backup.back_up(source, folder, Reason.CHANGED)
            whole = min(whole, time.monotonic() - started)
    assert not problems, problems
    assert tried == wanted


def faults_after(
    place: Path, before: list[Path], source: backup.Source, folder: Path
) -> Iterator[tuple[str, str]]:
    """What is not as it was promised: right after the kill, then after another go."""
    there = backups_in(place)
    if missing := set(before[:1]) - {found.path for found in there}:
        yield LOST, str(missing)
    for found in {*there[:1], *there[-1:]}:
        if examine(found, report=lambda _done, _total: None).damaged:
            yield BROKEN, found.path.name
    if any(found.facts is None for found in there):
        yield BROKEN, "a backup without facts"
    (outcome,) = backup.back_up(source, folder, Reason.CHANGED)
    if outcome.made is None:
        yield LOST, f"the next one: {outcome.error}"
        return
    newest = backups_in(place)[0]
    with open_collection(source.path, read_only=True) as collection:
        pages = sum(len(list(teacher.pages())) for teacher in collection.roster().teachers)
    if newest.facts is None or newest.facts.pages != pages:
        yield LOST, "the next one is not of now"
    if strays := [path.name for path in place.iterdir() if path.name.startswith(".")]:
        yield BROKEN, f"left behind: {strays}"
    with Pages(place, "") as held:
        contents = [name for pack in held.packs for name in held.contents(pack) or ()]
    if len(contents) > len(set(contents)):
        yield BROKEN, f"pages kept twice: {len(contents) - len(set(contents))}"


def test_a_lost_backup_is_found(tmp_path: Path) -> None:
    path, folder = tmp_path / "示例.certclerk", tmp_path / "数据"
    folder.mkdir()
    with small_collection(path) as collection:
        source = backup.source_of(collection)
    backup.back_up(source, folder, Reason.CHANGED)
    (place,) = backup.places(source.identity, folder)
    (made,) = backups_in(place)
    made.path.unlink()
    (place / ".stray").write_bytes(b"")
    assert [kind for kind, _ in faults_after(place, [made.path], source, folder)] == [LOST, BROKEN]
