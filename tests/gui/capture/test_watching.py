"""A watched folder in the window's panes: another process writes, pages land, and the clerk is told.

The watch's clock is the test's: every look is a second after the one before.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection, open_collection
from certclerk.core.errors import UserError
from certclerk.gui import style
from certclerk.gui.capture import flow as flow_module
from certclerk.gui.capture.watch_choosing import ask_early, switch
from certclerk.gui.capture.watch_indicator import WatchIndicator
from certclerk.gui.capture.watch_memory import WatchMemory
from certclerk.gui.capture.watching import FolderWatch, WatchState
from certclerk.gui.choice_dialog import ChoiceDialog
from certclerk.gui.session import Session
from certclerk.gui.workspace import Workspace
from certclerk.jobs.acts import trash_pages

from ...writer import Writer
from ..conftest import Asked
from ..test_password_dialog import answer, encrypted_page, the_dialog

Draw = Callable[..., Path]
Watching = Callable[[Workspace], FolderWatch]

FIRST, SECOND, THIRD = 0, 1, 2  # 王芳 with all her pages, 李娜 with none, 张三 with two certificates


@pytest.fixture
def panes(session: Session, tmp_path: Path, qtbot: QtBot) -> Workspace:
    made = Workspace(session, tmp_path)
    qtbot.addWidget(made)
    made.resize(1340, 660)
    with qtbot.waitExposed(made):
        made.show()
    session.select(session.teachers()[SECOND].id)
    return made


@pytest.fixture
def watch(panes: Workspace, session: Session, tmp_path: Path) -> Iterator[FolderWatch]:
    made = watching(panes, session, tmp_path)
    yield made
    made.stop()


def watching(
    panes: Workspace, session: Session, folder: Path, clock: Callable[[], float] | None = None
) -> FolderWatch:
    seconds = count(100)
    return FolderWatch(
        session,
        panes.capture.flow,
        WatchMemory(folder, session.collection.path),
        panes,
        interval_ms=5,
        clock=clock or (lambda: float(next(seconds))),
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "扫描件"
    made.mkdir()
    return made


@pytest.fixture
def writer(folder: Path) -> Iterator[Writer]:
    with Writer(folder) as made:
        yield made


@pytest.fixture
def said(session: Session) -> list[str]:
    found: list[str] = []
    for voice in (session.message, session.failed, session.undoable):
        voice.connect(found.append)
    return found


@pytest.fixture
def sheet(scan_file: Draw) -> Callable[[str], bytes]:
    """A picture of its own for each word."""
    return lambda word: scan_file(f"{word}.jpg").read_bytes()


Sheet = Callable[[str], bytes]


def start(watch: FolderWatch, folder: Path, qtbot: QtBot) -> None:
    watch.start(folder)
    qtbot.waitUntil(lambda: watch.state in (WatchState.ON, WatchState.ASKING))


def drawn(session: Session) -> str:
    """Who has got what besides 王芳, and the tray."""
    parts = []
    for teacher in session.teachers()[SECOND:]:
        parts += [f"{teacher.name} {page.slot}:{page.source}" for page in teacher.pages()]
    parts += [f"tray {page.source}" for page in session.tray()]
    return " | ".join(parts)


def test_what_arrives_goes_into_the_locked_place_and_is_told(
    watch: FolderWatch,
    folder: Path,
    writer: Writer,
    session: Session,
    sheet: Sheet,
    said: list[str],
    qtbot: QtBot,
) -> None:
    start(watch, folder, qtbot)
    writer.write("scan_012.jpg", sheet("a"))
    qtbot.waitUntil(lambda: watch.taken == 1)
    assert drawn(session) == "李娜 cover:scan_012.jpg"
    qtbot.waitUntil(lambda: bool(said))
    assert said == ["第2号 李娜 · 封面 ← scan_012.jpg"]


def test_a_feeders_sheets_fill_a_teacher_and_go_on_to_the_next(
    watch: FolderWatch,
    folder: Path,
    writer: Writer,
    session: Session,
    sheet: Sheet,
    said: list[str],
    qtbot: QtBot,
) -> None:
    start(watch, folder, qtbot)
    for number in (4, 3, 2, 1):
        writer.write(f"scan_{number}.jpg.part", sheet(str(number)))
    for number in (4, 3, 2, 1):
        writer.move(f"scan_{number}.jpg.part", f"scan_{number}.jpg")
    qtbot.waitUntil(lambda: watch.taken == 4)
    assert drawn(session).split(" | ") == [
        "李娜 cover:scan_1.jpg",
        "李娜 remarks:scan_3.jpg",
        "李娜 text:scan_2.jpg",
        "张三 cover:scan_4.jpg",
    ]
    assert session.current == session.teachers()[THIRD].id
    qtbot.waitUntil(lambda: "scan_4.jpg" in said[-1])


def test_a_file_that_names_somebody_else_waits_in_the_tray(
    watch: FolderWatch,
    folder: Path,
    writer: Writer,
    session: Session,
    sheet: Sheet,
    said: list[str],
    qtbot: QtBot,
) -> None:
    start(watch, folder, qtbot)
    writer.write("张三 封面.jpg", sheet("a"))
    qtbot.waitUntil(lambda: bool(said))
    assert drawn(session) == "tray 张三 封面.jpg"
    assert said == ["待归位 ← 张三 封面.jpg"]


def test_who_is_asked_may_take_what_lies_there(
    watch: FolderWatch, folder: Path, writer: Writer, session: Session, sheet: Sheet, qtbot: QtBot
) -> None:
    writer.write("张三 高级中学 封面.jpg", sheet("a"))
    writer.write("scan.jpg", sheet("b"))
    with qtbot.waitSignal(watch.early_found) as asked:
        watch.start(folder)
    assert asked.args == [2]
    assert watch.state is WatchState.ASKING
    watch.take_early()
    qtbot.waitUntil(lambda: watch.taken == 2)
    assert drawn(session) == "张三 cover:张三 高级中学 封面.jpg | tray scan.jpg"


def test_or_watch_from_now_on(
    watch: FolderWatch, folder: Path, writer: Writer, session: Session, sheet: Sheet, qtbot: QtBot
) -> None:
    writer.write("old.jpg", sheet("a"))
    start(watch, folder, qtbot)
    watch.pass_early()
    qtbot.waitUntil(lambda: watch.state is WatchState.ON)
    writer.write("new.jpg", sheet("b"))
    qtbot.waitUntil(lambda: watch.taken == 1)
    assert drawn(session) == "李娜 cover:new.jpg"


def test_what_is_refused_is_told_once_and_kept_in_a_list(
    watch: FolderWatch,
    folder: Path,
    writer: Writer,
    panes: Workspace,
    sheet: Sheet,
    said: list[str],
    qtbot: QtBot,
) -> None:
    indicator = WatchIndicator(watch, panes)
    start(watch, folder, qtbot)
    writer.write("photo.heic", b"\0\0\0\x18ftypavif" + bytes(40))
    qtbot.waitUntil(lambda: bool(watch.refused))
    writer.write("scan.jpg", sheet("a"))
    qtbot.waitUntil(lambda: watch.taken == 1)
    assert [text for text in said if "没有收入" in text] == [watch.refused[0].reason]
    assert QApplication.activeModalWidget() is None
    qtbot.waitUntil(lambda: indicator.accessibleName() == "监视文件夹“扫描件”：已收 1 · 1 个没收")
    entry = indicator.menu_now().actions()[0]
    assert entry.text() == "没有收入的文件（1）…"
    entry.trigger()
    shown = panes.window().findChild(QDialog, "refusedDialog")
    assert shown is not None
    shown.accept()


def test_an_encrypted_file_keeps_no_other_waiting_and_is_taken_with_its_password(
    watch: FolderWatch,
    folder: Path,
    writer: Writer,
    panes: Workspace,
    session: Session,
    sheet: Sheet,
    said: list[str],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    indicator = WatchIndicator(watch, panes)
    start(watch, folder, qtbot)
    writer.write("张三 高级中学 封面.pdf", encrypted_page(tmp_path / "a.pdf", 90, "geheim").read_bytes())
    qtbot.waitUntil(lambda: bool(watch.refused))
    assert said == ["“张三 高级中学 封面.pdf”有打开密码，没有收入。请点窗口下方的“监视”，输入密码后收入。"]
    assert QApplication.activeModalWidget() is None
    writer.write("scan.jpg", sheet("a"))
    qtbot.waitUntil(lambda: watch.taken == 1)
    assert the_dialog() is None

    def entry() -> QAction | None:
        words = "输入密码，收入加密的文件（1）…"
        return next((action for action in indicator.menu_now().actions() if action.text() == words), None)

    for shown, answered in enumerate(("", "geheim"), 1):
        action = entry()
        assert action is not None
        action.trigger()
        qtbot.waitUntil(lambda: the_dialog() is not None)
        dialog = the_dialog()
        assert dialog is not None
        if answered:
            answer(qtbot, answered)
        else:
            dialog.reject()
        qtbot.waitUntil(lambda shown=shown: watch.taken == shown)
        qtbot.waitUntil(lambda: the_dialog() is None)
    assert drawn(session) == "李娜 cover:scan.jpg | 张三 cover:张三 高级中学 封面.pdf"
    assert watch.refused == () and entry() is None


def test_a_copy_is_told(
    watch: FolderWatch,
    folder: Path,
    writer: Writer,
    session: Session,
    sheet: Sheet,
    said: list[str],
    qtbot: QtBot,
) -> None:
    start(watch, folder, qtbot)
    writer.write("a.jpg", sheet("a"))
    qtbot.waitUntil(lambda: watch.taken == 1)
    writer.write("b.jpg", sheet("a"))
    qtbot.waitUntil(lambda: "“b.jpg”已收过，没有再收。" in said)
    assert drawn(session) == "李娜 cover:a.jpg"


def test_a_folder_that_goes_is_said_once_and_watched_again_when_it_is_back(
    watch: FolderWatch,
    folder: Path,
    writer: Writer,
    panes: Workspace,
    session: Session,
    sheet: Sheet,
    said: list[str],
    qtbot: QtBot,
) -> None:
    """As a stick that is pulled out, filled elsewhere and put back: nobody waited for those pages here."""
    indicator = WatchIndicator(watch, panes)
    start(watch, folder, qtbot)
    shutil.rmtree(folder)
    qtbot.waitUntil(lambda: watch.state is WatchState.TROUBLED)
    assert indicator.accessibleName() == "监视文件夹“扫描件”：不能读取"
    assert style.AMBER in indicator.styleSheet()
    aside = folder.with_name("aside")
    aside.mkdir()
    (aside / "scan.jpg").write_bytes(sheet("a"))
    aside.rename(folder)
    qtbot.waitUntil(lambda: watch.taken == 1)
    assert drawn(session) == "tray scan.jpg"
    assert [text for text in said if "找不到" in text] == [
        "找不到监视的文件夹“扫描件”，或没有打开它的权限。请检查U盘、网络或路径；它回来后会接着监视。"
    ]
    assert "“扫描件”回来了，接着监视。" in said
    writer.write("scan_2.jpg", sheet("b"))
    qtbot.waitUntil(lambda: watch.taken == 2)
    assert drawn(session) == "李娜 cover:scan_2.jpg | tray scan.jpg"


def test_nothing_is_taken_after_stopping(
    watch: FolderWatch, folder: Path, writer: Writer, session: Session, sheet: Sheet, qtbot: QtBot
) -> None:
    start(watch, folder, qtbot)
    watch.stop()
    assert (watch.is_on, watch.memory.is_on, watch.memory.folder) == (False, False, folder)
    writer.write("a.jpg", sheet("a"))
    qtbot.waitUntil(lambda: not session.runner.busy)
    assert drawn(session) == ""


def test_what_is_read_while_the_watching_stops_leaves_no_bytes(
    panes: Workspace,
    tmp_path: Path,
    folder: Path,
    writer: Writer,
    session: Session,
    sheet: Sheet,
    qtbot: QtBot,
) -> None:
    """The second look finds that the file has settled; the clerk stops before its pages are there."""
    looks, stopped = count(1), threading.Event()
    begun: list[int] = []

    def clock() -> float:
        begun.append(next(looks))
        assert len(begun) < 2 or stopped.wait(10)
        return 100.0 + len(begun)

    watch = watching(panes, session, tmp_path, clock)
    before = session.collection.blob_sizes()
    writer.write("a.jpg", sheet("a"))
    start(watch, folder, qtbot)
    watch.take_early()
    qtbot.waitUntil(lambda: len(begun) == 2)
    watch.stop()
    stopped.set()
    qtbot.waitUntil(lambda: not session.runner.busy)
    assert session.collection.blob_sizes() == before


def test_a_folder_that_cannot_be_watched_is_said_and_not_kept(
    watch: FolderWatch, tmp_path: Path, said: list[str], qtbot: QtBot
) -> None:
    watch.start(tmp_path / "nothing")
    qtbot.waitUntil(lambda: bool(said))
    assert "找不到监视的文件夹“nothing”" in said[0]
    assert (watch.is_on, watch.memory.is_on) == (False, False)


def test_what_could_not_be_placed_is_placed_later(
    watch: FolderWatch,
    folder: Path,
    writer: Writer,
    session: Session,
    sheet: Sheet,
    said: list[str],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, full = flow_module.capture, [True]

    def capture(*arguments: object, **named: object) -> object:
        if full:
            full.pop()
            raise UserError("collection_disk_full", file="采集")
        return real(*arguments, **named)

    monkeypatch.setattr(flow_module, "capture", capture)
    start(watch, folder, qtbot)
    writer.write("a.jpg", sheet("a"))
    qtbot.waitUntil(lambda: watch.taken == 1)
    assert drawn(session) == "李娜 cover:a.jpg"
    assert "磁盘已满" in said[0]
    before = len(session.collection.blob_sizes())
    session.act(trash_pages, [page.id for page in session.teachers()[SECOND].pages()])
    session.collection.empty_trash()
    session.collection.sweep()
    assert len(session.collection.blob_sizes()) == before - 1, (
        "nobody holds on to the bytes of the first attempt"
    )


def test_the_watching_goes_on_after_the_collection_is_opened_again(
    collection: Collection, folder: Path, writer: Writer, sheet: Sheet, tmp_path: Path, qtbot: QtBot
) -> None:
    """What came meanwhile is taken without a question, and not into a place that nobody had in mind."""
    collection.close()

    @contextmanager
    def opened() -> Iterator[tuple[Session, FolderWatch]]:
        session = Session(open_collection(collection.path))
        panes = Workspace(session, tmp_path)
        qtbot.addWidget(panes)
        session.select(session.teachers()[SECOND].id)
        yield session, watching(panes, session, tmp_path)
        session.close()

    with opened() as (_session, watch):
        start(watch, folder, qtbot)
        writer.write("a.jpg", sheet("a"))
        qtbot.waitUntil(lambda: watch.taken == 1)
    writer.write("b.jpg", sheet("b"))
    with opened() as (session, watch):
        watch.go_on_from_last_time()
        qtbot.waitUntil(lambda: watch.taken == 1)
        assert drawn(session) == "李娜 cover:a.jpg | tray b.jpg"
        watch.stop()
    with opened() as (_session, watch):
        watch.go_on_from_last_time()
        assert not watch.is_on


def test_nothing_is_watched_for_a_collection_that_is_only_read(
    collection: Collection, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    WatchMemory(tmp_path, collection.path).keep(folder, is_on=True)
    with open_collection(collection.path, read_only=True) as opened:
        session = Session(opened)
        panes = Workspace(session, tmp_path)
        qtbot.addWidget(panes)
        panes.capture.watching.go_on_from_last_time()
        assert not panes.capture.watching.is_on
        session.sources.close()
        session.runner.close()


def test_each_collection_has_its_own_folder(tmp_path: Path, folder: Path) -> None:
    WatchMemory(tmp_path, tmp_path / "一.certclerk").keep(folder, is_on=True)
    other = WatchMemory(tmp_path, tmp_path / "二.certclerk")
    assert (other.folder, other.is_on) == (None, False)
    again = WatchMemory(tmp_path, tmp_path / "一.certclerk")
    assert (again.folder, again.is_on) == (folder, True)


# Choosing


def test_the_clerk_chooses_the_folder_the_last_one_first(
    watch: FolderWatch, panes: Workspace, folder: Path, file_dialogs: Asked, qtbot: QtBot
) -> None:
    file_dialogs.answer = (folder,)
    switch(panes, watch)
    qtbot.waitUntil(lambda: watch.state is WatchState.ON)
    switch(panes, watch)
    assert not watch.is_on
    file_dialogs.answer = ()
    with qtbot.waitSignal(watch.changed):
        switch(panes, watch)
    assert not watch.is_on
    assert file_dialogs.questions[-1].start == folder


@pytest.mark.parametrize(
    ("button", "state", "gives"),
    [
        ("takeEarlyButton", WatchState.ON, "tray old.jpg"),
        ("passEarlyButton", WatchState.ON, ""),
        ("cancelButton", WatchState.OFF, ""),
    ],
)
def test_three_answers_to_what_lies_there(
    watch: FolderWatch,
    panes: Workspace,
    folder: Path,
    writer: Writer,
    session: Session,
    sheet: Sheet,
    qtbot: QtBot,
    button: str,
    state: WatchState,
    gives: str,
) -> None:
    watch.early_found.connect(lambda count: ask_early(panes, watch, count))
    writer.write("old.jpg", sheet("a"))
    start(watch, folder, qtbot)
    dialog = panes.findChild(ChoiceDialog)
    assert dialog is not None
    qtbot.mouseClick(dialog.findChild(QPushButton, button), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: watch.state is state)
    qtbot.waitUntil(lambda: drawn(session) == gives)


def test_the_indicator_is_there_while_something_is_watched(
    watch: FolderWatch, panes: Workspace, folder: Path, qtbot: QtBot
) -> None:
    indicator = WatchIndicator(watch, panes)
    assert indicator.isHidden()
    start(watch, folder, qtbot)
    assert indicator.isVisibleTo(panes)
    indicator.resize(indicator.sizeHint())
    assert indicator.text() == "监视：扫描件 已收 0"
    indicator.resize(indicator.sizeHint() - QSize(4, 0))
    assert indicator.text() == "监视 已收 0"
    indicator.resize(indicator.minimumSizeHint())
    assert indicator.text() == "监视"
    assert indicator.accessibleName() == "监视文件夹“扫描件”：已收 0"
    next(entry for entry in indicator.menu_now().actions() if entry.text() == "停止监视").trigger()
    assert indicator.isHidden()
