"""Pages arrive while the clerk types elsewhere: not a letter is lost, and nothing happens out of sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection
from certclerk.gui.main_window import MainWindow
from certclerk.gui.roster.editor import CellEditor
from certclerk.jobs.take_pages import Incoming, store_incoming

Draw = Callable[..., Path]


@pytest.fixture
def window(collection: Collection, tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    path = collection.path
    collection.close()
    shown = MainWindow(tmp_path)
    qtbot.addWidget(shown)
    with qtbot.waitExposed(shown):
        shown.show()
    shown.activateWindow()
    assert shown.open_path(path)
    yield shown
    shown.close()


def arrive(window: MainWindow, scan_file: Draw, name: str) -> None:
    session, flow = window.opened, window.shown.capture.flow
    lock = flow.lock()
    incoming = [Incoming(name, scan_file(name).read_bytes())]
    flow.arrive(store_incoming(session.collection, incoming).pages, lock)
    flow.go_on(lock)


def test_an_open_editor_keeps_what_is_typed_while_a_page_arrives(
    window: MainWindow, scan_file: Draw, qtbot: QtBot
) -> None:
    session, panel = window.opened, window.shown.roster
    table = panel.table
    window.action("actionWideRoster").setChecked(True)
    model = table.model()
    names = next(
        at for at in range(model.columnCount()) if model.headerData(at, Qt.Orientation.Horizontal) == "姓名"
    )
    session.select(session.teachers()[1].id)
    index = model.index(1, names)
    table.setCurrentIndex(index)
    table.edit(index)
    editor = next(found for found in table.findChildren(CellEditor) if found.isVisible())
    editor.selectAll()
    qtbot.keyClicks(editor, "Lin")
    arrive(window, scan_file, "a.jpg")
    assert editor.isVisible() and editor.text() == "Lin"
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert session.teachers()[1].name == "Lin"
    assert [page.source for page in session.teachers()[1].pages()] == ["a.jpg"]


def test_scanning_leaves_the_full_table_so_that_the_place_is_seen(window: MainWindow, qtbot: QtBot) -> None:
    session = window.opened
    session.select(session.teachers()[0].id)
    window.action("actionWideRoster").setChecked(True)
    assert not window.shown.scan.isVisible()
    with qtbot.waitSignal(session.message):
        window.shown.capture.watching.state = window.shown.capture.watching.state.ON
        window.action("actionScan").trigger()
    assert window.shown.scan.isVisible()
