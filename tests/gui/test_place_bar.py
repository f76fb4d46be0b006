"""The window tells of a sync folder once for each file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from certclerk.collection import Collection
from certclerk.gui.main_window import MainWindow
from certclerk.gui.place_bar import PlaceBar


@pytest.fixture
def path(collection: Collection, tmp_path: Path) -> Path:
    collection.close()
    folder = tmp_path / "OneDrive"
    folder.mkdir()
    return collection.path.rename(folder / collection.path.name)


def bar(window: MainWindow) -> PlaceBar:
    found = window.shown.findChild(PlaceBar)
    assert isinstance(found, PlaceBar)
    return found


def test_a_sync_folder_is_told_of_until_it_is_known(window: MainWindow, path: Path, tmp_path: Path) -> None:
    assert window.open_path(path)
    assert bar(window).isVisible()
    said = bar(window).findChild(QLabel, "placeText")
    assert "OneDrive" in said.text() and "复制到本机硬盘" in said.text()
    bar(window).findChild(QPushButton, "dismissPlaceButton").click()
    assert not bar(window).isVisible()
    window.close_collection()
    assert window.open_path(path)
    assert not bar(window).isVisible()
    assert path.stem not in (tmp_path / "user" / "places.ini").read_text(encoding="utf-8")
    window.close_collection()
    other = path.rename(path.with_name("另一份.certclerk"))
    assert window.open_path(other)
    assert bar(window).isVisible()
    window.close_collection()
    assert window.open_path(other.rename(tmp_path / other.name))
    assert not bar(window).isVisible()
