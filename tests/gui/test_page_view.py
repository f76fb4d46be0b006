from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from certclerk.core.records import Page
from certclerk.gui.scan import page_view as module
from certclerk.gui.scan.page_canvas import PageCanvas, Zoom, levels
from certclerk.gui.scan.page_figures import dpi_text, figures
from certclerk.gui.scan.page_view import PageView
from certclerk.gui.scan.thumbnails import Thumbnails
from certclerk.gui.session import Session
from certclerk.jobs import acts

Put = Callable[..., Page]

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def view(session: Session, qtbot: QtBot) -> PageView:
    made = PageView(session, Thumbnails(session))
    qtbot.addWidget(made)
    made.resize(500, 400)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def settle(view: PageView, session: Session, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: view.canvas.has_picture() and not session.runner.busy)


def button(view: PageView, name: str) -> QToolButton:
    found = view.findChild(QToolButton, name)
    assert found is not None
    return found


def middle(view: PageView) -> QColor:
    image = view.canvas.viewport().grab().toImage()
    return image.pixelColor(image.width() // 2, image.height() // 2)


def test_an_empty_desk_says_so_and_offers_nothing(view: PageView) -> None:
    view.show_page(None, "请选一位教师")
    assert not view.canvas.has_picture()
    assert not button(view, "zoomInButton").isEnabled()
    assert figures_of(view) == ""


def figures_of(view: PageView) -> str:
    return view._figures.text()


def test_the_picture_comes_from_a_worker_and_fits(
    view: PageView, session: Session, put_page: Put, qtbot: QtBot
) -> None:
    page = put_page("红.jpg", colour="red", size=(600, 840))
    view.show_page(page)
    assert not view.canvas.has_picture()
    settle(view, session, qtbot)
    assert view.canvas.fits
    assert middle(view).red() > 200
    room = view.canvas.viewport().height()
    assert room * 0.8 < 840 * view.canvas.zoom / view.devicePixelRatioF() <= room


def test_only_the_page_asked_for_last_is_shown(
    view: PageView, session: Session, put_page: Put, qtbot: QtBot
) -> None:
    red = put_page("红.jpg", colour="red", size=(900, 900))
    blue = put_page("蓝.jpg", colour="blue", size=(90, 90))
    view.show_page(red)
    view.show_page(blue)
    settle(view, session, qtbot)
    assert middle(view).blue() > 200
    assert figures_of(view).startswith("待归位：蓝.jpg")


def test_a_damaged_page_is_told_in_words(
    view: PageView, session: Session, put_page: Put, qtbot: QtBot
) -> None:
    page = replace(put_page("坏.jpg"), sha256="0" * 64)
    view.show_page(page)
    qtbot.waitUntil(lambda: not session.runner.busy)
    assert not view.canvas.has_picture()
    assert "损坏" in view.canvas._empty_text


def test_the_wheel_zooms_at_the_point_under_it(
    view: PageView, session: Session, put_page: Put, qtbot: QtBot
) -> None:
    view.show_page(put_page("页.jpg", size=(1200, 1600)))
    settle(view, session, qtbot)
    canvas = view.canvas
    for _ in range(6):
        canvas.apply(Zoom.IN)
    point = QPoint(120, 90)
    before, zoom = canvas.mapToScene(point), canvas.zoom
    canvas.wheelEvent(wheel(canvas, point, 120))
    after = canvas.mapToScene(point)
    assert canvas.zoom == pytest.approx(zoom * 1.25)
    assert (after - before).manhattanLength() < 4 / zoom
    assert not canvas.fits


def wheel(canvas: PageCanvas, point: QPoint, delta: int) -> QWheelEvent:
    return QWheelEvent(
        QPointF(point),
        QPointF(canvas.viewport().mapToGlobal(point)),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


def test_keys_zoom_fit_and_show_every_pixel(
    view: PageView, session: Session, put_page: Put, qtbot: QtBot
) -> None:
    view.show_page(put_page("页.jpg", size=(1200, 1600)))
    settle(view, session, qtbot)
    fitted = view.canvas.zoom
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(view.canvas, Qt.Key.Key_Plus, control)
    assert view.canvas.zoom == pytest.approx(fitted * 1.25)
    qtbot.keyClick(view.canvas, Qt.Key.Key_1, control)
    assert view.canvas.zoom == pytest.approx(1.0)
    qtbot.keyClick(view.canvas, Qt.Key.Key_0, control)
    assert view.canvas.zoom == pytest.approx(fitted)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Minus, control)
    assert view.canvas.zoom == pytest.approx(fitted / 1.25)


def test_what_fits_goes_on_fitting_and_what_was_zoomed_stays(
    view: PageView, session: Session, put_page: Put, qtbot: QtBot
) -> None:
    view.show_page(put_page("页.jpg", size=(1200, 1600)))
    settle(view, session, qtbot)
    small = view.canvas.zoom
    view.resize(500, 600)
    qtbot.waitUntil(lambda: view.canvas.zoom > small)
    view.canvas.apply(Zoom.IN)
    zoomed = view.canvas.zoom
    view.resize(500, 400)
    qtbot.waitUntil(lambda: view.canvas.viewport().height() < 400)
    assert view.canvas.zoom == pytest.approx(zoomed)


def test_zooming_in_fetches_the_finer_picture_in_place(
    view: PageView, session: Session, put_page: Put, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FITTED_PX", (300,))
    view.show_page(put_page("页.jpg", size=(1200, 1600)))
    settle(view, session, qtbot)
    assert view.canvas._levels[0].height() == 300
    view.canvas.zoom_by(2.0, QPoint(200, 100))
    held, zoom = view.canvas.mapToScene(QPoint(200, 100)), view.canvas.zoom
    qtbot.waitUntil(lambda: view.canvas._levels[0].height() == 1600)
    assert view.canvas.zoom == zoom
    assert (view.canvas.mapToScene(QPoint(200, 100)) - held).manhattanLength() < 1


def test_left_and_right_step_through_pages_while_the_page_fits(
    view: PageView, session: Session, put_page: Put, qtbot: QtBot
) -> None:
    view.show_page(put_page("页.jpg", size=(1200, 1600)))
    settle(view, session, qtbot)
    with qtbot.waitSignal(view.stepped) as stepped:
        qtbot.keyClick(view.canvas, Qt.Key.Key_Right)
    assert stepped.args == [1]
    view.canvas.apply(Zoom.FULL)
    with qtbot.assertNotEmitted(view.stepped):
        qtbot.keyClick(view.canvas, Qt.Key.Key_Left)


def test_the_buttons_ask_for_turning(view: PageView, put_page: Put, qtbot: QtBot) -> None:
    view.show_page(put_page("页.jpg"))
    with qtbot.waitSignal(view.rotated) as right:
        button(view, "rotateRightButton").click()
    with qtbot.waitSignal(view.rotated) as left:
        button(view, "rotateLeftButton").click()
    assert (right.args, left.args) == ([90], [-90])


def test_a_turned_page_is_fetched_anew(view: PageView, session: Session, put_page: Put, qtbot: QtBot) -> None:
    page = put_page("页.jpg", size=(60, 84))
    view.show_page(page)
    settle(view, session, qtbot)
    session.act(acts.rotate_page, page.id, 90)
    turned = session.tray()[0]
    view.show_page(turned)
    settle(view, session, qtbot)
    assert view.canvas.sceneRect().size().toSize() == QSize(84, 60)
    assert "84×60" in figures_of(view)


PAGE = Page(1, "0" * 64, 0, "image/jpeg", 1713, 2421, 300.0, "封面.jpg", "2017-03-13T02:12:00+00:00")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (PAGE, "300 dpi"),
        (replace(PAGE, dpi=None), "约 300 dpi"),
        (replace(PAGE, dpi=None, width=3425), "约 300 dpi"),
        (replace(PAGE, dpi=None, width=2421, height=1713, rotation=90), "约 300 dpi"),
    ],
)
def test_resolution_is_the_files_own_or_worked_out_from_the_booklet(page: Page, said: str) -> None:
    assert dpi_text(page) == said


def test_figures_name_file_size_resolution_and_time() -> None:
    shown = figures(replace(PAGE, rotation=270))
    assert shown.startswith("封面.jpg · 2421×1713 · 300 dpi · 3月1")


def test_levels_halve_down_to_the_smallest() -> None:
    made = levels(QImage(2000, 1000, QImage.Format.Format_RGB32))
    assert [(level.width(), level.height()) for level in made] == [(2000, 1000), (1000, 500), (500, 250)]


@pytest.mark.parametrize("name", ["zoomInButton", "zoomOutButton", "fitButton", "fullSizeButton"])
def test_every_button_has_a_name_for_those_who_hear(view: PageView, name: str) -> None:
    assert button(view, name).accessibleName()


def test_a_page_seen_before_is_there_at_once_and_so_is_the_one_made_ahead(
    view: PageView, put_page: Put, qtbot: QtBot
) -> None:
    first, second = put_page("a.jpg", colour="red"), put_page("b.jpg", colour="blue")
    view.show_page(first)
    assert not view.is_sharp()
    qtbot.waitUntil(view.is_sharp)
    view.look_ahead([second])
    qtbot.waitUntil(lambda: view._pictures.of(second, view._fitted_px()) is not None)
    for page in (second, first):
        view.show_page(page)
        assert view.is_sharp()


def test_a_page_that_is_being_made_is_not_asked_for_again(
    view: PageView, put_page: Put, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    make = view._pictures.ask
    monkeypatch.setattr(view._pictures, "ask", lambda page, *how: (asked.append(page), make(page, *how))[1])
    page = put_page("a.jpg", colour="red")
    for _ in range(3):
        view.show_page(page)
    qtbot.waitUntil(view.is_sharp)
    assert asked == [page]


def test_pages_that_come_one_after_the_other_are_not_made_sharp_but_the_last(
    view: PageView, put_page: Put, qtbot: QtBot
) -> None:
    first, last = put_page("a.jpg", colour="red"), put_page("b.jpg", colour="blue")
    with qtbot.waitSignal(view.loaded) as loaded:
        view.show_page(first, after_ms=50)
        view.show_page(first)
        view.show_page(last, after_ms=50)
    assert loaded.args == [last] and view.is_sharp()
