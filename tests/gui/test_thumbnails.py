from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from pytestqt.qtbot import QtBot

from certclerk.core.records import Page
from certclerk.gui import style
from certclerk.gui.scan import thumbnails as module
from certclerk.gui.scan.thumbnails import Thumbnails, key_of, paint_thumbnail
from certclerk.gui.session import Session

Put = Callable[..., Page]


@pytest.fixture
def thumbnails(session: Session) -> Thumbnails:
    return Thumbnails(session)


def test_a_picture_arrives_later_and_stays(thumbnails: Thumbnails, put_page: Put, qtbot: QtBot) -> None:
    page = put_page("红.jpg", colour="red", size=(60, 84))
    with qtbot.waitSignal(thumbnails.arrived) as arrived:
        assert thumbnails.of(page) is None
    assert arrived.args == [key_of(page)]
    pixmap = thumbnails.of(page)
    assert pixmap is not None and (pixmap.width(), pixmap.height()) == (60, 84)
    assert pixmap.toImage().pixelColor(30, 40).red() > 200


def test_a_turned_page_has_a_picture_of_its_own(thumbnails: Thumbnails, put_page: Put, qtbot: QtBot) -> None:
    page = replace(put_page("横.jpg", size=(60, 84)), rotation=90)
    with qtbot.waitSignal(thumbnails.arrived):
        thumbnails.of(page)
    pixmap = thumbnails.of(page)
    assert pixmap is not None and (pixmap.width(), pixmap.height()) == (84, 60)


def test_the_one_asked_for_last_comes_next(thumbnails: Thumbnails, put_page: Put, qtbot: QtBot) -> None:
    pages = [put_page(f"{name}.jpg", colour=name) for name in ("red", "green", "blue")]
    order: list[object] = []
    thumbnails.arrived.connect(order.append)
    for page in pages:
        thumbnails.of(page)
    qtbot.waitUntil(lambda: len(order) == 3)
    assert order == [key_of(pages[index]) for index in (0, 2, 1)]


def test_a_damaged_page_is_told_and_not_tried_again(
    thumbnails: Thumbnails, session: Session, put_page: Put, qtbot: QtBot
) -> None:
    page = replace(put_page("坏.jpg"), sha256="0" * 64)
    with qtbot.waitSignal(thumbnails.arrived):
        thumbnails.of(page)
    assert thumbnails.is_broken(page)
    assert thumbnails.of(page) is None
    assert not session.runner.busy


def test_no_more_are_kept_than_memory_is_meant_for(
    thumbnails: Thumbnails, put_page: Put, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT", 1)
    one, other = put_page("一.jpg", colour="red"), put_page("二.jpg", colour="blue")
    for page in (one, other):
        with qtbot.waitSignal(thumbnails.arrived):
            thumbnails.of(page)
    assert thumbnails.of(other) is not None
    with qtbot.waitSignal(thumbnails.arrived):
        assert thumbnails.of(one) is None


def painted(pixmap: QPixmap | None, *, broken: bool = False) -> QImage:
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_thumbnail(painter, QRect(0, 0, 100, 100), pixmap, broken=broken)
    painter.end()
    return image


def test_a_picture_keeps_its_shape_in_the_middle_of_its_box() -> None:
    wide = QPixmap(200, 100)
    wide.fill(QColor("red"))
    image = painted(wide)
    assert image.pixelColor(50, 50) == QColor("red")
    assert image.pixelColor(50, 20) == image.pixelColor(50, 80) == QColor("white")


def test_a_sheet_stands_in_until_the_picture_is_there_and_another_where_there_is_none() -> None:
    assert painted(None).pixelColor(50, 20) == QColor(style.GREY_TINT)
    assert painted(None, broken=True).pixelColor(50, 20) == QColor(style.RED_TINT)
