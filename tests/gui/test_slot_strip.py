from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from certclerk.core.notice import Notice
from certclerk.core.progress import Gap
from certclerk.core.records import Certificate, Page
from certclerk.gui.mime import Scans, carrying_pages
from certclerk.gui.scan.page_commands import PAGE_COMMANDS, PageAct
from certclerk.gui.scan.page_thumb import EmptyPlace, PageThumb
from certclerk.gui.scan.slot_card import SlotCard
from certclerk.gui.scan.slot_strip import SlotStrip
from certclerk.gui.scan.thumbnails import Thumbnails
from certclerk.gui.session import Session
from certclerk.jobs import acts

Put = Callable[..., Page]

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def teacher_id(session: Session) -> int:
    """2 李娜, who has no page yet."""
    return session.teachers()[1].id


@pytest.fixture
def strip(session: Session, qtbot: QtBot) -> SlotStrip:
    made = SlotStrip(session.notice, Thumbnails(session))
    qtbot.addWidget(made)
    made.resize(620, 160)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def certificate(session: Session, teacher_id: int) -> Certificate:
    teacher = session.teacher(teacher_id)
    assert teacher is not None
    return teacher.certificates[0]


def show(
    strip: SlotStrip, session: Session, teacher_id: int, target: str = "", *, counts: bool = True
) -> Certificate:
    held = certificate(session, teacher_id)
    gap = Gap(held.id, target) if target else None
    strip.show_certificate(held, gap, counts=counts, editable=True)
    return held


def card(strip: SlotStrip, slot: str) -> SlotCard:
    return next(card for card in strip.cards if card.state.slot.id == slot)


def drawn(strip: SlotStrip) -> list[str]:
    """Each card as one text: its slot, its pages by name, and its empty place: ? missing, + free, - absent,
    with < for the target."""
    return [_drawn(card) for card in strip.cards]


def _drawn(card: SlotCard) -> str:
    pages = [thumb.page.source.removesuffix(".jpg") for thumb in card.thumbs]
    place = ""
    if card.place is not None:
        words = card.place.accessibleName().partition("：")[2]
        place = {"待扫": "?", "再加一页": "+", "空": "+"}.get(words, "-")
        if card.place.is_target:
            place = "<"
    return " ".join([card.state.slot.label, *pages, *([place] if place else [])])


def drop(card: SlotCard, mime: QMimeData, x: float) -> None:
    where = QPointF(x, 60)
    move, left, plain = Qt.DropAction.MoveAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(where.toPoint(), move, mime, left, plain)
    card.dragEnterEvent(entering)
    assert entering.isAccepted()
    card.dropEvent(QDropEvent(where, move, mime, left, plain))


def files(paths: Iterable[Path]) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def test_each_slot_has_a_card_that_shows_what_is_there(
    strip: SlotStrip, session: Session, put_page: Put, teacher_id: int
) -> None:
    held = show(strip, session, teacher_id, "cover")
    assert drawn(strip) == ["封面 <", "内页 ?", "备注页 ?"]
    put_page("a.jpg", held.id, "cover")
    put_page("b.jpg", held.id, "text")
    put_page("c.jpg", held.id, "text")
    session.act(acts.mark_absent, held.id, "remarks", "证书没有这一页")
    show(strip, session, teacher_id)
    assert drawn(strip) == ["封面 a", "内页 b c +", "备注页 -"]
    assert [card.accessibleName() for card in strip.cards] == ["封面：1 页", "内页：2 页", "备注页：无此页"]


def test_nothing_is_missing_where_the_certificate_does_not_count(
    strip: SlotStrip, session: Session, teacher_id: int
) -> None:
    show(strip, session, teacher_id, counts=False)
    assert drawn(strip) == ["封面 +", "内页 +", "备注页 +"]


def test_a_click_or_enter_on_an_empty_place_makes_it_the_target(
    strip: SlotStrip, session: Session, teacher_id: int, qtbot: QtBot
) -> None:
    show(strip, session, teacher_id)
    place = card(strip, "remarks").place
    assert place is not None
    with qtbot.waitSignal(strip.target_chosen) as chosen:
        qtbot.mouseClick(place, Qt.MouseButton.LeftButton)
    assert chosen.args == ["remarks"]
    place.setFocus()
    with qtbot.waitSignal(strip.target_chosen):
        qtbot.keyClick(place, Qt.Key.Key_Return)


def test_arrows_go_from_page_to_page_and_show_them(
    strip: SlotStrip, session: Session, put_page: Put, teacher_id: int, qtbot: QtBot
) -> None:
    held = certificate(session, teacher_id)
    pages = [put_page(f"{slot}.jpg", held.id, slot) for slot in ("cover", "text")]
    show(strip, session, teacher_id)
    strip.focus_page(pages[0].id)
    with qtbot.waitSignal(strip.page_focused) as focused:
        qtbot.keyClick(strip.focusWidget(), Qt.Key.Key_Right)
    assert focused.args[0].id == pages[1].id
    for _ in range(3):
        qtbot.keyClick(strip.focusWidget(), Qt.Key.Key_Right)
    last = strip.focusWidget()
    assert isinstance(last, EmptyPlace) and last.slot == "remarks"


@pytest.mark.parametrize(
    ("key", "modifier", "act"),
    [
        (Qt.Key.Key_R, Qt.KeyboardModifier.NoModifier, PageAct.ROTATE_RIGHT),
        (Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier, PageAct.ROTATE_LEFT),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, PageAct.TRASH),
        (Qt.Key.Key_T, Qt.KeyboardModifier.NoModifier, PageAct.TO_TRAY),
        (Qt.Key.Key_F2, Qt.KeyboardModifier.NoModifier, PageAct.REPLACE),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier, PageAct.EARLIER),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier, PageAct.LATER),
    ],
)
def test_every_command_has_its_key(
    strip: SlotStrip,
    session: Session,
    put_page: Put,
    teacher_id: int,
    qtbot: QtBot,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    act: PageAct,
) -> None:
    page = put_page("a.jpg", certificate(session, teacher_id).id, "cover")
    show(strip, session, teacher_id)
    strip.focus_page(page.id)
    with qtbot.waitSignal(strip.page_commanded) as commanded:
        qtbot.keyClick(strip.focusWidget(), key, modifier)
    assert commanded.args == [act, page]


def test_the_keys_of_all_commands_differ() -> None:
    assert len({command.key for command in PAGE_COMMANDS}) == len(PAGE_COMMANDS)


def test_pages_dropped_on_a_slot_say_before_which_page(
    strip: SlotStrip, session: Session, put_page: Put, teacher_id: int, qtbot: QtBot
) -> None:
    """内页 b c: dropped left of b, between the two, right of c."""
    held = certificate(session, teacher_id)
    for name in ("b.jpg", "c.jpg"):
        put_page(name, held.id, "text")
    show(strip, session, teacher_id)
    text = card(strip, "text")
    qtbot.waitUntil(lambda: text.thumbs[1].x() > text.thumbs[0].x())
    lefts = [text.thumbs[0].x() + 2, text.thumbs[1].x() + 2, text.thumbs[1].geometry().right() + 20]
    for position, x in enumerate(lefts):
        with qtbot.waitSignal(strip.pages_dropped) as dropped:
            drop(text, carrying_pages([7, 9]), x)
        assert dropped.args == [(7, 9), "text", position]


def test_files_dropped_on_a_slot_go_with_it(
    strip: SlotStrip, session: Session, teacher_id: int, tmp_path: Path, qtbot: QtBot
) -> None:
    show(strip, session, teacher_id)
    with qtbot.waitSignal(strip.files_dropped) as dropped:
        drop(card(strip, "cover"), files([tmp_path / "封面.jpg"]), 10)
    assert dropped.args == [Scans((tmp_path / "封面.jpg",)), "cover"]


def test_other_things_cannot_be_dropped(strip: SlotStrip, session: Session, teacher_id: int) -> None:
    show(strip, session, teacher_id)
    mime = QMimeData()
    mime.setText("张三")
    event = QDragEnterEvent(
        QPoint(5, 5),
        Qt.DropAction.MoveAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    card(strip, "cover").dragEnterEvent(event)
    assert not event.isAccepted()


def test_the_word_that_there_is_no_such_page_is_given_and_taken_back(
    strip: SlotStrip, session: Session, teacher_id: int, qtbot: QtBot
) -> None:
    held = show(strip, session, teacher_id)
    buttons = [button.objectName() for button in strip.findChildren(QPushButton)]
    assert buttons == ["absentButton_remarks"]
    with qtbot.waitSignal(strip.absent_asked) as asked:
        press(strip, "absentButton_remarks")
    assert asked.args == ["remarks"]
    session.act(acts.mark_absent, held.id, "remarks", "证书没有这一页")
    show(strip, session, teacher_id)
    with qtbot.waitSignal(strip.presence_asked):
        press(strip, "clearAbsentButton_remarks")
    place = card(strip, "remarks").place
    assert place is not None and "证书没有这一页" in place.accessibleName()


def press(strip: SlotStrip, name: str) -> None:
    found = strip.findChild(QPushButton, name)
    assert found is not None
    found.click()


def test_the_focus_stays_where_it_was_when_pages_change(
    strip: SlotStrip, session: Session, put_page: Put, teacher_id: int
) -> None:
    held = certificate(session, teacher_id)
    pages = [put_page(f"{name}.jpg", held.id, "text") for name in "abc"]
    show(strip, session, teacher_id)
    strip.focus_page(pages[1].id)
    session.act(acts.rotate_page, pages[1].id, 90)
    show(strip, session, teacher_id)
    assert focused_page(strip) == pages[1].id
    session.act(acts.trash_pages, [pages[1].id])
    show(strip, session, teacher_id)
    assert focused_page(strip) == pages[2].id


def focused_page(strip: SlotStrip) -> int:
    thumb = strip.focusWidget()
    assert isinstance(thumb, PageThumb)
    return thumb.page.id


def test_a_drag_that_is_long_enough_carries_the_page(
    strip: SlotStrip, session: Session, put_page: Put, teacher_id: int, qtbot: QtBot
) -> None:
    page = put_page("a.jpg", certificate(session, teacher_id).id, "cover")
    show(strip, session, teacher_id)
    thumb = card(strip, "cover").thumbs[0]
    carried: list[Page] = []
    strip._carried.disconnect(strip._carry)
    strip._carried.connect(carried.append)
    qtbot.mousePress(thumb, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    for x in (12, 60):
        qtbot.mouseMove(thumb, QPoint(x, 10))
        thumb.mouseMoveEvent(moved(thumb, x))
    assert carried == [page]


def moved(thumb: PageThumb, x: int) -> QMouseEvent:

    where = QPointF(x, 10)
    left = Qt.MouseButton.LeftButton
    return QMouseEvent(
        QEvent.Type.MouseMove, where, thumb.mapToGlobal(where), left, left, Qt.KeyboardModifier.NoModifier
    )


def test_the_menu_key_and_the_right_button_ask_for_a_pages_menu(
    strip: SlotStrip, session: Session, put_page: Put, teacher_id: int, qtbot: QtBot
) -> None:
    page = put_page("a.jpg", certificate(session, teacher_id).id, "cover")
    show(strip, session, teacher_id)
    thumb = card(strip, "cover").thumbs[0]
    strip.focus_page(page.id)
    centre = thumb.mapTo(strip, thumb.rect().center())
    for reason in (QContextMenuEvent.Reason.Keyboard, QContextMenuEvent.Reason.Mouse):
        with qtbot.waitSignal(strip.menu_asked) as asked:
            strip.contextMenuEvent(QContextMenuEvent(reason, centre, strip.mapToGlobal(centre)))
        assert asked.args[0] == page


def test_every_card_fits_a_narrow_panel_with_two_text_pages(
    strip: SlotStrip, session: Session, put_page: Put, teacher_id: int
) -> None:
    """Cover, two text pages with room for another, remarks: five stand in 640 px without scrolling."""
    held = certificate(session, teacher_id)
    for name, slot in (("a", "cover"), ("b", "text"), ("c", "text"), ("d", "remarks")):
        put_page(f"{name}.jpg", held.id, slot)
    show(strip, session, teacher_id)
    assert strip.widget().sizeHint().width() <= 620


def test_what_is_open_for_reading_only_takes_nothing(
    strip: SlotStrip, session: Session, teacher_id: int
) -> None:
    held = certificate(session, teacher_id)
    strip.show_certificate(held, None, counts=True, editable=False)
    assert not strip.findChildren(QPushButton)
    assert not any(card.acceptDrops() for card in strip.cards)
    assert not any(card.place.isEnabled() for card in strip.cards if card.place)


def test_another_notices_slots_are_shown_as_it_names_them(
    invented: Notice, session: Session, qtbot: QtBot
) -> None:
    strip = SlotStrip(invented, Thumbnails(session))
    qtbot.addWidget(strip)
    strip.show_certificate(Certificate(1, 1), Gap(1, "person"), counts=True, editable=True)
    assert drawn(strip) == ["外皮 ?", "照片页 <", "成绩页 +", "印章页 ?"]
    assert [button.objectName() for button in strip.findChildren(QPushButton)] == ["absentButton_seal"]
