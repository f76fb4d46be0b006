"""生成报送包: from the filing's head to a submission folder that is ready to be mailed."""

from __future__ import annotations

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget, QWizard

from certclerk.gui.package.build import BuildPage
from certclerk.gui.package.check import CheckPage
from certclerk.gui.package.done import DonePage
from certclerk.gui.package.filing import FilingPage
from certclerk.gui.package.output import OutputPage
from certclerk.gui.package.request import PackageRequest
from certclerk.gui.session import Session
from certclerk.gui.wizard import Wizard

PAGES = (FilingPage, CheckPage, OutputPage, BuildPage, DonePage)


class PackageWizard(Wizard):
    """Accepted when a submission was made. Closing it while one is being made cancels that first."""

    def __init__(self, session: Session, parent: QWidget | None = None, *, supplement: bool = False) -> None:
        self._request = PackageRequest(
            session, session.today(), session.notice.mail.limit_mb, supplement=supplement
        )
        pages = [page(self._request) for page in PAGES]
        super().__init__(parent, "packageWizard", "生成报送包", pages)
        self._build = next(page for page in pages if isinstance(page, BuildPage))
        self._leaving = False
        self._build.finished.connect(self._on_build_finished)
        self._build.completeChanged.connect(self._on_build_changed)
        self.currentIdChanged.connect(self._on_build_changed)
        output = next(page for page in pages if isinstance(page, OutputPage))
        output.setButtonText(QWizard.WizardButton.NextButton, "生成(&G)")

    def reject(self) -> None:
        """取消 or Esc. While the submission is being made it stops that, and stays."""
        if self._build.running:
            self._build.stop()
        elif self._request.result is not None:
            self.accept()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._build.running:
            self._leaving = True
            self._build.stop()
            event.ignore()
        else:
            super().closeEvent(event)

    def _on_build_changed(self) -> None:
        if self.currentPage() is self._build:
            self.set_back_enabled(not self._build.running)

    def _on_build_finished(self) -> None:
        if self._leaving:
            self.reject()
        elif self._request.result is not None:
            self.next()
