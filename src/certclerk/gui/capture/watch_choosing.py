"""Asking which folder to watch, and what becomes of the files that lie in it already."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from certclerk.gui import files
from certclerk.gui.capture.watching import FolderWatch
from certclerk.gui.choice_dialog import ChoiceDialog, Way
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
    """``count`` files lie in the folder: taken, passed over, or the folder is not watched after all."""
    name = watching.folder.name if watching.folder else ""
    dialog = ChoiceDialog(
        parent,
        "earlyFilesDialog",
        "监视文件夹",
        f"“{name}”里已有 {count} 个文件。",
        "收入：按文件名归到教师，不能确定的进入待归位。\n"
        "从现在开始：这些文件不动也不收，只收以后新存进来的。",
        (
            Way("takeEarlyButton", f"收入这 {count} 个文件"),
            Way("passEarlyButton", "从现在开始", "primary"),
        ),
        default="passEarlyButton",
        cancel="取消监视",
    )
    acts = {"takeEarlyButton": watching.take_early, "passEarlyButton": watching.pass_early}
    dialog.finished.connect(lambda _result: acts.get(dialog.chosen, watching.stop)())
    show(dialog)
