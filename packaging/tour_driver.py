"""What the tour drives the window with: by object names, and a camera for the whole screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QColor, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from certclerk.gui.main_window import MainWindow
from certclerk.gui.session import Session
from certclerk.gui.tasks import TaskRunner
from certclerk.system.resources import user_folder

W = TypeVar("W", bound=QWidget)

# Logical px that a desktop takes: a window's title bar, and the task bar.
TITLE_BAR, TASK_BAR = 32, 40
DESK, BAR, INK = "#8fa3b5", "#ffffff", "#1f2a37"
# ms without work under way until the window is taken for settled, and until that is given up.
QUIET_MS, PATIENCE_MS = 200, 60_000


@dataclass
class Tour:
    """``problems`` are what did not fit; ``answer`` is what the next file dialog returns."""

    application: QApplication
    folder: Path
    screen: str
    aside: Path
    window: MainWindow = field(init=False)
    problems: list[str] = field(default_factory=list)
    answer: Path | None = None
    taken: int = 0

    def __post_init__(self) -> None:
        self.window = MainWindow(user_folder())
        room = self.application.primaryScreen().size()
        self.window.setGeometry(0, TITLE_BAR, room.width(), room.height() - TITLE_BAR - TASK_BAR)
        self.window.show()

    @property
    def session(self) -> Session:
        assert self.window.session is not None
        return self.window.session

    def find(self, kind: type[W], name: str) -> W:
        """Among all that is shown."""
        for top in reversed(shown_windows()):
            if isinstance(top, kind) and top.objectName() == name:
                return top
            for found in top.findChildren(kind, name):
                if found.isVisible():
                    return found
        raise LookupError(name)

    def press(self, name: str) -> None:
        widget = self.find(QWidget, name)
        if not widget.isEnabled():
            raise LookupError(f"{name} 不可用")
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()

    def act(self, name: str) -> None:
        """Triggers one of the window's actions."""
        action = self.window.findChild(QAction, name)
        if action is None or not action.isEnabled():
            raise LookupError(name)
        action.trigger()
        self.settle()

    def settle(self) -> None:
        """Until no work is under way and everything is painted."""
        quiet = waited = 0
        while quiet < QUIET_MS:
            QTest.qWait(50)
            waited += 50
            busy = any(runner.busy for runner in self.window.findChildren(TaskRunner))
            quiet = 0 if busy else quiet + 50
            if waited > PATIENCE_MS:
                raise TimeoutError(f"{self.screen}: 一直没有画完")

    def picture(self, name: str, *, settled: bool = True) -> None:
        """The whole screen as the clerk would see it, as PNG; whatever does not fit is noted."""
        if settled:
            self.settle()
        self.taken += 1
        file = self.folder / f"{self.screen}-{self.taken:02}-{name}.png"
        screen = self.application.primaryScreen()
        canvas = QPixmap(screen.size() * screen.devicePixelRatio())
        canvas.setDevicePixelRatio(screen.devicePixelRatio())
        canvas.fill(QColor(DESK))
        painter = QPainter(canvas)
        room = QRect(QPoint(0, 0), screen.size()).adjusted(0, 0, 0, -TASK_BAR)
        for top in shown_windows():
            if not isinstance(top, MainWindow) and not is_popup(top):
                centre(top, room)
            framed = draw_window(painter, top)
            if not room.contains(framed):
                self.problems.append(f"{file.name}：{top.objectName()} 占 {framed}，屏幕只有 {room}")
        painter.fillRect(QRect(0, room.bottom() + 1, room.width(), TASK_BAR), QColor(INK))
        painter.end()
        if not canvas.save(str(file)):
            self.problems.append(f"{file.name}：写不出来")
        print(file, flush=True)


def in_dialog(name: str, tour: Tour, visit: Callable[[], None]) -> None:
    """Calls ``visit`` in the dialog of that name that is about to open and hold everything up; closes it."""

    def arrive() -> None:
        dialog = tour.find(QDialog, name)
        visit()
        if dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(QUIET_MS, arrive)


def shown_windows() -> list[QWidget]:
    """From the lowest to the topmost: a dialog over its parent, popups over all."""
    tops = [top for top in QApplication.topLevelWidgets() if top.isVisible() and top.width() > 1]
    return sorted(tops, key=lambda top: (is_popup(top), depth(top)))


def depth(top: QWidget) -> int:
    parent = top.parentWidget()
    return 1 + depth(parent.window()) if parent is not None else 0


def is_popup(top: QWidget) -> bool:
    return bool(top.windowType() in (Qt.WindowType.Popup, Qt.WindowType.ToolTip))


def draw_window(painter: QPainter, top: QWidget) -> QRect:
    """Paints it with a title bar; returns the room that it takes on the screen."""
    # The offscreen platform draws no frame but reckons with one.
    place = QRect(QPoint(0, TITLE_BAR), top.size()) if isinstance(top, MainWindow) else top.geometry()
    framed = place if is_popup(top) else place.adjusted(0, -TITLE_BAR, 0, 0)
    if framed != place:
        bar = QRect(framed.topLeft(), QSize(framed.width(), TITLE_BAR))
        painter.fillRect(bar, QColor(BAR))
        painter.setPen(QColor(INK))
        painter.drawText(bar.adjusted(12, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter, top.windowTitle())
    painter.drawPixmap(place.topLeft(), top.grab())
    painter.setPen(QColor(INK))
    painter.drawRect(framed.adjusted(0, 0, -1, -1))
    return framed


def centre(top: QWidget, room: QRect) -> None:
    """Where a window manager puts a dialog."""
    height = top.height() + TITLE_BAR
    top.move((room.width() - top.width()) // 2, (room.height() - height) // 2 + TITLE_BAR)
