"""收还证日期: the days entered by hand, or forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from certclerk.core.custody import NEVER, Custody
from certclerk.gui import style
from certclerk.gui.buttons import accept_or_cancel, button
from certclerk.gui.day_field import DayField
from certclerk.gui.session import Session
from certclerk.jobs import counter

BACKWARDS = "还证不能早于收证。"


class CustodyDialog(QDialog):
    """For one certificate or several, which get the same days; ``whose`` says it in words."""

    def __init__(
        self, session: Session, certificate_ids: Sequence[int], whose: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._certificate_ids = session, tuple(certificate_ids)
        self.setObjectName("custodyDialog")
        self.setWindowTitle("收还证日期")
        head = QLabel(whose)
        head.setObjectName("custodyHead")
        head.setProperty("role", "heading")
        self._received, self._returned = QCheckBox("已收证"), QCheckBox("已还证")
        self._received_on = DayField("receivedOnField", "收证日期")
        self._returned_on = DayField("returnedOnField", "还证日期")
        self._word = QLabel()
        self._word.setObjectName("custodyWord")
        self._word.setProperty("role", "field-error")
        self._forget = button("清除登记", "forgetCustodyButton", spoken="清除收证登记")
        buttons, self._accept = accept_or_cancel(self, "保存", "acceptButton", self._on_accepted)
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.GAP)
        grid.setVerticalSpacing(style.GAP)
        own = session.custody.of(self._certificate_ids[0])
        for row, (name, box, field, day) in enumerate(
            (
                ("receivedBox", self._received, self._received_on, own.received_on),
                ("returnedBox", self._returned, self._returned_on, own.returned_on),
            )
        ):
            box.setObjectName(name)
            box.setAccessibleName(box.text())
            field.set_latest(session.today())
            field.set_iso(day or session.today().isoformat())
            box.setChecked(bool(day))
            box.toggled.connect(self._on_edited)
            field.dateChanged.connect(self._on_edited)
            grid.addWidget(box, row, 0)
            grid.addWidget(field, row, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._forget)
        foot.addStretch(1)
        foot.addWidget(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(head)
        layout.addLayout(grid)
        layout.addWidget(self._word)
        layout.addLayout(foot)
        self._forget.setEnabled(any(session.custody.of(key) != NEVER for key in self._certificate_ids))
        self._forget.clicked.connect(self._on_forget_clicked)
        self._on_edited()

    def _typed(self) -> Custody:
        if not self._received.isChecked():
            return NEVER
        returned = self._returned_on.day.isoformat() if self._returned.isChecked() else ""
        return Custody(self._received_on.day.isoformat(), returned)

    def _on_edited(self) -> None:
        """What has not come cannot go back."""
        received = self._received.isChecked()
        self._received_on.setEnabled(received)
        self._returned.setEnabled(received)
        self._returned_on.setEnabled(received and self._returned.isChecked())
        typed = self._typed()
        backwards = bool(typed.returned_on) and typed.returned_on < typed.received_on
        self._word.setText(BACKWARDS if backwards else "")
        self._accept.setEnabled(not backwards)

    def _on_accepted(self) -> None:
        self._keep(self._typed(), "已改收还证日期。")

    def _on_forget_clicked(self) -> None:
        self._keep(NEVER, "已清除收证登记。")

    def _keep(self, custody: Custody, words: str) -> None:
        if self._session.did(counter.set_custody, self._certificate_ids, custody):
            self._session.undoable.emit(words)
        self.accept()
