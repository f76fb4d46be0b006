"""From starting Python to the first painted window: certclerk's beside an empty PySide6 window.

python tests/bench/bench_start.py [REPEATS]     needs a display, or QT_QPA_PLATFORM=offscreen
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Ends the process when the first paint event of a window has been handled and its pixels are flushed.
_END_AT_FIRST_PAINT = """
import os, sys
from PySide6.QtCore import QEvent, QObject, QTimer
class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched.isWidgetType() and watched.isWindow():
            QTimer.singleShot(0, lambda: os._exit(0))
        return False
first_paint = FirstPaint()
"""

_EMPTY = (
    _END_AT_FIRST_PAINT
    + """
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication(sys.argv)
application.installEventFilter(first_paint)
window = QMainWindow()
window.resize(1340, 700)
window.show()
application.exec()
"""
)

_CERTCLERK = (
    _END_AT_FIRST_PAINT
    + """
from certclerk.app import main
from certclerk.gui import run
make = run.make_application
def watched():
    application = make()
    application.installEventFilter(first_paint)
    return application
run.make_application = watched
main([])
"""
)


def seconds(script: str, home: str) -> float:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "HOME": home, "XDG_DATA_HOME": home}
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as home:
        for script in (_EMPTY, _CERTCLERK):
            seconds(script, home)
        # Taken in turns, so that what else the machine does falls on both.
        pairs = [(seconds(_EMPTY, home), seconds(_CERTCLERK, home)) for _ in range(repeats)]
    empty, own = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(certclerk / bare for bare, certclerk in pairs)
    print(f"empty window {empty * 1000:.0f} ms, certclerk {own * 1000:.0f} ms, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
