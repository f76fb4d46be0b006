"""Pictures pasted and dropped in the panes, from a chat program, a browser or a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection
from certclerk.gui.capture.pasting import paste
from certclerk.gui.main_window import MainWindow
from certclerk.gui.session import Session
from certclerk.gui.workspace import Workspace

Draw = Callable[..., Path]
SECOND, THIRD = 1, 2  # 李娜 with no page, 张三 with two certificates


@pytest.fixture
def panes(session: Session, tmp_path: Path, qtbot: QtBot) -> Workspace:
    made = Workspace(session, tmp_path)
    qtbot.addWidget(made)
    made.resize(1340, 660)
    with qtbot.waitExposed(made):
        made.show()
    session.select(session.teachers()[SECOND].id)
    return made


@pytest.fixture(autouse=True)
def clipboard(qapp: QApplication) -> Iterator[None]:
    yield
    qapp.clipboard().clear()


@pytest.fixture
def said(session: Session) -> list[str]:
    found: list[str] = []
    for voice in (session.message, session.failed, session.undoable):
        voice.connect(found.append)
    return found


def image(colour: str = "red") -> QImage:
    made = QImage(60, 84, QImage.Format.Format_RGB32)
    made.fill(QColor(colour))
    return made


def pictured(colour: str = "red") -> QMimeData:
    mime = QMimeData()
    mime.setImageData(image(colour))
    return mime


def linked(*urls: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(url) for url in urls])
    return mime


def drawn(session: Session) -> str:
    parts = []
    for teacher in session.teachers()[SECOND:]:
        parts += [f"{teacher.name} {page.slot}" for page in teacher.pages()]
    return " | ".join([*parts, *("tray" for _ in session.tray())])


def drop(widget: QWidget, mime: QMimeData) -> None:
    event = QDropEvent(
        QPointF(20, 20),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    widget.dropEvent(event)


def paste_into(panes: Workspace, session: Session) -> None:
    paste(session, panes.capture.flow, panes.scan)


@pytest.mark.parametrize("wide", [False, True])
def test_an_empty_clipboard_is_told_of(
    panes: Workspace, session: Session, said: list[str], qtbot: QtBot, wide: bool
) -> None:
    QApplication.clipboard().clear()
    panes.roster.set_wide(wide)
    qtbot.keyClick(panes.roster.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    paste(session, panes.capture.flow, panes.scan)
    assert said[-1].startswith("剪贴板里没有图片")


def test_pasted_pictures_go_slot_by_slot_and_on_to_the_next_teacher(
    panes: Workspace, session: Session, qapp: QApplication, qtbot: QtBot
) -> None:
    for number, colour in enumerate(("red", "green", "blue", "white"), 1):
        qapp.clipboard().setMimeData(pictured(colour))
        paste_into(panes, session)
        qtbot.waitUntil(
            lambda number=number: len(drawn(session).split(" | ")) == number and bool(drawn(session))
        )
    assert sorted(drawn(session).split(" | ")) == ["张三 cover", "李娜 cover", "李娜 remarks", "李娜 text"]


def test_pictures_pasted_one_upon_the_other_land_in_the_order_of_pasting(
    panes: Workspace, session: Session, scan_file: Draw, qapp: QApplication, qtbot: QtBot
) -> None:
    """The first takes long, the second none; both are meant for the slot that takes many."""
    certificate = session.teachers()[SECOND].certificates[0]
    session.set_target(certificate.id, "text")
    large = QMimeData()
    large.setImageData(image().scaled(2400, 3360))
    qapp.clipboard().setMimeData(large)
    paste_into(panes, session)
    session.set_target(certificate.id, "text")
    small = QMimeData()
    small.setData("image/jpeg", scan_file("small.jpg").read_bytes())
    qapp.clipboard().setMimeData(small)
    paste_into(panes, session)
    qtbot.waitUntil(lambda: len(session.teachers()[SECOND].certificates[0].pages_in("text")) == 2)
    widths = [page.width for page in session.teachers()[SECOND].certificates[0].pages_in("text")]
    assert widths == [2400, 60]


def test_a_pasted_picture_can_be_taken_back(
    panes: Workspace, session: Session, qapp: QApplication, qtbot: QtBot
) -> None:
    qapp.clipboard().setMimeData(pictured())
    paste_into(panes, session)
    qtbot.waitUntil(lambda: drawn(session) == "李娜 cover")
    panes.capture.take_back()
    assert drawn(session) == ""


def test_copied_files_go_as_if_they_were_dropped(
    panes: Workspace, session: Session, scan_file: Draw, qapp: QApplication, qtbot: QtBot
) -> None:
    qapp.clipboard().setMimeData(linked(scan_file("a.jpg").as_uri()))
    paste_into(panes, session)
    qtbot.waitUntil(lambda: drawn(session) == "李娜 cover")


def test_text_is_no_picture(panes: Workspace, session: Session, said: list[str], qapp: QApplication) -> None:
    qapp.clipboard().setText("张三\t女")
    paste_into(panes, session)
    assert said == ["剪贴板里没有图片。请先在聊天、浏览器或文件夹里复制图片，再粘贴。"]


def test_a_broken_picture_is_told(
    panes: Workspace, session: Session, said: list[str], qapp: QApplication, qtbot: QtBot
) -> None:
    mime = QMimeData()
    mime.setData("image/png", b"\x89PNG\r\n\x1a\n")
    qapp.clipboard().setMimeData(mime)
    paste_into(panes, session)
    qtbot.waitUntil(lambda: bool(said))
    assert "已损坏或不完整" in said[0]
    assert drawn(session) == ""


def test_a_picture_dropped_on_the_banner_goes_to_the_locked_place(
    panes: Workspace, session: Session, qtbot: QtBot
) -> None:
    drop(panes.scan.banner, pictured())
    qtbot.waitUntil(lambda: drawn(session) == "李娜 cover")


def card_of(panes: Workspace, slot: str) -> QWidget:
    return next(card for card in panes.scan.strip.cards if card.state.slot.id == slot)


@pytest.mark.parametrize("where", ["banner", "card", "panel"])
def test_with_the_last_page_dropped_into_the_locked_place_the_next_teacher_is_shown(
    panes: Workspace, session: Session, scan_file: Draw, qtbot: QtBot, where: str
) -> None:
    """Several files on the panel go by their names, to the teacher who is shown."""
    lacking = session.teachers()[SECOND]
    files = [scan_file(f"{slot}.jpg") for slot in ("内页", "备注页")]
    drop(panes.scan.banner, pictured())
    qtbot.waitUntil(lambda: drawn(session) == "李娜 cover")
    if where == "panel":
        drop(panes.scan, linked(*(path.as_uri() for path in files)))
    else:
        for path, slot in zip(files, ("text", "remarks"), strict=True):
            assert session.current == lacking.id
            drop(panes.scan.banner if where == "banner" else card_of(panes, slot), linked(path.as_uri()))
            qtbot.waitUntil(lambda slot=slot: slot in drawn(session))
    qtbot.waitUntil(lambda: session.current == session.teachers()[THIRD].id)
    assert "remarks" in drawn(session)


def test_dropped_anywhere_else_it_moves_nobody(
    panes: Workspace, session: Session, scan_file: Draw, qtbot: QtBot
) -> None:
    """The last page on another slot than the locked one, and one more page of a teacher who lacks none."""
    lacking = session.teachers()[SECOND]
    for slot in ("cover", "text"):
        drop(card_of(panes, slot), linked(scan_file(f"{slot}.jpg").as_uri()))
        qtbot.waitUntil(lambda slot=slot: slot in drawn(session))
    session.set_target(lacking.certificates[0].id, "text")
    for name, slot in (("c.jpg", "remarks"), ("d.jpg", "text")):
        with qtbot.waitSignal(session.undoable):
            drop(card_of(panes, slot), linked(scan_file(name).as_uri()))
        assert session.current == lacking.id
    assert session.standing(lacking.id).gaps == ()


def test_on_a_slot_it_goes_there(panes: Workspace, session: Session, qtbot: QtBot) -> None:
    drop(card_of(panes, "remarks"), pictured())
    qtbot.waitUntil(lambda: drawn(session) == "李娜 remarks")


def test_on_the_tray_it_waits_there(panes: Workspace, session: Session, qtbot: QtBot) -> None:
    drop(panes.tray, pictured())
    qtbot.waitUntil(lambda: drawn(session) == "tray")


@pytest.mark.parametrize("where", ["banner", "panel", "tray", "card"])
def test_an_address_of_the_web_is_told(
    panes: Workspace, session: Session, said: list[str], where: str
) -> None:
    scan = panes.scan
    target = {"banner": scan.banner, "panel": scan, "tray": panes.tray, "card": scan.strip.cards[0]}[where]
    drop(target, linked("https://example.org/a.jpg"))
    assert said and "不连接网络" in said[0]
    assert drawn(session) == ""


# By keys, in the window


@pytest.fixture
def window(collection: Collection, tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    collection.close()
    made = MainWindow(tmp_path)
    qtbot.addWidget(made)
    assert made.open_path(collection.path)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.opened.select(made.opened.teachers()[SECOND].id)
    yield made
    made.close()


@pytest.mark.parametrize("wide", [False, True])
def test_ctrl_v_takes_a_picture_wherever_the_focus_is(
    window: MainWindow, qapp: QApplication, qtbot: QtBot, wide: bool
) -> None:
    window.action("actionWideRoster").setChecked(wide)
    qapp.clipboard().setMimeData(pictured())
    window.shown.roster.table.setFocus()
    QTest.keyClick(window.shown.roster.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: drawn(window.opened) == "李娜 cover")


def test_ctrl_v_with_text_stays_the_full_tables(window: MainWindow, qapp: QApplication, qtbot: QtBot) -> None:
    window.action("actionWideRoster").setChecked(True)
    table = window.shown.roster.table
    table.setFocus()
    table.setCurrentIndex(table.model().index(SECOND, 1))
    qapp.clipboard().setText("李小娜")
    QTest.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.opened.teachers()[SECOND].name == "李小娜")
