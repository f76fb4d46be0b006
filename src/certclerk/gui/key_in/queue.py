"""The certificates in roster order, with their states; filtered and searched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.keying import KeyEntry, KeyState
from certclerk.core.wording import named
from certclerk.gui import style, texts
from certclerk.gui.buttons import chip
from certclerk.gui.flow_layout import FlowLayout
from certclerk.gui.roster.search import folded, matches

SIGNS = {KeyState.OPEN: "", KeyState.DONE: "✓", KeyState.PROBLEM: "！", KeyState.CHANGED: "↻"}
COLOURS = {KeyState.DONE: style.GREEN, KeyState.PROBLEM: style.RED, KeyState.CHANGED: style.AMBER}
CHIPS: tuple[tuple[str, KeyState | None], ...] = (
    ("keyFilterAll", None),
    ("keyFilterOpen", KeyState.OPEN),
    ("keyFilterProblem", KeyState.PROBLEM),
    ("keyFilterDone", KeyState.DONE),
    ("keyFilterChanged", KeyState.CHANGED),
)
_WALKING = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End})


class Search(QLineEdit):
    """Keeps the keys that mean something to the window for itself while it is typed in."""

    left = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            if event.key() == Qt.Key.Key_Escape:
                self.clear()
            self.left.emit()
            return
        super().keyPressEvent(event)
        event.accept()


class _List(QListWidget):
    """Walks with the arrows; every other key is the window's."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) in _WALKING:
            super().keyPressEvent(event)
        else:
            event.ignore()


class KeyQueue(QWidget):
    """``chosen`` (KeyEntry or None): the certificate that is keyed in now. ``left``: the keys go back to the window.
    ``picked``: one was clicked, or looked for to the end.
    """

    chosen = Signal(object)
    left = Signal()
    picked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("keyQueue")
        self.setAccessibleName("证书")
        self._all: tuple[KeyEntry, ...] = ()
        self._shown: list[KeyEntry] = []
        self._state: KeyState | None = None
        self.search = Search()
        self.search.setObjectName("keySearch")
        self.search.setAccessibleName("查找")
        self.search.setPlaceholderText("姓名、拼音或号码（/）")
        self.search.setClearButtonEnabled(True)
        self._chips: dict[KeyState | None, QToolButton] = {}
        group = QButtonGroup(self)
        chips = FlowLayout(spacing=style.HALF)
        for name, state in CHIPS:
            made = chip(name)
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            made.clicked.connect(lambda _checked=False, state=state: self._choose_state(state))
            group.addButton(made)
            chips.addWidget(made)
            self._chips[state] = made
        self._chips[None].setChecked(True)
        self._list = _List()
        self._list.setObjectName("keyList")
        self._list.setAccessibleName("要录入的证书")
        self._list.setUniformItemSizes(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(self.search)
        layout.addLayout(chips)
        layout.addWidget(self._list, 1)
        self.search.textChanged.connect(lambda _text: self._refill(self.entry))
        self.search.left.connect(self.picked)
        self._list.itemClicked.connect(lambda _item: self.picked.emit())
        self._list.currentRowChanged.connect(lambda _row: self.chosen.emit(self.entry))

    @property
    def entry(self) -> KeyEntry | None:
        row = self._list.currentRow()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def counts(self) -> Counter[KeyState]:
        """Of all certificates, whatever is filtered."""
        return Counter(entry.state for entry in self._all)

    @property
    def following(self) -> KeyEntry | None:
        """The one after it, of those that are shown."""
        return next(iter(self._shown[self._list.currentRow() + 1 :]), None)

    def show_entries(self, entries: Sequence[KeyEntry]) -> None:
        """The place is kept."""
        kept = self.entry
        self._all = tuple(entries)
        self._refill(kept)

    def go_to(self, entry: KeyEntry) -> None:
        """To the certificate of ``entry``, which may be of before a change, if it is shown."""
        for row, shown in enumerate(self._shown):
            if shown.certificate.id == entry.certificate.id:
                self._list.setCurrentRow(row)

    def step(self, by: int) -> bool:
        """To a neighbour; False where there is none."""
        row = self._list.currentRow() + by
        if not 0 <= row < len(self._shown):
            return False
        self._list.setCurrentRow(row)
        return True

    def _choose_state(self, state: KeyState | None) -> None:
        self._state = state
        self._refill(self.entry)
        self.left.emit()

    def _refill(self, wanted: KeyEntry | None) -> None:
        query = folded(self.search.text())
        row = max(self._list.currentRow(), 0)
        self._shown = [
            entry
            for entry in self._all
            if self._state in (None, entry.state) and (not query or matches(entry.teacher, query))
        ]
        self._list.blockSignals(True)
        self._list.clear()
        for entry in self._shown:
            self._list.addItem(_item(entry))
        keys = [entry.certificate.id for entry in self._shown]
        if wanted is not None and wanted.certificate.id in keys:
            row = keys.index(wanted.certificate.id)
        self._list.setCurrentRow(min(row, len(self._shown) - 1))
        self._list.blockSignals(False)
        self._list.scrollTo(self._list.currentIndex() if self._shown else QModelIndex())
        self._show_counts()
        self.chosen.emit(self.entry)

    def _show_counts(self) -> None:
        counts = self.counts()
        for state, shown in self._chips.items():
            count = counts[state] if state else len(self._all)
            word = state.value if state else texts.ALL
            shown.setText(f"{word} {count}")
            shown.setAccessibleName(f"{word}，{count} 本")
            shown.setVisible(state is not KeyState.CHANGED or bool(count) or self._state is state)


def _item(entry: KeyEntry) -> QListWidgetItem:
    sign = f"{SIGNS[entry.state]} " if SIGNS[entry.state] else "　"
    item = QListWidgetItem(
        f"{sign}{entry.teacher.serial} {named(entry.teacher.name)}　{entry.certificate.kind}"
    )
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()}，{entry.state.value}")
    item.setToolTip(
        f"{entry.state.value}{f'：{entry.keying.reason}' if entry.keying and entry.keying.reason else ''}"
    )
    if entry.state in COLOURS:
        item.setForeground(QColor(COLOURS[entry.state]))
    return item
