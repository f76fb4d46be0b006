"""First page of the import wizard: which sheet, which head, which column is what, and what comes of each row."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QSplitter,
    QWidget,
    QWizard,
)

from certclerk.core.errors import UserError
from certclerk.gui import files, style, texts
from certclerk.gui.buttons import button
from certclerk.gui.importing.preview import LEGEND
from certclerk.gui.importing.preview_table import PreviewTable
from certclerk.gui.importing.request import ImportRequest, Pasted
from certclerk.gui.wizard import PLAIN, WRONG, Banner, Step, paragraph
from certclerk.jobs.roster_preview import (
    Layout,
    Proposal,
    Remark,
    Sheet,
    Workbook,
    add_proposal,
    best_sheet,
    detect,
    detect_at,
    propose,
    read,
    read_pasted,
    recalled,
    remarks,
    remember,
    totals,
)

NO_NAME = "还没有指定“姓名”列：请在表头下面的选择框里，给姓名所在的那一列选“姓名”，然后才能导入。"
NO_ROWS = "没有可以导入的行。请检查工作表和表头行是否选对。"


class TablePage(Step):
    """Reading and proposing happen in a worker. Into an empty roster its 下一步 is 导入, in one change."""

    NAME = "核对表格"

    def __init__(self, request: ImportRequest) -> None:
        super().__init__()
        self._request = request
        self._workbook: Workbook | None = None
        self._automatic: Layout | None = None
        self._merging = bool(request.session.teachers())
        self.setButtonText(QWizard.WizardButton.NextButton, "下一步(&N)" if self._merging else "导入(&I)")
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
        self._take_row = button("以选中行为表头(&H)", "headerFromRowButton", spoken="以选中的行为表头")
        self._take_row.setToolTip("也可以直接点那一行左边的行号")
        self._recalled = QLabel("沿用上次的列对应")
        self._recalled.setObjectName("recalledNote")
        self._recalled.setProperty("role", "caption")
        self._restore = button("恢复自动对应", "automaticMappingButton", spoken="列对应恢复为自动识别的")
        self._only_problems = QCheckBox("只看有问题的")
        self._only_problems.setObjectName("problemsOnlyCheck")
        self._only_problems.setAccessibleName("只看有问题的行")
        self._banner = Banner("importBanner")
        self._totals = paragraph("importTotals")
        self._legend = _legend()
        self._table = PreviewTable()
        self._problems = QListWidget()
        self._lay_out()
        self._other.clicked.connect(self._on_other_clicked)
        self._sheet.currentIndexChanged.connect(self._on_sheet_chosen)
        self._header_row.valueChanged.connect(self._on_header_row_changed)
        self._take_row.clicked.connect(self._on_take_row_clicked)
        self._restore.clicked.connect(self._on_restore_clicked)
        self._only_problems.toggled.connect(self._table.show_only_problems)
        self._table.head_chosen.connect(self._header_row.setValue)
        self._table.mapped.connect(self._on_mapped)
        self._problems.currentItemChanged.connect(self._on_problem_chosen)
        self._problems.itemClicked.connect(self._on_problem_chosen)

    def initializePage(self) -> None:
        self._load(self._request.source)

    def isComplete(self) -> bool:
        return self._request.proposal is not None and not self._obstacle()

    def validatePage(self) -> bool:
        request = self._request
        assert request.proposal is not None
        assert request.layout is not None
        if not self._merging:
            try:
                request.imported = add_proposal(request.session.collection, request.proposal)
            except UserError as error:
                self._banner.say(WRONG, str(error))
                return False
        if self._automatic is not None:
            remember(request.folder, request.layout, self._automatic)
        return True

    # Reading

    def _load(self, source: Path | Pasted) -> None:
        request = self._request
        request.source = source
        request.proposal = request.layout = None
        self._workbook = None
        self._file.setText(request.name)
        self._file.setToolTip(str(source) if isinstance(source, Path) else "")
        self._show_content(False)
        self._banner.say(PLAIN, f"正在读取“{request.name}”…")
        self.completeChanged.emit()
        notice = request.session.notice

        def work(_job: object) -> tuple[Path | Pasted, Workbook, int]:
            workbook = read_pasted(source.text) if isinstance(source, Pasted) else read(source)
            return source, workbook, best_sheet(workbook, notice)

        def refuse(error: UserError) -> None:
            if source == self._request.source:
                self._on_unreadable(error)

        request.session.runner.run(work, self._on_read, refuse, owner=self)

    def _on_read(self, found: tuple[Path | Pasted, Workbook, int]) -> None:
        source, workbook, best = found
        if source != self._request.source:
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
        source = self._request.source
        start = source.parent if isinstance(source, Path) else self._request.session.collection.path.parent
        chosen = files.choose_file(self, "选择名册", texts.ROSTER_FILTER, start)
        if chosen is not None:
            self._load(chosen)

    # Arranging

    def _current_sheet(self) -> Sheet:
        assert self._workbook is not None
        return self._workbook.sheets[max(0, self._sheet.currentIndex())]

    def _on_sheet_chosen(self) -> None:
        sheet, notice = self._current_sheet(), self._request.session.notice
        self._automatic = detect(sheet, notice)
        former = recalled(self._request.folder, sheet, self._automatic, notice)
        self._recalled.setVisible(former is not None)
        self._arrange(former or self._automatic)

    def _on_header_row_changed(self, row: int) -> None:
        if self._request.layout is not None:
            self._arrange(detect_at(self._current_sheet(), row, self._request.session.notice))

    def _on_take_row_clicked(self) -> None:
        number = self._table.current_number()
        if number is not None:
            self._header_row.setValue(number)

    def _on_restore_clicked(self) -> None:
        if self._automatic is not None:
            self._recalled.hide()
            self._arrange(self._automatic)
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_mapped(self, column: int, field: str) -> None:
        if self._request.layout is not None:
            self._arrange(self._request.layout.with_mapping(column, field or None))

    def _arrange(self, layout: Layout) -> None:
        """Shows the mapping at once; what comes of the rows follows from a worker."""
        sheet, notice = self._current_sheet(), self._request.session.notice
        self._request.layout = layout
        self._restore.setVisible(layout != self._automatic)
        self._header_row.blockSignals(True)
        self._header_row.setRange(0, max(len(sheet.rows), layout.header_row))
        self._header_row.setValue(layout.header_row)
        self._header_row.blockSignals(False)
        self._request.proposal = None
        self.completeChanged.emit()

        def take(proposal: Proposal) -> None:
            if layout is self._request.layout:
                self._show_proposal(sheet, layout, proposal)

        self._request.session.runner.run(lambda _job: propose(sheet, layout, notice), take, owner=self)

    def _obstacle(self) -> str:
        """Why nothing can be imported as it stands, or nothing."""
        layout, proposal = self._request.layout, self._request.proposal
        if layout is not None and layout.column_of("name") is None:
            return NO_NAME
        return NO_ROWS if proposal is not None and not proposal.teachers else ""

    # Showing

    def _show_proposal(self, sheet: Sheet, layout: Layout, proposal: Proposal) -> None:
        self._request.proposal = proposal
        self._table.show_proposal(sheet, layout, proposal)
        self._table.set_tab_order(self._only_problems)
        self._totals.setText(totals(proposal))
        self._fill_problems(remarks(proposal))
        self._show_banner(layout)
        self.completeChanged.emit()

    def _show_banner(self, layout: Layout) -> None:
        obstacle = self._obstacle()
        if obstacle:
            self._banner.say(WRONG, obstacle)
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
        if remark is not None:
            self._table.go_to(remark)

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
        controls.addWidget(self._recalled)
        controls.addWidget(self._restore)
        controls.addSpacing(style.GAP)
        controls.addWidget(self._only_problems)
        top.addWidget(self._controls, 10)
        self._recalled.hide()
        self._restore.hide()
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
