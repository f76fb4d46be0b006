"""One teacher of two copies: what differs, side by side, and under it the pages of both."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QHeaderView, QLabel, QTreeWidget, QTreeWidgetItem, QWidget

from certclerk.core.notice import Notice
from certclerk.core.records import Page, Teacher
from certclerk.core.two_copies import Difference
from certclerk.gui import style
from certclerk.gui.copies.words import HERE, THERE
from certclerk.gui.scan.page_row import PageRow
from certclerk.gui.scan.thumbnails import Source, Thumbnails

# px of the column that says what a line is about.
ABOUT = 150


class Details(QWidget):
    """Three columns: what it is about, this copy, the other."""

    def __init__(self, notice: Notice, here: Source, there: Source) -> None:
        super().__init__()
        self._sides = QTreeWidget()
        self._about = QLabel("扫描页")
        self.here = PageRow(notice, Thumbnails(here, self), "pagesHere", f"{HERE}的扫描页")
        self.there = PageRow(notice, Thumbnails(there, self), "pagesThere", f"{THERE}的扫描页")
        self._lay_out()

    def show_sides(self, sides: Sequence[Difference]) -> None:
        self._sides.clear()
        for side in sides:
            item = QTreeWidgetItem(self._sides, [side.what, side.here, side.there])
            item.setSizeHint(0, QSize(0, style.ROW_HEIGHT - style.HALF))
            for column in range(3):
                item.setToolTip(column, item.text(column))
            spoken = f"{side.what}，{HERE}：{side.here}，{THERE}：{side.there}"
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)

    def show_pages(self, here: Sequence[Page], there: Sequence[Page]) -> None:
        self.here.show_pages(here)
        self.there.show_pages(there)

    def _lay_out(self) -> None:
        self._sides.setObjectName("sidesTable")
        self._sides.setAccessibleName("不同之处")
        self._sides.setHeaderLabels(["项目", HERE, THERE])
        self._sides.setRootIsDecorated(False)
        self._sides.setUniformRowHeights(True)
        self._sides.setAllColumnsShowFocus(True)
        head = self._sides.header()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        head.resizeSection(0, ABOUT)
        self._about.setProperty("role", "caption")
        self._about.setFixedWidth(ABOUT)
        self._about.setContentsMargins(style.HALF, style.GAP, 0, 0)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.setRowStretch(0, 1)
        for column in (1, 2):
            grid.setColumnStretch(column, 1)
        grid.addWidget(self._sides, 0, 0, 1, 3)
        grid.addWidget(self._about, 1, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.here, 1, 1)
        grid.addWidget(self.there, 1, 2)
        self.setProperty("shade", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)


def pages_of(teacher: Teacher | None, notice: Notice) -> tuple[Page, ...]:
    """Certificate by certificate, in the order of the slots."""
    held = teacher.certificates if teacher else ()
    return tuple(page for one in held for slot in notice.slots for page in one.pages_in(slot.id))
