"""报送信息: the head of the annexes, changed at any time."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from certclerk.gui import style
from certclerk.gui.buttons import accept_or_cancel
from certclerk.gui.filing_form import FilingForm
from certclerk.gui.session import Session
from certclerk.jobs import acts


class FilingDialog(QDialog):
    """Accepting it keeps the fields in the collection."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("filingDialog")
        self.setWindowTitle("报送信息")
        self.setMinimumWidth(480)
        self._session = session
        self._form = FilingForm()
        self._form.add_rows()
        self._form.set_notice(session.notice, session.today(), session.collection.own_appointment())
        self._form.show_filing(session.filing())
        buttons, keep = accept_or_cancel(self, "保存", "acceptButton", self.accept)
        keep.setEnabled(not session.collection.read_only)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.WIDE)
        layout.addLayout(self._form)
        layout.addWidget(buttons)

    def accept(self) -> None:
        if not self._form.unit.currentText().strip():
            self._form.unit_word.complain("请选择或输入单位。")
            return
        filing = self._form.filing(self._session.filing().filled_on)
        if filing != self._session.filing():
            self._session.act(acts.set_filing, filing)
        super().accept()
