"""The editor over the panel, driven by real keys and mouse: what ends up in the collection."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QDialog, QRadioButton, QSlider, QWidget
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection, open_collection
from certclerk.core.progress import Gap
from certclerk.core.recipe import AS_IT_IS, Recipe
from certclerk.core.records import Page, ProposedPage
from certclerk.gui.scan.edit import editing
from certclerk.gui.scan.edit.adopting import AdoptDialog
from certclerk.gui.scan.edit.draft import Mode
from certclerk.gui.scan.edit.editor import PageEditor
from certclerk.gui.scan.edit.like_dialog import LikeDialog
from certclerk.gui.scan.page_commands import PageAct
from certclerk.gui.scan.page_placing import find_page
from certclerk.gui.scan.panel import ScanPanel
from certclerk.gui.session import Session
from certclerk.imaging import examine

Put = Callable[..., Page]
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
SECOND = 1  # 李娜 has no page

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


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


def askew(shade: int = 0) -> bytes:
    """A light page of 14.5 × 20.5 cm, 3 degrees clockwise on dark glass, with lines on it."""
    glass = Image.new("RGB", (827, 1169), (60, 62, 66))
    page = Image.new("RGB", (571, 807), (240, 236, 226 - shade))
    pen = ImageDraw.Draw(page)
    for line in range(100, 700, 40):
        pen.line((80, line, 480, line), fill=(90, 80, 80), width=2)
    mask = Image.new("L", glass.size, 0)
    ImageDraw.Draw(mask).rectangle((120, 150, 120 + 570, 150 + 806), fill=255)
    sheet = glass.copy()
    sheet.paste(page, (120, 150))
    glass.paste(sheet.rotate(-3, Image.Resampling.BICUBIC), mask=mask.rotate(-3, Image.Resampling.BICUBIC))
    out = io.BytesIO()
    glass.save(out, "JPEG", quality=90, dpi=(100, 100))
    return out.getvalue()


def put(
    session: Session, name: str = "内页.jpg", slot: str = "text", index: int = SECOND, shade: int = 0
) -> Page:
    data = askew(shade)
    frame = examine(data, name)[0]
    sha256 = session.collection.add_blob(data, frame.media_type)
    certificate = session.teachers()[index].certificates[0]
    with session.collection.change("放入页") as change:
        page_id = change.add_page(
            ProposedPage(sha256, 0, frame.media_type, frame.width, frame.height, frame.dpi, name),
            certificate_id=certificate.id,
            slot=slot,
        )
    return now(session, page_id)


def now(session: Session, page_id: int) -> Page:
    found = find_page(session, page_id)
    assert found is not None
    return found


@pytest.fixture
def page(panel: ScanPanel, session: Session) -> Page:
    assert panel
    session.select(session.teachers()[SECOND].id)
    return put(session)


@pytest.fixture
def editor(panel: ScanPanel, page: Page, qtbot: QtBot) -> PageEditor:
    """Open on the page, its picture there, its proposal known."""
    panel.page_acts.do(PageAct.EDIT, page)
    made = panel.editing.editor
    qtbot.waitUntil(lambda: made.canvas.scene is not None, timeout=20_000)
    qtbot.waitUntil(lambda: named(made, "adoptButton").isEnabled(), timeout=20_000)
    return made


def named(widget: QWidget, name: str) -> QAbstractButton:
    found = widget.findChild(QAbstractButton, name)
    assert found is not None
    return found


def drag(qtbot: QtBot, editor: PageEditor, start: QPointF, by: QPoint) -> None:
    canvas, point = editor.canvas, start.toPoint()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=point)
    qtbot.mouseMove(canvas, point + by / 2)
    qtbot.mouseMove(canvas, point + by)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=point + by)


def points(editor: PageEditor) -> tuple[QPointF, ...]:
    assert editor.canvas.scene is not None
    return editor.canvas.scene.handle_points()


def test_the_key_opens_it_and_escape_leaves_everything_as_it_was(
    panel: ScanPanel, session: Session, page: Page, qtbot: QtBot
) -> None:
    panel.show_page(page)
    panel.view.canvas.setFocus()
    qtbot.keyClick(panel.view.canvas, Qt.Key.Key_E)
    editor = panel.editing.editor
    assert editor.isVisible() and editor.geometry() == panel.rect()
    qtbot.waitUntil(lambda: editor.canvas.scene is not None, timeout=20_000)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Right, CTRL)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Escape)
    assert not editor.isVisible() and editor.page is None
    assert now(session, page.id) == page
    assert panel.view.canvas.hasFocus()


def test_the_frame_is_dragged_and_enter_keeps_it_in_one_undo(
    editor: PageEditor, session: Session, page: Page, panel: ScanPanel, qtbot: QtBot
) -> None:
    corner, side = points(editor)[0], points(editor)[3]
    drag(qtbot, editor, corner, QPoint(30, 40))
    drag(qtbot, editor, side, QPoint(-20, 5))
    assert points(editor)[0].toPoint() == corner.toPoint() + QPoint(30, 40)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Return)
    left, top, right, bottom = now(session, page.id).recipe.crop or (0, 0, 0, 0)
    assert 0.02 < left < 0.3 and 0.02 < top < 0.3 and 0.8 < right < 0.99 and bottom == 1.0
    assert session.collection.undo_label == "裁切"
    tips = [thumb.toolTip() for card in panel.strip.cards for thumb in card.thumbs]
    assert tips == ["内页.jpg\n已编辑：裁去左、上、右边"]
    session.undo()
    assert now(session, page.id) == page


def test_everything_by_keyboard(editor: PageEditor, session: Session, page: Page, qtbot: QtBot) -> None:
    canvas = editor.canvas
    assert canvas.hasFocus() and canvas.held == "lt"
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    assert canvas.held == "t" and "上边" in canvas.accessibleName()
    qtbot.keyClick(canvas, Qt.Key.Key_Down, SHIFT)
    for _ in range(3):
        qtbot.keyClick(canvas, Qt.Key.Key_Down)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, CTRL | SHIFT)
    qtbot.keyClick(canvas, Qt.Key.Key_Left, CTRL)
    for _ in range(7):
        qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    assert not canvas.hasFocus()
    qtbot.keyClick(editor.focusWidget() or editor, Qt.Key.Key_Return)
    recipe = now(session, page.id).recipe
    assert recipe.straighten == pytest.approx(0.9)
    assert recipe.crop == pytest.approx((0, 0.013, 1, 1), abs=0.001)


def test_arrows_and_drags_follow_the_page_when_it_is_turned(
    editor: PageEditor, session: Session, page: Page, qtbot: QtBot
) -> None:
    """Turned clockwise, the file's left side is at the top: what moves down there moves right in the file."""
    qtbot.keyClick(editor.canvas, Qt.Key.Key_R)
    assert now(session, page.id).rotation == 90
    top = min(range(8), key=lambda index: (points(editor)[index].y(), abs(points(editor)[index].x() - 320)))
    assert top == 7
    drag(qtbot, editor, points(editor)[7], QPoint(0, 30))
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Return)
    left, *others = now(session, page.id).recipe.crop or (0.0, 0, 0, 0)
    assert left > 0.03 and others == [0.0, 1.0, 1.0]


def test_the_steps_go_back_within_the_editor(
    editor: PageEditor, session: Session, page: Page, qtbot: QtBot
) -> None:
    drag(qtbot, editor, points(editor)[1], QPoint(0, 40))
    drag(qtbot, editor, points(editor)[5], QPoint(0, -40))
    for key, mode in ((Qt.Key.Key_Z, CTRL), (Qt.Key.Key_Z, CTRL), (Qt.Key.Key_Y, CTRL)):
        qtbot.keyClick(editor.canvas, key, mode)
    editor.finish()
    crop = now(session, page.id).recipe.crop
    assert crop is not None and crop[1] > 0 and crop[3] == 1.0


def test_the_proposal_is_adopted_by_one_key(
    editor: PageEditor, session: Session, page: Page, qtbot: QtBot
) -> None:
    qtbot.keyClick(editor.canvas, Qt.Key.Key_A)
    assert not named(editor, "adoptButton").isEnabled()
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Return)
    recipe = now(session, page.id).recipe
    assert recipe.straighten == pytest.approx(-3.0, abs=0.3)
    assert recipe.crop == pytest.approx((0.145, 0.128, 0.836, 0.82), abs=0.03)


def test_four_corners_are_pulled_straight(
    editor: PageEditor, session: Session, page: Page, qtbot: QtBot
) -> None:
    qtbot.keyClick(editor.canvas, Qt.Key.Key_C)
    assert editor.canvas.mode is Mode.CORNERS and len(points(editor)) == 4
    drag(qtbot, editor, points(editor)[2], QPoint(-40, -30))
    qtbot.keyClick(editor.canvas, Qt.Key.Key_C)
    assert editor.canvas.mode is Mode.CROP
    editor.grab()
    named(editor, "finishEditButton").click()
    corners = now(session, page.id).recipe.corners
    assert corners is not None and corners[0] == (0, 0) and 0.7 < corners[2][0] < 0.99
    assert session.collection.undo_label == "拉正四角"


def test_sliders_and_reverting(editor: PageEditor, session: Session, page: Page) -> None:
    for name, value in (("brightnessSlider", 20), ("contrastSlider", -10), ("straightenSlider", 14)):
        slider = editor.findChild(QSlider, name)
        assert slider is not None
        slider.setValue(value)
    editor.hand_in()
    assert now(session, page.id).recipe == Recipe(straighten=1.4, brightness=0.2, contrast=-0.1)
    named(editor, "revertButton").click()
    named(editor, "finishEditButton").click()
    assert now(session, page.id).recipe == AS_IT_IS
    assert session.collection.undo_label == "还原为原图"


def test_the_original_is_shown_while_space_is_held(editor: PageEditor, qtbot: QtBot) -> None:
    qtbot.keyClick(editor.canvas, Qt.Key.Key_A)
    edited = editor.canvas.grab().toImage()
    qtbot.keyPress(editor.canvas, Qt.Key.Key_Space)
    assert editor.canvas.scene is not None and editor.canvas.scene.untouched
    assert editor.canvas.grab().toImage() != edited
    qtbot.keyRelease(editor.canvas, Qt.Key.Key_Space)
    assert not editor.canvas.scene.untouched


def test_going_to_another_teacher_keeps_what_was_done(
    editor: PageEditor, session: Session, page: Page, qtbot: QtBot
) -> None:
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Right, CTRL)
    session.select(session.teachers()[0].id)
    assert not editor.isVisible()
    assert now(session, page.id).recipe == Recipe(straighten=0.1)


def test_a_page_that_is_taken_away_closes_it(editor: PageEditor, session: Session, page: Page) -> None:
    with session.collection.change("删除页") as change:
        change.trash_page(page.id)
    assert not editor.isVisible() and editor.page is None


def test_all_pages_like_it(
    editor: PageEditor, session: Session, page: Page, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, elsewhere = put(session, "2.jpg", shade=1), put(session, "3.jpg", index=3, shade=2)
    asked: list[str] = []

    def choose(dialog: LikeDialog) -> int:
        asked.extend(choice.text() for choice in dialog.findChildren(QRadioButton))
        dialog.findChild(QRadioButton, "everyoneChoice").setChecked(True)
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(LikeDialog, "exec", choose)
    qtbot.keyClick(editor.canvas, Qt.Key.Key_Right, CTRL)
    named(editor, "moreButton").click()
    action = editor.parent().findChild(QAction, "editLikeAction")
    assert action is not None
    action.trigger()
    assert asked == ["李娜的 1 页", "所有教师的 2 页"]
    assert [now(session, one.id).recipe for one in (page, other, elsewhere)] == [Recipe(straighten=0.1)] * 3
    session.undo()
    assert [now(session, one.id).recipe for one in (page, other, elsewhere)] == [AS_IT_IS] * 3


def test_a_spread_is_split_and_joined_from_the_page(panel: ScanPanel, session: Session, page: Page) -> None:
    panel.page_acts.do(PageAct.SPLIT, page)
    held = session.teachers()[SECOND].certificates[0].pages_in("text")
    assert [one.recipe.crop for one in held] == [(0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0)]
    texts = [action.text().partition("\t")[0] for action in panel.page_acts.menu(panel, held[1]).actions()]
    assert "合回一页" in texts
    panel.page_acts.do(PageAct.JOIN, held[0])
    assert session.teachers()[SECOND].certificates[0].pages_in("text") == (page,)


def test_where_the_half_of_a_cover_goes_is_asked(
    panel: ScanPanel, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.select(session.teachers()[SECOND].id)
    cover = put(session, "封面.jpg", "cover")
    certificate = session.teachers()[SECOND].certificates[0].id
    monkeypatch.setattr(editing, "ask_place", lambda *_asked, **_named: None)
    panel.page_acts.do(PageAct.SPLIT, cover)
    assert now(session, cover.id) == cover
    monkeypatch.setattr(editing, "ask_place", lambda *_asked, **_named: Gap(certificate, "remarks"))
    panel.page_acts.do(PageAct.SPLIT, cover)
    assert [one.slot for one in session.teachers()[SECOND].pages()] == ["cover", "remarks"]


def test_a_proposal_is_offered_under_the_preview(
    panel: ScanPanel, session: Session, page: Page, qtbot: QtBot
) -> None:
    bar = panel.editing.bar
    panel.show_page(page)
    qtbot.waitUntil(bar.isVisible, timeout=20_000)
    qtbot.keyClick(panel.view.canvas, Qt.Key.Key_A)
    assert now(session, page.id).recipe.straighten == pytest.approx(-3.0, abs=0.3)
    assert not bar.isVisible()
    session.undo()
    assert bar.isVisible()
    named(bar, "dismissButton").click()
    assert not bar.isVisible() and now(session, page.id) == page


def test_all_proposals_are_seen_and_ticked_before_they_are_adopted(
    panel: ScanPanel, session: Session, page: Page, qtbot: QtBot
) -> None:
    other = put(session, "2.jpg", shade=1)
    dialog = AdoptDialog(session, panel)
    qtbot.addWidget(dialog)
    dialog.show()
    rows = dialog._list
    qtbot.waitUntil(lambda: "可以撤销" in dialog._state.text(), timeout=20_000)
    assert rows.count() == 2 and all(not rows.item(row).icon().isNull() for row in range(2))
    assert now(session, page.id).recipe == AS_IT_IS
    rows.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert named(dialog, "acceptButton").text() == "采用 1 页"
    named(dialog, "acceptButton").click()
    assert [now(session, one.id).recipe == AS_IT_IS for one in (page, other)] == [False, True]
    assert session.collection.undo_label == "采用建议"


def test_nothing_is_edited_in_a_collection_for_reading(
    session: Session, page: Page, collection: Collection, qtbot: QtBot
) -> None:
    assert session
    with open_collection(collection.path, read_only=True) as seen:
        reading = Session(seen)
        panel = ScanPanel(reading)
        qtbot.addWidget(panel)
        panel.show()
        reading.select(reading.teachers()[SECOND].id)
        panel.page_acts.do(PageAct.EDIT, page)
        assert panel.editing.editor.page is None
        assert not named(panel.view, "editButton").isVisible()
        reading.sources.close()
        reading.runner.close()
