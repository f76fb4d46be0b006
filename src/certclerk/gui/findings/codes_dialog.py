"""问题一览: every finding that the check can make, its cause and remedy, to be searched."""

from __future__ import annotations

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtGui import QShowEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.records import Severity
from certclerk.core.rules import CATALOGUE
from certclerk.gui import style
from certclerk.gui.buttons import close_button
from certclerk.gui.icons import icon
from certclerk.jobs.listing import SEVERITY_LABELS

HEADS = ("级别", "情况", "怎么处理", "可确认", "代码")
# px: how wide each column is at first; the two sentences share what is left.
WIDTHS = (76, 0, 0, 64, 150)


class CodesDialog(QDialog):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("codesDialog")
        self.setWindowTitle("问题一览")
        self.resize(920, 560)
        head = QLabel(
            "有错误的教师不能列入报送包；警告和提示不影响报送。“可确认”的，证件上确实如此时写明原因即可。"
        )
        head.setWordWrap(True)
        search = QLineEdit()
        search.setObjectName("codesSearch")
        search.setAccessibleName("查找问题")
        search.setPlaceholderText("查找：如 身份证、时间、扫描")
        search.setClearButtonEnabled(True)
        self._rows = QSortFilterProxyModel(self)
        self._rows.setSourceModel(_codes(self))
        self._rows.setFilterKeyColumn(-1)
        self._rows.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        search.textChanged.connect(self._on_search_changed)
        self._nothing = QLabel("没有这样的问题")
        self._nothing.setProperty("role", "caption")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.hide()
        self._table = _table(self._rows)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close_button(self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(head)
        layout.addWidget(search)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._nothing, 1)
        layout.addLayout(buttons)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._table.resizeRowsToContents()

    def _on_search_changed(self, text: str) -> None:
        self._rows.setFilterFixedString(text.strip())
        found = self._rows.rowCount() > 0
        self._table.setVisible(found)
        self._nothing.setVisible(not found)
        self._table.resizeRowsToContents()


def _codes(parent: QDialog) -> QStandardItemModel:
    model = QStandardItemModel(0, len(HEADS), parent)
    model.setHorizontalHeaderLabels(list(HEADS))
    for severity in Severity:
        for code, entry in CATALOGUE.items():
            if entry.severity is severity:
                confirmable = "可确认" if entry.confirmable else ""
                cells = (SEVERITY_LABELS[severity], entry.cause, entry.remedy, confirmable, code)
                items = [QStandardItem(text) for text in cells]
                tone = style.OF_SEVERITY[severity]
                items[0].setIcon(icon(tone.sign, tone.ink))
                model.appendRow(items)
    return model


def _table(rows: QSortFilterProxyModel) -> QTableView:
    table = QTableView()
    table.setObjectName("codesTable")
    table.setAccessibleName("问题一览")
    table.setModel(rows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setAlternatingRowColors(True)
    table.setWordWrap(True)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setMinimumSectionSize(style.ROW_HEIGHT)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column, width in enumerate(WIDTHS):
        if width:
            table.setColumnWidth(column, width)
        else:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    # A row is as high as its sentences, which break elsewhere in another width.
    header.sectionResized.connect(lambda *_section: table.resizeRowsToContents())
    return table
