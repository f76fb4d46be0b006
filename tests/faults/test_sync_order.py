"""What the disk is told, in the order in which it is told: seen from outside, by strace.

A change is acknowledged once the journal is on the disk; a file has its name once its bytes are, and a folder's new
names are on the disk before a submission counts as made.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from certclerk.system.files import ASIDE_SUFFIX

from . import tally
from .stages import WATCHED, copy_for, make_folder

ROOT = Path(__file__).resolve().parents[2]
STRACE = shutil.which("strace")
CALLS = "fsync,fdatasync,rename,renameat,renameat2,write,pwrite64,ftruncate"
_LINE = re.compile(r"^\d+ +(?P<call>\w+)\((?P<rest>.*)")
_NAMES = re.compile(r'<(/[^>]*)>|"(/[^"]*)"')

pytestmark = pytest.mark.skipif(STRACE is None, reason="needs strace")


@dataclass(frozen=True)
class Call:
    """``paths`` as strace spells them: bytes beyond ASCII in octal."""

    name: str
    paths: tuple[str, ...]
    acknowledges: bool


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> list[Call]:
    """Of a change and a submission."""
    folder = tmp_path_factory.mktemp("traced")
    make_folder(folder / "template")
    ((name, stage),) = WATCHED.items()
    desk = copy_for(stage, folder / "template", folder / "desk")
    written = folder / "trace.txt"
    traced = subprocess.run(
        [
            *(STRACE or "", "-f", "-y", "--seccomp-bpf", "-e", f"trace={CALLS}", "-e", "signal=none"),
            *("-o", str(written)),
            *(sys.executable, "-m", "tests.faults.worker", name, str(desk.folder)),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        check=False,
    )
    if traced.returncode and not written.read_text("ascii", "replace").count("done"):
        pytest.skip("strace may not follow processes here")
    assert traced.returncode == 0
    return [call for line in written.read_text("ascii").splitlines() if (call := _parsed(line))]


def _parsed(line: str) -> Call | None:
    """Calls that other threads interrupt are on two lines: the first has what was called."""
    found = _LINE.match(line)
    if found is None:
        return None
    paths = tuple(one or other for one, other in _NAMES.findall(found["rest"]))
    return Call(found["call"], paths, found["call"] == "write" and '"done' in found["rest"])


def unsynced(calls: list[Call], ending: str) -> set[str]:
    """The files so named that were written and not synced since."""
    dirty = set()
    for call in calls:
        for path in call.paths[:1]:
            if path.endswith(ending) and call.name in ("write", "pwrite64", "ftruncate"):
                dirty.add(path)
            elif call.name in ("fsync", "fdatasync"):
                dirty.discard(path)
    return dirty


def test_a_change_is_acknowledged_when_its_journal_is_on_the_disk(calls: list[Call]) -> None:
    moments = [index for index, call in enumerate(calls) if call.acknowledges]
    # Opened, two steps, closed.
    assert len(moments) == 4
    for moment in moments:
        with tally.trial("syncs before what they are for"):
            assert not unsynced(calls[:moment], ".certclerk-wal")
    written = [call for call in calls[moments[0] : moments[1]] if call.name == "pwrite64"]
    assert any(call.paths[0].endswith(".certclerk-wal") for call in written)


def test_a_submission_is_on_the_disk_before_it_has_its_name(calls: list[Call]) -> None:
    moves = [
        (index, call.paths[0])
        for index, call in enumerate(calls)
        if call.name.startswith("rename") and call.paths[0].endswith(UNFINISHED)
    ]
    assert len(moves) == 1
    for index, aside in moves:
        files = {call.paths[0] for call in calls[:index] if call.name == "write" and _within(call, aside)}
        assert len(files) >= 6
        parent = aside.rpartition("/")[0]
        until = next(later for later in range(index, len(calls)) if calls[later].acknowledges)
        with tally.trial("syncs before what they are for"):
            assert not {path for path in unsynced(calls[:index], "") if path.startswith(aside)}
            assert any(call.name == "fsync" and call.paths == (parent,) for call in calls[index:until])


def test_an_order_that_is_wrong_is_found() -> None:
    write, sync = (
        Call("pwrite64", ("/a.certclerk-wal",), False),
        Call("fdatasync", ("/a.certclerk-wal",), False),
    )
    assert unsynced([sync, write], "-wal") and not unsynced([write, sync], "-wal")


def _within(call: Call, folder: str) -> bool:
    return bool(call.paths) and call.paths[0].startswith(f"{folder}/")


def _spelled(text: str) -> str:
    return "".join(chr(byte) if byte < 128 else f"\\{byte:o}" for byte in text.encode())


UNFINISHED = _spelled(ASIDE_SUFFIX)
