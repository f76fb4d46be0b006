"""The tour's stop for two copies that went their own ways: told, held against each other, and one taken from."""

from __future__ import annotations

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QTableView

from certclerk.collection import open_collection
from certclerk.jobs import acts
from tour_driver import Tour
from tour_safety import copied


def copies(tour: Tour) -> None:
    shown = tour.session.collection.path
    here = copied(tour, "学校的电脑")
    stick = tour.aside / "U盘"
    stick.mkdir()
    there = Path(shutil.copy(here, stick))
    edit_here(here)
    edit_there(there)
    tour.window.open_path(there)
    tour.window.close_collection()
    tour.window.open_path(here)
    tour.picture("forked")
    tour.press("compareThatCopy")
    tour.picture("copies")
    table = tour.find(QTableView, "copiesTable")
    tick(tour, table, 0)
    tick(tour, table, table.model().rowCount() - 2)
    tour.picture("copies-ticked")
    tour.press("takeOverButton")
    tour.picture("copies-asked")
    tour.press("takeButton")
    tour.picture("copies-taken")
    tour.find(QDialog, "copiesDialog").reject()
    tour.picture("after-taking-over")
    tour.window.open_path(shown)


def tick(tour: Tour, table: QTableView, row: int) -> None:
    table.setCurrentIndex(table.model().index(row, 0))
    QTest.keyClick(table, Qt.Key.Key_Space)
    tour.settle()


def edit_here(path: Path) -> None:
    with open_collection(path) as collection:
        acts.set_teacher_field(collection, collection.order()[0], "note", "返聘")
        acts.add_teacher(collection, "许文强")


def edit_there(path: Path) -> None:
    """What was put right at home, a page taken out, a namesake with another number, somebody new."""
    with open_collection(path) as collection:
        first, *_, last = collection.roster().teachers
        other = collection.roster().teachers[4]
        acts.set_teacher_field(collection, first.id, "note", "返聘，九月起任年级长")
        acts.set_certificate_field(collection, first.certificates[0].id, "subject", "美术")
        acts.trash_pages(collection, [next(other.pages()).id])
        acts.set_teacher_field(collection, last.id, "id_number", "359901198502150023")
        acts.add_teacher(collection, "欧阳明月")
