"""A day in the real window, offscreen: a child of the tests, which watch what it writes and whom it speaks to.

``python window_day.py COLLECTION HAD OUT [ADDRESS]``: pages from files, by paste and from a watched folder; key-in
window, take-along, package, archive, and a bug with people in its message, whose details are copied and printed. With an
``ADDRESS``, all it does is to scan from the eSCL scanner there. Exit code 0 when every step was reached.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QPushButton

from certclerk import app
from certclerk.gui import files, run
from certclerk.gui.main_window import MainWindow
from certclerk.jobs import archiving, package, scan_pages, scanner_memory, take_along
from certclerk.jobs.scanner_memory import ScannerChoice

LOOK_MS = 30
# What a bug might say.
PEOPLE = "欧阳雪晴 359901198001010025"

Wait = Callable[[], bool]


class Day:
    """Goes on with its next step once what the last one waits for is so."""

    def __init__(self, window: MainWindow, had: Path, out: Path, address: str) -> None:
        self.window, self.had, self.out, self.address = window, had, out, address
        self.reached = False
        self._steps = self.steps()
        self._wait: Wait = window.isVisible
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_MS)

    def _look(self) -> None:
        if not self._wait():
            return
        try:
            self._wait = next(self._steps)
        except StopIteration:
            self._timer.stop()
            self.reached = True
            self.window.close()
        except Exception:
            # Nobody is here to read the program's own dialog.
            traceback.print_exc()
            os._exit(3)

    def steps(self) -> Iterator[Wait]:
        window, session, out = self.window, self.window.opened, self.out
        yield self.rested
        if self.address:
            yield from self.scan()
            return
        pages = self.aim()
        files.ask = lambda _parent, _question: (self.had / "另一页.jpg",)
        window.action("actionFromFiles").trigger()
        yield lambda: self.pages() > pages
        pages = self.aim()
        picture = QImage(400, 500, QImage.Format.Format_RGB32)
        picture.fill(0x336699)
        QGuiApplication.clipboard().setImage(picture)
        window.action("actionPastePages").trigger()
        yield lambda: self.pages() > pages
        watching = window.shown.capture.watching
        watching.start(self.had / "监视")
        yield lambda: watching.is_on
        watching.stop()
        window.action("actionKeyIn").trigger()
        yield self.rested
        collection, day = session.collection, date(2017, 3, 13)
        session.work(
            "随身",
            lambda _job: take_along.export(collection, out, take_along.Options(day)),
            lambda _made: None,
        )
        yield self.rested
        held = package.holding_incomplete(package.survey(collection, day))
        made: list[package.Result] = []
        options = package.Options(day, held=held)
        session.work("报送包", lambda _job: package.package(collection, out, options), made.append)
        yield lambda: bool(made)
        package.record(collection, made[0])
        window.action("actionSubmissions").trigger()
        yield self.rested
        self.press("recordsDialog", "closeButton")
        path = collection.path
        session.work(
            "归档",
            lambda _job: archiving.write_archive(path, out / "归档.certclerk", lambda *_: None),
            lambda _archived: None,
        )
        yield self.rested
        QTimer.singleShot(0, self.fail)
        yield lambda: QApplication.activeModalWidget() is not None
        self.press("errorDialog", "copyButton")
        print(QGuiApplication.clipboard().text(), flush=True)
        self.press("errorDialog", "closeButton")
        yield lambda: QApplication.activeModalWidget() is None

    def scan(self) -> Iterator[Wait]:
        found: list[ScannerChoice] = []
        session = self.window.opened
        session.work(
            "查找",
            lambda _job: scan_pages.at_address(self.address),
            lambda device: found.append(ScannerChoice(device, scan_pages.Settings())),
        )
        yield lambda: bool(found)
        scanner_memory.remember(self.window.folder, found[0])
        pages = self.aim()
        self.window.action("actionScan").trigger()
        yield lambda: self.pages() > pages

    def aim(self) -> int:
        """At the first teacher's text pages, of which there can always be one more; how many pages there are now."""
        session = self.window.opened
        teacher = session.teachers()[0]
        session.select(teacher.id)
        session.set_target(teacher.certificates[0].id, "text")
        return self.pages()

    def pages(self) -> int:
        session = self.window.opened
        return len(session.tray()) + sum(len(list(each.pages())) for each in session.teachers())

    def rested(self) -> bool:
        return not self.window.opened.runner.busy

    def fail(self) -> None:
        raise ValueError(PEOPLE)

    def press(self, dialog: str, name: str) -> None:
        shown = next(widget for widget in QApplication.topLevelWidgets() if widget.objectName() == dialog)
        button = shown.findChild(QPushButton, name)
        assert button is not None
        button.click()


def main(collection: str, had: Path, out: Path, address: str = "") -> int:
    days: list[Day] = []

    class Window(MainWindow):
        def __init__(self, folder: Path) -> None:
            super().__init__(folder)
            days.append(Day(self, had, out, address))

    run.MainWindow = Window  # type: ignore[misc]
    code = app.main([collection])
    return code or int(not days[0].reached)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:]))
