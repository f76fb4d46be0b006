"""The stops of the tour at which pages come in, are put right and are thrown away."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QListView, QSpinBox, QTableView

from certclerk.core.records import Page
from certclerk.gui.mime import Scans
from certclerk.gui.scan.page_commands import PageAct
from certclerk.jobs import acts
from certclerk.jobs.take_pages import Incoming, store_incoming
from tour_driver import Tour, in_dialog

LACKING = 7


def capture(tour: Tour) -> None:
    """On the sample once more; the files of its own pages come again under other names."""
    tour.window.open_path(next(tour.aside.glob("sample/*.certclerk")))
    flow(tour)
    scanner(tour)
    tray(tour)
    watched(tour)
    editor(tour)
    stack(tour)
    trash(tour)


def flow(tour: Tour) -> None:
    session, desk = tour.session, tour.window.shown.capture
    session.select(session.teachers()[LACKING].id)
    tour.picture("capture-target")
    for number, scan in enumerate(scans(tour)[:2]):
        arrive(tour, f"扫描 2017-03-08 10120{number} 第1页.jpg", scan)
    tour.picture("capture-arrived")
    desk.retake(next(session.teachers()[LACKING].pages()))
    tour.picture("capture-retake")
    session.set_aim(None)


def scanner(tour: Tour) -> None:
    """With SANE's pretended scanner where there is SANE; elsewhere the dialog says what to look after."""
    folder = tour.aside / "sane"
    folder.mkdir(exist_ok=True)
    (folder / "dll.conf").write_text("test\n", encoding="utf-8")
    os.environ["SANE_CONFIG_DIR"] = str(folder)
    tour.act("actionScanner")
    tour.picture("scanner")
    tour.find(QDialog, "scannerDialog").reject()


def tray(tour: Tour) -> None:
    """Pages with a likely owner, and where else they can go."""
    loose = tour.aside / "loose"
    loose.mkdir(exist_ok=True)
    name = tour.session.teachers()[LACKING].name
    (loose / f"{name} 复印.jpg").write_bytes(renamed(scans(tour)[3], 98))
    tour.session.select(tour.session.teachers()[0].id)
    tour.window.shown.scan.take_scans(Scans((loose,)))
    listed = tour.find(QListView, "trayList")
    listed.setFocus()
    listed.setCurrentIndex(listed.model().index(listed.model().rowCount() - 1, 0))
    tour.picture("tray-suggestion")
    in_dialog("placeDialog", tour, lambda: tour.picture("move-page"))
    QTest.keyClick(listed, Qt.Key.Key_F2)


def watched(tour: Tour) -> None:
    folder = tour.aside / "扫描仪"
    folder.mkdir(exist_ok=True)
    shutil.copy(scans(tour)[4], folder / "SCAN0001.jpg")
    tour.answer = folder
    tour.window.action("actionWatchFolder").trigger()
    tour.picture("watch-ask")
    tour.press("passEarlyButton")
    tour.picture("watch-on")
    tour.window.shown.capture.watching.stop()


def editor(tour: Tour) -> None:
    page = next(tour.session.teachers()[0].pages())
    tour.session.select(tour.session.teachers()[0].id)
    tour.window.shown.scan.show_page(page)
    tour.picture("proposal")
    edit(tour, page)
    tour.picture("edit-page")
    tour.press("dropEditButton")


def edit(tour: Tour, page: Page) -> None:
    tour.window.shown.scan.page_acts.do(PageAct.EDIT, page)
    tour.settle()


def stack(tour: Tour) -> None:
    """A stack of the sample's pages, one too few, dealt to the roster."""
    first = [page.id for teacher in tour.session.teachers()[:8] for page in teacher.pages()]
    acts.trash_pages(tour.session.collection, first)
    folder = tour.aside / "stack"
    folder.mkdir(exist_ok=True)
    for number, scan in enumerate(scans(tour)[:20]):
        (folder / f"scan{number:03}.jpg").write_bytes(renamed(scan, number))
    tour.act("actionStack")
    tour.answer = folder
    tour.press("stackFolderButton")
    tour.find(QSpinBox, "stackSlot_text").setValue(1)
    tour.picture("stack-ask")
    tour.press("stackNextButton")
    grid = tour.find(QTableView, "stackTable")
    grid.setFocus()
    tour.picture("stack-grid")
    tour.find(QDialog, "stackDialog").reject()
    tour.settle()


def trash(tour: Tour) -> None:
    tour.act("actionTrash")
    tour.picture("trash")
    tour.find(QDialog, "trashDialog").reject()


def scans(tour: Tour) -> list[Path]:
    """The drawn pages that the sample was made from."""
    return sorted(path for path in (tour.aside / "sample").rglob("*.jpg") if path.stat().st_size)


def arrive(tour: Tour, name: str, scan: Path) -> None:
    """As from a scanner."""
    flow = tour.window.shown.capture.flow
    lock = flow.lock()
    stored = store_incoming(tour.session.collection, [Incoming(name, renamed(scan, 99))])
    flow.arrive(stored.pages, lock)
    flow.go_on(lock)


def renamed(scan: Path, number: int) -> bytes:
    """The same picture in bytes of its own, by a comment."""
    data, note = scan.read_bytes(), f"{number:04}".encode()
    return data[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note + data[2:]
