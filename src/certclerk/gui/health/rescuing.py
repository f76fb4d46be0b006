"""抢救为新文件: a new collection out of what can be read of this one, and the list of what cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from certclerk.collection import Loss
from certclerk.core.errors import UserError
from certclerk.gui import files, texts
from certclerk.gui.buttons import button
from certclerk.gui.list_dialog import TEXT_SUFFIX, ListDialog
from certclerk.gui.showing import show
from certclerk.jobs.collections import SUFFIX
from certclerk.jobs.rescue import Rescue, headline, rescue

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton, QWidget

    from certclerk.collection import Collection
    from certclerk.gui.session import Session
    from certclerk.gui.tasks import Job

TITLE = "抢救为新文件"
_ADDED = "_抢救"


def ask_and_rescue(parent: QWidget, session: Session, open_path: Callable[[Path, str], object]) -> None:
    """Asks where to, then works in the background; ``open_path`` shows the new file if the clerk wants to."""
    path, password = session.collection.path, session.collection.password
    offered = path.with_name(f"{path.stem}{_ADDED}{SUFFIX}")
    chosen = files.choose_save(parent, TITLE, texts.COLLECTION_FILTER, offered)
    if chosen is None:
        return
    target = files.suffixed(chosen, SUFFIX)

    def tell(rescued: Rescue) -> None:
        wanted = button("打开新文件", "openRescuedButton", role="primary")
        dialog = list_losses(parent, rescued.path, headline(rescued), rescued.losses, (wanted,))
        wanted.clicked.connect(dialog.accept)
        wanted.clicked.connect(lambda: open_path(rescued.path, password))

    session.work("抢救", lambda job: _rescued(session.collection, target, job), tell)


def list_losses(
    parent: QWidget, path: Path, headline: str, losses: Iterable[Loss], more: Iterable[QPushButton] = ()
) -> ListDialog:
    """``path`` is the collection's; the list is offered to be saved beside it."""
    title = "丢失和要核对的内容"
    lines = (loss.message for loss in losses)
    saved_as = path.with_name(f"{path.stem}_{title}{TEXT_SUFFIX}")
    dialog = ListDialog(parent, "lossesDialog", title, headline, lines, more, saved_as)
    show(dialog)
    return dialog


def _rescued(collection: Collection, target: Path, job: Job) -> Rescue:
    def stop_if_cancelled() -> None:
        if job.cancelled:
            raise UserError("rescue_cancelled")

    with collection.snapshot():
        return rescue(
            collection.path,
            target,
            job.progress,
            stop_if_cancelled,
            password=collection.password,
            is_held=True,
        )
