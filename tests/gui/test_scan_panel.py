from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from certclerk.core.progress import Gap
from certclerk.core.records import Page, Place
from certclerk.gui.mime import Scans, carrying_pages
from certclerk.gui.scan import page_reasons
from certclerk.gui.scan import panel as module
from certclerk.gui.scan.page_placing import put_pages
from certclerk.gui.scan.page_thumb import EmptyPlace, PageThumb
from certclerk.gui.scan.panel import ScanPanel
from certclerk.gui.scan.slot_card import SlotCard
from certclerk.gui.session import Session
from certclerk.jobs import acts

Put = Callable[..., Page]
Draw = Callable[..., Path]

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

FIRST, SECOND, THIRD = 0, 1, 2  # 王芳 with all her pages, 李娜 with none, 张三 with two certificates


@pytest.fixture
def panel(session: Session, qtbot: QtBot) -> ScanPanel:
    made = ScanPanel(session)
    qtbot.addWidget(made)
    made.resize(640, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def select(session: Session, index: int) -> int:
    """The first certificate of the teacher who is then current."""
    teacher = session.teachers()[index]
    session.select(teacher.id)
    return teacher.certificates[0].id


def card(panel: ScanPanel, slot: str) -> SlotCard:
    return next(card for card in panel.strip.cards if card.state.slot.id == slot)


def place(panel: ScanPanel, slot: str) -> EmptyPlace:
    found = card(panel, slot).place
    assert found is not None
    return found


def button(panel: QWidget, name: str) -> QPushButton | QToolButton:
    found = panel.findChild(QPushButton, name) or panel.findChild(QToolButton, name)
    assert found is not None
    return found


def sources(session: Session, index: int, slot: str) -> list[str]:
    held = session.teachers()[index].certificates[0]
    return [page.source for page in held.pages_in(slot)]


def drop(target: QWidget, mime: QMimeData, x: float = 10) -> None:
    target.dropEvent(
        QDropEvent(
            QPointF(x, 20),
            Qt.DropAction.MoveAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


# What is shown


def test_nobody_selected(panel: ScanPanel, session: Session) -> None:
    assert panel.heading._name.text() == "未选教师"
    assert not panel.banner.isVisible() and not panel.strip.isVisible()
    assert panel.view.canvas._empty_text == "请在左边的名册中选一位教师。"
    session.act(acts.remove_teachers, [teacher.id for teacher in session.teachers()])
    assert "名册还是空的" in panel.view.canvas._empty_text


def test_the_heading_says_who_and_the_number_is_masked(panel: ScanPanel, session: Session) -> None:
    select(session, THIRD)
    number = session.teachers()[THIRD].id_number
    assert panel.heading._name.text() == "3　张三"
    assert panel.heading._about.text() == f"女 · {number[:4]}…{number[-4:]} · 高级中学、初级中学"
    assert panel.heading._state.text() == "待扫"


def test_the_target_is_large_and_marked(panel: ScanPanel, session: Session, qtbot: QtBot) -> None:
    select(session, SECOND)
    assert panel.banner.text() == "下一页：李娜 · 封面"
    assert place(panel, "cover").is_target and not place(panel, "remarks").is_target
    qtbot.mouseClick(place(panel, "remarks"), Qt.MouseButton.LeftButton)
    assert panel.banner.text() == "下一页：李娜 · 备注页"
    assert place(panel, "remarks").is_target and not place(panel, "cover").is_target


def test_with_two_certificates_the_target_names_the_kind(panel: ScanPanel, session: Session) -> None:
    select(session, THIRD)
    assert panel.banner.text() == "下一页：张三 · 高级中学 · 封面"
    assert [panel.tabs.bar.tabText(index) for index in range(2)] == ["高级中学 2013", "初级中学 2013"]
    panel.tabs.bar.setCurrentIndex(1)
    second = session.teachers()[THIRD].certificates[1]
    place(panel, "cover").click()
    assert session.target == Gap(second.id, "cover")
    assert panel.banner.text() == "下一页：张三 · 初级中学 · 封面"


def test_who_has_all_pages_leads_on_to_the_next(panel: ScanPanel, session: Session) -> None:
    select(session, FIRST)
    assert panel.banner.text() == "王芳的页已齐"
    button(panel, "nextGapButton").click()
    assert session.current == session.teachers()[SECOND].id
    assert not button(panel, "nextGapButton").isVisible()


def test_a_page_that_comes_is_shown_and_the_target_moves_on(
    panel: ScanPanel, session: Session, put_page: Put
) -> None:
    held = select(session, SECOND)
    page = put_page("封面.jpg", held, "cover")
    assert panel.view.page == page
    assert panel.banner.text() == "下一页：李娜 · 内页"
    assert card(panel, "cover").thumbs[0]._shown


def test_an_out_of_scope_certificate_says_why_and_can_still_take_pages(
    panel: ScanPanel, session: Session, put_page: Put
) -> None:
    held = select(session, SECOND)
    session.act(acts.set_certificate_field, held, "issued", "2005-07-01")
    assert panel.scope_bar.isVisible()
    assert "不纳入：2009年1月1日以前取得" in panel.scope_bar._words.text()
    assert panel.tabs.bar.tabText(0) == "高级中学 2005（不纳入）"
    assert not panel.banner.isVisible()
    assert "空" in place(panel, "cover").accessibleName()
    place(panel, "cover").click()
    assert panel.banner.isVisible() and panel.banner.text() == "下一页：李娜 · 封面"
    put_page("封面.jpg", held, "cover")
    assert sources(session, SECOND, "cover") == ["封面.jpg"]


def test_an_open_certificate_is_decided_here(
    panel: ScanPanel, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = select(session, SECOND)
    session.act(acts.set_certificate_field, held, "authority", "")
    assert "待定：缺认定机构" in panel.scope_bar._words.text()
    button(panel, "includeButton").click()
    assert panel.scope_bar._words.text() == "这本证书已决定纳入"
    assert panel.banner.text() == "下一页：李娜 · 封面"
    button(panel, "reopenButton").click()
    monkeypatch.setattr(module, "ask_reason", lambda *_asked: "借调")
    button(panel, "excludeButton").click()
    assert panel.scope_bar._words.text() == "这本证书已决定不纳入：借调"


def test_a_teacher_on_hold_is_taken_back_here(panel: ScanPanel, session: Session) -> None:
    select(session, SECOND)
    session.act(acts.set_scope, [session.teachers()[SECOND].id], "hold", "材料不全")
    assert panel.scope_bar._words.text() == "本人已设为暂缓：材料不全"
    button(panel, "readmitButton").click()
    assert session.teachers()[SECOND].choice == ""
    assert not panel.scope_bar.isVisible()


# Files


def test_from_file_puts_one_picture_where_the_next_page_goes(
    panel: ScanPanel, session: Session, scan_file: Draw, file_dialogs: object, qtbot: QtBot
) -> None:
    select(session, SECOND)
    file_dialogs.answer = (scan_file("IMG_1.jpg"),)  # type: ignore[attr-defined]
    with qtbot.waitSignal(session.changed):
        button(panel, "filesButton").click()
    assert sources(session, SECOND, "cover") == ["IMG_1.jpg"]


def test_several_files_at_once_are_told_apart_by_name(
    panel: ScanPanel, session: Session, scan_file: Draw, file_dialogs: object, qtbot: QtBot
) -> None:
    select(session, SECOND)
    names = {"备注.jpg": "red", "封面.jpg": "green", "内页.jpg": "blue"}
    chosen = tuple(scan_file(name, colour) for name, colour in names.items())
    file_dialogs.answer = chosen  # type: ignore[attr-defined]
    with qtbot.waitSignal(session.changed):
        button(panel, "filesButton").click()
    assert [sources(session, SECOND, slot) for slot in ("cover", "text", "remarks")] == [
        ["封面.jpg"],
        ["内页.jpg"],
        ["备注.jpg"],
    ]


def test_a_file_dropped_on_a_slot_goes_there(
    panel: ScanPanel, session: Session, scan_file: Draw, qtbot: QtBot
) -> None:
    select(session, SECOND)
    with qtbot.waitSignal(session.changed):
        drop(card(panel, "remarks"), files(scan_file("IMG_1.jpg")))
    assert sources(session, SECOND, "remarks") == ["IMG_1.jpg"]


def test_a_folder_dropped_on_the_panel_goes_by_names_to_this_teacher(
    panel: ScanPanel, session: Session, scan_file: Draw, qtbot: QtBot
) -> None:
    select(session, SECOND)
    scan_file("夹/封面.jpg", "red")
    folder = scan_file("夹/IMG_2.jpg", "blue").parent
    with qtbot.waitSignal(session.changed):
        drop(panel, files(folder))
    assert sources(session, SECOND, "cover") == ["封面.jpg"]
    assert [page.source for page in session.tray()] == ["IMG_2.jpg"]


def test_a_file_dropped_on_the_banner_goes_to_the_target(
    panel: ScanPanel, session: Session, scan_file: Draw, qtbot: QtBot
) -> None:
    select(session, SECOND)
    with qtbot.waitSignal(session.changed):
        drop(panel.banner, files(scan_file("IMG_1.jpg")))
    assert sources(session, SECOND, "cover") == ["IMG_1.jpg"]


def test_what_is_no_picture_is_refused_by_name_and_nothing_changes(
    panel: ScanPanel, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    select(session, SECOND)
    path = tmp_path / "坏.jpg"
    path.write_bytes(b"no picture")
    label = session.collection.undo_label
    with qtbot.waitSignal(session.failed) as failed:
        drop(card(panel, "cover"), files(path))
    assert "坏.jpg" in failed.args[0]
    assert session.collection.undo_label == label


# Moving pages


def test_a_page_is_dragged_to_an_empty_slot(panel: ScanPanel, session: Session, put_page: Put) -> None:
    page = put_page("a.jpg", select(session, SECOND), "cover")
    drop(card(panel, "remarks"), carrying_pages([page.id]))
    assert (sources(session, SECOND, "cover"), sources(session, SECOND, "remarks")) == ([], ["a.jpg"])


def test_two_pages_change_places_in_one_step(panel: ScanPanel, session: Session, put_page: Put) -> None:
    held = select(session, SECOND)
    cover, remarks = put_page("a.jpg", held, "cover"), put_page("b.jpg", held, "remarks")
    drop(card(panel, "remarks"), carrying_pages([cover.id]))
    assert (sources(session, SECOND, "cover"), sources(session, SECOND, "remarks")) == (["b.jpg"], ["a.jpg"])
    session.undo()
    assert (sources(session, SECOND, "cover"), sources(session, SECOND, "remarks")) == (["a.jpg"], ["b.jpg"])
    assert remarks.place is Place.SLOT


@pytest.mark.parametrize(
    ("moved", "before", "order"),
    [("a", 2, "bac"), ("a", 3, "bca"), ("c", 0, "cab"), ("b", 1, "abc"), ("b", 2, "abc")],
)
def test_pages_are_put_in_order_by_dragging(
    panel: ScanPanel, session: Session, put_page: Put, moved: str, before: int, order: str
) -> None:
    """a b c, one of them dropped before the page of that number."""
    held = select(session, SECOND)
    pages = {name: put_page(f"{name}.jpg", held, "text") for name in "abc"}
    panel.strip.pages_dropped.emit((pages[moved].id,), "text", before)
    assert "".join(name.removesuffix(".jpg") for name in sources(session, SECOND, "text")) == order


def test_a_page_of_the_tray_is_dragged_to_a_slot(panel: ScanPanel, session: Session, put_page: Put) -> None:
    select(session, SECOND)
    page = put_page("a.jpg")
    drop(panel.banner, carrying_pages([page.id]))
    assert sources(session, SECOND, "cover") == ["a.jpg"]
    assert session.tray() == ()


def focus(panel: ScanPanel, page: Page) -> PageThumb:
    panel.strip.focus_page(page.id)
    thumb = panel.strip.focusWidget()
    assert isinstance(thumb, PageThumb)
    return thumb


def test_keys_turn_order_and_take_away(
    panel: ScanPanel, session: Session, put_page: Put, qtbot: QtBot
) -> None:
    held = select(session, SECOND)
    a, b = put_page("a.jpg", held, "text"), put_page("b.jpg", held, "text")
    qtbot.keyClick(focus(panel, a), Qt.Key.Key_R)
    assert session.teachers()[SECOND].certificates[0].pages_in("text")[0].rotation == 90
    qtbot.keyClick(focus(panel, a), Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    assert session.teachers()[SECOND].certificates[0].pages_in("text")[0].rotation == 0
    qtbot.keyClick(focus(panel, a), Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert sources(session, SECOND, "text") == ["b.jpg", "a.jpg"]
    qtbot.keyClick(focus(panel, b), Qt.Key.Key_T)
    assert [page.source for page in session.tray()] == ["b.jpg"]
    with qtbot.waitSignal(session.undoable):
        qtbot.keyClick(focus(panel, a), Qt.Key.Key_Delete)
    assert sources(session, SECOND, "text") == []
    assert [trashed.page.source for trashed in session.collection.trash()] == ["a.jpg"]
    session.undo()
    assert sources(session, SECOND, "text") == ["a.jpg"]


def test_keys_work_from_the_preview_too(
    panel: ScanPanel, session: Session, put_page: Put, qtbot: QtBot
) -> None:
    put_page("a.jpg", select(session, SECOND), "cover")
    panel.view.canvas.setFocus()
    qtbot.keyClick(panel.view.canvas, Qt.Key.Key_R)
    assert session.teachers()[SECOND].certificates[0].pages[0].rotation == 90


def test_a_page_is_replaced_in_its_place_and_the_old_one_kept(
    panel: ScanPanel, session: Session, put_page: Put, scan_file: Draw, file_dialogs: object, qtbot: QtBot
) -> None:
    held = select(session, SECOND)
    pages = [put_page(f"{name}.jpg", held, "text") for name in "abc"]
    file_dialogs.answer = (scan_file("新.jpg", "red"),)  # type: ignore[attr-defined]
    with qtbot.waitSignal(session.changed):
        qtbot.keyClick(focus(panel, pages[1]), Qt.Key.Key_F2)
    assert sources(session, SECOND, "text") == ["a.jpg", "新.jpg", "c.jpg"]
    assert [trashed.page.source for trashed in session.collection.trash()] == ["b.jpg"]
    session.undo()
    assert sources(session, SECOND, "text") == ["a.jpg", "b.jpg", "c.jpg"]


def test_the_menu_holds_every_command_and_every_slot(
    panel: ScanPanel, session: Session, put_page: Put
) -> None:
    page = put_page("a.jpg", select(session, SECOND), "cover")
    menu = panel.page_acts.menu(panel, page)
    texts = [action.text().partition("\t")[0] for action in menu.actions()]
    first = [
        "编辑…",
        "采用建议",
        "左转 90°",
        "右转 90°",
        "拆成两页",
        "前移一页",
        "后移一页",
        "重扫",
        "在前面插入一页",
    ]
    assert texts == [*first, "用文件替换…", "移到 李娜", "移动页到…", "移到待归位", "删除"]
    held = session.teachers()[SECOND].certificates[0]
    wanted = menu.findChild(QAction, f"placeAction_{held.id}_remarks")
    assert wanted is not None
    wanted.trigger()
    assert sources(session, SECOND, "remarks") == ["a.jpg"]


def test_there_is_no_such_page(panel: ScanPanel, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    select(session, SECOND)
    monkeypatch.setattr(page_reasons, "ask_reason", lambda *_asked: "证书没有这一页")
    button(panel, "absentButton_remarks").click()
    absence = session.teachers()[SECOND].certificates[0].absence("remarks")
    assert absence is not None and absence.reason == "证书没有这一页"
    button(panel, "clearAbsentButton_remarks").click()
    assert session.teachers()[SECOND].certificates[0].absence("remarks") is None


# Paging, tabs, form, findings


def test_left_and_right_page_through_the_certificate(
    panel: ScanPanel, session: Session, qtbot: QtBot
) -> None:
    select(session, FIRST)
    slots = []
    for step in (0, 1, 1, 1, -1):
        panel.view.stepped.emit(step)
        assert panel.view.page is not None
        slots.append(panel.view.page.slot)
    assert slots == ["cover", "text", "remarks", "remarks", "text"]
    qtbot.waitUntil(lambda: not session.runner.busy)


def test_a_page_of_the_tray_is_shown_with_nobody_selected(
    panel: ScanPanel, session: Session, put_page: Put
) -> None:
    page = put_page("a.jpg")
    panel.show_page(page)
    assert panel.view.page == page
    session.act(acts.trash_pages, [page.id])
    assert panel.view.page is None


def test_a_page_that_left_for_the_tray_is_no_longer_shown_under_this_name(
    panel: ScanPanel, session: Session
) -> None:
    select(session, FIRST)
    gone = panel.view.page
    assert gone is not None
    session.act(acts.to_tray, [gone.id])
    assert panel.view.page is not None and panel.view.page.slot == "text"
    waiting = session.tray()[0]
    panel.show_page(waiting)
    assert panel.view.page == waiting
    assert panel.view._figures.text().startswith("待归位：")


def test_a_page_that_went_to_somebody_else_is_no_longer_shown_under_this_name(
    panel: ScanPanel, session: Session
) -> None:
    select(session, FIRST)
    gone = panel.view.page
    assert gone is not None
    put_pages(session, [gone.id], Gap(session.teachers()[SECOND].certificates[0].id, "cover"))
    assert panel.view.page is not None and panel.view.page.slot == "text"


def test_when_the_shown_page_goes_another_one_is_shown(panel: ScanPanel, session: Session) -> None:
    select(session, FIRST)
    gone = panel.view.page
    assert gone is not None
    session.act(acts.trash_pages, [gone.id])
    assert panel.view.page is not None and panel.view.page.slot == "text"


def test_a_certificate_is_added_and_removed(panel: ScanPanel, session: Session, qtbot: QtBot) -> None:
    select(session, SECOND)
    button(panel, "addCertificateButton").click()
    assert len(session.teachers()[SECOND].certificates) == 2
    assert panel.tabs.bar.currentIndex() == 1
    assert panel.form.isVisible() and panel.form.cells["kind"].input.hasFocus()
    panel.tabs.bar.setFocus()
    qtbot.keyClick(panel.tabs.bar, Qt.Key.Key_Delete)
    assert len(session.teachers()[SECOND].certificates) == 1
    assert panel.tabs.bar.count() == 1


def test_the_form_folds_out(panel: ScanPanel, session: Session) -> None:
    select(session, SECOND)
    assert not panel.form.isVisible()
    button(panel, "formButton").click()
    assert panel.form.isVisible()
    assert panel.form.cells["name"].text == "李娜"


def test_a_finding_takes_the_clerk_to_its_field(panel: ScanPanel, session: Session) -> None:
    second = session.teachers()[THIRD].certificates[1]
    session.act(acts.set_certificate_field, second.id, "number", "123")
    finding = next(found for found in session.findings() if found.code == "number_malformed")
    session.request_focus(finding)
    assert session.current == session.teachers()[THIRD].id
    assert panel.tabs.bar.currentIndex() == 1
    assert panel.form.cells["number"].input.hasFocus()
    assert panel.form.cells["number"].text == "123"


def test_a_missing_page_takes_the_clerk_to_its_slot(panel: ScanPanel, session: Session) -> None:
    second = session.teachers()[THIRD].certificates[1]
    finding = next(
        found for found in session.findings() if (found.certificate_id, found.field) == (second.id, "text")
    )
    session.request_focus(finding)
    assert panel.tabs.bar.currentIndex() == 1
    assert place(panel, "text").hasFocus()


def test_a_finding_of_a_page_takes_the_clerk_to_that_page(
    panel: ScanPanel, session: Session, put_page: Put
) -> None:
    """The second of two inner pages has only 60 px; neither the first nor the place for a third is meant."""
    (certificate,) = session.teachers()[FIRST].certificates
    coarse = put_page("看不清.jpg", certificate.id, "text")
    finding = next(found for found in session.findings() if found.code == "page_coarse")
    session.request_focus(finding)
    assert panel.view.page is not None and panel.view.page.id == coarse.id
    thumbs = {thumb.page.id: thumb for thumb in card(panel, "text").thumbs}
    assert thumbs[coarse.id].hasFocus()


def test_every_control_is_named_for_eye_and_ear(panel: ScanPanel, session: Session) -> None:
    select(session, FIRST)
    panel.set_form_open(True)
    for control in (*panel.findChildren(QPushButton), *panel.findChildren(QToolButton)):
        if control.isVisible():
            assert control.objectName() and control.accessibleName(), control.text()


def test_one_picture_dropped_on_the_panel_goes_where_the_banner_says(
    panel: ScanPanel, session: Session, qtbot: QtBot, scan_file: Callable[..., Path]
) -> None:
    second = session.teachers()[1]
    session.select(second.id)
    panel.take_scans(Scans((scan_file("d2.jpg"),)))
    qtbot.waitUntil(lambda: bool(list(session.teacher(second.id).pages())))
    (page,) = session.teacher(second.id).pages()
    assert (page.slot, page.source) == ("cover", "d2.jpg")
    assert session.tray() == ()


def test_tab_goes_from_the_certificates_to_the_slots_to_the_picture(
    panel: ScanPanel, session: Session
) -> None:
    session.select(session.teachers()[1].id)
    chain = [panel]
    while (following := chain[-1].nextInFocusChain()) is not panel:
        chain.append(following)
    reached = [part for part in chain if part.focusPolicy() & Qt.FocusPolicy.TabFocus]
    slots = [reached.index(place(panel, slot.id)) for slot in session.notice.slots]
    assert slots == sorted(slots)
    tabs = reached.index(button(panel, "addCertificateButton"))
    canvas = reached.index(panel.view.canvas)
    assert tabs < slots[0] < slots[-1] < canvas
