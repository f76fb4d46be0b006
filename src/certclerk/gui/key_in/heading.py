"""The top of the key-in window: whose certificates, when and where; how many are left; how the window stands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QProgressBar, QToolButton, QVBoxLayout, QWidget

from certclerk.core.appointment import appointment_of, countdown
from certclerk.core.key_in_summary import summary
from certclerk.core.keying import KeyEntry, KeyState
from certclerk.gui import style
from certclerk.gui.buttons import button, chip
from certclerk.gui.elided_label import ElidedLabel
from certclerk.gui.key_in.habits import KeyInHabits
from certclerk.gui.session import Session


class KeyHeading(QWidget):
    """``list_chip`` and ``pages_chip`` bring up what has no room beside the fields, and are there only then."""

    def __init__(self, habits: KeyInHabits) -> None:
        super().__init__()
        self._habits = habits
        self._unit = QLabel()
        self._unit.setProperty("role", "heading")
        self._place = ElidedLabel("keyInPlace", "录入时间和地点")
        self._bar = QProgressBar()
        self._bar.setObjectName("keyInProgress")
        self._bar.setAccessibleName("已录入")
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(style.GAP)
        self._counts = QLabel()
        self._counts.setObjectName("keyInCounts")
        self.list_chip = _pane_chip("keyListChip", "名单（/）", "显示名单")
        self.pages_chip = _pane_chip("keyPagesChip", "扫描页（F3）", "显示扫描页")
        self.wants_pages = self._switch("pagesCheck", "显示扫描页", "pages", True)
        self.wants_pages.setToolTip("F3")
        self.on_top = self._switch("onTopCheck", "窗口置顶", "onTop", False)
        self.summary = button("汇总…", "keySummaryButton")
        self.sheet = button("打印录入单…", "keySheetButton")
        for each in (self.summary, self.sheet):
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        top, progress = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._unit)
        top.addWidget(self._place, 1)
        for widget in (self.list_chip, self.pages_chip, self.wants_pages, self.on_top):
            top.addWidget(widget)
        progress.addWidget(self._bar, 1)
        for shown in (self._counts, self.summary, self.sheet):
            progress.addWidget(shown)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(style.GAP)
        for row in (top, progress):
            row.setSpacing(style.WIDE)
            layout.addLayout(row)

    def show_filing(self, session: Session) -> None:
        notice, unit = session.notice, session.filing().unit
        contact = notice.contact
        appointment = appointment_of(notice, unit, session.collection.own_appointment())
        where = (contact.address, contact.office, contact.person, contact.phone)
        self._unit.setText(unit)
        self._place.set_text(
            "　".join(filter(None, (f"录入时间 {countdown(appointment, session.today())}", *where)))
        )

    def show_counts(self, entries: Sequence[KeyEntry]) -> None:
        self._bar.setRange(0, max(len(entries), 1))
        self._bar.setValue(sum(entry.state is KeyState.DONE for entry in entries))
        self._counts.setText(summary(entries))

    def show_room(self, *, for_list: bool, for_pages: bool) -> None:
        self.list_chip.setVisible(not for_list)
        self.pages_chip.setVisible(not for_pages)
        self.wants_pages.setVisible(for_pages)

    def _switch(self, name: str, text: str, setting: str, default: bool) -> QCheckBox:
        made = QCheckBox(text)
        made.setObjectName(name)
        made.setAccessibleName(text)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setChecked(self._habits.is_on(setting, default))
        made.toggled.connect(lambda on: self._habits.set_on(setting, on))
        return made


def _pane_chip(name: str, text: str, spoken: str) -> QToolButton:
    made = chip(name)
    made.setText(text)
    made.setAccessibleName(spoken)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made
