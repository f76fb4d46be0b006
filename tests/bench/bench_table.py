"""The roster of 10,000 teachers in the window: what the clerk waits for, in milliseconds of the GUI thread.

python tests/bench/bench_table.py [TEACHERS]     needs a display, or QT_QPA_PLATFORM=offscreen

Each figure is the median of several runs, from the event to the repainted table; on a machine that others use,
read what the thread worked. The check of the rules is not in it: in a roster of this size a worker does it, and
what its end costs the GUI thread is a line of its own.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication, QScrollBar

from certclerk.collection import create_collection
from certclerk.core.identity import check_character
from certclerk.core.progress import State
from certclerk.core.records import Filing, ProposedCertificate, ProposedTeacher
from certclerk.gui import run
from certclerk.gui.main_window import MainWindow
from certclerk.gui.roster import commands as roster_commands
from certclerk.jobs import acts
from certclerk.jobs.collections import default_notice

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗曾吕单"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英"
STATES = (State.PROBLEM, None, State.TO_SCAN)
RUNS = 7
SECOND_CERTIFICATE_EVERY = 10


def teacher(index: int) -> ProposedTeacher:
    """Invented, with a right check character; every 50th lacks a sex."""
    digits = (
        f"350502{1960 + index % 40}{index // 40 % 12 + 1:02}{index // 480 % 28 + 1:02}{index % 500 * 2:03}"
    )
    held = ProposedCertificate(
        kind="高级中学",
        subject="语文",
        number=f"2013350054{2}{index:06}",
        authority="泉州市教育局",
        issued="2013-07-01",
    )
    twice = index % SECOND_CERTIFICATE_EVERY == 0
    return ProposedTeacher(
        name=SURNAMES[index % len(SURNAMES)]
        + GIVEN[index // 7 % len(GIVEN)]
        + GIVEN[index // 31 % len(GIVEN)],
        sex="" if index % 50 == 0 else "女",
        id_number=digits + check_character(digits),
        serial=index + 1,
        certificates=(held, held) if twice else (held,),
    )


def milliseconds(
    act: Callable[[int], object], runs: int = RUNS, between: Callable[[], None] = lambda: None
) -> str:
    """Median and worst of ``act(run)`` with all that follows from it up to the painted window."""
    times, own = [], []
    for turn in range(runs):
        started, worked = time.perf_counter(), time.thread_time()
        act(turn)
        painted()
        times.append((time.perf_counter() - started) * 1000)
        own.append((time.thread_time() - worked) * 1000)
        between()
    median = statistics.median
    return f"{median(times):7.1f} ms, worst {max(times):7.1f}, of which the thread worked {median(own):7.1f}"


def painted() -> None:
    QCoreApplication.sendPostedEvents()
    QCoreApplication.processEvents()


def rested(window: MainWindow) -> None:
    """Waits for the worker that checks the rules."""
    while window.opened._checking:
        QCoreApplication.processEvents()
    painted()


def measure(window: MainWindow) -> None:
    panel, session = window.shown.roster, window.opened
    table, model = panel.table, panel.table.roster()

    def say(what: str, act: Callable[[int], object], runs: int = RUNS) -> None:
        print(f"{what:<34}{milliseconds(act, runs, lambda: rested(window))}")

    def scroll(bar: QScrollBar, step: int) -> Callable[[int], object]:
        return lambda turn: bar.setValue((turn + 1) * step)

    def edit(turn: int) -> None:
        chosen = session.teachers()[turn * 100]
        session.act(acts.edit_fields, [acts.Edit(chosen.id, None, "note", f"备注{turn}")])

    def paste(turn: int) -> None:
        table.setCurrentIndex(model.index(turn, model.column_of("note")))
        roster_commands.paste(session, table, "\n".join(f"{turn} {line}" for line in range(1000)))

    for wide in (False, True):
        panel.set_wide(wide)
        painted()
        print("完整名册表" if wide else "名册", f"{model.rowCount()} rows")
        say("repaint", lambda _turn: table.viewport().repaint())
        say("scroll a page", scroll(table.verticalScrollBar(), 20))
        if wide:
            say("scroll sideways", scroll(table.horizontalScrollBar(), 40))
            table.horizontalScrollBar().setValue(0)
        say("edit, all panels and file", edit, 3)
        say("end of a check", lambda _turn: session.checked.emit())
        for query in ("z", "zh", "zhang", "350502196", "王芳", "不存在"):
            panel.search.clear()
            painted()
            say(f"search {query}", lambda _turn, query=query: panel.search.setText(query), 1)
        say("search given up", lambda _turn: panel.search.clear(), 1)
        say("sort by name", lambda turn: table.sortByColumn(1, Qt.SortOrder(turn % 2)))
        table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        painted()
        say("another filter", lambda turn: panel.filter.choose(STATES[turn % 3]))
        panel.filter.choose(None)
        if wide:
            say("paste of 1,000 rows", paste, 3)
            say("undo of it", lambda _turn: session.undo(), 3)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    application = run.make_application()
    assert isinstance(application, QApplication)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "泉州第一中学.certclerk")
        filing = Filing("泉州第一中学", "王五", "22138813")
        with create_collection(path, default_notice(), filing) as made, made.change("导入名册") as change:
            change.add_teachers(map(teacher, range(count)))
        window = MainWindow(Path(folder))
        window.show()
        print(f"{count} teachers")
        print(f"{'open':<34}{milliseconds(lambda _turn: window.open_path(path), 1)}")
        rested(window)
        measure(window)
        window.close()


if __name__ == "__main__":
    main()
