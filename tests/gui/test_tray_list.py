from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from certclerk.core.progress import Gap
from certclerk.core.records import Page, Place
from certclerk.gui.mime import carrying_pages, pages_carried
from certclerk.gui.scan import tray_list as module
from certclerk.gui.scan.place_dialog import PlaceDialog
from certclerk.gui.scan.tray_list import TrayList
from certclerk.gui.scan.tray_model import TrayModel
from certclerk.gui.session import Session
from certclerk.jobs import acts

Put = Callable[..., Page]

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", "grabbing the keyboard", r"raise\(\)")


@pytest.fixture
def tray(session: Session, put_page: Put, qtbot: QtBot) -> TrayList:
    """a b c wait, 2 李娜 is selected."""
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        put_page(name)
    session.select(session.teachers()[1].id)
    made = TrayList(session)
    qtbot.addWidget(made)
    made.resize(330, 260)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def shown(tray: TrayList) -> str:
    """The pages by name; the chosen ones in upper case."""
    chosen = {page.id for page in tray.chosen()}
    names = [(page.source.removesuffix(".jpg"), page.id in chosen) for page in tray.pages()]
    return " ".join(name.upper() if is_chosen else name for name, is_chosen in names)


def choose(tray: TrayList, *rows: int) -> None:
    choice = tray.list.selectionModel()
    choice.clear()
    for row in rows:
        choice.select(tray.list.model().index(row, 0), QItemSelectionModel.SelectionFlag.Select)
    index = tray.list.model().index(rows[-1], 0)
    choice.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
    tray.list.setFocus()


def fold(tray: TrayList) -> QToolButton:
    found = tray.findChild(QToolButton, "trayFoldButton")
    assert found is not None
    return found


def press(tray: TrayList, name: str) -> None:
    found = tray.findChild(QToolButton, name)
    assert found is not None and found.isVisible()
    found.click()


def menu_texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def slot_sources(session: Session, slot: str) -> list[str]:
    return [page.source for page in session.teachers()[1].certificates[0].pages_in(slot)]


def test_it_counts_and_lists_what_waits(tray: TrayList) -> None:
    assert fold(tray).text() == "待归位 (3)"
    assert shown(tray) == "a b c"
    index = tray.list.model().index(0, 0)
    spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "a.jpg，名册中没有文件名里的姓名"


def test_what_arrives_unfolds_the_tray(tray: TrayList, put_page: Put) -> None:
    fold(tray).click()
    assert not tray.list.isVisible()
    put_page("d.jpg")
    assert tray.list.isVisible()
    assert fold(tray).text() == "待归位 (4)"


def test_enter_offers_the_slots_of_the_current_teacher(
    tray: TrayList, session: Session, qtbot: QtBot
) -> None:
    choose(tray, 1)
    qtbot.keyClick(tray.list, Qt.Key.Key_Return)
    menu = tray.findChild(QMenu, "trayMenu")
    assert menu is not None
    assert menu_texts(menu) == [
        "归到 李娜 · 封面",
        "归到 李娜 · 内页",
        "归到 李娜 · 备注页",
        "移到其他教师…",
        "删除\tDel",
    ]
    menu.actions()[1].trigger()
    menu.close()
    assert slot_sources(session, "text") == ["b.jpg"]
    assert shown(tray) == "a C", "the next page is chosen, so that Enter goes on"


def test_with_two_certificates_each_has_its_own_entry(tray: TrayList, session: Session) -> None:
    session.select(session.teachers()[2].id)
    menu = tray._menu(tray.pages()[:1])
    assert menu_texts(menu)[:2] == ["归到 高级中学 2013", "归到 初级中学 2013"]


def test_several_pages_go_in_their_order_in_one_step(tray: TrayList, session: Session) -> None:
    held = session.teachers()[1].certificates[0]
    tray.put(tray.pages(), Gap(held.id, "text"))
    assert slot_sources(session, "text") == ["a.jpg", "b.jpg", "c.jpg"]
    session.undo()
    assert shown(tray) == "a b c"


def test_several_pages_do_not_go_where_there_is_room_for_one(
    tray: TrayList, session: Session, qtbot: QtBot
) -> None:
    held = session.teachers()[1].certificates[0]
    with qtbot.waitSignal(session.failed) as failed:
        tray.put(tray.pages(), Gap(held.id, "cover"))
    assert "只有一页" in failed.args[0]
    assert shown(tray) == "a b c"


def test_a_page_takes_anothers_place_and_that_one_waits(tray: TrayList, session: Session) -> None:
    held = session.teachers()[1].certificates[0]
    tray.put(tray.pages()[:1], Gap(held.id, "cover"))
    tray.put(tray.pages()[:1], Gap(held.id, "cover"))
    assert slot_sources(session, "cover") == ["b.jpg"]
    assert {page.source for page in tray.pages()} == {"a.jpg", "c.jpg"}


def test_delete_goes_to_the_trash_and_comes_back(tray: TrayList, session: Session, qtbot: QtBot) -> None:
    choose(tray, 0, 2)
    with qtbot.waitSignal(session.undoable):
        qtbot.keyClick(tray.list, Qt.Key.Key_Delete)
    assert shown(tray) == "B"
    press(tray, "trashButton")
    assert tray.place is Place.TRASH
    assert fold(tray).text() == "回收站 (2)"
    choose(tray, 0)
    press(tray, "restoreButton")
    assert len(tray.pages()) == 1
    press(tray, "restoreButton")
    press(tray, "trashButton")
    assert tray.place is Place.TRAY
    assert shown(tray).lower() == "a b c"


def test_enter_in_the_trash_restores(tray: TrayList, session: Session, qtbot: QtBot) -> None:
    session.act(acts.trash_pages, [tray.pages()[0].id])
    tray.show_place(Place.TRASH)
    choose(tray, 0)
    qtbot.keyClick(tray.list, Qt.Key.Key_Return)
    assert tray.pages() == ()
    assert len(session.tray()) == 3


def test_what_is_chosen_is_shown_large(tray: TrayList, qtbot: QtBot) -> None:
    choose(tray, 0)
    with qtbot.waitSignal(tray.page_shown) as asked:
        qtbot.keyClick(tray.list, Qt.Key.Key_Down)
    assert asked.args[0].source == "b.jpg"


def test_chosen_pages_are_carried_together(tray: TrayList) -> None:
    model = tray.list.model()
    mime = model.mimeData([model.index(2, 0), model.index(0, 0)])
    pages = tray.pages()
    assert pages_carried(mime) == (pages[0].id, pages[2].id)


def drop(tray: TrayList, mime: QMimeData) -> None:
    tray.dropEvent(
        QDropEvent(
            QPointF(20, 60),
            Qt.DropAction.MoveAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def test_a_page_dragged_here_waits(tray: TrayList, session: Session, put_page: Put) -> None:
    page = put_page("d.jpg", session.teachers()[1].certificates[0].id, "cover")
    drop(tray, carrying_pages([page.id]))
    assert {waiting.source for waiting in tray.pages()} == {"a.jpg", "b.jpg", "c.jpg", "d.jpg"}
    assert slot_sources(session, "cover") == []


def test_files_dropped_here_go_by_their_names(
    tray: TrayList, session: Session, scan_file: Callable[..., Path], qtbot: QtBot
) -> None:
    mime = QMimeData()
    paths = (scan_file("李娜 封面.jpg", "red"), scan_file("IMG_9.jpg", "blue"))
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    with qtbot.waitSignal(session.changed):
        drop(tray, mime)
    assert slot_sources(session, "cover") == ["李娜 封面.jpg"]
    assert "IMG_9.jpg" in {page.source for page in tray.pages()}


def test_pages_go_to_another_teacher_by_search(
    tray: TrayList, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = session.teachers()[5]
    gap = Gap(wanted.certificates[0].id, "cover")
    monkeypatch.setattr(module, "ask_place", lambda *_asked: gap)
    tray._choose_place(tray.pages()[:1])
    assert [page.source for page in session.teachers()[5].pages()] == ["a.jpg"]


def test_who_is_named_in_the_file_is_suggested(
    tray: TrayList, session: Session, put_page: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = put_page("陈明 什么页.jpg")
    suggested: list[int | None] = []
    monkeypatch.setattr(module, "ask_place", lambda *asked: suggested.append(asked[3]))
    tray._choose_place([page])
    tray._choose_place(tray.pages()[:1])
    assert suggested == [session.teachers()[5].id, session.current]
    menu = tray._menu([page])
    assert "转到可能的教师：陈明" in menu_texts(menu)
    menu.findChild(QAction, "likelyTeacherAction").trigger()
    assert session.current == session.teachers()[5].id


def test_an_empty_tray_says_so(tray: TrayList, session: Session) -> None:
    session.act(acts.trash_pages, [page.id for page in tray.pages()])
    assert not tray.list.isVisible()
    assert tray._empty.isVisible() and tray._empty.text() == "没有待归位的页"


def test_the_model_keeps_its_promises(put_page: Put) -> None:
    model = TrayModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    pages = [put_page("a.jpg"), put_page("b.jpg")]
    model.show_pages(pages)
    assert model.row_of(pages[1].id) == 1
    model.show_pages([])
    assert model.row_of(pages[1].id) is None
    del tester


# Choosing another teacher


@pytest.fixture
def dialog(session: Session, qtbot: QtBot) -> PlaceDialog:
    made = PlaceDialog(session, 2, session.teachers()[1].id)
    qtbot.addWidget(made)
    return made


def test_the_suggested_teachers_first_gap_is_offered(dialog: PlaceDialog, session: Session) -> None:
    assert dialog.gap == Gap(session.teachers()[1].certificates[0].id, "cover")


def test_search_takes_pinyin_and_the_next_gap_is_offered(
    dialog: PlaceDialog, session: Session, put_page: Put
) -> None:
    held = session.teachers()[5].certificates[0]
    put_page("a.jpg", held.id, "cover")
    dialog._search.setText("cm")
    assert [dialog._teachers.item(row).text() for row in range(dialog._teachers.count())] == [
        "6　陈明　高级中学"
    ]
    assert dialog.gap == Gap(held.id, "text")
    assert dialog._slot.itemText(0) == "封面（已有 1 页）"


def test_a_name_that_nobody_bears_cannot_be_accepted(dialog: PlaceDialog) -> None:
    dialog._search.setText("没有这个人")
    assert dialog.gap is None
    assert not dialog._accept.isEnabled()


def test_of_two_certificates_one_is_chosen(dialog: PlaceDialog, session: Session) -> None:
    dialog._search.setText("张三")
    dialog._certificate.setCurrentIndex(1)
    assert dialog.gap == Gap(session.teachers()[2].certificates[1].id, "cover")
