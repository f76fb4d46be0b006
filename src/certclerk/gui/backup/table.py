"""The table of backups, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from certclerk.collection.backups import Backup
from certclerk.core.amounts import size_text
from certclerk.core.backup import Reason
from certclerk.gui import style
from certclerk.jobs.backup import Shelf
from certclerk.jobs.collections import SUFFIX

HEADS = ("时间", "采集", "位置", "大小", "教师", "证书", "页", "备份的时机")
NAME, PLACE = 1, 2
AMOUNTS = (3, 4, 5, 6)
REASONS = {
    Reason.OPENED: "打开时",
    Reason.CHANGED: "改动后",
    Reason.CLOSED: "关闭时",
    Reason.ASKED: "立即备份",
}
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Entry:
    """A backup, and whose it is."""

    shelf: Shelf
    backup: Backup


class BackupsTable(QTreeWidget):
    """``of_all``: of more than one collection, so that each is named."""

    def __init__(self, *, of_all: bool) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()
        self.setObjectName("backupsTable")
        self.setAccessibleName("备份，新的在前")
        self.setHeaderLabels(HEADS)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.header().setStretchLastSection(True)
        self.setColumnHidden(NAME, not of_all)
        for column in AMOUNTS:
            self.headerItem().setTextAlignment(column, _RIGHT)

    def show_shelves(self, shelves: Iterable[Shelf]) -> None:
        """The one that was chosen stays so, else the newest is."""
        before = self.entry()
        entries = [Entry(shelf, backup) for shelf in shelves for backup in shelf.backups]
        entries.sort(key=lambda entry: (entry.backup.made_at, entry.backup.number), reverse=True)
        self.clear()
        self._entries = tuple(entries)
        for entry in entries:
            texts = _texts(entry)
            item = QTreeWidgetItem(self, texts)
            # In the column that is as wide as there is room: in any other the hint would be its width too.
            item.setSizeHint(len(HEADS) - 1, QSize(0, style.ROW_HEIGHT))
            item.setToolTip(PLACE, str(entry.shelf.folder))
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, "，".join(filter(None, texts)))
            for column in AMOUNTS:
                item.setTextAlignment(column, _RIGHT)
        places = [entry.backup.path for entry in entries]
        if places:
            row = places.index(before.backup.path) if before and before.backup.path in places else 0
            self.setCurrentIndex(self.model().index(row, 0))

    def entry(self) -> Entry | None:
        """The chosen one."""
        row = self.indexOfTopLevelItem(self.currentItem()) if self.currentItem() is not None else -1
        return self._entries[row] if 0 <= row < len(self._entries) else None


def _texts(entry: Entry) -> list[str]:
    backup, facts = entry.backup, entry.backup.facts
    made_at = f"{backup.made_at.astimezone():%Y-%m-%d %H:%M}"
    name = entry.shelf.file_name.removesuffix(SUFFIX)
    place = "第二处" if entry.shelf.second else "本机"
    if facts is None:
        return [made_at, name, place, "", "", "", "", "有密码" if backup.locked else "已损坏，不能恢复"]
    counts = (facts.teachers, facts.certificates, facts.pages)
    return [made_at, name, place, size_text(facts.size), *map(str, counts), REASONS[facts.reason]]
