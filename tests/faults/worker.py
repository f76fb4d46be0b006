"""A clerk at work who can be killed: a process that is forked for each order, so that it starts at once.

    python -m tests.faults.worker
    {"stage": "edit", "folder": "…"}                       to the end
    {"stage": "edit", "folder": "…", "at": 17, "torn": true}    dies at its 17th step to the disk, in the midst of it
    {"stage": "edit", "folder": "…", "after": 3, "seconds": 0.01}   is killed so long after its 3rd acknowledgement

Answers {"acknowledged": 4, "steps": 120, "killed": true, "seconds": 0.4}. A step is acknowledged, by a line in a pipe,
once the call that did it has returned; the first is the opening, the last the closing of the collection. ``steps``
are those to the disk, where it was not killed.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

from certclerk.collection import open_collection

from .door import Door, files_through, killed
from .stages import STAGES, WRONG, Desk, Stage
from .vfs import database_through

# What the stages load when they need it: loaded here once, not in every child.
LOADED = (
    "PySide6.QtGui",
    "PIL.JpegImagePlugin",
    "openpyxl",
    "pypdf",
    "pypinyin",
    "certclerk.jobs.package",
    "certclerk.jobs.take_along",
    "certclerk.jobs.watch_folder",
    "certclerk.printing.tables",
)


def work(stage: Stage, desk: Desk, pipe: TextIO, door: Door) -> None:
    def acknowledge() -> None:
        print("done", file=pipe, flush=True)

    if stage.files or stage.makes:
        from certclerk.printing.application import ensure_application

        ensure_application()
    with files_through(door), database_through(door):
        if stage.makes:
            for step in stage.steps:
                step(desk)
                acknowledge()
        else:
            with open_collection(desk.path) as collection:
                desk.open = collection
                acknowledge()
                for step in stage.steps:
                    step(desk)
                    acknowledge()
            acknowledge()
    print(len(door.passed), file=pipe, flush=True)


def child(order: dict[str, Any], descriptor: int) -> None:
    """Never returns."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    door = Door(order.get("at", 0), killed, torn=order.get("torn", False))
    try:
        with os.fdopen(descriptor, "w") as pipe:
            work((STAGES | WRONG)[order["stage"]], Desk(Path(order["folder"])), pipe, door)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def follow(pid: int, descriptor: int, order: dict[str, Any]) -> dict[str, Any]:
    """Reads what is acknowledged, and kills when it is time."""
    started = time.monotonic()
    heard, chunk = b"", b" "
    after, kill_at = order.get("after"), float("inf")
    while chunk:
        if after is not None and heard.count(b"\n") >= after:
            after, kill_at = None, time.monotonic() + order["seconds"]
        wait = None if kill_at == float("inf") else max(0.0, kill_at - time.monotonic())
        if select.select([descriptor], [], [], wait)[0]:
            chunk = os.read(descriptor, 4096)
            heard += chunk
        else:
            os.kill(pid, signal.SIGKILL)
            kill_at = float("inf")
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    *lines, _ = heard.decode().split("\n")
    return {
        "acknowledged": lines.count("done"),
        "steps": next((int(line) for line in lines if line != "done"), 0),
        "killed": status == -signal.SIGKILL,
        "failed": status > 0,
        "seconds": time.monotonic() - started,
    }


def main() -> None:
    for module in LOADED:
        import_module(module)
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            child(order, writing)
        os.close(writing)
        answer = follow(pid, reading, order)
        os.close(reading)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
