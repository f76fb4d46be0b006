"""A disk that fails under the collection: the change is refused with a sentence, nothing of it is there, and the same
collection works on when the disk does.
"""

from __future__ import annotations

import errno
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from threading import Thread

import pytest

from certclerk.collection import Collection, open_collection
from certclerk.core.errors import UserError
from certclerk.core.records import Filing
from certclerk.jobs import listing, package, take_pages
from certclerk.jobs.collections import default_notice, new_collection

from . import tally
from .door import Door
from .stages import DAY, STAGES, WRONG, Desk, Stage, copy_for, fingerprint, make_folder, recorded
from .vfs import calls_through, syncs_through

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's system calls"),
    # What SQLite passes over of our VFS, apsw puts here.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

MISHANDLED = "mishandled"
PAGE = b"page" * 10_000
# Of the faults of a stage, the short form tries one in so many.
STRIDE = 29


@dataclass(frozen=True)
class Way:
    """How a disk fails: once or from then on, having written half or nothing; ``codes`` are what it may come to."""

    name: str
    number: int
    codes: frozenset[str]
    lasting: bool = False
    torn: bool = False
    is_gone: bool = False

    def arm(self, door: Door, failing: int) -> None:
        door.passed.clear()
        door.failed.clear()
        door.error = lambda: OSError(self.number, self.name)
        door.lasting, door.torn, door.is_gone = self.lasting, self.torn, self.is_gone
        door.failing = failing

    def expected(self, step: str) -> frozenset[str]:
        """What a failing ``step`` may come to: of a full disk SQLite says so but in the file of its index."""
        if self.number == errno.ENOSPC and step.startswith("write") and not step.endswith("-shm"):
            return frozenset({"collection_disk_full"})
        return self.codes


FULL = frozenset({"collection_disk_full", "collection_io", "collection_cannot_open"})
GONE = frozenset({"collection_io", "collection_cannot_open"})
FIXED = GONE | {"collection_read_only"}
# Of EIO in reading SQLite says that the file is damaged; tests of a real disk see to that.
WAYS = (
    Way("full", errno.ENOSPC, FULL),
    Way("stays full", errno.ENOSPC, FULL, lasting=True),
    Way("full in the midst of a write", errno.ENOSPC, FULL, torn=True),
    Way("error", errno.EIO, GONE),
    Way("read-only", errno.EROFS, FIXED, lasting=True),
    Way("unplugged", errno.ENODEV, GONE, lasting=True, torn=True, is_gone=True),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "desk"
    make_folder(folder)
    return folder


Through = Callable[[Door], AbstractContextManager[None]]


@pytest.fixture(params=[calls_through, syncs_through])
def through(request: pytest.FixtureRequest) -> Through:
    """Which steps to the disk pass the door."""
    made: Through = request.param
    return made


@pytest.fixture
def stride(pytestconfig: pytest.Config) -> int:
    return 1 if pytestconfig.getoption("--long") else STRIDE


class Sitting:
    """A collection at work over a disk that fails when told, and the way back to how it was before a step."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._kept = desk.folder.with_name(f"{desk.folder.name} kept")

    def open(self) -> None:
        self.desk.open = open_collection(self.desk.path)

    def close(self) -> None:
        if self.desk.open:
            self.desk.open.close()
            self.desk.open = None

    def keep(self) -> None:
        self.close()
        shutil.rmtree(self._kept, ignore_errors=True)
        shutil.copytree(self.desk.folder, self._kept)
        self.open()

    def go_back(self) -> None:
        self.close()
        shutil.rmtree(self.desk.folder)
        shutil.copytree(self._kept, self.desk.folder)
        self.open()


def faults(stride: int) -> Iterator[tuple[int, Way]]:
    """Every way at the first step to the disk, then at the second…; of all these one in ``stride``."""
    for number in count(0, stride):
        yield number // len(WAYS) + 1, WAYS[number % len(WAYS)]


def told_by(step: Callable[[], object]) -> UserError | None:
    try:
        step()
    except UserError as error:
        return error
    return None


def is_passed_over(steps: Sequence[str]) -> bool:
    """Whether SQLite takes it lightly that the last of these failed: a sync of folding the journal in, after the commit.

    apsw does not, since the fault is an exception of a VFS in Python: the change is told to be refused and is there.
    """
    *before, last = steps
    return last.startswith("sync") and (not last.endswith("-wal") or before[-1:] == [last])


IN_PLACE = [name for name, stage in STAGES.items() if not stage.makes and not stage.files]


@pytest.mark.parametrize("name", IN_PLACE)
def test_each_step_of_a_change_fails(
    name: str, through: Through, template: Path, tmp_path: Path, stride: int
) -> None:
    found = list(outcomes(STAGES[name], through, template, tmp_path, stride))
    problems = list(filter(None, found))
    tally.add(f"faults: {name}", tried=len(found), missed=len(problems), miss=MISHANDLED)
    assert found and not problems, "\n".join(problems)


def test_a_change_by_halves_is_found(template: Path, tmp_path: Path) -> None:
    (stage,) = WRONG.values()
    assert any(
        "by halves" in outcome for outcome in outcomes(stage, calls_through, template, tmp_path, len(WAYS))
    )


def outcomes(stage: Stage, through: Through, template: Path, folder: Path, stride: int) -> Iterator[str]:
    """What came of each fault that was not as it should be; empty where all was well."""
    door = Door()
    states = recorded(stage, template, folder / "whole")
    sitting = Sitting(copy_for(stage, template, folder / "desk"))
    with through(door):
        sitting.open()
        for index, step in enumerate(stage.steps):
            sitting.keep()
            for failing, way in faults(stride):
                way.arm(door, failing)
                told = told_by(lambda step=step: step(sitting.desk))  # type: ignore[misc]
                door.close()
                if not door.failed:
                    break
                passed = door.passed[:failing]
                here = fingerprint(sitting.desk.collection)
                wanted = (
                    states[index : index + 1 + is_passed_over(passed)] if told else states[index + 1 :][:1]
                )
                where = f"step {index}, {way.name} at {failing}: {passed[-1]}: "
                if told is not None and told.code not in way.expected(passed[-1]):
                    yield f"{where}{told.code}"
                elif here not in wanted:
                    yield f"{where}a change by halves"
                else:
                    yield ""
                if here != states[index]:
                    sitting.go_back()
            if told is not None or fingerprint(sitting.desk.collection) != states[index + 1]:
                yield f"step {index}: not done when nothing fails any more: {told}"
        if problems := [told for told in sitting.desk.collection.examine() if not told.is_note]:
            yield str(problems)
        sitting.close()


OPENED = ["edit", *(name for name, stage in STAGES.items() if stage.version)]


@pytest.mark.parametrize("name", OPENED)
def test_each_step_of_opening_fails(
    name: str, through: Through, template: Path, tmp_path: Path, stride: int
) -> None:
    stage, door = STAGES[name], Door()
    opened, *_ = recorded(stage, template, tmp_path / "whole")
    with through(door):
        for number, (failing, way) in enumerate(faults(stride)):
            desk = copy_for(stage, template, tmp_path / str(number))
            sitting = Sitting(desk)
            way.arm(door, failing)
            told = told_by(sitting.open)
            door.close()
            if not door.failed:
                sitting.close()
                break
            with tally.trial("faults: opening", MISHANDLED):
                where = f"{way.name} at {failing}: {door.passed[failing - 1]}"
                assert told is None or told.code in way.codes, (where, told and told.code)
                sitting.close()
                sitting.open()
                assert fingerprint(desk.collection) == opened, where
                assert all(told.is_note for told in desk.collection.examine())
                sitting.close()
                assert _names(desk.folder) == _names(tmp_path / "whole")


def test_each_step_of_closing_fails(through: Through, template: Path, tmp_path: Path, stride: int) -> None:
    """What was changed is in the file or beside it, and closing never fails the clerk."""
    stage, door = STAGES["edit"], Door()
    _, changed, *_ = recorded(stage, template, tmp_path / "whole")
    with through(door):
        for number, (failing, way) in enumerate(faults(stride)):
            desk = copy_for(stage, template, tmp_path / str(number))
            sitting = Sitting(desk)
            sitting.open()
            stage.steps[0](desk)
            way.arm(door, failing)
            with tally.trial("faults: closing", MISHANDLED):
                sitting.close()
                door.close()
                sitting.open()
                assert fingerprint(desk.collection) == changed
                sitting.close()
                assert _names(desk.folder) == _names(tmp_path / "whole")
            if not door.failed:
                break


def test_each_step_of_making_one_fails(through: Through, tmp_path: Path, stride: int) -> None:
    """There is then none, nor anything of it."""
    door, notice = Door(), default_notice()

    def make() -> None:
        with new_collection(folder / "新.certclerk", notice, Filing("泉州第一中学")) as made:
            made.add_blob(PAGE, "image/jpeg")

    with through(door):
        for number, (failing, way) in enumerate(faults(stride)):
            folder = tmp_path / str(number)
            folder.mkdir()
            way.arm(door, failing)
            told = told_by(make)
            door.close()
            if not door.failed:
                break
            with tally.trial("faults: making a collection", MISHANDLED):
                where = f"{way.name} at {failing}: {door.passed[failing - 1]}"
                if told is None:
                    with open_collection(folder / "新.certclerk") as made:
                        assert all(told.is_note for told in made.examine()), where
                        assert list(made.blob_sizes().values()) == [len(PAGE)], where
                else:
                    assert told.code in way.codes, where
                    assert _names(folder) == set(), where


def test_each_step_of_a_worker_fails(through: Through, template: Path, tmp_path: Path, stride: int) -> None:
    """Pages are stored over a connection of the worker's own."""
    door = Door()
    sitting = Sitting(copy_for(STAGES["intake"], template, tmp_path / "desk"))
    told: list[UserError | None] = []

    def store() -> None:
        collection, scans = sitting.desk.collection, sitting.desk.scans
        told.append(
            told_by(lambda: take_pages.forget(collection, take_pages.store(collection, [scans]).pages))
        )

    with through(door):
        sitting.open()
        before = fingerprint(sitting.desk.collection)
        for failing, way in faults(stride):
            way.arm(door, failing)
            worker = Thread(target=store)
            worker.start()
            worker.join()
            door.close()
            if not door.failed:
                break
            with tally.trial("faults: a worker's writes", MISHANDLED):
                where = f"{way.name} at {failing}: {door.passed[failing - 1]}"
                refused = told.pop()
                assert refused is None or refused.code in way.codes, where
                assert fingerprint(sitting.desk.collection) == before, where
        store()
        assert told.pop() is None
        sitting.close()


READS: tuple[Callable[[Collection], object], ...] = (
    Collection.filing,
    Collection.roster,
    Collection.order,
    Collection.tray,
    Collection.trash,
    Collection.trash_count,
    Collection.emptying_outlook,
    Collection.moment,
    Collection.watched,
    Collection.forms,
    Collection.blob_sizes,
    Collection.rendition_sizes,
    Collection.damaged_blobs,
    Collection.identity,
    Collection.custody,
    Collection.keyings,
    Collection.own_appointment,
    Collection.submissions,
    Collection.last_submission_id,
    Collection.submission_ticks,
    Collection.examine,
    lambda collection: collection.undo_label,
    lambda collection: collection.undo_end,
    lambda collection: collection.redo_label,
    lambda collection: listing.examined(collection, DAY),
    lambda collection: package.survey(collection, DAY),
)


@pytest.mark.parametrize("is_worker", [False, True])
def test_reading_from_a_disk_that_is_gone(template: Path, tmp_path: Path, is_worker: bool) -> None:
    door, refused = Door(), 0
    gone = WAYS[-1]

    def look() -> None:
        nonlocal refused
        for read in READS:
            told = told_by(lambda read=read: read(sitting.desk.collection))
            refused += told is not None
            with tally.trial("faults: reading", MISHANDLED):
                assert told is None or told.code in gone.codes, told

    with calls_through(door):
        sitting = Sitting(copy_for(STAGES["edit"], template, tmp_path / "desk"))
        sitting.open()
        gone.arm(door, 1)
        told = told_by(lambda: STAGES["edit"].steps[0](sitting.desk))
        assert told and told.code in gone.codes
        if is_worker:
            worker = Thread(target=look)
            worker.start()
            worker.join()
        else:
            look()
        assert refused
        door.close()
        STAGES["edit"].steps[0](sitting.desk)
        sitting.close()


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
