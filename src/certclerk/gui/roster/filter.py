"""The row of chips over the roster: whom it shows, each with how many there are."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QToolButton, QWidget

from certclerk.core.custody import Stand
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
MORE: tuple[tuple[str, State | Stand], ...] = (
    ("filterAsk", State.ASK),
    ("filterHold", State.HOLD),
    ("filterOut", State.OUT),
    ("filterOwed", Stand.OWED),
    ("filterHere", Stand.HERE),
)


# In the menu the word alone does not say what it is about.
_BOOKLET = "证书"


class RosterFilter(QWidget):
    """``chosen`` (State, Stand or None): the clerk picked another chip."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rosterFilter")
        self.setAccessibleName("名册筛选")
        self._chosen: State | Stand | None = None
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.HALF)
        self._chips: dict[State | Stand | None, QToolButton] = {}
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
        self._entries: dict[State | Stand, QAction] = {}
        for name, wished in MORE:
            entry = menu.addAction(wished.value)
            entry.setObjectName(name)
            entry.triggered.connect(lambda _checked=False, wished=wished: self.choose(wished))
            self._entries[wished] = entry
        self._more.setMenu(menu)
        layout.addWidget(self._more)
        layout.addStretch(1)
        self._show_choice()

    @property
    def state(self) -> State | Stand | None:
        return self._chosen

    def choose(self, state: State | Stand | None) -> None:
        changed = state != self._chosen
        self._chosen = state
        self._show_choice()
        if changed:
            self.chosen.emit(state)

    def show_counts(self, progress: Progress, custody: Mapping[Stand, int]) -> None:
        """``custody`` is empty where booklets are not registered: then there is nothing to choose of them."""
        counts: dict[State | Stand | None, int] = {None: progress.teachers}
        counts.update((state, count) for state, count in progress.counts.items())
        counts.update((stand, count) for stand, count in custody.items())
        for state, shown in self._chips.items():
            show_count(shown, state, counts[state])
        for wished, entry in self._entries.items():
            entry.setVisible(wished in counts)
            about = _BOOKLET if isinstance(wished, Stand) else ""
            entry.setText(f"{about}{wished.value}  {counts.get(wished, 0)}")
        if self._chosen not in counts:
            self.choose(None)
        self._show_choice()

    def _show_choice(self) -> None:
        aside = self._chosen in self._entries
        (self._more if aside else self._chips[self._chosen]).setChecked(True)
        # The chips are as wide as the roster's pane.
        short = self._entries[self._chosen].text().removeprefix(_BOOKLET) if aside and self._chosen else ""
        self._more.setText(short or "更多…")
