"""A scanner's own program, as a process of its own: does to files what it is told, and says when it has.

python writer.py FOLDER
{"append": "a.jpg", "hex": "ffd8…"}        more bytes at the end
{"write": "a.jpg", "hex": "…"}             in place of what is there
{"move": "a.jpg.tmp", "to": "a.jpg"}
{"touch": "a.jpg"}                         another time, the same bytes
{"remove": "a.jpg"}                        a file or a folder with all in it
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self


def obey(folder: Path, order: dict[str, str]) -> None:
    verb = next(iter(order))
    path = folder / order[verb]
    if verb in ("append", "write"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab" if verb == "append" else "wb") as stream:
            stream.write(bytes.fromhex(order["hex"]))
    elif verb == "move":
        path.replace(folder / order["to"])
    elif verb == "touch":
        later = path.stat().st_mtime_ns + 5 * 10**9
        os.utime(path, ns=(later, later))
    elif verb == "remove":
        shutil.rmtree(path) if path.is_dir() else path.unlink()


class Writer:
    """The same from the test's side; each call returns when the other process has done it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()

    def append(self, name: str, data: bytes) -> None:
        self._do({"append": name, "hex": data.hex()})

    def write(self, name: str, data: bytes) -> None:
        self._do({"write": name, "hex": data.hex()})

    def move(self, name: str, to: str) -> None:
        self._do({"move": name, "to": to})

    def touch(self, name: str) -> None:
        self._do({"touch": name})

    def remove(self, name: str) -> None:
        self._do({"remove": name})

    def _do(self, order: dict[str, str]) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline().strip() == "done"


if __name__ == "__main__":
    for line in sys.stdin:
        obey(Path(sys.argv[1]), json.loads(line))
        print("done", flush=True)
