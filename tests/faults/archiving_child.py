"""Archives a collection and clears it, and is killed at its n-th step: a child of the tests.

``python archiving_child.py keep|whole FOLDER…``, each folder with a collection and called by the step at which to kill,
0 for never: then the steps before the clearing and all of them are printed. A step is a call of one of the program's
functions, or one it makes into the system, SQLite included. It forks for each, since its own imports take a second.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import certclerk
from certclerk.jobs import archiving

PROGRAM = str(Path(certclerk.__file__).parent)


class Counter:
    def __init__(self, last: int) -> None:
        self.count, self._last = 0, last

    def __call__(self, frame: FrameType, event: str, _argument: Any) -> None:
        if event in ("call", "c_call") and frame.f_code.co_filename.startswith(PROGRAM):
            self.count += 1
            if self.count == self._last:
                os.kill(os.getpid(), signal.SIGKILL)


def archive_and_clear(how: str, folder: Path) -> None:
    source, archive = folder / "采集.certclerk", folder / "归档.certclerk"
    counter = Counter(int(folder.name))
    sys.setprofile(counter)
    archiving.write_archive(source, archive, lambda *_: None)
    before = counter.count
    archiving.clear(source, archive, archiving.Plan(how == "keep", True), lambda *_: None)
    sys.setprofile(None)
    print(before, counter.count, flush=True)


def main(how: str, folders: list[str]) -> None:
    for folder in folders:
        child = os.fork()
        if not child:
            archive_and_clear(how, Path(folder))
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
