"""加入日历…: the days at the counter as a file, and the calendar program that opens it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from certclerk.gui import files, style
from certclerk.gui.buttons import button
from certclerk.gui.desktop import open_with_desktop
from certclerk.gui.session import Session
from certclerk.gui.wizard import RIGHT, WRONG
from certclerk.jobs import counter

CALENDAR_FILTER = "日历文件 (*.ics)"


class CalendarRow(QWidget):
    """``told`` (Tone, str): what became of it."""

    told = Signal(object, str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._saved: Path | None = None
        self._save = button("加入日历…", "calendarButton", spoken="把录入时间存为日历文件")
        self._save.clicked.connect(self._on_save_clicked)
        self._open = button("打开日历文件", "openCalendarButton", spoken="用日历程序打开刚才保存的文件")
        self._open.clicked.connect(self._on_open_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.GAP)
        row.addWidget(self._save)
        row.addWidget(self._open)
        self.refresh()

    def refresh(self) -> None:
        """As the days are now: a file of others is not offered any more."""
        appointment = counter.appointment(self._session.collection)
        known = appointment is not None and appointment.start is not None
        self._save.setEnabled(known)
        self._save.setToolTip("Outlook、Thunderbird 和手机日历都能导入" if known else "有了日期才能加入日历")
        self._saved = None
        self._open.hide()

    def _on_save_clicked(self) -> None:
        collection = self._session.collection
        start = collection.path.parent / counter.calendar_name(collection)
        path = files.choose_save(self, "保存日历文件", CALENDAR_FILTER, start)
        if path is None:
            return
        path = path if path.suffix.lower() == start.suffix else path.with_name(path.name + start.suffix)
        now = datetime.now(UTC)
        self._session.runner.run(
            lambda _job: counter.save_calendar(collection, path, now),
            lambda _saved: self._on_saved(path),
            lambda error: self.told.emit(WRONG, str(error)),
            owner=self,
        )

    def _on_saved(self, path: Path) -> None:
        self._saved = path
        self._open.show()
        self.told.emit(RIGHT, f"已存为 {path.name}，打开它即可加入日历，前一天上午9点提醒。")

    def _on_open_clicked(self) -> None:
        if self._saved is not None:
            open_with_desktop(self._saved)
