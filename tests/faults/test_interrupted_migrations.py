"""A process killed at any statement of a migration: the file is of the old version or the new one, whole in either.

python test_interrupted_migrations.py      opens files as it is told, each in a process of its own, and kills it
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from . import tally

STORED = Path(__file__).resolve().parents[1] / "data" / "collections"
ROOT = Path(__file__).resolve().parents[2]
# Kills of each version in the short run, spread over the migration.
SHORT = 6


def open_and_die(path: Path, at: int) -> int:
    """Kills this process before its statement number ``at``; returns how many there were if there are fewer."""
    from certclerk.collection import open_collection

    count = 0

    def step(_cursor: object, _statement: str, _bindings: object) -> bool:
        nonlocal count
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return True

    apsw.connection_hooks.append(lambda connection: connection.set_exec_trace(step))
    open_collection(path).close()
    return count


def obey() -> None:
    import certclerk.collection  # noqa: F401 - once for all that are forked from here

    for line in sys.stdin:
        at, _, path = line.rstrip("\n").partition(" ")
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writing, str(open_and_die(Path(path), int(at))).encode())
            os._exit(0)
        os.close(writing)
        _, status = os.waitpid(child, 0)
        with os.fdopen(reading) as said:
            print("killed" if os.WIFSIGNALED(status) else said.read(), flush=True)


Opener = Callable[[Path, int], str]


@pytest.fixture(scope="module")
def opener(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opener]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
    environment["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("own"))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.test_interrupted_migrations"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
    )

    def open_path(path: Path, at: int) -> str:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(f"{at} {path}\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    with process:
        yield open_path


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that is in a file, but for the random name that a migration gives it."""
    connection = apsw.Connection(str(path))
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {
        str(name): connection.execute(f"SELECT * FROM {name}").fetchall()
        for name in names
        if name != "identity"
    }
    found["user_version"] = [(connection.pragma("user_version"),)]
    connection.close()
    return found


@pytest.mark.skipif(os.name != "posix", reason="forks")
@pytest.mark.parametrize("stored", sorted(STORED.iterdir())[:-1], ids=lambda path: str(path.stem))
def test_a_killed_migration_leaves_the_old_file_or_the_new_one(
    stored: Path, tmp_path: Path, opener: Opener, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / stored.name

    def bring() -> None:
        path.write_bytes(stored.read_bytes())

    bring()
    old = tables(path)
    statements = int(opener(path, 0))
    new = tables(path)
    assert new["user_version"] != old["user_version"]
    step = 1 if request.config.getoption("--long") else max(1, statements // SHORT)
    met = set()
    for at in range(1, statements + 1, step):
        for leftover in tmp_path.iterdir():
            leftover.unlink()
        bring()
        assert opener(path, at) == "killed"
        with tally.trial("kills: migration", "files broken"):
            after = tables(path)
            assert after in (old, new), f"killed before statement {at} of {statements}"
            met.add(after["user_version"][0])
            # Whatever is left, the next opening goes on, and leaves only the file.
            assert int(opener(path, 0)) > 0
            assert tables(path) == new
            assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert len(met) == 2


if __name__ == "__main__":
    obey()
