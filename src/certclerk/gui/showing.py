"""Dialogs opened over their window, and the keys given back to it afterwards."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog


def show(dialog: QDialog) -> None:
    """Over its window; it goes with its closing."""
    dialog.finished.connect(dialog.deleteLater)
    dialog.finished.connect(lambda _result: hand_back(dialog))
    dialog.open()


def hand_back(dialog: QDialog) -> None:
    """Gives the keys to the window under a closed dialog: where no window manager runs, nobody else does."""
    under = dialog.parentWidget()
    if under is not None:
        under.window().activateWindow()
