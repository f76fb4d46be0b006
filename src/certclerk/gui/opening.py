"""How a collection is opened for the window: what is asked, told and offered where that is not plainly so."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from certclerk.collection import Collection, open_collection
from certclerk.core.errors import UserError
from certclerk.gui.showing import show

if TYPE_CHECKING:
    from certclerk.gui.choice_dialog import ChoiceDialog
    from certclerk.gui.main_window import MainWindow
    from certclerk.gui.tasks import Job


def opened(
    window: MainWindow, path: Path, password: str, *, taking_over: bool, read_only: bool
) -> Collection | None:
    """None where it is not open yet: the clerk was told why, is asked what opens it, or sees it being read."""
    try:
        return open_collection(path, read_only=read_only, password=password, taking_over=taking_over)
    except UserError as error:
        if not (
            _read_where_damaged(window, path, password, error)
            or _ask_password(window, path, error)
            or _ask_where_held(window, path, password, error)
        ):
            window.tell_failure(str(error))
        return None


def _ask_password(window: MainWindow, path: Path, error: UserError) -> bool:
    from certclerk.gui import protecting

    return protecting.ask_where_wanted(window, path, error)


def _read_where_damaged(window: MainWindow, path: Path, password: str, error: UserError) -> bool:
    """Every page of the file, with a way out of it, then shows what there is; False where there is nothing."""
    from certclerk.jobs.rescue import may_be_read, read_what_is_left

    if not may_be_read(path, password, error):
        return False
    from certclerk.gui.progress_dialog import ProgressDialog

    def work(job: Job) -> Collection:
        def stop_if_cancelled() -> None:
            if job.cancelled:
                raise UserError("reading_cancelled")

        return read_what_is_left(path, password, error, job.progress, stop_if_cancelled)

    dialog = ProgressDialog(window.workers(), "读取有损坏的采集", "readDamaged", work, window)
    dialog.made.connect(window.show_collection)
    show(dialog)
    dialog.start()
    return True


def tell_how(window: MainWindow) -> None:
    """A bar over the panes of what is open for reading only."""
    collection = window.opened.collection
    if collection.is_damaged:
        from certclerk.gui.health.damage_bar import DamageBar

        window.shown.show_above(DamageBar(window.opened, window.open_path))
    elif collection.read_only:
        from certclerk.gui.reading_bar import ReadingBar

        window.shown.show_above(ReadingBar(window))


def _ask_where_held(window: MainWindow, path: Path, password: str, error: UserError) -> bool:
    """Offers to open it for reading and, what another computer is said to have, anyway; False where it is not held."""
    from certclerk.gui.choice_dialog import ChoiceDialog, Way

    reading = Way("openReadOnly", "只读打开", "primary")
    held = {
        "collection_locked": ("只读打开可以查看，不能修改。", (reading,)),
        "collection_locked_elsewhere": (
            "只读打开可以查看，不能修改。仍要打开的话，那台电脑若还开着它，两边的改动会互相覆盖，文件可能损坏。",
            (reading, Way("openAnyway", "仍要打开", "danger")),
        ),
    }.get(error.code)
    if held is None:
        return False
    dialog = ChoiceDialog(window, "heldDialog", "打开采集", str(error), *held)
    dialog.accepted.connect(partial(_open, window, path, password, dialog))
    show(dialog)
    return True


def _open(window: MainWindow, path: Path, password: str, dialog: ChoiceDialog) -> None:
    anyway = dialog.chosen == "openAnyway"
    window.open_path(path, password, taking_over=anyway, read_only=not anyway)
