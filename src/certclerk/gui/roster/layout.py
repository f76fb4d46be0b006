"""Which columns of the roster the clerk sees and how wide, kept as a text from one day to the next."""

from __future__ import annotations

import json

from PySide6.QtWidgets import QHeaderView, QMenu, QTableView

from certclerk.gui import style
from certclerk.gui.roster.columns import HIDDEN_AT_FIRST, Column
from certclerk.gui.roster.frozen import FROZEN
from certclerk.gui.roster.model import RosterModel

LEAST_WIDTH, WIDEST = 24, 1200


class TableLayout:
    """Widths and hidden columns of a table, each by its column's id, for the short list and the full table."""

    def __init__(self, table: QTableView) -> None:
        self._table = table
        self._widths: dict[str, int] = {}
        self._hidden: set[str] = set(HIDDEN_AT_FIRST)
        self._shown: tuple[Column, ...] = ()

    def text(self) -> str:
        """For :meth:`restore`."""
        self.remember()
        return json.dumps({"widths": self._widths, "hidden": sorted(self._hidden)})

    def restore(self, text: str) -> None:
        """What cannot be read is left: it is only a convenience."""
        try:
            kept = json.loads(text)
        except ValueError:
            return
        if not isinstance(kept, dict):
            return
        widths, hidden = kept.get("widths"), kept.get("hidden")
        if isinstance(widths, dict):
            self._widths = {
                str(key): width
                for key, width in widths.items()
                if isinstance(width, int) and LEAST_WIDTH <= width <= WIDEST
            }
        if isinstance(hidden, list):
            self._hidden = {str(id_) for id_ in hidden}
        self._shown = ()
        self.apply()

    def remember(self) -> None:
        """The widths as they are now; the column that takes what is left over has none of its own."""
        head = self._table.horizontalHeader()
        last = max(
            (place for place in range(len(self._shown)) if not head.isSectionHidden(place)), default=-1
        )
        for place, column in enumerate(self._shown):
            stretched = place == last if self._model.wide else column.id == "name"
            if not head.isSectionHidden(place) and not stretched:
                self._widths[self._key(column)] = head.sectionSize(place)

    def apply(self) -> None:
        """Lays out the columns that the model has now, if it is not done yet."""
        model = self._model
        if self._shown is model.columns:
            return
        head = self._table.horizontalHeader()
        digit = self._table.fontMetrics().horizontalAdvance("0")
        head.setStretchLastSection(model.wide)
        for place, column in enumerate(model.columns):
            head.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
            usual = round(column.width * digit * 1.06) + 2 * style.GAP
            head.setSectionHidden(place, model.wide and place >= FROZEN and column.id in self._hidden)
            head.resizeSection(place, self._widths.get(self._key(column), usual))
        if not model.wide:
            head.setSectionResizeMode(model.column_of("name"), QHeaderView.ResizeMode.Stretch)
        self._shown = model.columns

    def show_column(self, column_id: str, wanted: bool) -> None:
        self.remember()
        (self._hidden.discard if wanted else self._hidden.add)(column_id)
        self._shown = ()
        self.apply()

    def fill_menu(self, menu: QMenu) -> None:
        """A tick for each column of the full table that may be hidden, and the way back."""
        for column in self._model.columns[FROZEN:]:
            entry = menu.addAction(column.title)
            entry.setObjectName(f"column-{column.id}")
            entry.setCheckable(True)
            entry.setChecked(column.id not in self._hidden)
            entry.toggled.connect(lambda wanted, id_=column.id: self.show_column(id_, wanted))
        menu.addSeparator()
        menu.addAction("恢复默认的列", self.reset).setObjectName("columnsReset")

    def reset(self) -> None:
        self._widths, self._hidden, self._shown = {}, set(HIDDEN_AT_FIRST), ()
        self.apply()

    @property
    def _model(self) -> RosterModel:
        model = self._table.model()
        assert isinstance(model, RosterModel)
        return model

    def _key(self, column: Column) -> str:
        return f"wide/{column.id}" if self._model.wide else column.id
