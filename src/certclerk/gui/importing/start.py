"""The ways into the import wizard: a table's file chosen or dropped on the window, a block pasted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDropEvent, QGuiApplication

from certclerk.core.errors import UserError
from certclerk.gui import files, texts
from certclerk.gui.mime import table_carried
from certclerk.gui.showing import show

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from certclerk.gui.importing.request import Pasted
    from certclerk.gui.session import Session


def choose_table(parent: QWidget, session: Session, folder: Path) -> None:
    path = files.choose_file(parent, "选择名册表", texts.ROSTER_FILTER, session.collection.path.parent)
    if path is not None:
        start_import(parent, session, folder, path)


def paste_table(parent: QWidget, session: Session, folder: Path) -> None:
    """A block of cells that was copied in a spreadsheet program, heads and all."""
    from certclerk.gui.importing.request import Pasted

    text = QGuiApplication.clipboard().text()
    if text.strip():
        start_import(parent, session, folder, Pasted(text))
    else:
        session.failed.emit(str(UserError("roster_nothing_pasted")))


def start_import(parent: QWidget, session: Session, folder: Path, source: Path | Pasted) -> None:
    from certclerk.gui.importing.wizard import ImportWizard

    show(ImportWizard(session, source, folder, parent))


class TableDrop(QObject):
    """Takes a table's file that is dropped anywhere on ``window``, whatever panel is under it."""

    def __init__(self, window: QWidget, session: Session, folder: Path) -> None:
        super().__init__(session)
        self._window = window
        self._session = session
        self._folder = folder
        window.setAcceptDrops(not session.collection.read_only)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A drag that enters is a drop event too.
        path = table_carried(event.mimeData()) if isinstance(event, QDropEvent) else None
        if path is None:
            return super().eventFilter(watched, event)
        assert isinstance(event, QDropEvent)
        event.acceptProposedAction()
        if event.type() == QEvent.Type.Drop:
            start_import(self._window, self._session, self._folder, path)
        return True
