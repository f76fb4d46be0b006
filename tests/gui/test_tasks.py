from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from certclerk.core.errors import UserError
from certclerk.gui.tasks import Job, TaskRunner


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[TaskRunner]:
    assert qapp
    made = TaskRunner(max_workers=1)
    yield made
    made.close()


def test_the_result_arrives_on_the_gui_thread(runner: TaskRunner, qtbot: QtBot) -> None:
    home, seen = QThread.currentThread(), []

    def done(result: int) -> None:
        seen.append((result, QThread.currentThread() is home))

    runner.run(lambda _job: threading.get_ident(), done)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] != threading.get_ident()
    assert seen[0][1]
    assert not runner.busy


def test_a_user_error_goes_to_failed_and_then_ended(runner: TaskRunner, qtbot: QtBot) -> None:
    heard: list[str] = []

    def work(_job: Job) -> None:
        raise UserError("folder_missing", folder="夹")

    runner.run(
        work,
        lambda _: heard.append("done"),
        lambda e: heard.append(e.code),
        ended=lambda: heard.append("end"),
    )
    qtbot.waitUntil(lambda: "end" in heard)
    assert heard == ["folder_missing", "end"]


def test_a_user_error_that_nobody_takes_is_told(runner: TaskRunner, qtbot: QtBot) -> None:
    def work(_job: Job) -> None:
        raise UserError("folder_missing", folder="夹")

    with qtbot.waitSignal(runner.failed) as told:
        runner.run(work, lambda _: None)
    assert "夹" in told.args[0]


def test_a_bug_is_raised_on_the_gui_thread(runner: TaskRunner, qtbot: QtBot) -> None:
    ended: list[bool] = []
    with qtbot.captureExceptions() as raised:
        runner.run(lambda _job: 1 // 0, lambda _: None, ended=lambda: ended.append(True))
        qtbot.waitUntil(lambda: bool(ended))
    assert raised[0][0] is ZeroDivisionError


def test_progress_reports_come_in_order_and_end_with_the_last(runner: TaskRunner, qtbot: QtBot) -> None:
    reports: list[tuple[int, int, str]] = []

    def work(job: Job) -> None:
        for step in range(1, 1001):
            job.progress(step, 1000, "张三")

    runner.run(work, lambda _: None, progress=lambda *report: reports.append(report))
    qtbot.waitUntil(lambda: bool(reports) and reports[-1] == (1000, 1000, "张三"))
    assert reports == sorted(reports)
    assert len(reports) < 1000


def test_a_job_cancelled_while_waiting_never_begins(runner: TaskRunner, qtbot: QtBot) -> None:
    gate, heard = threading.Event(), []
    runner.run(lambda _job: gate.wait(5), lambda _: heard.append("first"))
    waiting = runner.run(
        lambda _job: heard.append("ran"), lambda _: heard.append("done"), ended=lambda: heard.append("end")
    )
    waiting.cancel()
    gate.set()
    qtbot.waitUntil(lambda: "end" in heard)
    assert heard == ["first", "end"]


def test_a_cancelled_jobs_error_is_not_told(runner: TaskRunner, qtbot: QtBot) -> None:
    began, heard = threading.Event(), []

    def work(job: Job) -> None:
        began.set()
        while not job.cancelled:
            threading.Event().wait(0.001)
        raise UserError("folder_missing", folder="夹")

    job = runner.run(
        work,
        lambda _: heard.append("done"),
        lambda _: heard.append("failed"),
        ended=lambda: heard.append("end"),
    )
    assert began.wait(5)
    job.cancel()
    qtbot.waitUntil(lambda: "end" in heard)
    assert heard == ["end"]


def test_nothing_is_called_for_a_destroyed_owner(runner: TaskRunner, qtbot: QtBot) -> None:
    heard: list[str] = []
    owner = QObject()
    gate = threading.Event()
    runner.run(lambda _job: gate.wait(5), lambda _: heard.append("owned"), owner=owner)
    shiboken6.delete(owner)
    gate.set()
    runner.run(lambda _job: None, lambda _: heard.append("free"))
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["free"]
    assert not runner.busy


def test_closing_stops_the_work_and_silences_it(qtbot: QtBot) -> None:
    runner, heard, stopped = TaskRunner(max_workers=1), [], threading.Event()

    def work(job: Job) -> None:
        while not job.cancelled:
            threading.Event().wait(0.001)
        stopped.set()

    runner.run(work, lambda _: heard.append("done"))
    runner.close()
    assert stopped.is_set()
    qtbot.waitUntil(lambda: not runner.busy)
    assert heard == []


def test_a_closed_runner_starts_nothing(qapp: QApplication) -> None:
    assert qapp
    runner, heard = TaskRunner(max_workers=1), []
    runner.close()
    job = runner.run(lambda _job: heard.append("worked"), lambda _: heard.append("done"))
    assert job.cancelled and not runner.busy and heard == []


def test_parts_arrive_in_order_before_the_end(runner: TaskRunner, qtbot: QtBot) -> None:
    heard: list[object] = []

    def work(job: Job) -> str:
        for part in range(3):
            job.hand_over(part)
        return "done"

    runner.run(work, heard.append, handed=heard.append, ended=lambda: heard.append("end"))
    qtbot.waitUntil(lambda: "end" in heard)
    assert heard == [0, 1, 2, "done", "end"]


def test_parts_are_not_handed_to_a_destroyed_owner(runner: TaskRunner, qtbot: QtBot) -> None:
    heard: list[str] = []
    owner, given = QObject(), threading.Event()

    def work(job: Job) -> None:
        job.hand_over("part")
        given.set()

    runner.run(work, lambda _nothing: None, handed=heard.append, owner=owner)
    assert given.wait(10)
    shiboken6.delete(owner)
    qtbot.waitUntil(lambda: not runner.busy)
    assert heard == []


def test_parts_on_their_way_are_not_lost_when_the_runner_closes(qapp: QApplication) -> None:
    assert qapp
    closing = TaskRunner(max_workers=1)
    heard: list[object] = []
    given = threading.Event()

    def work(job: Job) -> None:
        job.hand_over("a")
        job.hand_over("b")
        given.set()

    closing.run(work, lambda _nothing: heard.append("done"), handed=heard.append)
    assert given.wait(10)
    closing.close()
    assert heard == ["a", "b"]


def test_what_the_functions_of_a_job_hold_is_destroyed_on_the_gui_thread(
    runner: TaskRunner, qtbot: QtBot
) -> None:
    """A widget whose last reference goes in a worker would be destroyed there, which Qt does not survive."""
    deaths: list[int] = []

    def held() -> QObject:
        made = QObject()
        weakref.finalize(made, lambda: deaths.append(threading.get_ident()))
        return made

    def start(fails: bool) -> None:
        kept = [held() for _ in range(5)]

        def work(job: Job, own: QObject = kept[0]) -> QObject:
            job.progress(1, 1)
            if fails:
                raise UserError("folder_missing", folder=own.objectName())
            return held()

        runner.run(
            work,
            lambda _result, _own=kept[1]: None,
            lambda _error, _own=kept[2]: None,
            progress=lambda *_figures, _own=kept[3]: None,
            ended=lambda _own=kept[4]: None,
        )

    for fails in (False, True):
        start(fails)
    qtbot.waitUntil(lambda: len(deaths) == 11)
    assert set(deaths) == {threading.get_ident()}


def test_what_a_cancelled_job_holds_is_destroyed_on_the_gui_thread(qapp: QApplication) -> None:
    assert qapp
    runner, gate, deaths = TaskRunner(max_workers=1), threading.Event(), []

    def start() -> None:
        for _ in range(3):
            kept = QObject()
            weakref.finalize(kept, lambda: deaths.append(threading.get_ident()))
            runner.run(lambda _job, _own=kept: gate.wait(5), lambda _none: None)

    start()
    gate.set()
    runner.close()
    assert deaths == [threading.get_ident()] * 3
