"""When the last backup was made, at the foot of the window; pressed, it shows them all."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from certclerk.gui.backup.schedule import BackupSchedule
from certclerk.gui.session import Session
from certclerk.gui.status_bar import StatusBar


def look_after(session: Session, folder: Path, status: StatusBar, shown: QAction) -> BackupSchedule:
    """From now on the session's collection is backed up without asking; the status bar says so. ``shown`` is
    triggered by a press there.
    """
    schedule = BackupSchedule(session, folder)
    mark = BackupMark(schedule)
    mark.clicked.connect(shown.trigger)
    status.add_source(mark)
    return schedule


class BackupMark(QPushButton):
    def __init__(self, schedule: BackupSchedule) -> None:
        super().__init__()
        self.setObjectName("backupMark")
        self.setProperty("role", "quiet")
        self._schedule = schedule
        schedule.told.connect(self._on_schedule_told)
        self._on_schedule_told()

    def _on_schedule_told(self) -> None:
        schedule = self._schedule
        self.setText(f"⚠ {schedule.words}" if schedule.trouble else schedule.words)
        self.setAccessibleName(schedule.words)
        self.setToolTip(schedule.trouble or "打开时、改动后每10分钟和关闭时自动备份。点一下看看有哪些备份。")
