"""Locks that say who holds them: taken over where the holder is known to be gone, and not by age alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from certclerk.system import lock as lock_module
from certclerk.system.holder import Holder, is_at_work, parse_holder, this_process
from certclerk.system.lock import HeldElsewhere, acquire

fcntl = pytest.importorskip("fcntl", reason="locks of POSIX")
ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import sys
from pathlib import Path
from certclerk.system.lock import acquire
for line in sys.stdin:
    held = acquire(Path(line.strip()), shared=True)
    print("won" if held else "lost", flush=True)
    if held and sys.argv[1] == "rounds":
        sys.stdin.readline()
        held.release()
        print("released", flush=True)
"""


@contextmanager
def opener(how: str = "once") -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"},
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def tell(process: subprocess.Popen[str], line: object) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def answer(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".甲.certclerk.lock"


@pytest.fixture
def unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A share that keeps one process' locks from the others."""
    monkeypatch.setattr(lock_module, "_lock", lambda _descriptor: None)


def leave(path: Path, holder: Holder) -> None:
    path.write_text(f" {holder.to_json()}", encoding="utf-8")


@pytest.mark.usefixtures("unseen")
def test_a_killed_holder_is_followed_and_a_sleeping_one_is_not(path: Path) -> None:
    with opener() as process:
        tell(process, path)
        assert answer(process) == "won"
        assert acquire(path, shared=True) is None
        process.send_signal(signal.SIGSTOP)
        assert acquire(path, shared=True) is None
        process.kill()
        # Dead, though nobody has buried it yet.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        held = acquire(path, shared=True)
        assert held is not None
        held.release()
    assert not path.exists()


def test_a_number_that_another_process_has_now_holds_nothing(path: Path) -> None:
    me = this_process()
    leave(path, me)
    assert acquire(path, shared=True) is None
    for stale in (replace(me, started="earlier"), replace(me, pid=2**22 + 1)):
        leave(path, stale)
        assert not is_at_work(stale)
        held = acquire(path, shared=True)
        assert held is not None
        held.release()


@pytest.mark.parametrize("since", ["2001-01-01T00:00:00+00:00", "2099-01-01T00:00:00+00:00"])
def test_another_computer_s_is_refused_whatever_its_age(path: Path, since: str) -> None:
    elsewhere = replace(this_process(), machine="other", host="教务处", since=since)
    leave(path, elsewhere)
    before = path.read_bytes()
    with pytest.raises(HeldElsewhere) as refused:
        acquire(path, shared=True)
    assert refused.value.holder == elsewhere
    assert path.read_bytes() == before
    # On a disk of this computer's own nobody else can have it.
    own = acquire(path)
    assert own is not None
    own.release()
    leave(path, elsewhere)
    held = acquire(path, shared=True, taking_over=True)
    assert held is not None
    # The other one comes back and takes over in turn: what it says now stays.
    leave(path, elsewhere)
    held.release()
    assert parse_holder(path.read_text(encoding="utf-8")) == elsewhere


@pytest.mark.parametrize("text", ["", " ", "nonsense", "{}", " [1]", '{"machine": 1}', " null"])
def test_what_no_holder_wrote_holds_nothing(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    held = acquire(path, shared=True)
    assert held is not None
    assert parse_holder(path.read_text(encoding="utf-8")) == replace(this_process(), since=_since(path))
    held.release()


def _since(path: Path) -> str:
    holder = parse_holder(path.read_text(encoding="utf-8"))
    assert holder is not None
    return holder.since


def test_a_share_without_locks_has_one_holder_all_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(_descriptor: int, _flags: int) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr(fcntl, "flock", without)
    held = acquire(path, shared=True)
    assert held is not None
    assert acquire(path, shared=True) is None
    held.release()


def test_of_two_openers_one_wins(path: Path) -> None:
    leave(path, replace(this_process(), started="earlier"))
    with opener("rounds") as one, opener("rounds") as other:
        for _round in range(50):
            for process in (one, other):
                tell(process, path)
            answers = {process: answer(process) for process in (one, other)}
            assert sorted(answers.values()) == ["lost", "won"]
            (winner,) = (process for process in answers if answers[process] == "won")
            tell(winner, "release")
            assert answer(winner) == "released"
