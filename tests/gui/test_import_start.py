"""The ways into the import wizard from the window: chosen, pasted, dropped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from certclerk.collection import Collection
from certclerk.gui.main_window import MainWindow
from certclerk.gui.mime import files_carried, table_carried

ROSTER = "序号\t姓名\t性别\n1\t张三\t男\n"
Left = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, collection: Collection) -> Iterator[MainWindow]:
    collection.close()
    folder = tmp_path / "user"
    folder.mkdir()
    made = MainWindow(folder)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    assert made.open_path(collection.path)
    yield made
    made.close()


def carrying(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def dropped(widget: QWidget, mime: QMimeData) -> bool:
    """Whether the widget takes what is dragged onto it, and drops it if so."""
    centre = widget.rect().center()
    enter = QDragEnterEvent(centre, Qt.DropAction.CopyAction, mime, Left, NONE)
    # Qt accepts a drag for the widget before asking it.
    enter.ignore()
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        drop = QDropEvent(QPointF(centre), Qt.DropAction.CopyAction, mime, Left, NONE, QEvent.Type.Drop)
        QApplication.sendEvent(widget, drop)
    return enter.isAccepted()


def wizard_of(window: MainWindow, qtbot: QtBot) -> QDialog:
    qtbot.waitUntil(lambda: window.findChild(QDialog, "importWizard") is not None)
    found = window.findChild(QDialog, "importWizard")
    assert window.session is not None
    runner = window.session.runner
    qtbot.waitUntil(lambda: not runner.busy)
    return found


def file_shown(wizard: QDialog) -> str:
    return wizard.findChild(QLabel, "fileName").text()


def test_a_copied_block_is_imported(window: MainWindow, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText(ROSTER)
    window.action("actionPasteRoster").trigger()
    wizard = wizard_of(window, qtbot)
    assert file_shown(wizard) == "剪贴板"
    assert wizard.findChild(QLabel, "importTotals").text().startswith("共 1 行 = 导入 1")
    wizard.reject()


def test_an_empty_clipboard_is_told_of(window: MainWindow) -> None:
    QGuiApplication.clipboard().clear()
    window.action("actionPasteRoster").trigger()
    assert window.findChild(QDialog, "importWizard") is None
    assert "剪贴板里没有表格" in window.message_bar.text


def test_a_table_dropped_on_the_window_is_imported(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "名册.CSV"
    path.write_text(ROSTER.replace("\t", ","), encoding="utf-8")
    assert dropped(window, carrying(path))
    wizard = wizard_of(window, qtbot)
    assert file_shown(wizard) == "名册.CSV"
    wizard.reject()


@pytest.mark.parametrize("panel", ["rosterTable", "scanPanel", "targetBanner", "trayList"])
def test_a_table_dropped_on_any_panel_is_the_windows(
    window: MainWindow, qtbot: QtBot, panel: str, tmp_path: Path
) -> None:
    path = tmp_path / "名册.csv"
    path.write_text(ROSTER, encoding="utf-8")
    assert dropped(window.findChild(QWidget, panel), carrying(path))
    wizard = wizard_of(window, qtbot)
    assert file_shown(wizard) == "名册.csv"
    wizard.reject()


def test_what_is_no_single_table_is_not_the_windows(window: MainWindow, tmp_path: Path) -> None:
    for mime in (
        carrying(tmp_path / "封面.jpg"),
        carrying(tmp_path / "一.xlsx", tmp_path / "二.xlsx"),
        QMimeData(),
    ):
        assert not dropped(window, mime)
    assert window.findChild(QDialog, "importWizard") is None


def test_a_table_carries_no_pages(tmp_path: Path) -> None:
    table, picture = tmp_path / "名册.xls", tmp_path / "封面.jpg"
    assert (table_carried(carrying(table)), files_carried(carrying(table))) == (table, ())
    assert (table_carried(carrying(picture)), files_carried(carrying(picture))) == (None, (picture,))
    assert files_carried(carrying(table, picture)) == (table, picture)
