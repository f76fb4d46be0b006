"""First page of the import wizard: which sheet, which head, which column is what, and what comes of each row."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QSplitter,
    QTableView,
    QWidget,
    QWizard,
)

from certclerk.core.errors import UserError
from certclerk.gui import files, style, texts
from certclerk.gui.buttons import button
from certclerk.gui.import_preview import FIRST_CELL, LEGEND, STATUS, FramedCells, PreviewModel, ProblemRows
from certclerk.gui.import_request import ImportRequest
from certclerk.gui.mapping_header import MappingHeader
from certclerk.gui.wizard import DOUBTFUL, PLAIN, WRONG, Banner, Step, paragraph
from certclerk.jobs.roster_preview import (
    Layout,
    Proposal,
    Remark,
    Sheet,
    Workbook,
    add_proposal,
    already_there,
    best_sheet,
    detect,
    propose,
    read,
    remarks,
)

LARGEST_COLUMN = 240
LEAST_COLUMN = 112
STATUS_COLUMN = 132
FITTED_ROWS = 50
NO_NAME = "还没有指定“姓名”列：请在表头下面的选择框里，给姓名所在的那一列选“姓名”，然后才能导入。"
NO_ROWS = "没有可以导入的行。请检查工作表和表头行是否选对。"


class TablePage(Step):
    """Reading and proposing happen in a worker; 下一步 is 导入 and adds everything in one change."""

    def __init__(self, request: ImportRequest) -> None:
        super().__init__()
        self._request = request
        self._workbook: Workbook | None = None
        self._layout_found: Layout | None = None
        self.setButtonText(QWizard.WizardButton.NextButton, "导入(&I)")
        self._file = QLabel()
        self._file.setObjectName("fileName")
        self._file.setProperty("role", "heading")
        self._other = button("另选文件…", "otherFileButton", spoken="另选一个名册文件")
        self._sheet = QComboBox()
        self._sheet.setObjectName("sheetChoice")
        self._sheet.setAccessibleName("工作表")
        self._header_row = QSpinBox()
        self._header_row.setObjectName("headerRowField")
        self._header_row.setAccessibleName("表头在第几行")
        self._header_row.setPrefix("第 ")
        self._header_row.setSuffix(" 行")
        self._header_row.setSpecialValueText("没有表头")
        self._take_row = button("以选中行为表头", "headerFromRowButton", spoken="以选中的行为表头")
        self._only_problems = QCheckBox("只看有问题的")
        self._only_problems.setObjectName("problemsOnlyCheck")
        self._only_problems.setAccessibleName("只看有问题的行")
        self._banner = Banner("importBanner")
        self._totals = paragraph("importTotals")
        self._legend = _legend()
        self._model = PreviewModel()
        self._rows = ProblemRows(self._model)
        self._table = QTableView()
        self._header = MappingHeader(self._table)
        self._problems = QListWidget()
        self._lay_out()
        self._other.clicked.connect(self._on_other_clicked)
        self._sheet.currentIndexChanged.connect(self._on_sheet_chosen)
        self._header_row.valueChanged.connect(self._on_header_row_changed)
        self._take_row.clicked.connect(self._on_take_row_clicked)
        self._only_problems.toggled.connect(self._rows.show_only_problems)
        self._header.mapped.connect(self._on_mapped)
        self._problems.currentItemChanged.connect(self._on_problem_chosen)
        self._problems.itemClicked.connect(self._on_problem_chosen)

    def initializePage(self) -> None:
        self._load(self._request.path)

    def isComplete(self) -> bool:
        return self._request.proposal is not None and not self._obstacle()

    def validatePage(self) -> bool:
        proposal = self._request.proposal
        assert proposal is not None
        try:
            self._request.imported = add_proposal(self._request.session.collection, proposal)
        except UserError as error:
            self._banner.say(WRONG, str(error))
            return False
        return True

    # Reading

    def _load(self, path: Path) -> None:
        self._request.path = path
        self._request.proposal = None
        self._workbook = None
        self._file.setText(path.name)
        self._file.setToolTip(str(path))
        self._show_content(False)
        self._banner.say(PLAIN, f"正在读取“{path.name}”…")
        self.completeChanged.emit()
        notice = self._request.session.notice

        def work(_job: object) -> tuple[Path, Workbook, int]:
            workbook = read(path)
            return path, workbook, best_sheet(workbook, notice)

        self._request.session.runner.run(work, self._on_read, self._on_unreadable, owner=self)

    def _on_read(self, found: tuple[Path, Workbook, int]) -> None:
        path, workbook, best = found
        if path != self._request.path:
            return
        self._workbook = workbook
        self._sheet.blockSignals(True)
        self._sheet.clear()
        self._sheet.addItems(
            [f"{sheet.name}{'（隐藏）' if sheet.hidden else ''}" for sheet in workbook.sheets]
        )
        self._sheet.setCurrentIndex(best)
        self._sheet.blockSignals(False)
        self._show_content(True)
        self._on_sheet_chosen()
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_unreadable(self, error: UserError) -> None:
        self._banner.say(WRONG, str(error))
        self._other.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_other_clicked(self) -> None:
        chosen = files.choose_file(self, "选择名册", texts.ROSTER_FILTER, self._request.path.parent)
        if chosen is not None:
            self._load(chosen)

    # Arranging

    def _current_sheet(self) -> Sheet:
        assert self._workbook is not None
        return self._workbook.sheets[max(0, self._sheet.currentIndex())]

    def _on_sheet_chosen(self) -> None:
        sheet = self._current_sheet()
        self._arrange(detect(sheet, self._request.session.notice))

    def _on_header_row_changed(self, row: int) -> None:
        if self._layout_found is not None:
            sheet = self._current_sheet()
            self._arrange(self._layout_found.with_header(row, sheet, self._request.session.notice))

    def _on_take_row_clicked(self) -> None:
        index = self._table.currentIndex()
        if index.isValid():
            self._header_row.setValue(self._model.number(self._rows.mapToSource(index).row()))

    def _on_mapped(self, column: int, field: str) -> None:
        if self._layout_found is not None:
            self._arrange(self._layout_found.with_mapping(column, field or None))

    def _arrange(self, layout: Layout) -> None:
        """Shows the mapping at once; what comes of the rows follows from a worker."""
        sheet, notice = self._current_sheet(), self._request.session.notice
        self._layout_found = layout
        self._header_row.blockSignals(True)
        self._header_row.setRange(0, max(len(sheet.rows), layout.header_row))
        self._header_row.setValue(layout.header_row)
        self._header_row.blockSignals(False)
        self._request.proposal = None
        self.completeChanged.emit()

        def take(proposal: Proposal) -> None:
            if layout is self._layout_found:
                self._show_proposal(sheet, layout, proposal)

        self._request.session.runner.run(lambda _job: propose(sheet, layout, notice), take, owner=self)

    def _obstacle(self) -> str:
        """Why nothing can be imported as it stands, or nothing."""
        if self._layout_found is not None and self._layout_found.column_of("name") is None:
            return NO_NAME
        proposal = self._request.proposal
        return NO_ROWS if proposal is not None and not proposal.teachers else ""

    # Showing

    def _show_proposal(self, sheet: Sheet, layout: Layout, proposal: Proposal) -> None:
        same_columns = self._model.columnCount() == FIRST_CELL + len(layout.columns)
        scrolled = self._table.horizontalScrollBar().value(), self._table.verticalScrollBar().value()
        self._request.proposal = proposal
        self._model.show(sheet, layout, proposal)
        self._header.show_layout(layout)
        self._header.set_tab_order(self._only_problems, self._table)
        if same_columns:
            self._table.horizontalScrollBar().setValue(scrolled[0])
            self._table.verticalScrollBar().setValue(scrolled[1])
        else:
            self._fit_columns()
        self._totals.setText(
            f"共 {proposal.read} 行 = 导入 {len(proposal.accepted)} + 跳过 {len(proposal.skipped)}"
            f" + 不能导入 {len(proposal.refused)}；{len(proposal.teachers)} 名教师，"
            f"{len(proposal.refused_cells)} 个单元格没有采用。"
        )
        self._fill_problems(remarks(proposal))
        self._show_banner(layout, proposal)
        self.completeChanged.emit()

    def _show_banner(self, layout: Layout, proposal: Proposal) -> None:
        obstacle = self._obstacle()
        there = len(self._request.session.teachers())
        known = already_there(self._request.session.teachers(), proposal)
        if obstacle:
            self._banner.say(WRONG, obstacle)
        elif known:
            self._banner.say(
                DOUBTFUL,
                f"名册中已有 {there} 名教师，这次的会添加在后面，不会合并；"
                f"其中 {known} 人的身份证号码已在名册里，请确认没有重复导入。",
            )
        elif there:
            self._banner.say(PLAIN, f"名册中已有 {there} 名教师，这次的会添加在后面。")
        elif layout.unmapped:
            heads = "、".join(role.title for role in layout.unmapped)
            self._banner.say(PLAIN, f"不导入的列：{heads}。需要时在表头下面的选择框里指定。")
        else:
            self._banner.hide()

    def _fill_problems(self, found: tuple[Remark, ...]) -> None:
        self._problems.clear()
        for remark in found:
            item = QListWidgetItem(remark.text, self._problems)
            item.setData(Qt.ItemDataRole.UserRole, remark)
        if not found:
            item = QListWidgetItem("没有被拒或跳过的内容。", self._problems)
            item.setFlags(Qt.ItemFlag.NoItemFlags)

    def _on_problem_chosen(self, item: QListWidgetItem | None) -> None:
        remark = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if remark is None:
            return
        column = STATUS if remark.column is None else FIRST_CELL + remark.column
        index = self._rows.mapFromSource(self._model.index(self._model.row_of(remark.row), column))
        self._table.setCurrentIndex(index)
        self._table.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _fit_columns(self) -> None:
        """By the heads and the first rows of data: a title above the head is as wide as the sheet."""
        metrics, model = self._table.fontMetrics(), self._model
        first = next((row for row in range(model.rowCount()) if model.proposed_row(row)), 0)
        rows = range(first, min(first + FITTED_ROWS, model.rowCount()))
        for section in range(FIRST_CELL, model.columnCount()):
            shown = [str(model.index(row, section).data() or "") for row in rows]
            shown.append(str(model.headerData(section, Qt.Orientation.Horizontal)))
            wanted = max(metrics.horizontalAdvance(text) for text in shown) + 2 * style.WIDE
            self._table.setColumnWidth(section, min(LARGEST_COLUMN, max(LEAST_COLUMN, wanted)))
        self._table.setColumnWidth(STATUS, STATUS_COLUMN)

    def _show_content(self, shown: bool) -> None:
        for widget in (self._controls, self._splitter, self._totals, self._legend):
            widget.setVisible(shown)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(style.GAP)
        top.addWidget(self._file)
        top.addWidget(self._other)
        top.addStretch(1)
        self._controls = QWidget()
        controls = QHBoxLayout(self._controls)
        controls.setContentsMargins(0, 0, 0, 0)
        controls.setSpacing(style.GAP)
        for title, field in (("工作表", self._sheet), ("表头", self._header_row)):
            label = QLabel(title)
            label.setBuddy(field)
            controls.addWidget(label)
            controls.addWidget(field)
            controls.addSpacing(style.GAP)
        controls.addWidget(self._take_row)
        controls.addStretch(1)
        controls.addWidget(self._only_problems)
        top.addWidget(self._controls, 10)
        self._table.setObjectName("previewTable")
        self._table.setAccessibleName("导入预览")
        self._table.setModel(self._rows)
        self._table.setHorizontalHeader(self._header)
        self._table.verticalHeader().setMinimumWidth(36)
        self._table.verticalHeader().setDefaultAlignment(
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        self._table.setCornerButtonEnabled(False)
        self._table.setItemDelegate(FramedCells(self._table))
        self._table.verticalHeader().setDefaultSectionSize(style.ROW_HEIGHT - style.HALF)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setTabKeyNavigation(False)
        self._table.setWordWrap(False)
        self._table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._problems.setObjectName("problemsList")
        self._problems.setAccessibleName("被拒、跳过和看不懂的内容")
        self._problems.setUniformItemSizes(True)
        self._problems.setSpacing(1)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.addWidget(self._table)
        self._splitter.addWidget(self._problems)
        self._splitter.setStretchFactor(0, 3)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        bottom = QHBoxLayout()
        bottom.setSpacing(style.GAP)
        bottom.addWidget(self._totals, 1)
        bottom.addWidget(self._legend)
        layout = self.body
        layout.addLayout(top)
        layout.addWidget(self._banner)
        layout.addWidget(self._splitter, 1)
        layout.addLayout(bottom)
        layout.addStretch(0)


def _legend() -> QLabel:
    chips = (
        f'<span style="color: {ink}; background: {tint};">&nbsp;{text}&nbsp;</span>'
        for text, ink, tint in LEGEND
    )
    return QLabel("　".join(chips))
