"""Another copy chosen and opened to be compared with the collection that is open."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.gui import files, protecting, siblings, texts
from certclerk.gui.copies.dialog import CopiesDialog
from certclerk.gui.showing import show
from certclerk.jobs.two_copies import open_other

if TYPE_CHECKING:
    from certclerk.gui.main_window import MainWindow


def choose(window: MainWindow) -> None:
    here = window.opened.collection.path.parent
    path = files.choose_file(window, "选择另一份采集", texts.COLLECTION_FILTER, here)
    if path is not None:
        compare(window, path)


def compare(
    window: MainWindow, path: Path, password: str = "", then: Callable[[], object] = lambda: None
) -> None:
    """Shows the two side by side; says why where that cannot be. ``then`` is called once the dialog has closed, unless
    the collection has closed too.
    """
    session = window.opened
    collection = session.collection
    try:
        other = _opened(collection, path, password)
    except UserError as error:
        again = partial(compare, window, path, then=then)
        if not protecting.ask_where_wanted(window, path, error, again):
            window.tell_failure(str(error))
        return
    dialog = CopiesDialog(session, other, window)
    dialog.taken.connect(lambda: siblings.remember(window.folder, collection))
    dialog.caught_up.connect(lambda: siblings.hold(window.folder, collection, other))
    dialog.finished.connect(lambda _result: then() if window.session is session else None)
    show(dialog)


def _opened(collection: Collection, path: Path, password: str) -> Collection:
    """A copy has the same password, unless it was changed since."""
    if not password and collection.password:
        with suppress(UserError):
            return open_other(collection, path, collection.password)
    return open_other(collection, path, password)
