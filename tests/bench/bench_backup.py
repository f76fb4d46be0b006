"""Backups of a collection of 1 MB pages: the first, and one with 10 new pages, beside a synced copy of the same bytes.

python tests/bench/bench_backup.py [TEACHERS] [DIR]     prints seconds, ratios, and how long the event loop was held

Each backup runs as in the window: in a worker, while the loop of the window turns and a timer asks for its turn every
5 ms.
"""

from __future__ import annotations

import itertools
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from certclerk.collection import Collection, create_collection
from certclerk.core.backup import Reason
from certclerk.core.notice import parse_notice
from certclerk.core.records import Filing, ProposedCertificate, ProposedPage, ProposedTeacher
from certclerk.gui.run import SWITCH_S
from certclerk.gui.tasks import TaskRunner
from certclerk.jobs import backup

NOTICE = Path(__file__).resolve().parents[2] / "resources" / "notices" / "quanzhou-2017-1.toml"
TEACHERS, PAGES, PAGE = 500, 3, 10**6
THUMBNAIL = 8_000
NEW_PAGES = 10
TICK_MS = 5


def add_pages(collection: Collection, count: int, chance: random.Random) -> None:
    certificates = [one.certificates[0].id for one in collection.roster().teachers]
    with collection.change("放入页") as change:
        for number in range(count):
            small = (0, 192, chance.randbytes(THUMBNAIL))
            sha256 = collection.add_blob(chance.randbytes(PAGE), "image/jpeg", [small])
            page = ProposedPage(sha256, 0, "image/jpeg", 1713, 2421, 300.0, f"{number}.jpg")
            change.add_page(page, certificate_id=certificates[number % len(certificates)], slot="text")


def synced_copy(source: Path, target: Path, size: int | None = None) -> float:
    """Seconds for all of a file, or the first ``size`` bytes."""
    started = time.perf_counter()
    with source.open("rb") as reading, target.open("wb") as writing:
        left = source.stat().st_size if size is None else size
        while left > 0 and (chunk := reading.read(min(left, 1 << 20))):
            writing.write(chunk)
            left -= len(chunk)
        writing.flush()
        os.fsync(writing.fileno())
    seconds = time.perf_counter() - started
    target.unlink()
    return seconds


def turned(work: object) -> tuple[float, list[float]]:
    """Seconds of ``work`` in a worker, and the times (ms) between turns of the loop meanwhile, longest first."""
    loop, turns = QEventLoop(), []
    runner = TaskRunner(1)
    timer = QTimer()
    timer.setInterval(TICK_MS)
    timer.timeout.connect(lambda: turns.append(time.perf_counter()))
    timer.start()
    started = time.perf_counter()
    runner.run(lambda _job: work(), lambda _result: loop.quit())  # type: ignore[operator]
    loop.exec()
    seconds = time.perf_counter() - started
    runner.close()
    gaps = sorted((1e3 * (later - one) for one, later in itertools.pairwise(turns)), reverse=True)
    return seconds, gaps or [0.0]


def main() -> None:
    teachers = int(sys.argv[1]) if len(sys.argv) > 1 else TEACHERS
    application = QCoreApplication([])
    sys.setswitchinterval(SWITCH_S)
    chance = random.Random(1)
    notice = parse_notice(NOTICE.read_text(encoding="utf-8"), NOTICE.name)
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as base:
        folder = Path(base) / "data"
        folder.mkdir()
        path = Path(base) / "大.certclerk"
        with create_collection(path, notice, Filing("泉州第一中学")) as collection:
            with collection.change("导入") as change:
                change.add_teachers(
                    ProposedTeacher(name=f"教师{n}", certificates=(ProposedCertificate("高级中学"),))
                    for n in range(teachers)
                )
            for _ in range(PAGES):
                add_pages(collection, teachers, chance)
        with_all = synced_copy(path, Path(base) / "copy")
        source = backup.Source(path, "0" * 32)

        def make() -> None:
            (outcome,) = backup.back_up(source, folder, Reason.ASKED)
            assert outcome.error is None, outcome.error

        idle = turned(lambda: time.sleep(1))[1]
        print(
            f"{teachers} teachers, {path.stat().st_size / 1e6:.0f} MB; idle: {idle[0]:.0f} ms between turns"
        )
        for name, copied in (("first", with_all), ("unchanged", 0.0), ("10 pages", 0.0)):
            if name == "10 pages":
                from certclerk.collection import open_collection

                with open_collection(path) as collection:
                    add_pages(collection, NEW_PAGES, chance)
                copied = synced_copy(path, Path(base) / "copy", NEW_PAGES * PAGE)
            seconds, gaps = turned(make)
            beside = f"{seconds / copied:5.2f} of the copy's {copied:.2f} s" if copied else ""
            print(
                f"{name:9} {seconds:6.2f} s {beside:28} turns: longest {gaps[0]:.0f} ms,"
                f" 99 % within {gaps[len(gaps) // 100]:.0f} ms"
            )
        restored = Path(base) / "恢复.certclerk"
        newest = backup.shelves(folder)[0].backups[0]
        started = time.perf_counter()
        backup.restore_backup(newest, restored)
        print(f"restored  {time.perf_counter() - started:6.2f} s, proven page by page")
    del application


if __name__ == "__main__":
    main()
