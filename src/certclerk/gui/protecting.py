"""The password of a collection in the window: asked for where one is opened, set, changed, removed where one is open."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from certclerk.core.errors import SENTENCES, UserError
from certclerk.gui.showing import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from certclerk.gui.main_window import MainWindow
    from certclerk.gui.tasks import Job

# Whether what was given is wrong, or nothing was given yet.
_ASKED_FOR = {"collection_password_needed": False, "collection_password_wrong": True}
# By whether there was one, and whether there is one now.
_DONE = {
    (False, True): "已设置密码。下次打开要输入它。",
    (True, True): "已更改密码。",
    (True, False): "已不再用密码。任何人都能打开这份采集。",
}


def ask_where_wanted(
    window: MainWindow, path: Path, error: UserError, then: Callable[[str], object] | None = None
) -> bool:
    """Asks for the password that ``error`` misses and opens the collection with it, or calls ``then`` with it; False
    where it misses none.
    """
    if error.code not in _ASKED_FOR:
        return False
    from certclerk.gui.password_dialog import PasswordDialog

    dialog = PasswordDialog(window, f"采集“{path.stem}”有密码，请输入密码打开。", _ASKED_FOR[error.code])
    go_on = then or partial(window.open_path, path)
    dialog.accepted.connect(lambda: go_on(dialog.password.text))
    show(dialog)
    return True


def protect(window: MainWindow) -> None:
    """The collection is closed while its file is written anew with the other password, then opened again."""
    from certclerk.gui.protect_dialog import ProtectDialog

    dialog = ProtectDialog(window.opened.collection, window)
    dialog.accepted.connect(lambda: _rewrite(window, dialog.old, dialog.new))
    show(dialog)


def _rewrite(window: MainWindow, old: str, new: str) -> None:
    path = window.opened.collection.path
    window.close_collection()

    def settle(rekeyed: bool) -> None:
        if window.open_path(path, new if rekeyed else old):
            window.message_bar.say(_DONE[bool(old), bool(new)] if rekeyed else SENTENCES["rekey_cancelled"])

    def fail(error: UserError) -> None:
        window.open_path(path, old)
        window.tell_failure(str(error))

    window.work_on_start_page("正在换密码，完成后自动打开", partial(_rekeyed, path, old, new), settle, fail)


def _rekeyed(path: Path, old: str, new: str, job: Job) -> bool:
    """False: it was stopped."""
    from certclerk.jobs.collections import change_password

    try:
        change_password(path, old, new, job.progress, job.is_cancelled)
    except UserError as error:
        if error.code != "rekey_cancelled":
            raise
        return False
    return True
