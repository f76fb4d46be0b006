"""The program killed at any moment: it opens again with every change that was acknowledged, and nothing by halves.

Half of the kills come at a chosen step to the disk, every other one in the midst of it; half at a moment drawn.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from certclerk.collection import Collection, open_collection
from certclerk.core.errors import UserError
from certclerk.jobs.verify import verify
from certclerk.system.files import ASIDE_SUFFIX

from . import tally
from .stages import STAGES, WRONG, Desk, Stage, copy_for, fingerprint, make_folder, recorded

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs fork and Linux's system calls")

ROOT = Path(__file__).resolve().parents[2]
KILLS, KILLS_OF_FILES, KILLS_LONG = 4, 2, 84
LOST, BROKEN = "acknowledged changes lost", "files broken"


class Worker:
    """The other side of worker.py."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.worker"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "QT_QPA_PLATFORM": "offscreen"},
        )

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def order(self, stage: str, desk: Desk, **how: Any) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"stage": stage, "folder": str(desk.folder), **how}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert isinstance(answer, dict) and not answer["failed"], (stage, how)
        return answer


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "desk"
    make_folder(folder)
    return folder


@pytest.mark.parametrize("name", STAGES)
def test_killed_at_any_moment(
    name: str, worker: Worker, template: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    stage = STAGES[name]
    reference = tmp_path / "whole"
    states = recorded(stage, template, reference)
    entire = worker.order(name, copy_for(stage, template, tmp_path / "measured"))
    few = KILLS_OF_FILES if stage.files or stage.makes else KILLS
    wanted = KILLS_LONG if pytestconfig.getoption("--long") else few
    chance = random.Random(name)
    problems: list[str] = []
    tried = 0
    for number in range(3 * wanted):
        if tried == wanted:
            break
        if number % 2:
            how = {
                "after": chance.randrange(entire["acknowledged"]),
                "seconds": chance.uniform(0, 1.5) * entire["seconds"] / entire["acknowledged"],
            }
        else:
            at = 1 + int((number + chance.random()) * entire["steps"] / wanted) % entire["steps"]
            how = {"at": at, "torn": number % 4 == 0}
        desk = copy_for(stage, template, tmp_path / str(number))
        answer = worker.order(name, desk, **how)
        if answer["killed"]:
            tried += 1
            found = list(faults_after(stage, desk, states, answer["acknowledged"], reference))
            lost = sum(kind == LOST for kind, _ in found)
            tally.add_row(f"kills: {name}", 1, {LOST: min(lost, 1), BROKEN: int(len(found) > lost)})
            problems += [f"{how} after {answer['acknowledged']}: {kind}: {what}" for kind, what in found]
    assert not problems, "\n".join(problems)
    assert tried == wanted


def test_killed_where_folders_get_their_names(worker: Worker, template: Path, tmp_path: Path) -> None:
    """Two packages are three renamings, or two and an exchange where the file system has that."""
    stage = STAGES["packaging"]
    states = recorded(stage, template, tmp_path / "whole")
    killed = []
    for only, at in (("rename", 1), ("rename", 2), ("rename", 3), ("exchange", 1)):
        desk = copy_for(stage, template, tmp_path / f"{only} {at}")
        answer = worker.order("packaging", desk, at=at, only=only)
        if answer["killed"]:
            killed.append((only, at))
            found = list(faults_after(stage, desk, states, answer["acknowledged"], tmp_path / "whole"))
            tally.add("kills: packaging", tried=1, missed=bool(found), miss=BROKEN)
            assert not found
    assert len(killed) == 3


def test_a_change_by_halves_is_found(worker: Worker, template: Path, tmp_path: Path) -> None:
    (name,) = WRONG
    states = recorded(WRONG[name], template, tmp_path / "whole")
    steps = worker.order(name, copy_for(WRONG[name], template, tmp_path / "measured"))["steps"]
    desk = copy_for(WRONG[name], template, tmp_path / "killed")
    answer = worker.order(name, desk, at=steps // 3)
    found = faults_after(WRONG[name], desk, states, answer["acknowledged"], tmp_path / "whole")
    assert [kind for kind, _ in found] == [BROKEN]


def test_a_lost_change_is_found(worker: Worker, template: Path, tmp_path: Path) -> None:
    """As if one more had been acknowledged than was."""
    stage = STAGES["edit"]
    states = recorded(stage, template, tmp_path / "whole")
    desk = copy_for(stage, template, tmp_path / "killed")
    answer = worker.order("edit", desk, after=3, seconds=0)
    found = faults_after(stage, desk, states, answer["acknowledged"] + 4, tmp_path / "whole")
    assert [kind for kind, _ in found] == [LOST]


def faults_after(
    stage: Stage, desk: Desk, states: list[str], acknowledged: int, reference: Path
) -> Iterator[tuple[str, str]]:
    """What is not as it was promised, and which promise that is."""
    if desk.path.exists():
        # The first that is acknowledged is the opening, the last the closing.
        first = 0 if stage.makes else min(max(acknowledged - 1, 0), len(states) - 1)
        try:
            with open_collection(desk.path) as collection:
                desk.open = collection
                yield from _collection_faults(collection, states, first)
        except UserError as error:
            yield BROKEN, str(error)
            return
    elif not stage.makes or acknowledged:
        yield LOST, "there is no collection"
    if stage.files:
        yield from _output_faults(desk, reference)
    if stage.files or stage.makes:
        yield from _faults_of_another_go(stage, desk)
    left = {path.name for path in desk.folder.iterdir()} - {path.name for path in reference.iterdir()}
    if left:
        yield BROKEN, f"left behind: {left}"


def _collection_faults(collection: Collection, states: list[str], first: int) -> Iterator[tuple[str, str]]:
    if problems := [told for told in collection.examine() if not told.is_note]:
        yield BROKEN, str(problems)
    if damaged := collection.damaged_blobs():
        yield BROKEN, f"pages without their bytes: {len(damaged)}"
    here = fingerprint(collection)
    if here not in states[first : first + 2]:
        yield (
            (LOST, "an earlier state") if here in states[:first] else (BROKEN, f"a change by halves:\n{here}")
        )
    if collection.undo():
        collection.redo()
        if fingerprint(collection) != here:
            yield BROKEN, "undo and redo do not lead back"
    collection.sweep()
    roster = collection.roster()
    needed = {page.sha256 for teacher in roster.teachers for page in teacher.pages()}
    needed |= {page.sha256 for page in roster.tray} | {one.page.sha256 for one in collection.trash()}
    if not collection.redo_label and (stray := collection.blob_sizes().keys() - needed):
        yield BROKEN, f"bytes that nobody needs: {len(stray)}"


def _output_faults(desk: Desk, reference: Path) -> Iterator[tuple[str, str]]:
    """Each folder that shows is whole; what was made before is still there."""
    whole = Desk(reference).out
    shapes = [_shape(folder) for folder in whole.iterdir()]
    for folder in desk.out.iterdir():
        if folder.name.startswith("."):
            if not folder.name.endswith(ASIDE_SUFFIX):
                yield BROKEN, f"a stray {folder.name}"
        elif list(folder.glob("*.json")):
            if not verify(folder).ok:
                yield BROKEN, f"{folder.name} does not verify"
        elif _shape(folder) not in shapes:
            yield BROKEN, f"{folder.name} is not whole"
    shown = {path.name for path in desk.out.iterdir() if not path.name.startswith(".")}
    if shown and min(path.name for path in whole.iterdir()) not in shown:
        yield BROKEN, f"only {shown}"


def _shape(folder: Path) -> dict[str, int]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


def _faults_of_another_go(stage: Stage, desk: Desk) -> Iterator[tuple[str, str]]:
    """The same asked for again does it, and clears away what the killed one left."""
    if stage.makes:
        if desk.path.exists():
            return
        stage.steps[0](desk)
    else:
        with open_collection(desk.path) as collection:
            desk.open = collection
            stage.steps[0](desk)
    if hidden := [path.name for path in desk.out.iterdir() if path.name.startswith(".")]:
        yield BROKEN, f"still there: {hidden}"
