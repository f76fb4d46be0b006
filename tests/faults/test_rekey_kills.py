"""Killed at any step of a change of its password, a collection opens with the one or the other, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Self

import pytest

from certclerk.collection import open_collection
from certclerk.collection.cipher import is_encrypted
from certclerk.core.errors import UserError
from certclerk.core.notice import Notice

from ..collection.test_rekey import NAME, NEW, OLD, content, make
from . import tally

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


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize(("old", "new"), [("", NEW), (OLD, NEW), (OLD, "")])
def test_killed_at_any_step(
    tmp_path: Path, quanzhou: Notice, old: str, new: str, pytestconfig: pytest.Config
) -> None:
    path = tmp_path / "泉州 第一?#%中学.certclerk"
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
            with tally.trial("kills: change of a password", "files broken"):
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
