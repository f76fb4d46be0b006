"""The loop of the day, in the real panes: a page arrives, the next place is locked, the next teacher comes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from certclerk.core.progress import Gap
from certclerk.core.records import Page
from certclerk.gui.capture import desk as module
from certclerk.gui.capture.banner import LastPage
from certclerk.gui.capture.desk import CaptureDesk
from certclerk.gui.capture.habits import FILE, HabitsFile
from certclerk.gui.elided_label import ElidedLabel
from certclerk.gui.mime import Scans
from certclerk.gui.scan.page_placing import put_pages
from certclerk.gui.session import Session
from certclerk.gui.workspace import Workspace
from certclerk.jobs import acts
from certclerk.jobs.page_moves import move_pages
from certclerk.jobs.take_pages import Incoming, StoredPage, store_incoming

Draw = Callable[..., Path]
Arrive = Callable[..., None]

FIRST, SECOND, THIRD = 0, 1, 2  # 王芳 with all her pages, 李娜 with none, 张三 with two certificates


@pytest.fixture
def panes(session: Session, tmp_path: Path, qtbot: QtBot) -> Workspace:
    made = Workspace(session, tmp_path)
    qtbot.addWidget(made)
    made.resize(1340, 660)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def desk(panes: Workspace) -> CaptureDesk:
    return panes.capture


@pytest.fixture
def arrive(desk: CaptureDesk, session: Session, scan_file: Draw, qtbot: QtBot) -> Arrive:
    """Pages come in as one file does in a watched folder: stored, placed, shown, and on to who is next."""

    def bring(*names: str, named: str = "") -> None:
        lock = desk.flow.lock()
        desk.flow.arrive(stored(session, scan_file, *names), lock, name=named)
        desk.flow.go_on(lock)
        await_shown(session, qtbot)

    return bring


def await_shown(session: Session, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not session.refreshing.is_pending)


def stored(session: Session, scan_file: Draw, *names: str) -> tuple[StoredPage, ...]:
    incoming = [Incoming(f"{name}.jpg", scan_file(f"{name}.jpg").read_bytes()) for name in names]
    return store_incoming(session.collection, incoming).pages


def select(session: Session, index: int) -> None:
    session.select(session.teachers()[index].id)


def drawn(session: Session) -> str:
    """Who has got what in this test, and the tray: ``李娜 cover:a text:b | tray c``."""
    parts = []
    for teacher in session.teachers()[SECOND:]:
        pages = [f"{page.slot}:{page.source[:-4]}" for held in teacher.certificates for page in _pages(held)]
        if pages:
            parts.append(f"{teacher.name} {' '.join(pages)}")
    parts += [f"tray {page.source[:-4]}" for page in session.tray()]
    return " | ".join(parts)


def _pages(certificate: object) -> list[Page]:
    slots = ("cover", "text", "remarks")
    return sorted(certificate.pages, key=lambda page: (slots.index(page.slot), page.position))  # type: ignore[attr-defined]


def banner(panes: Workspace) -> str:
    return panes.scan.banner.text()


def said(panes: Workspace) -> str:
    return panes.scan.banner.findChild(ElidedLabel, "arrivalText").text()


def test_pages_go_slot_by_slot_and_then_to_the_next_teacher(
    panes: Workspace, session: Session, arrive: Arrive
) -> None:
    select(session, SECOND)
    assert banner(panes) == "下一页：李娜 · 封面"
    arrive("a")
    assert banner(panes) == "下一页：李娜 · 内页"
    assert said(panes) == "✓ 收到：李娜 · 封面"
    arrive("b")
    arrive("c")
    assert banner(panes) == "下一页：张三 · 高级中学 · 封面"
    assert said(panes) == "✓ 收到：李娜 · 备注页，李娜的页已齐"
    for name in "defghi":
        arrive(name)
    assert banner(panes) == "下一页：阿依古丽·买买提 · 封面"
    assert drawn(session) == (
        "李娜 cover:a text:b remarks:c | 张三 cover:d text:e remarks:f cover:g text:h remarks:i"
    )


def test_the_next_place_is_locked_before_anything_is_shown(
    desk: CaptureDesk, panes: Workspace, session: Session, scan_file: Draw, qtbot: QtBot
) -> None:
    """Pages that come faster than they can be painted lie where they belong all the same, and are all shown."""
    select(session, SECOND)
    shown = []
    panes.scan.view.shown.connect(lambda page: shown.append(page and page.source))
    for name in "abcde":
        lock = desk.flow.lock()
        desk.flow.arrive(stored(session, scan_file, name), lock)
        desk.flow.go_on(lock)
    assert (banner(panes), shown) == ("下一页：李娜 · 封面", [])
    assert drawn(session) == "李娜 cover:a text:b remarks:c | 张三 cover:d text:e"
    await_shown(session, qtbot)
    assert banner(panes) == "下一页：张三 · 高级中学 · 备注页"
    assert [thumb.page.source for card in panes.scan.strip.cards for thumb in card.thumbs] == [
        "d.jpg",
        "e.jpg",
    ]


def test_several_text_pages_are_taken_before_the_remarks(
    panes: Workspace, session: Session, arrive: Arrive
) -> None:
    panes.capture.habits.change(text_pages=2)
    select(session, SECOND)
    for name in "abc":
        arrive(name)
    assert banner(panes) == "下一页：李娜 · 备注页"
    assert drawn(session) == "李娜 cover:a text:b text:c"


def test_a_file_of_pages_fills_one_teacher_and_no_other(
    panes: Workspace, session: Session, arrive: Arrive
) -> None:
    select(session, SECOND)
    arrive(*"abcd")
    assert drawn(session) == "李娜 cover:a text:b remarks:c | tray d"
    assert banner(panes) == "下一页：张三 · 高级中学 · 封面"


def test_a_source_that_gave_no_page_changes_nothing(
    desk: CaptureDesk, panes: Workspace, session: Session
) -> None:
    """What a scanner sent could not be read: the same place stays locked."""
    select(session, SECOND)
    lock = desk.flow.lock()
    assert desk.flow.arrive((), lock) == lock
    assert (banner(panes), drawn(session)) == ("下一页：李娜 · 封面", "")


def test_a_page_that_was_moved_meanwhile_is_not_taken_back(
    desk: CaptureDesk, session: Session, arrive: Arrive
) -> None:
    select(session, SECOND)
    arrive("a")
    held = session.teachers()[SECOND].certificates[0]
    session.act(move_pages, [held.pages[0].id], held.id, "text")
    desk.take_back()
    assert drawn(session) == "李娜 text:a"


def test_a_source_that_was_locked_stays_with_its_teacher(
    desk: CaptureDesk, session: Session, scan_file: Draw
) -> None:
    """The clerk looks at somebody else while a feeder runs."""
    select(session, SECOND)
    lock = desk.flow.lock()
    for name in "abcd":
        lock = desk.flow.arrive(stored(session, scan_file, name), lock)
        select(session, THIRD)
    desk.flow.go_on(lock)
    assert drawn(session) == "李娜 cover:a text:b remarks:c | tray d"
    assert session.current == session.teachers()[THIRD].id


def test_without_advancing_the_teacher_stays(panes: Workspace, session: Session, arrive: Arrive) -> None:
    panes.capture.habits.change(advance=False)
    select(session, SECOND)
    for name in "abc":
        arrive(name)
    assert banner(panes) == "李娜的页已齐"
    arrive("d")
    assert drawn(session) == "李娜 cover:a text:b remarks:c | tray d"


def test_a_file_that_names_somebody_else_waits_in_the_tray(
    panes: Workspace, session: Session, arrive: Arrive
) -> None:
    select(session, SECOND)
    arrive("a", named="张三_封面.jpg")
    assert drawn(session) == "tray a"
    assert session.tray()[0].reason == "文件名里是张三，不是李娜"
    assert banner(panes) == "下一页：李娜 · 封面"


def test_the_last_page_is_taken_back_across_teachers(
    panes: Workspace, session: Session, arrive: Arrive
) -> None:
    select(session, SECOND)
    for name in "abcd":
        arrive(name)
    panes.capture.take_back()
    assert (drawn(session), banner(panes)) == (
        "李娜 cover:a text:b remarks:c",
        "下一页：张三 · 高级中学 · 封面",
    )
    panes.capture.take_back()
    assert (drawn(session), banner(panes)) == ("李娜 cover:a text:b", "下一页：李娜 · 备注页")
    assert [gone.page.source for gone in session.collection.trash()] == ["c.jpg", "d.jpg"]


def test_what_the_clerk_moved_meanwhile_is_not_taken_back(
    panes: Workspace, session: Session, arrive: Arrive, qtbot: QtBot
) -> None:
    select(session, SECOND)
    arrive("a")
    arrive("b")
    moved = session.teachers()[SECOND].certificates[0].pages_in("text")[0]
    with session.collection.change("移到待归位") as change:
        change.send_to_tray(moved.id, "")
    panes.capture.take_back()
    assert drawn(session) == "tray b"
    with qtbot.waitSignal(session.message):
        panes.capture.take_back()


def test_a_retake_replaces_the_page_and_stays_with_its_teacher(
    panes: Workspace, session: Session, arrive: Arrive
) -> None:
    panes.capture.habits.change(text_pages=2)
    select(session, SECOND)
    for name in "abcd":
        arrive(name)
    select(session, SECOND)
    page = session.teachers()[SECOND].certificates[0].pages_in("text")[0]
    panes.capture.retake(page)
    assert banner(panes) == "重扫：李娜 · 内页第1页"
    arrive("x")
    assert drawn(session) == "李娜 cover:a text:x text:c remarks:d"
    assert [gone.page.source for gone in session.collection.trash()] == ["b.jpg"]
    assert session.current == session.teachers()[SECOND].id
    panes.capture.take_back()
    assert drawn(session) == "李娜 cover:a text:b text:c remarks:d"


def test_an_insertion_goes_before_the_page_and_can_be_called_off(
    panes: Workspace, session: Session, arrive: Arrive, qtbot: QtBot
) -> None:
    select(session, SECOND)
    arrive("a")
    arrive("b")
    page = session.teachers()[SECOND].certificates[0].pages_in("text")[0]
    panes.capture.insert(page)
    assert banner(panes) == "插入：李娜 · 内页之前"
    panes.scan.banner.release_asked.emit()
    assert banner(panes) == "下一页：李娜 · 备注页"
    panes.capture.insert(page)
    arrive("x")
    assert drawn(session) == "李娜 cover:a text:x text:b"
    with qtbot.waitSignal(session.message) as told:
        panes.capture.insert(session.teachers()[SECOND].certificates[0].pages_in("cover")[0])
    assert told.args == ["封面只有一页，不能插入；可以重扫。"]


def test_no_such_page_closes_the_gap_and_goes_on(
    panes: Workspace, session: Session, arrive: Arrive, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    select(session, SECOND)
    with qtbot.waitSignal(session.message):
        panes.capture.mark_absent()
    arrive("a")
    arrive("b")
    monkeypatch.setattr(module, "ask_absence", lambda _parent, _label: "证书没有这一页")
    panes.capture.mark_absent()
    await_shown(session, qtbot)
    assert session.teachers()[SECOND].certificates[0].absence("remarks") is not None
    assert banner(panes) == "下一页：张三 · 高级中学 · 封面"


def test_the_page_that_came_last_is_seen_again_with_its_teacher(
    panes: Workspace, session: Session, arrive: Arrive, qtbot: QtBot
) -> None:
    select(session, SECOND)
    for name in "abc":
        arrive(name)
    last = panes.scan.banner.findChild(LastPage, "lastPageButton")
    assert last.isVisible()
    qtbot.mouseClick(last, Qt.MouseButton.LeftButton)
    assert session.current == session.teachers()[SECOND].id
    shown = panes.scan.view.page
    assert shown is not None and shown.source == "c.jpg"


@pytest.mark.parametrize(
    ("way", "words", "again"),
    [
        ("retake", "重扫：李娜 · 内页", "李娜 cover:a text:y"),
        ("insert", "插入：李娜 · 内页", "李娜 cover:a text:y text:b"),
    ],
)
def test_a_page_taken_back_is_taken_again_beside_the_same_page(
    panes: Workspace, session: Session, arrive: Arrive, way: str, words: str, again: str
) -> None:
    select(session, SECOND)
    arrive("a")
    arrive("b")
    page = session.teachers()[SECOND].certificates[0].pages_in("text")[0]
    {"retake": panes.capture.retake, "insert": panes.capture.insert}[way](page)
    arrive("x")
    panes.capture.take_back()
    assert drawn(session) == "李娜 cover:a text:b"
    assert banner(panes).startswith(words)
    arrive("y")
    assert drawn(session) == again


def test_a_page_that_an_undo_brings_back_is_the_last_again(
    panes: Workspace, session: Session, arrive: Arrive
) -> None:
    select(session, SECOND)
    arrive("a")
    arrive("b")
    panes.capture.take_back()
    session.undo()
    assert drawn(session) == "李娜 cover:a text:b"
    panes.capture.take_back()
    assert drawn(session) == "李娜 cover:a"


def test_a_file_that_was_dropped_is_the_last_page(
    panes: Workspace, session: Session, arrive: Arrive, scan_file: Draw, qtbot: QtBot
) -> None:
    """Taking back must not reach past it to somebody else's page."""
    select(session, SECOND)
    arrive("a")
    select(session, THIRD)
    panes.scan.take_scans(Scans((scan_file("b.jpg"),)))
    qtbot.waitUntil(lambda: drawn(session) == "李娜 cover:a | 张三 cover:b")
    assert said(panes) == "✓ 收到：张三 · 封面"
    panes.capture.take_back()
    assert drawn(session) == "李娜 cover:a"


@pytest.mark.parametrize("leaving", ["taken back", "undone", "moved"])
def test_a_page_that_has_left_is_no_longer_said_to_have_come(
    panes: Workspace, session: Session, arrive: Arrive, leaving: str
) -> None:
    select(session, SECOND)
    arrive("a")
    page = session.teachers()[SECOND].certificates[0].pages_in("cover")[0]
    if leaving == "taken back":
        panes.capture.take_back()
    elif leaving == "undone":
        session.undo()
    else:
        put_pages(session, [page.id], Gap(session.teachers()[THIRD].certificates[0].id, "cover"))
    assert said(panes) == "按 F5 扫描，或把扫描件拖到这里"
    assert not panes.scan.banner.findChild(LastPage, "lastPageButton").isVisible()


def test_what_has_come_is_still_said_when_the_scanner_rests(
    panes: Workspace, session: Session, arrive: Arrive
) -> None:
    select(session, SECOND)
    scanning = panes.capture.scanning
    scanning.changed.emit(True, "正在扫描")
    assert said(panes) == "正在扫描"
    arrive("a")
    scanning.changed.emit(False, "")
    assert said(panes) == "✓ 收到：李娜 · 封面"


def test_who_was_set_aside_meanwhile_is_not_called_complete(
    panes: Workspace, session: Session, scan_file: Draw
) -> None:
    select(session, SECOND)
    lock = panes.capture.flow.lock()
    session.act(acts.set_scope, [session.teachers()[SECOND].id], "out", "退休")
    panes.capture.flow.arrive(stored(session, scan_file, "a"), lock)
    assert said(panes) == "✓ 收到：李娜 · 封面"


def test_a_second_page_for_a_full_slot_waits_in_the_tray(
    desk: CaptureDesk, session: Session, scan_file: Draw
) -> None:
    """Two sources were locked on the same place."""
    select(session, SECOND)
    slow, quick = desk.flow.lock(), desk.flow.lock()
    desk.flow.arrive(stored(session, scan_file, "a"), quick)
    slow = desk.flow.arrive(stored(session, scan_file, "b"), slow)
    desk.flow.arrive(stored(session, scan_file, "c"), slow)
    assert drawn(session) == "李娜 cover:a | tray b | tray c"


def test_a_page_whose_certificate_went_meanwhile_waits_in_the_tray(
    desk: CaptureDesk, session: Session, scan_file: Draw
) -> None:
    select(session, SECOND)
    lock = desk.flow.lock()
    session.act(acts.remove_certificate, session.teachers()[SECOND].certificates[0].id)
    desk.flow.arrive(stored(session, scan_file, "a"), lock)
    assert drawn(session) == "tray a"


def test_a_page_of_somebody_else_is_taken_again_at_its_owner(
    panes: Workspace, session: Session, arrive: Arrive
) -> None:
    select(session, SECOND)
    arrive("a")
    page = session.teachers()[SECOND].certificates[0].pages_in("cover")[0]
    select(session, THIRD)
    panes.capture.retake(page)
    assert session.current == session.teachers()[SECOND].id
    arrive("x")
    assert drawn(session) == "李娜 cover:x"
    assert session.collection.trash_count() == 1


def test_habits_are_kept_and_a_broken_file_does_not_hurt(tmp_path: Path) -> None:
    HabitsFile(tmp_path).change(text_pages=3, advance=False)
    assert (HabitsFile(tmp_path).now.text_pages, HabitsFile(tmp_path).now.advance) == (3, False)
    (tmp_path / FILE).write_text("[General]\ntextPages=99\nadvance=perhaps\n", encoding="utf-8")
    assert (HabitsFile(tmp_path).now.text_pages, HabitsFile(tmp_path).now.advance) == (1, True)


def test_nothing_is_placed_in_a_collection_that_cannot_be_changed(
    desk: CaptureDesk, session: Session, scan_file: Draw, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """The page stays stored, the lock stays where it was, and the clerk is told."""
    select(session, SECOND)
    pages = stored(session, scan_file, "a")
    lock = desk.flow.lock()
    monkeypatch.setattr(session.collection, "read_only", True)
    with qtbot.waitSignal(session.failed):
        assert desk.flow.arrive(pages, lock) == lock
    assert drawn(session) == ""
