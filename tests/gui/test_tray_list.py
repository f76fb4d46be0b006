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
from certclerk.core.records import Page
from certclerk.gui.mime import carrying_pages, pages_carried
from certclerk.gui.scan import place_dialog
from certclerk.gui.scan import tray_list as module
from certclerk.gui.scan.place_dialog import Destination, PlaceDialog
from certclerk.gui.scan.tray_list import TrayList
from certclerk.gui.scan.tray_model import LIKELY_ROLE, WHY_ROLE, TrayModel
from certclerk.gui.session import Session
from certclerk.gui.trash_dialog import TrashDialog
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
        "移动页到…\tF2",
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


def test_nothing_is_said_of_what_was_not_done(tray: TrayList, session: Session, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(session.undoable):
        tray.discard(())


def test_delete_goes_to_the_trash_which_one_button_shows(
    tray: TrayList, session: Session, qtbot: QtBot
) -> None:
    choose(tray, 0, 2)
    with qtbot.waitSignal(session.undoable):
        qtbot.keyClick(tray.list, Qt.Key.Key_Delete)
    assert shown(tray) == "B"
    trash = tray.findChild(QToolButton, "trashButton")
    assert trash is not None and trash.text() == "回收站 (2)"
    press(tray, "trashButton")
    dialog = tray.findChild(TrashDialog)
    assert dialog is not None and dialog.isVisible()
    dialog.accept()
    session.undo()
    assert trash.text() == "回收站"


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


# Suggested owners


def test_a_row_says_whose_it_may_be_where_it_would_go_and_why(tray: TrayList, put_page: Put) -> None:
    put_page("旧 陈明 扫.jpg")
    index = tray.list.model().index(3, 0)
    assert index.data(LIKELY_ROLE) == "可能是 第6号 陈明 · 封面"
    assert index.data(WHY_ROLE) == "文件名里有“陈明”；名册中没有文件名里的姓名"
    assert "可能是 第6号 陈明 · 封面" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert tray.list.model().index(0, 0).data(LIKELY_ROLE) == ""


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_takes_a_suggestion_up(
    tray: TrayList, session: Session, put_page: Put, qtbot: QtBot, key: Qt.Key
) -> None:
    put_page("陈明 备注.jpg")
    choose(tray, 3)
    with qtbot.waitSignal(session.undoable) as told:
        qtbot.keyClick(tray.list, key)
    assert told.args == ["已归位到 第6号 陈明 · 备注页。"]
    (page,) = session.teachers()[5].pages()
    assert (page.slot, page.source) == ("remarks", "陈明 备注.jpg")
    assert session.collection.undo_label == "移动到 第6号 陈明 · 备注页"


def test_several_suggestions_are_taken_up_in_one_undo(
    tray: TrayList, session: Session, put_page: Put, qtbot: QtBot
) -> None:
    put_page("陈明 封面.jpg")
    put_page("旧 张三 初中 扫.jpg")
    choose(tray, 0, 3, 4)
    with qtbot.waitSignal(session.undoable) as told:
        qtbot.keyClick(tray.list, Qt.Key.Key_Return)
    assert told.args == ["已归位 2 页，1 页留在待归位。"]
    assert [page.source for page in session.teachers()[5].pages()] == ["陈明 封面.jpg"]
    (page,) = session.teachers()[2].pages()
    assert page.certificate_id == session.teachers()[2].certificates[1].id
    session.undo()
    assert len(session.tray()) == 5


def test_without_room_at_the_suggested_teacher_the_clerk_is_asked(
    tray: TrayList, put_page: Put, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(module, "move_elsewhere", lambda *arguments: asked.append(arguments[3]))
    put_page("旧 王芳 扫.jpg")  # who has all her pages
    assert tray.list.model().index(3, 0).data(LIKELY_ROLE) == "可能是 第1号 王芳"
    choose(tray, 3)
    qtbot.keyClick(tray.list, Qt.Key.Key_Return)
    assert asked == [tray._session.teachers()[0].id]


@pytest.mark.parametrize("most", ["CHECKED_AT_ONCE", "READ_AT_ONCE"])
def test_in_a_large_roster_or_tray_suggestions_come_a_moment_later(
    tray: TrayList, session: Session, put_page: Put, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, most: str
) -> None:
    monkeypatch.setattr(module, most, 3)
    put_page("陈明 封面.jpg")
    put_page("张三 高中 封面.jpg")
    index = tray.list.model().index
    qtbot.waitUntil(lambda: bool(index(3, 0).data(LIKELY_ROLE) and index(4, 0).data(LIKELY_ROLE)))
    choose(tray, 3, 4)
    qtbot.keyClick(tray.list, Qt.Key.Key_Return)
    assert len(session.tray()) == 3
    qtbot.waitUntil(lambda: not session.runner.busy)


def test_the_menu_offers_the_suggestion_first(tray: TrayList, session: Session, put_page: Put) -> None:
    menu = tray._menu([put_page("旧 陈明 扫.jpg")])
    assert menu_texts(menu)[:2] == ["采用：第6号 陈明 · 封面\tEnter", "转到可能的教师"]
    going, taking = (menu.findChild(QAction, name) for name in ("likelyTeacherAction", "takeUpAction"))
    assert going is not None and taking is not None
    going.trigger()
    assert session.current == session.teachers()[5].id
    taking.trigger()
    assert [page.source for page in session.teachers()[5].pages()] == ["旧 陈明 扫.jpg"]


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_M])
def test_a_key_asks_where_pages_are_to_go(
    tray: TrayList, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, key: Qt.Key
) -> None:
    wanted = session.teachers()[5].certificates[0]

    def answer(
        _parent: object, _session: Session, pages: tuple[Page, ...], suggested: int | None
    ) -> Destination:
        assert suggested == session.current
        return Destination(wanted.id, "text", tuple(page.id for page in pages))

    monkeypatch.setattr(place_dialog, "ask_place", answer)
    choose(tray, 0, 1)
    qtbot.keyClick(tray.list, key)
    assert [page.source for page in session.teachers()[5].pages()] == ["a.jpg", "b.jpg"]
    assert session.collection.undo_label == "移动到 陈明 · 内页"


def test_an_empty_tray_says_so(tray: TrayList, session: Session) -> None:
    session.act(acts.trash_pages, [page.id for page in tray.pages()])
    assert not tray.list.isVisible()
    assert tray._empty.isVisible() and tray._empty.text() == "没有待归位的页"


def test_the_model_keeps_its_promises(put_page: Put) -> None:
    model = TrayModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    pages = [put_page("a.jpg"), put_page("b.jpg")]
    model.show_pages(pages, {})
    assert model.row_of(pages[1].id) == 1
    model.show_pages([], {})
    assert model.row_of(pages[1].id) is None
    del tester


# Choosing another teacher


@pytest.fixture
def dialog(session: Session, put_page: Put, qtbot: QtBot) -> PlaceDialog:
    """For one page from the tray."""
    made = PlaceDialog(session, [put_page("x.jpg")], session.teachers()[1].id)
    qtbot.addWidget(made)
    return made


def gap(dialog: PlaceDialog) -> Gap | None:
    to = dialog.destination
    return Gap(to.certificate_id, to.slot) if to else None


def test_the_suggested_teachers_first_gap_is_offered(dialog: PlaceDialog, session: Session) -> None:
    assert gap(dialog) == Gap(session.teachers()[1].certificates[0].id, "cover")
    assert dialog._effect.text() == "那里空着，放进去。"


def test_search_takes_pinyin_and_the_next_gap_is_offered(
    dialog: PlaceDialog, session: Session, put_page: Put
) -> None:
    held = session.teachers()[5].certificates[0]
    put_page("a.jpg", held.id, "cover")
    dialog._search.setText("cm")
    assert [dialog._teachers.item(row).text() for row in range(dialog._teachers.count())] == [
        "6　陈明　高级中学"
    ]
    assert gap(dialog) == Gap(held.id, "text")
    assert dialog._slot.itemText(0) == "封面（已有 1 页）"


@pytest.mark.parametrize("text", ["6", "013350054", "chenming"])
def test_number_and_full_pinyin_find_them_too(dialog: PlaceDialog, text: str) -> None:
    dialog._search.setText(text)
    names = [dialog._teachers.item(row).text() for row in range(dialog._teachers.count())]
    assert any("陈明" in name for name in names)


def test_a_name_that_nobody_bears_cannot_be_accepted(dialog: PlaceDialog) -> None:
    dialog._search.setText("没有这个人")
    assert dialog.destination is None
    assert not dialog._accept.isEnabled()


def test_of_two_certificates_one_is_chosen(dialog: PlaceDialog, session: Session) -> None:
    dialog._search.setText("张三")
    dialog._certificate.setCurrentIndex(1)
    assert gap(dialog) == Gap(session.teachers()[2].certificates[1].id, "cover")


def test_what_lies_there_is_shown_and_what_becomes_of_it(
    session: Session, put_page: Put, qtbot: QtBot
) -> None:
    held = session.teachers()[5].certificates[0]
    there = put_page("there.jpg", held.id, "cover")
    waiting, placed = put_page("w.jpg"), put_page("p.jpg", session.teachers()[1].certificates[0].id, "text")
    for pages, words in (
        ([waiting], "那里已有一页，它会到待归位。"),
        ([placed], "那里已有一页，与它交换位置。"),
        ([there], "这一页已经在那里了。"),
        ([waiting, placed], "那里只能放一页，请一次移动一页。"),
    ):
        made = PlaceDialog(session, pages, session.teachers()[5].id)
        qtbot.addWidget(made)
        made._slot.setCurrentIndex(made._slot.findData("cover"))
        assert made._effect.text() == words
        assert [made._there.item(row).toolTip() for row in range(made._there.count())] == ["there.jpg"]
        assert made._accept.isEnabled() == (words[-4:] in ("待归位。", "换位置。"))


def test_pages_under_the_wrong_teacher_go_each_to_the_slot_of_its_name(
    session: Session, put_page: Put, qtbot: QtBot
) -> None:
    wrong, right = session.teachers()[1].certificates[0], session.teachers()[5].certificates[0]
    pages = [put_page(f"{slot}.jpg", wrong.id, slot) for slot in ("cover", "text", "remarks")]
    made = PlaceDialog(session, pages, session.teachers()[5].id)
    qtbot.addWidget(made)
    assert made._slot.currentText() == "各归原来的页位（封面到封面…）"
    made._moving.item(2).setCheckState(Qt.CheckState.Unchecked)
    assert made._accept.text() == "移动 2 页"
    to = made.destination
    assert to is not None
    place_dialog.put_alike(session, to.page_ids, to.certificate_id)
    assert {(page.slot, page.source) for page in session.teachers()[5].pages()} == {
        ("cover", "cover.jpg"),
        ("text", "text.jpg"),
    }
    assert [page.source for page in session.teachers()[1].pages()] == ["remarks.jpg"]
    assert right.id == to.certificate_id
    session.undo()
    assert len(list(session.teachers()[1].pages())) == 3
