"""Last page of the import wizard: what was taken in, and what was not and why."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit

from certclerk.gui.buttons import button
from certclerk.gui.importing.request import ImportRequest
from certclerk.gui.wizard import DOUBTFUL, RIGHT, Banner, Step
from certclerk.jobs.roster_preview import complaints, summary


class ImportedPage(Step):
    """The totals and each row and cell left out, to be copied and worked through."""

    NAME = "导入完成"

    def __init__(self, request: ImportRequest) -> None:
        super().__init__()
        self._request = request
        self._banner = Banner("importedBanner")
        self._report = QPlainTextEdit()
        self._report.setObjectName("importReport")
        self._report.setAccessibleName("导入结果")
        self._report.setReadOnly(True)
        self._copy = button("复制这份结果", "copyReportButton", spoken="复制导入结果")
        self._copy.clicked.connect(self._on_copy_clicked)
        self._copied = QLabel()
        self._copied.setObjectName("copiedNote")
        self._copied.setProperty("role", "caption")
        line = QHBoxLayout()
        line.addWidget(self._copy)
        line.addWidget(self._copied, 1)
        layout = self.body
        layout.addWidget(self._banner)
        layout.addWidget(self._report, 1)
        layout.addLayout(line)

    def initializePage(self) -> None:
        request = self._request
        proposal, merged = request.proposal, request.merged
        assert proposal is not None
        lines = [*([merged.summary] if merged else []), summary(proposal), *complaints(proposal)]
        self._report.setPlainText("\n".join(lines))
        self._copied.clear()
        text = merged.headline if merged else f"已导入 {len(request.imported)} 名教师。"
        if request.imported:
            text += "需要的话，可以用“撤销”整批收回。"
        if proposal.refused_cells:
            cells = len(proposal.refused_cells)
            self._banner.say(DOUBTFUL, f"{text}有 {cells} 个单元格没有采用，请对照证件重新输入。")
        else:
            self._banner.say(RIGHT, text)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._report.toPlainText())
        self._copied.setText("已复制。")
