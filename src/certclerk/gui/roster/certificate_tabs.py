"""A tab for each certificate of a teacher, and ＋证书."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QTabBar, QToolButton, QWidget

from certclerk.core.notice import Notice
from certclerk.core.records import Teacher
from certclerk.core.scope import Scope, certificate_scope
from certclerk.gui import style
from certclerk.gui.custody.badge import CustodyBadge
from certclerk.gui.icons import icon
from certclerk.gui.roster.teacher_form import certificate_title

_MARKS = {Scope.OUT: "（不纳入）", Scope.ASK: "（待定）"}


class CertificateTabs(QWidget):
    """``badge`` says where the chosen one's booklet is. ``certificate_chosen`` and ``remove_asked`` (certificate id), ``add_asked``."""

    certificate_chosen = Signal(int)
    add_asked = Signal()
    remove_asked = Signal(int)

    def __init__(self, *, editable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editable = editable
        self.bar = QTabBar()
        self.bar.setObjectName("certificateTabs")
        self.bar.setAccessibleName("证书")
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideRight)
        # A page that is dragged over a tab opens it, so that it can be dropped on one of its slots.
        self.bar.setAcceptDrops(editable)
        self.bar.setChangeCurrentOnDrag(True)
        self.add_button = QToolButton()
        self.add_button.setObjectName("addCertificateButton")
        self.add_button.setText("证书")
        self.add_button.setAccessibleName("添加证书")
        self.add_button.setToolTip("为这位教师再登记一本证书")
        self.add_button.setIcon(icon("add"))
        self.add_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.add_button.setProperty("role", "quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.HALF)
        row.addWidget(self.bar)
        row.addWidget(self.add_button)
        row.addStretch(1)
        self.badge = CustodyBadge()
        row.addWidget(self.badge)
        self.badge.hide()
        # Only now: a button without a parent would flash up as a window of its own.
        self.add_button.setVisible(editable)
        self.bar.currentChanged.connect(self._on_bar_current_changed)
        self.add_button.clicked.connect(self.add_asked)

    def show_certificates(self, teacher: Teacher, chosen: int | None, notice: Notice) -> None:
        with QSignalBlocker(self.bar):
            while self.bar.count() > len(teacher.certificates):
                self.bar.removeTab(self.bar.count() - 1)
            while self.bar.count() < len(teacher.certificates):
                self.bar.addTab("")
            for index, certificate in enumerate(teacher.certificates):
                verdict = certificate_scope(certificate, notice)
                self.bar.setTabText(index, certificate_title(certificate) + _MARKS.get(verdict.scope, ""))
                self.bar.setTabToolTip(index, verdict.reason)
                out = verdict.scope is Scope.OUT
                self.bar.setTabTextColor(index, QColor(style.FAINT) if out else QColor())
                self.bar.setTabData(index, certificate.id)
                if certificate.id == chosen:
                    self.bar.setCurrentIndex(index)
        self.bar.setVisible(bool(teacher.certificates))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.bar.hasFocus() and self._editable:
            self._remove(self.bar.currentIndex())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = (
            self.bar.currentIndex() if by_key else self.bar.tabAt(self.bar.mapFromGlobal(event.globalPos()))
        )
        if index < 0 or not self._editable:
            return
        menu = QMenu(self)
        menu.setObjectName("certificateMenu")
        menu.aboutToHide.connect(menu.deleteLater)
        action = menu.addAction(icon("trash"), "删除这本证书\tDel", lambda: self._remove(index))
        action.setObjectName("removeCertificateAction")
        menu.popup(event.globalPos())

    def _remove(self, index: int) -> None:
        if index >= 0:
            self.remove_asked.emit(self.bar.tabData(index))

    def _on_bar_current_changed(self, index: int) -> None:
        if index >= 0:
            self.certificate_chosen.emit(self.bar.tabData(index))
