"""The editor's keys: one table from key to act."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence

# Acts as the editor names them; those that its buttons do too have the buttons' names.
EDIT_KEYS: dict[str, tuple[str, ...]] = {
    "finish": ("Return", "Enter"),
    "drop": ("Esc",),
    "mode": ("C",),
    "adopt": ("A",),
    "rotateRight": ("R",),
    "rotateLeft": ("Shift+R",),
    "back": ("Ctrl+Z",),
    "forward": ("Ctrl+Y", "Ctrl+Shift+Z"),
}
# Clockwise degrees by which a key straightens.
STRAIGHTENING: dict[str, float] = {
    "Ctrl+Left": -0.1,
    "Ctrl+Right": 0.1,
    "Ctrl+Shift+Left": -1.0,
    "Ctrl+Shift+Right": 1.0,
}
_BY_KEY = {QKeySequence(key): act for act, keys in EDIT_KEYS.items() for key in keys}
_TURNS = {QKeySequence(key): degrees for key, degrees in STRAIGHTENING.items()}


def edit_act_of(event: QKeyEvent) -> str | None:
    return _BY_KEY.get(QKeySequence(event.keyCombination()))


def straightening_of(event: QKeyEvent) -> float | None:
    return _TURNS.get(QKeySequence(event.keyCombination()))


def is_edit_key(event: QEvent) -> bool:
    """Whether it asks who wants a key, and the editor does."""
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and (edit_act_of(event) is not None or straightening_of(event) is not None)
    )
