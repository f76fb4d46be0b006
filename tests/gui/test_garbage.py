from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from certclerk.gui.garbage import keep_collection_here
from certclerk.gui.tasks import TaskRunner

# Many times what Python makes before it collects the youngest of them.
PLENTY = 100_000


class Ring(QWidget):
    """Holds itself, and a timer that Qt wants stopped where it was started."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self
        self.timer = QTimer(self)
        self.timer.start(3_600_000)


def test_a_widget_in_a_cycle_is_destroyed_on_the_gui_thread_whoever_makes_objects(qtbot: QtBot) -> None:
    owner, runner, made, deaths = QObject(), TaskRunner(1), [], []
    gc.enable()
    keep_collection_here(owner)
    gc.collect()
    weakref.finalize(Ring(), lambda: deaths.append(threading.get_ident()))
    runner.run(lambda _job: made.extend([] for _ in range(PLENTY)), lambda _none: None)
    runner.close()
    assert deaths == []
    qtbot.waitUntil(lambda: bool(deaths))
    assert deaths == [threading.get_ident()]
