"""局里的表样: the bureau's own .xlsx for an annex, its columns mapped once and kept for every submission."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from certclerk.core.errors import UserError
from certclerk.core.notice import Annex
from certclerk.core.submission import plan
from certclerk.gui import files, style, texts
from certclerk.gui.buttons import button
from certclerk.gui.package.form_table import FormTable
from certclerk.gui.session import Session
from certclerk.gui.wizard import DOUBTFUL, PLAIN, RIGHT, WRONG, Banner, fitting, paragraph
from certclerk.jobs.forms import (
    Form,
    Layout,
    Sheet,
    Workbook,
    annex_columns,
    kept_layout,
    kept_workbook,
    likely_sheet,
    mapping_of,
    obstacle,
    proposed_layout,
    read_form,
    shortfall,
    try_form,
)

FORM_FILTER = "Excel 表格 (*.xlsx)"
NONE_KEPT = "现在用程序自己的表。局里发了表样（.xlsx）时，在这里选它，逐列指明填什么，以后每次报送都照它填。"
PDF_STAYS = (
    "表样的版式、公式和说明都保留，填好的表代替附件的 .xlsx；PDF 仍用程序的版式，内容相同，供打印盖章。"
)


class FormDialog(QDialog):
    """Opens on the notice's first annex. Nothing is kept before 采用, and then only what could be filled."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._workbook: Workbook | None = None
        self._layout: Layout | None = None
        self._kept: Form | None = None
        self._file_name, self._data = "", b""
        self.setObjectName("formDialog")
        self.setWindowTitle("局里的表样")
        self.resize(fitting(self))
        self._annex_choice = QComboBox()
        self._annex_choice.setObjectName("annexChoice")
        self._annex_choice.setAccessibleName("哪个附件")
        for annex in session.notice.annexes:
            self._annex_choice.addItem(f"{annex.label}　{annex.title}".strip())
        self._choose = button("选择表样…", "chooseFormButton", role="primary")
        self._remove = button("移除表样", "removeFormButton", spoken="移除表样，改用程序自己的表")
        self._sheet = QComboBox()
        self._sheet.setObjectName("formSheetChoice")
        self._sheet.setAccessibleName("工作表")
        self._header_row = QSpinBox()
        self._header_row.setObjectName("formHeaderRowField")
        self._header_row.setAccessibleName("表头在第几行")
        self._header_row.setPrefix("第 ")
        self._header_row.setSuffix(" 行")
        self._header_row.setSpecialValueText("没有表头")
        self._banner = Banner("formBanner")
        self._table = FormTable()
        self._keep = button("采用", "keepFormButton", spoken="采用这个表样", role="primary")
        self._close = button(texts.CLOSE, "closeButton")
        self._lay_out()
        self._annex_choice.currentIndexChanged.connect(self._show_annex)
        self._choose.clicked.connect(self._on_choose_clicked)
        self._remove.clicked.connect(self._on_remove_clicked)
        self._sheet.currentIndexChanged.connect(self._on_sheet_chosen)
        self._header_row.valueChanged.connect(self._on_header_row_changed)
        self._table.head_chosen.connect(self._header_row.setValue)
        self._table.mapped.connect(self._on_mapped)
        self._keep.clicked.connect(self._on_keep_clicked)
        self._close.clicked.connect(self.accept)
        self._show_annex()

    @property
    def annex(self) -> Annex:
        return self._session.notice.annexes[max(0, self._annex_choice.currentIndex())]

    # What is kept

    def _show_annex(self) -> None:
        self._workbook = self._layout = None
        self._table.offer(annex_columns(self.annex, self._session.notice))
        forms = self._session.collection.forms()
        self._kept = next((form for form in forms if form.annex == self.annex.file), None)
        writable = not self._session.collection.read_only
        self._choose.setEnabled(writable)
        self._remove.setVisible(self._kept is not None)
        self._remove.setEnabled(writable)
        self._show_content(False)
        kept = self._kept
        if kept is None:
            self._banner.say(PLAIN, NONE_KEPT)
            return
        self._banner.say(PLAIN, f"正在读取表样“{kept.file_name}”…")
        self._session.runner.run(
            lambda _job: kept_workbook(kept),
            lambda workbook: self._on_kept_read(kept, workbook),
            lambda error: self._banner.say(WRONG, str(error)),
            owner=self,
        )

    def _on_kept_read(self, kept: Form, workbook: Workbook) -> None:
        if kept is not self._kept or self._workbook is not None:
            return
        names = [sheet.name for sheet in workbook.sheets]
        at = names.index(kept.mapping.sheet) if kept.mapping.sheet in names else 0
        self._take(workbook, kept.file_name, kept.data, at)
        self._arrange(kept_layout(workbook.sheets[at], kept, self.annex, self._session.notice))

    def _on_remove_clicked(self) -> None:
        try:
            self._session.collection.drop_form(self.annex.file)
        except UserError as error:
            self._banner.say(WRONG, str(error))
            return
        self._show_annex()
        self._choose.setFocus(Qt.FocusReason.OtherFocusReason)

    # A file

    def _on_choose_clicked(self) -> None:
        start = self._session.collection.path.parent
        path = files.choose_file(self, f"选择{self.annex.label}的表样", FORM_FILTER, start)
        if path is not None:
            self._read(path)

    def _read(self, path: Path) -> None:
        annex, notice = self.annex, self._session.notice

        def work(_job: object) -> tuple[Workbook, bytes, int]:
            workbook, data = read_form(path)
            return workbook, data, likely_sheet(workbook, annex, notice)

        def take(read: tuple[Workbook, bytes, int]) -> None:
            if annex is self.annex:
                workbook, data, best = read
                self._take(workbook, path.name, data, best)
                self._on_sheet_chosen()
                self._table.setFocus(Qt.FocusReason.OtherFocusReason)

        self._banner.say(PLAIN, f"正在读取“{path.name}”…")
        self._session.runner.run(work, take, lambda error: self._banner.say(WRONG, str(error)), owner=self)

    def _take(self, workbook: Workbook, file_name: str, data: bytes, at: int) -> None:
        self._workbook, self._file_name, self._data = workbook, file_name, data
        self._sheet.blockSignals(True)
        self._sheet.clear()
        self._sheet.addItems([sheet.name for sheet in workbook.sheets])
        self._sheet.setCurrentIndex(at)
        self._sheet.blockSignals(False)
        self._show_content(True)

    # Its columns

    def _current_sheet(self) -> Sheet:
        assert self._workbook is not None
        return self._workbook.sheets[max(0, self._sheet.currentIndex())]

    def _on_sheet_chosen(self) -> None:
        if self._workbook is not None:
            self._arrange(proposed_layout(self._current_sheet(), self.annex, self._session.notice))

    def _on_header_row_changed(self, row: int) -> None:
        if self._workbook is not None:
            self._arrange(proposed_layout(self._current_sheet(), self.annex, self._session.notice, row))

    def _on_mapped(self, column: int, key: str) -> None:
        if self._layout is not None:
            self._arrange(self._layout.with_mapping(column, key or None))

    def _arrange(self, layout: Layout) -> None:
        sheet = self._current_sheet()
        self._layout = layout
        self._header_row.blockSignals(True)
        self._header_row.setRange(0, max(len(sheet.rows), layout.header_row))
        self._header_row.setValue(layout.header_row)
        self._header_row.blockSignals(False)
        self._table.show_layout(sheet, layout)
        self._table.set_tab_order(self._header_row)
        self._say()

    def _say(self) -> None:
        form = self._form()
        stopping = obstacle(form.mapping, self.annex)
        lacking = shortfall(form.mapping, self.annex, self._session.notice)
        kept = form == self._kept
        self._keep.setEnabled(not stopping and not kept and not self._session.collection.read_only)
        if stopping:
            self._banner.say(WRONG, stopping)
        elif kept:
            self._banner.say(RIGHT, f"{self.annex.label}照“{form.file_name}”填。{lacking}{PDF_STAYS}")
        elif lacking:
            self._banner.say(DOUBTFUL, f"{lacking}可以照样采用。")
        else:
            self._banner.say(PLAIN, f"请核对每一列填什么，再按“采用”。{PDF_STAYS}")

    def _form(self) -> Form:
        assert self._layout is not None
        mapping = mapping_of(self._current_sheet(), self._layout, self.annex, self._session.notice)
        return Form(self.annex.file, self._file_name, mapping, self._data)

    def _on_keep_clicked(self) -> None:
        form, session = self._form(), self._session
        submission = plan(session.roster(), session.notice, session.today())
        self._keep.setEnabled(False)
        self._banner.say(PLAIN, "正在试填并读回核对…")
        session.runner.run(
            lambda _job: try_form(form, submission),
            lambda _nothing: self._on_tried(form),
            lambda error: self._banner.say(WRONG, str(error)),
            owner=self,
        )

    def _on_tried(self, form: Form) -> None:
        try:
            self._session.collection.keep_form(form)
        except UserError as error:
            self._banner.say(WRONG, str(error))
            return
        self._kept = form
        self._remove.show()
        if self._layout is not None:
            self._say()
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    # Looks

    def _show_content(self, shown: bool) -> None:
        for widget in (self._controls, self._table, self._keep):
            widget.setVisible(shown)
        self._rest.setVisible(not shown)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(style.GAP)
        top.addWidget(self._annex_choice)
        top.addWidget(self._choose)
        top.addWidget(self._remove)
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
        controls.addStretch(1)
        top.addWidget(self._controls)
        self._rest = paragraph("formRest")
        self._rest.setSizePolicy(
            self._rest.sizePolicy().horizontalPolicy(), self._table.sizePolicy().verticalPolicy()
        )
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(self._keep)
        bottom.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addLayout(top)
        layout.addWidget(self._banner)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._rest, 1)
        layout.addLayout(bottom)
