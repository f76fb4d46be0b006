"""One holder at a time, none after death, no file left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from certclerk.system.lock import acquire

ROOT = Path(__file__).resolve().parents[2]


def test_a_second_holder_waits_for_the_first(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    first = acquire(path)
    assert first is not None
    assert acquire(path) is None
    first.release()
    assert not path.exists()
    second = acquire(path)
    assert second is not None
    second.release()
    second.release()


def test_a_lock_file_left_by_the_dead_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    path.touch()
    lock = acquire(path)
    assert lock is not None
    lock.release()


def test_a_killed_holder_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    script = (
        "import sys; from pathlib import Path; from certclerk.system.lock import acquire;"
        f"held = acquire(Path({str(path)!r})); print('held', flush=True); sys.stdin.read()"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
    holder = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        assert acquire(path) is None
        holder.kill()
    lock = acquire(path)
    assert lock is not None
    lock.release()


def test_a_folder_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        acquire(tmp_path / "没有" / "a.lock")
