"""The keys of a spreadsheet: which of them the full table takes for itself, and where Tab goes."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QKeyCombination, QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTableView


class KeyAct(Enum):
    COPY = auto()
    CUT = auto()
    PASTE = auto()
    FILL_DOWN = auto()
    CLEAR = auto()
    ROWS = auto()
    DOWN = auto()
    UP = auto()
    LEAVE = auto()


_Key, _Control, _Shift = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_EVERYWHERE = {
    QKeyCombination(_Control, _Key.Key_C): KeyAct.COPY,
    QKeyCombination(_Control, _Key.Key_Insert): KeyAct.COPY,
    QKeyCombination(_Key.Key_Return): KeyAct.DOWN,
    QKeyCombination(_Shift, _Key.Key_Return): KeyAct.UP,
}
_IN_CELLS = {
    QKeyCombination(_Control, _Key.Key_X): KeyAct.CUT,
    QKeyCombination(_Shift, _Key.Key_Delete): KeyAct.CUT,
    QKeyCombination(_Control, _Key.Key_V): KeyAct.PASTE,
    QKeyCombination(_Shift, _Key.Key_Insert): KeyAct.PASTE,
    QKeyCombination(_Control, _Key.Key_D): KeyAct.FILL_DOWN,
    QKeyCombination(_Key.Key_Delete): KeyAct.CLEAR,
    QKeyCombination(_Shift, _Key.Key_Space): KeyAct.ROWS,
    QKeyCombination(_Key.Key_Escape): KeyAct.LEAVE,
}
# What the window must not have while the table has the focus.
OURS = frozenset({KeyAct.COPY, KeyAct.CUT, KeyAct.PASTE, KeyAct.FILL_DOWN})


def key_act(event: QKeyEvent, *, wide: bool) -> KeyAct | None:
    """What the table does on this key; None where it is Qt's or the window's."""
    key = _Key.Key_Return if event.key() == _Key.Key_Enter else event.key()
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    pressed = QKeyCombination(modifiers, _Key(key))
    return _EVERYWHERE.get(pressed) or (_IN_CELLS.get(pressed) if wide else None)


def next_typed(table: QTableView, here: QModelIndex, right: int) -> QModelIndex:
    """The cell after (1) or before (-1) ``here`` that can be typed in, row by row; invalid where there is none."""
    model, columns = table.model(), table.horizontalHeader().count()
    row, column = here.row(), here.column()
    while here.isValid() and 0 <= row < model.rowCount():
        column += right
        if not 0 <= column < columns:
            row += right
            column = -1 if right > 0 else columns
            continue
        there = model.index(row, column)
        if not table.isColumnHidden(column) and there.flags() & Qt.ItemFlag.ItemIsEditable:
            return there
    return QModelIndex()
