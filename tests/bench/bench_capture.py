"""Pages on their way in, and pages being looked at: what the clerk waits for, in milliseconds.

python tests/bench/bench_capture.py [PAGES [STREAMED]]     needs a display, or QT_QPA_PLATFORM=offscreen

PAGES (2,000) are taken in for the memory, STREAMED (200) for the event loop; each is an A4 page of 300 dpi in
colour with bytes of its own. A plain copy with fsync stands beside the taking in, as what the disk itself costs.
"""

from __future__ import annotations

import io
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench_table import teacher
from PIL import Image, ImageDraw
from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from certclerk.collection import create_collection
from certclerk.core.records import Filing, Page
from certclerk.gui import run
from certclerk.gui.main_window import MainWindow
from certclerk.gui.mime import Scans
from certclerk.gui.scan.page_placing import find_page
from certclerk.gui.scan.page_view import PageView
from certclerk.gui.tasks import Job
from certclerk.jobs.collections import default_notice
from certclerk.jobs.take_pages import Incoming, Stored, store_incoming

RUNS = 20
A4_300 = (2480, 3508)
PROBE_MS = 2
TEACHERS = 60


def drawn_page() -> bytes:
    """A page of print with some colour: about a megabyte, as scanners write it."""
    chance = random.Random(4)
    sheet = Image.effect_noise(A4_300, 12).convert("RGB")
    sheet = Image.blend(sheet, Image.new("RGB", A4_300, (250, 246, 236)), 0.85)
    pen = ImageDraw.Draw(sheet)
    for y in range(300, 3300, 70):
        x = 250
        while x < 2200:
            width = chance.randint(30, 110)
            pen.rectangle((x, y, x + width, y + 34), fill=(40, 36, 48))
            x += width + chance.randint(12, 40)
    pen.ellipse((1700, 2700, 2200, 3200), outline=(206, 30, 34), width=14)
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=88, dpi=(300, 300))
    return out.getvalue()


class Pages:
    """The same page over and over, each with bytes of its own: a number in a comment segment."""

    def __init__(self) -> None:
        self._page = drawn_page()
        self._made = 0

    def __next__(self) -> bytes:
        self._made += 1
        note = f"{self._made:08}".encode()
        return self._page[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note + self._page[2:]

    def __iter__(self) -> Iterator[bytes]:
        return self


class LoopProbe(QObject):
    """The longest time that the event loop let a timer wait."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(PROBE_MS)

    def _look(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now

    def told(self) -> str:
        ordered = sorted(self.gaps)
        late = sum(1 for gap in ordered if gap > 50)
        return (
            f"longest {ordered[-1]:.0f} ms, 99 of 100 under {ordered[len(ordered) * 99 // 100]:.0f} ms,"
            f" {late} of {len(ordered)} over 50 ms"
        )


def wait_until(arrived: Callable[[], bool], seconds: float = 120) -> None:
    """In the event loop as the program has it: a loop that asks all the time would take the workers' time."""
    loop, end = QEventLoop(), time.monotonic() + seconds

    def look() -> None:
        if arrived() or time.monotonic() > end:
            loop.quit()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(PROBE_MS)
    loop.exec()
    if not arrived():
        raise SystemExit("it never came")


def times(label: str, measured: list[float]) -> None:
    print(f"{label}: median {statistics.median(measured):6.1f} ms, worst {max(measured):6.1f}")


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def open_window(folder: Path) -> MainWindow:
    path = folder / "量.certclerk"
    filing = Filing("泉州第一中学", "王五", "22138813")
    with create_collection(path, default_notice(), filing) as collection, collection.change("导入") as change:
        change.add_teachers(map(teacher, range(1, TEACHERS + 1)))
    window = MainWindow(folder)
    window.show()
    window.open_path(path)
    return window


def drop_to_thumbnail(window: MainWindow, pages: Pages, folder: Path) -> None:
    """From the drop to the thumbnail on the screen, the page being stored and synced."""
    scan, session = window.shown.scan, window.opened
    measured, copied = [], []
    for turn in range(RUNS):
        source = folder / f"scan{turn:03}.jpg"
        source.write_bytes(next(pages))
        known = {page.id for teacher in session.teachers() for page in teacher.pages()}
        started = time.perf_counter()
        scan.take_scans(Scans((source,)))

        def on_screen(known: set[int] = known) -> bool:
            fresh = [
                thumb for card in scan.strip.cards for thumb in card.thumbs if thumb.page.id not in known
            ]
            return any(scan.thumbnails.of(thumb.page) is not None for thumb in fresh)

        wait_until(on_screen)
        scan.strip.repaint()
        measured.append((time.perf_counter() - started) * 1000)
        window.action("actionNextMissing").trigger()
        started = time.perf_counter()
        with (folder / f"copy{turn}.jpg").open("wb") as copy:
            copy.write(source.read_bytes())
            copy.flush()
            os.fsync(copy.fileno())
        copied.append((time.perf_counter() - started) * 1000)
    times("drop to thumbnail and stored (aim 150)", measured)
    times("  beside it, a plain copy with fsync  ", copied)


def stream(window: MainWindow, pages: Pages, count: int) -> None:
    """Pages one after the other down the roster, as from a scanner that never rests."""
    session, flow = window.opened, window.shown.capture.flow
    ended: list[bool] = []

    def work(job: Job) -> None:
        for index in range(count):
            incoming = Incoming(f"流 {index}.jpg", next(pages))
            job.hand_over(store_incoming(session.collection, [incoming]))

    def land(stored: Stored) -> None:
        lock = flow.lock()
        flow.arrive(stored.pages, lock)
        flow.go_on(lock)

    probe, started = LoopProbe(), time.perf_counter()
    session.take("量", work, land, lambda: ended.append(True))
    wait_until(lambda: bool(ended), 60 + count)
    took = time.perf_counter() - started
    print(f"{count} pages streaming: {took / count * 1000:.0f} ms each; the event loop: {probe.told()}")


def flip(window: MainWindow) -> None:
    """From page to page in a preview that has seen none of them: the first time, and again."""
    session, view = window.opened, PageView(window.opened, window.shown.scan.thumbnails)
    view.resize(window.shown.scan.view.size())
    view.show()
    held: list[Page] = [page for teacher in session.teachers() for page in teacher.pages()][:RUNS]
    for label in ("page flip, cold (aim 150)", "page flip, from cache (aim 50)"):
        measured = []
        for page in held[: len(held) // 2]:
            found = find_page(session, page.id)
            started = time.perf_counter()
            view.show_page(found)
            wait_until(view.is_sharp)
            view.repaint()
            measured.append((time.perf_counter() - started) * 1000)
        times(label, measured)
    view.close()


def memory(window: MainWindow, pages: Pages, count: int) -> None:
    steps = [count * part // 4 for part in range(1, 5)]
    print(f"memory before: {resident_mb():.0f} MB")
    done = 0
    for step in steps:
        stream(window, pages, step - done)
        done = step
        print(f"after {done} pages more: {resident_mb():.0f} MB")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    streamed = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    application = run.make_application()
    assert isinstance(application, QApplication)
    pages = Pages()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        window = open_window(folder)
        drop_to_thumbnail(window, pages, folder)
        flip(window)
        stream(window, pages, streamed)
        memory(window, pages, count)
        window.close()


if __name__ == "__main__":
    main()
