"""导入名册: a table read, shown as it is understood, corrected in its mapping, and taken in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from certclerk.gui.import_done import ImportedPage
from certclerk.gui.import_request import ImportRequest
from certclerk.gui.import_table import TablePage
from certclerk.gui.session import Session
from certclerk.gui.wizard import Wizard

PAGES = (TablePage, ImportedPage)


class ImportWizard(Wizard):
    """Accepted when teachers were imported; the first of them is then the current one."""

    def __init__(self, session: Session, path: Path, parent: QWidget | None = None) -> None:
        self._request = ImportRequest(session, path)
        super().__init__(parent, "importWizard", "导入名册", [page(self._request) for page in PAGES])

    def reject(self) -> None:
        if self._request.imported:
            self.accept()
        else:
            super().reject()

    def accept(self) -> None:
        if self._request.imported:
            self._request.session.select(self._request.imported[0])
        super().accept()
