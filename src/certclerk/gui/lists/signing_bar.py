"""What is kept of the signatures on paper: who signed, on which day."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QCheckBox, QDateEdit, QHBoxLayout, QLabel, QWidget

from certclerk.gui import style
from certclerk.gui.buttons import button

DATE_FORMAT = "yyyy-MM-dd"


class SigningBar(QWidget):
    """``signed`` and ``withdrawn`` ask it for the chosen rows; ``open_only_changed`` for another list."""

    signed = Signal()
    withdrawn = Signal()
    open_only_changed = Signal(bool)

    def __init__(self, today: date) -> None:
        super().__init__()
        latest = QDate(today.year, today.month, today.day)
        self._open_only = QCheckBox("只列还没核对的")
        self._open_only.setObjectName("openOnlyCheck")
        self._open_only.setAccessibleName("只列还没核对的教师")
        self._open_only.toggled.connect(self.open_only_changed)
        self._day = QDateEdit(latest)
        self._day.setObjectName("signedOnField")
        self._day.setAccessibleName("签名日期")
        self._day.setDisplayFormat(DATE_FORMAT)
        self._day.setCalendarPopup(True)
        self._day.setMaximumDate(latest)
        self._sign = button("所选已核对", "signButton", spoken="所选教师已签名核对")
        self._sign.clicked.connect(self.signed)
        self._withdraw = button("取消核对", "withdrawButton", spoken="取消所选教师的核对")
        self._withdraw.clicked.connect(self.withdrawn)
        label = QLabel("签名日期")
        label.setBuddy(self._day)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        layout.addWidget(self._open_only)
        layout.addStretch(1)
        for widget in (label, self._day, self._sign, self._withdraw):
            layout.addWidget(widget)

    @property
    def open_only(self) -> bool:
        return self._open_only.isChecked()

    @property
    def day(self) -> date:
        chosen = self._day.date()
        return date(chosen.year(), chosen.month(), chosen.day())

    def set_usable(self, *, sign: bool, withdraw: bool) -> None:
        self._sign.setEnabled(sign)
        self._withdraw.setEnabled(withdraw)
