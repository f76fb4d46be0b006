"""The row of chips over the roster: whom it shows, each with how many there are."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QToolButton, QWidget

from certclerk.core.progress import Progress, State
from certclerk.gui import style
from certclerk.gui.buttons import chip, show_count

# Object name, state; the first shows everybody.
CHIPS: tuple[tuple[str, State | None], ...] = (
    ("filterAll", None),
    ("filterToScan", State.TO_SCAN),
    ("filterProblem", State.PROBLEM),
    ("filterDone", State.DONE),
)
MORE: tuple[tuple[str, State], ...] = (
    ("filterAsk", State.ASK),
    ("filterHold", State.HOLD),
    ("filterOut", State.OUT),
)


class RosterFilter(QWidget):
    """``chosen`` (State or None): the clerk picked another chip."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rosterFilter")
        self.setAccessibleName("名册筛选")
        self._chosen: State | None = None
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.HALF)
        self._chips: dict[State | None, QToolButton] = {}
        for name, state in CHIPS:
            made = chip(name)
            made.clicked.connect(lambda _checked=False, state=state: self.choose(state))
            self._chips[state] = made
            self._group.addButton(made)
            layout.addWidget(made)
        self._more = chip("filterMore")
        self._more.setAccessibleName("更多筛选")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._group.addButton(self._more)
        menu = QMenu(self._more)
        self._entries: dict[State, QAction] = {}
        for name, state in MORE:
            entry = menu.addAction(state.value)
            entry.setObjectName(name)
            entry.triggered.connect(lambda _checked=False, state=state: self.choose(state))
            self._entries[state] = entry
        self._more.setMenu(menu)
        layout.addWidget(self._more)
        layout.addStretch(1)
        self._show_choice()

    @property
    def state(self) -> State | None:
        return self._chosen

    def choose(self, state: State | None) -> None:
        changed = state != self._chosen
        self._chosen = state
        self._show_choice()
        if changed:
            self.chosen.emit(state)

    def show_counts(self, progress: Progress) -> None:
        for state, shown in self._chips.items():
            show_count(shown, state, progress.teachers if state is None else progress.counts[state])
        for state, entry in self._entries.items():
            entry.setText(f"{state.value}  {progress.counts[state]}")
        self._show_choice()

    def _show_choice(self) -> None:
        aside = self._chosen in self._entries
        (self._more if aside else self._chips[self._chosen]).setChecked(True)
        self._more.setText(self._entries[self._chosen].text() if aside and self._chosen else "更多…")
