"""Painting text needs a Qt application; verbs that only print make one that needs no screen."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QGuiApplication


def ensure_application() -> None:
    """Does nothing where a window program already runs. Call it on the main thread."""
    if QGuiApplication.instance() is None:
        _offscreen()


@cache
def _offscreen() -> QGuiApplication:
    """Cached, since Qt's application ends with the last reference to it."""
    return QGuiApplication(["certclerk", "-platform", "offscreen"])
