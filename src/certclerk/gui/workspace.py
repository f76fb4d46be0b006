"""The three panes over an open collection: roster with the tray, scan panel, findings."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from certclerk.gui import style
from certclerk.gui.capture.desk import CaptureDesk
from certclerk.gui.custody.acts import ask_days
from certclerk.gui.findings.panel import FindingsPanel
from certclerk.gui.message_bar import MessageBar
from certclerk.gui.place_bar import PlaceBar
from certclerk.gui.roster.panel import RosterPanel
from certclerk.gui.scan.panel import ScanPanel
from certclerk.gui.scan.tray_list import TrayList
from certclerk.gui.session import Session

# px at the window's default width; the middle takes what is left.
ROSTER_WIDTH, SCAN_WIDTH, FINDINGS_WIDTH = 376, 680, 290
LEAST_SCAN_WIDTH = 480
TRAY_HEIGHT = 176


class Workspace(QWidget):
    """Its panels are ``roster``, ``tray``, ``scan`` and ``findings``; ``messages`` floats over them.

    ``capture`` is what brings pages in; ``folder`` is the user's data folder, for what it remembers.
    """

    def __init__(self, session: Session, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.roster = RosterPanel(session)
        self.tray = TrayList(session)
        self.scan = ScanPanel(session)
        self.capture = CaptureDesk(session, folder, self.scan)
        self.findings = FindingsPanel(session)
        self.messages = MessageBar(self)
        self._findings_wanted = True
        left = QWidget()
        left.setProperty("shade", "panel")
        left.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.roster, 1)
        column.addWidget(self.tray)
        self.tray.setMaximumHeight(TRAY_HEIGHT)
        self.tray.set_open(bool(session.tray()))
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setObjectName("panes")
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(style.HALF)
        for pane in (left, self.scan, self.findings):
            self._split.addWidget(pane)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([ROSTER_WIDTH, SCAN_WIDTH, FINDINGS_WIDTH])
        self.scan.setMinimumWidth(LEAST_SCAN_WIDTH)
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(PlaceBar(session.collection.path, folder))
        layout.addWidget(self._split, 1)
        self.roster.wide_wanted.connect(self._on_roster_wide_wanted)
        self.tray.page_shown.connect(self.scan.show_page)
        badge = self.scan.tabs.badge
        badge.setEnabled(not session.collection.read_only)
        badge.clicked.connect(lambda: ask_days(session, self, self.scan.certificate_ids))

    def show_above(self, bar: QWidget) -> None:
        """Over the panes, from one side to the other."""
        self._column.insertWidget(0, bar)

    def split_state(self) -> QByteArray:
        """Where the clerk put the borders between the panes."""
        return self._split.saveState()

    def restore_split(self, state: QByteArray) -> None:
        if not state.isEmpty():
            self._split.restoreState(state)

    def show_findings(self, wanted: bool) -> None:
        self._findings_wanted = wanted
        self.findings.setVisible(wanted and not self.roster.wide)

    def go_to(self, panel: QWidget) -> None:
        """The focus into a panel, out of the full table if need be."""
        if panel is not self.roster:
            self.roster.set_wide(False)
        if panel is self.findings:
            self.show_findings(True)
        inside = panel if panel.focusPolicy() & Qt.FocusPolicy.TabFocus else _first_stop(panel)
        if inside is not None:
            inside.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_roster_wide_wanted(self, wide: bool) -> None:
        """The full table has the window for itself."""
        for pane in (self.scan, self.tray):
            pane.setVisible(not wide)
        self.show_findings(self._findings_wanted)


def _first_stop(panel: QWidget) -> QWidget | None:
    return next(
        (
            inside
            for inside in panel.findChildren(QWidget)
            if inside.isVisibleTo(panel)
            and inside.isEnabled()
            and inside.focusPolicy() & Qt.FocusPolicy.TabFocus
        ),
        None,
    )
