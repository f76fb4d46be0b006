"""Asking which folder to watch, and what becomes of the files that lie in it already."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from certclerk.gui import files, style, texts
from certclerk.gui.buttons import button
from certclerk.gui.capture.watching import FolderWatch
from certclerk.gui.showing import show


def switch(parent: QWidget, watching: FolderWatch) -> None:
    """监视文件夹 on or off; on, the clerk chooses which."""
    if watching.is_on:
        watching.stop()
    else:
        choose(parent, watching)


def choose(parent: QWidget, watching: FolderWatch) -> None:
    """Asks for the folder, the last one first; whatever is answered, ``watching.changed`` tells."""
    start = watching.memory.folder
    known = start if start and start.is_dir() else files.documents()
    folder = files.choose_folder(parent, "选择扫描仪存放扫描件的文件夹", known)
    if folder is None:
        watching.changed.emit()
    else:
        watching.start(folder)


def ask_early(parent: QWidget, watching: FolderWatch, count: int) -> None:
    show(EarlyDialog(parent, watching, count))


class EarlyDialog(QDialog):
    """``count`` files lie in the folder: taken, passed over, or the folder is not watched after all."""

    def __init__(self, parent: QWidget, watching: FolderWatch, count: int) -> None:
        super().__init__(parent)
        self.setObjectName("earlyFilesDialog")
        self.setWindowTitle("监视文件夹")
        folder = watching.folder
        asked = QLabel(f"“{folder.name if folder else ''}”里已有 {count} 个文件。")
        asked.setProperty("role", "heading")
        about = QLabel(
            "收入：按文件名归到教师，不能确定的进入待归位。\n"
            "从现在开始：这些文件不动也不收，只收以后新存进来的。"
        )
        about.setWordWrap(True)
        take = button(f"收入这 {count} 个文件", "takeEarlyButton")
        skip = button("从现在开始", "passEarlyButton", role="primary")
        skip.setDefault(True)
        cancel = button(texts.CANCEL, "cancelButton", spoken="取消监视")
        take.clicked.connect(self.accept)
        take.clicked.connect(watching.take_early)
        skip.clicked.connect(self.accept)
        skip.clicked.connect(watching.pass_early)
        cancel.clicked.connect(self.reject)
        self.rejected.connect(watching.stop)
        row = QHBoxLayout()
        row.addStretch(1)
        for one in (take, skip, cancel):
            row.addWidget(one)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(asked)
        layout.addWidget(about)
        layout.addSpacing(style.GAP)
        layout.addLayout(row)
        skip.setFocus()
