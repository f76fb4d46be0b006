"""导入名册: a table read, shown as it is understood, corrected in its mapping, and taken in or merged."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from certclerk.gui.importing.done import ImportedPage
from certclerk.gui.importing.merge import MergePage
from certclerk.gui.importing.request import ImportRequest, Pasted
from certclerk.gui.importing.table import TablePage
from certclerk.gui.session import Session
from certclerk.gui.wizard import Wizard

PAGES = (TablePage, ImportedPage)
# Where the roster holds teachers already.
MERGING_PAGES = (TablePage, MergePage, ImportedPage)


class ImportWizard(Wizard):
    """``folder`` is the user's. Accepted when something was imported; the first whom it concerned is selected."""

    def __init__(
        self, session: Session, source: Path | Pasted, folder: Path, parent: QWidget | None = None
    ) -> None:
        self._request = ImportRequest(session, source, folder)
        pages = MERGING_PAGES if session.teachers() else PAGES
        super().__init__(parent, "importWizard", "导入名册", [page(self._request) for page in pages])

    def reject(self) -> None:
        if self._request.imported:
            self.accept()
        else:
            super().reject()

    def accept(self) -> None:
        if self._request.imported:
            self._request.session.select(self._request.imported[0])
        super().accept()
