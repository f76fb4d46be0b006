"""The clerk's own ticks on a submission: 邮件已发, 纸质已送, 退回 with the reason, 已收; each with its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QDate, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDateEdit, QFrame, QGridLayout, QLabel, QLineEdit

from certclerk.core.submission_record import Step, Tick
from certclerk.gui import style
from certclerk.gui.reason_dialog import ask_reason

RETURN_REASONS = ("材料不全", "信息有误", "图像不清楚", "附件没有盖章", "格式不合要求")


@dataclass(frozen=True, slots=True)
class _Row:
    box: QCheckBox
    day: QDateEdit


class TicksCard(QFrame):
    """``ticked`` (Tick) and ``unticked`` (Step): what the clerk wants kept; what is kept is shown by show_ticks."""

    ticked = Signal(object)
    unticked = Signal(object)

    def __init__(self, today: date) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._today = today
        self._kept: dict[Step, Tick] = {}
        self._reason = QLineEdit()
        self._reason.setObjectName("returnedReason")
        self._reason.setAccessibleName("退回的原因")
        self._reason.setPlaceholderText("退回的原因")
        self._reason.editingFinished.connect(self._on_reason_edited)
        grid = QGridLayout(self)
        grid.setContentsMargins(style.WIDE, style.GAP, style.WIDE, style.GAP)
        grid.setHorizontalSpacing(style.GAP)
        grid.setVerticalSpacing(style.GAP)
        head = QLabel("办理进度")
        head.setProperty("role", "heading")
        grid.addWidget(head, 0, 0, 1, 2)
        self._rows: dict[Step, _Row] = {}
        for step in Step:
            made = self._row(step)
            self._rows[step] = made
            line = grid.rowCount()
            grid.addWidget(made.box, line, 0)
            grid.addWidget(made.day, line, 1)
            if step is Step.RETURNED:
                grid.addWidget(self._reason, line + 1, 0, 1, 2)
        grid.setRowStretch(grid.rowCount(), 1)
        self.show_ticks(())

    def show_ticks(self, ticks: Sequence[Tick]) -> None:
        self._kept = {tick.step: tick for tick in ticks}
        for step, row in self._rows.items():
            tick = self._kept.get(step)
            with QSignalBlocker(row.box), QSignalBlocker(row.day):
                row.box.setChecked(tick is not None)
                day = tick.day if tick else self._today
                row.day.setDate(QDate(day.year, day.month, day.day))
            row.day.setVisible(tick is not None)
        returned = self._kept.get(Step.RETURNED)
        self._reason.setVisible(returned is not None)
        self._reason.setText(returned.reason if returned else "")

    def _row(self, step: Step) -> _Row:
        box = QCheckBox(step.label)
        box.setObjectName(f"{step.value}Box")
        box.setAccessibleName(step.label)
        box.clicked.connect(lambda checked: self._on_box_clicked(step, checked))
        day = QDateEdit()
        day.setObjectName(f"{step.value}Day")
        day.setAccessibleName(f"{step.label}的日期")
        day.setDisplayFormat("yyyy年M月d日")
        day.setCalendarPopup(True)
        day.setKeyboardTracking(False)
        day.setMinimumWidth(150)
        policy = day.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        day.setSizePolicy(policy)
        day.dateChanged.connect(lambda chosen: self._on_day_changed(step, chosen))
        return _Row(box, day)

    def _on_box_clicked(self, step: Step, checked: bool) -> None:
        if not checked:
            self.unticked.emit(step)
            return
        reason = ""
        if step is Step.RETURNED:
            given = ask_reason(
                self, step.label, "上级为什么退回？写下来，改好后补报时有据可查。", RETURN_REASONS
            )
            if given is None:
                self._rows[step].box.setChecked(False)
                return
            reason = given
        self.ticked.emit(Tick(step, self._today, reason))

    def _on_day_changed(self, step: Step, chosen: QDate) -> None:
        kept = self._kept.get(step)
        if kept is not None:
            day = date.fromisoformat(chosen.toString(Qt.DateFormat.ISODate))
            self.ticked.emit(Tick(step, day, kept.reason))

    def _on_reason_edited(self) -> None:
        kept, reason = self._kept.get(Step.RETURNED), self._reason.text().strip()
        if kept is not None and reason and reason != kept.reason:
            self.ticked.emit(Tick(Step.RETURNED, kept.day, reason))


def tick_words(ticks: Sequence[Tick]) -> str:
    """The last of them in one word or two; empty where there is none."""
    if not ticks:
        return ""
    last = max(ticks, key=lambda tick: (tick.day, list(Step).index(tick.step)))
    return f"{last.step.label} {last.day.month}月{last.day.day}日"
