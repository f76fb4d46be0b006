from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from certclerk.core.recipe import Recipe
from certclerk.core.records import Page
from certclerk.gui.scan.page_placing import find_page
from certclerk.gui.scan.page_preview import PagePreview
from certclerk.gui.scan.thumbnails import Thumbnails
from certclerk.gui.session import Session
from certclerk.jobs.edit_pages import set_recipe

Put = Callable[..., Page]

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def test_a_cropped_page_is_as_large_as_what_is_left_of_it(
    session: Session, put_page: Put, qtbot: QtBot
) -> None:
    page = put_page("a.jpg")
    session.act(set_recipe, page, Recipe(crop=(0.0, 0.0, 1.0, 0.5)))
    cropped = find_page(session, page.id)
    preview = PagePreview(session, Thumbnails(session))
    qtbot.addWidget(preview)
    preview.show_page(cropped)
    qtbot.waitUntil(lambda: preview.has_picture() and not session.runner.busy)
    assert preview.sceneRect().width() == pytest.approx(page.width, abs=1)
    assert preview.sceneRect().height() == pytest.approx(page.height / 2, abs=1)
