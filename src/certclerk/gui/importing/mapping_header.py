"""The head of a table from outside: under each column's own head, what the clerk takes it for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHeaderView, QTableView, QWidget

from certclerk.core.fields import FIELDS
from certclerk.gui import style
from certclerk.gui.importing.preview import FIRST_CELL
from certclerk.gui.wizard import set_look
from certclerk.jobs.roster_preview import Layout, column_letters

CHOICE_HEIGHT = 28
FIELD_CHOICES = (("", "不导入"), *((field.id, field.title) for field in FIELDS))


class MappingHeader(QHeaderView):
    """``mapped`` (column of the sheet from 0, field or ""): the clerk chose a field for a column."""

    mapped = Signal(int, str)

    def __init__(
        self,
        table: QTableView,
        first: int = FIRST_CELL,
        choices: Sequence[tuple[str, str]] = FIELD_CHOICES,
        purpose: str = "导入为",
    ) -> None:
        """``first`` is the section of the sheet's first column; ``choices`` are field and title, the one for none first."""
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self._first = first
        self._offered = tuple(choices)
        self._purpose = purpose
        self._choices: list[QComboBox] = []
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(48)
        self.sectionResized.connect(self._place_choices)
        table.horizontalScrollBar().valueChanged.connect(self._place_choices)

    def show_layout(self, layout: Layout) -> None:
        """One choice for each of the sheet's columns."""
        while len(self._choices) > len(layout.columns):
            self._choices.pop().deleteLater()
        while len(self._choices) < len(layout.columns):
            self._choices.append(self._new_choice(len(self._choices)))
        for choice, role in zip(self._choices, layout.columns, strict=True):
            choice.blockSignals(True)
            choice.setCurrentIndex(max(0, choice.findData(role.field or "")))
            choice.blockSignals(False)
            choice.setAccessibleName(f"{column_letters(role.column)} 列 {role.title} {self._purpose}")
            choice.setToolTip("按内容猜测的，请核对" if role.guessed else f"这一列{self._purpose}")
            set_look(choice, "mapping", "guessed" if role.guessed else "" if role.field else "none")
        self._place_choices()

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Other choices than before; :meth:`show_layout` comes next."""
        self._offered = tuple(choices)
        while self._choices:
            self._choices.pop().deleteLater()

    def set_tab_order(self, before: QWidget, after: QWidget) -> None:
        """The choices from left to right, between two other stops of the Tab key."""
        stops = [before, *self._choices, after]
        for first, second in pairwise(stops):
            QWidget.setTabOrder(first, second)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), hint.height() + CHOICE_HEIGHT + style.HALF)

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self._place_choices()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A choice that gets the focus is scrolled into view; the wheel scrolls, it never chooses."""
        if event.type() == QEvent.Type.FocusIn and watched in self._choices:
            self._show_section(self._first + self._choices.index(watched))
        return isinstance(event, QWheelEvent)

    def _new_choice(self, column: int) -> QComboBox:
        choice = QComboBox(self)
        choice.setObjectName(f"fieldChoice{column_letters(column)}")
        for field, title in self._offered:
            choice.addItem(title, field)
        choice.installEventFilter(self)
        choice.currentIndexChanged.connect(
            lambda _index, chosen=choice, place=column: self.mapped.emit(place, chosen.currentData())
        )
        choice.show()
        return choice

    def _show_section(self, section: int) -> None:
        first_shown = max(0, self._table.rowAt(0))
        self._table.scrollTo(self._table.model().index(first_shown, section))
        self._place_choices()

    def _place_choices(self, *_: int) -> None:
        top = self.height() - CHOICE_HEIGHT - style.HALF
        for column, choice in enumerate(self._choices):
            section = self._first + column
            if section >= self.count():
                choice.hide()
                continue
            left = self.sectionViewportPosition(section)
            choice.setGeometry(left + 2, top, self.sectionSize(section) - style.HALF, CHOICE_HEIGHT)
            choice.show()
