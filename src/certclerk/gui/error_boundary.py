"""The error boundary of the window: what nobody expected is logged, told once, and changes nothing.

The log and the details hold the kinds of errors and the places in our code, never a message: messages can
hold names and numbers of people.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Signal, qVersion
from PySide6.QtGui import QGuiApplication

from certclerk import __version__
from certclerk.core.errors import UserError

LOG_NAME = "certclerk.log"
MOST_LOG_BYTES = 1_000_000

ErrorKind = type[BaseException]


class ErrorBoundary(QObject):
    """Takes what reaches ``sys.excepthook``, from slots, timers and workers alike.

    A UserError is a sentence that nobody showed: ``sentence`` tells it. Anything else is written to the
    log in ``folder`` and shown by ``show(details)``, one dialog at a time.
    """

    sentence = Signal(str)
    _arrived = Signal(str)

    def __init__(self, folder: Path, show: Callable[[str], None]) -> None:
        super().__init__()
        self._log = folder / LOG_NAME
        self._show = show
        self._showing = False
        # Errors of plain threads arrive there; the dialog belongs here.
        self._arrived.connect(self._on_arrived)

    def install(self) -> None:
        sys.excepthook = self.take
        threading.excepthook = self._take_from_thread

    def take(self, kind: ErrorKind, error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            QGuiApplication.quit()
        elif isinstance(error, UserError):
            self.sentence.emit(str(error))
        else:
            details = described(kind, error, trace)
            self._write(details)
            self._arrived.emit(details)

    def _take_from_thread(self, raised: threading.ExceptHookArgs) -> None:
        if raised.exc_value is not None:
            self.take(raised.exc_type, raised.exc_value, raised.exc_traceback)

    def _write(self, details: str) -> None:
        from datetime import datetime

        try:
            too_long = self._log.exists() and self._log.stat().st_size > MOST_LOG_BYTES
            with self._log.open("w" if too_long else "a", encoding="utf-8") as log:
                log.write(f"{datetime.now().isoformat(timespec='seconds')}\n{details}\n\n")
        except OSError:
            # The dialog still says it; a full disk must not hide the first error behind a second.
            return

    def _on_arrived(self, details: str) -> None:
        if self._showing:
            return
        self._showing = True
        try:
            self._show(details)
        finally:
            self._showing = False


def described(kind: ErrorKind, error: BaseException, trace: TracebackType | None) -> str:
    """Versions, the kind of each error in the chain, and where in the code it passed; no values."""
    import platform

    lines = [
        f"certclerk {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
    ]
    cause: BaseException | None = error
    seen: set[int] = set()
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        lines.append(
            f"{type(cause).__module__}.{type(cause).__qualname__}" if cause is not error else kind.__name__
        )
        lines.extend(_places(trace if cause is error else cause.__traceback__))
        cause = cause.__cause__ or cause.__context__
    return "\n".join(lines)


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"  {Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places
