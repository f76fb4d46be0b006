"""The tour's stop for backups: those of the open collection, one that was checked, and all that are known."""

from __future__ import annotations

from certclerk.gui.backup.dialog import BackupsDialog
from tour_driver import Tour


def backups(tour: Tour) -> None:
    tour.act("actionBackups")
    tour.press("backUpButton")
    tour.picture("backups")
    tour.press("checkBackupButton")
    tour.picture("backup-checked")
    tour.find(BackupsDialog, "backupsDialog").reject()
    tour.act("actionRestore")
    tour.picture("restore")
    tour.find(BackupsDialog, "backupsDialog").reject()
