"""Python's collection of cycles, kept to the GUI thread.

Python collects wherever the next object happens to be made, also in a worker: a widget, timer or model that is part
of a cycle would be destroyed there, which Qt does not survive. A roster of thousands is no garbage: it is not looked
through, which would hold the window for a third of a second each time.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 1000


def keep_collection_here(parent: QObject) -> None:
    """From now on cycles are collected on this thread, from its event loop, for as long as ``parent`` lives."""
    gc.disable()
    timer = QTimer(parent)
    timer.setInterval(INTERVAL_MS)
    timer.timeout.connect(collect_due)
    timer.start()


def look_past_what_is_there() -> None:
    """What lives now, a collection that has just been opened say, is not looked through until :func:`look_again`."""
    gc.freeze()


def look_again() -> None:
    gc.unfreeze()


def collect_due() -> None:
    """Collects the oldest generation that Python itself would collect by now."""
    due = [count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
    for generation in (2, 1, 0):
        if due[generation]:
            gc.collect(generation)
            return
