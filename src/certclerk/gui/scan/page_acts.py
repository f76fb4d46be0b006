"""What the clerk does to a page in a slot, by key, by menu, or by the preview's buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from certclerk.core.records import Certificate, Page, Place, Teacher
from certclerk.core.wording import named
from certclerk.gui.icons import icon
from certclerk.gui.scan.page_choosing import choose_replacement
from certclerk.gui.scan.page_commands import PAGE_COMMANDS, PageAct
from certclerk.gui.scan.page_placing import put_pages
from certclerk.gui.scan.place_dialog import move_elsewhere
from certclerk.gui.scan.place_menu import add_places
from certclerk.gui.session import Session
from certclerk.jobs import acts
from certclerk.jobs.page_moves import move_pages


class PageActs(QObject):
    """Dialogs open over ``window``. Nothing is done in a collection that is open for reading only.

    ``retake_asked`` and ``insert_asked`` (Page) are for whoever brings pages in.
    """

    retake_asked = Signal(object)
    insert_asked = Signal(object)

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._acts: dict[PageAct, Callable[[Page], None]] = {
            PageAct.ROTATE_LEFT: lambda page: self.rotate(page, -90),
            PageAct.ROTATE_RIGHT: lambda page: self.rotate(page, 90),
            PageAct.EARLIER: lambda page: self._shift(page, -1),
            PageAct.LATER: lambda page: self._shift(page, 1),
            PageAct.RETAKE: self.retake_asked.emit,
            PageAct.INSERT: self.insert_asked.emit,
            PageAct.REPLACE: self._replace,
            PageAct.MOVE: lambda page: move_elsewhere(self._window, self._session, [page]),
            PageAct.TO_TRAY: self._send_to_tray,
            PageAct.TRASH: self._trash,
        }

    def do(self, act: str, page: Page) -> None:
        if not self._session.collection.read_only:
            self._acts[PageAct(act)](page)

    def rotate(self, page: Page, degrees: int) -> None:
        self._session.act(acts.rotate_page, page.id, degrees)

    def menu(self, parent: QWidget, page: Page) -> QMenu:
        """Everything that can be done to a page; it goes with its closing."""
        menu = QMenu(parent)
        menu.setObjectName("pageMenu")
        menu.aboutToHide.connect(menu.deleteLater)
        for command in PAGE_COMMANDS:
            if command.act is PageAct.MOVE:
                self._add_places(menu, page)
            key = QKeySequence(command.key).toString(QKeySequence.SequenceFormat.NativeText)
            action = menu.addAction(f"{command.label}\t{key}", lambda act=command.act: self.do(act, page))
            action.setObjectName(command.object_name)
            if command.icon:
                action.setIcon(icon(command.icon))
        return menu

    def _add_places(self, menu: QMenu, page: Page) -> None:
        teacher = self._session.teacher(self._session.current)
        if teacher is not None:
            inner = menu.addMenu(f"移到 {named(teacher.name)}")
            add_places(inner, self._session, teacher, lambda gap: put_pages(self._session, [page.id], gap))

    def _replace(self, page: Page) -> None:
        if page.place is Place.SLOT:
            choose_replacement(self._window, self._session, page)

    def _shift(self, page: Page, step: int) -> None:
        """One place earlier or later within its slot."""
        certificate = _holder(self._session.teachers(), page)
        if certificate is None or page.slot is None:
            return
        pages = certificate.pages_in(page.slot)
        position = next(index for index, other in enumerate(pages) if other.id == page.id) + step
        if 0 <= position < len(pages):
            self._session.act(move_pages, [page.id], certificate.id, page.slot, position)

    def _send_to_tray(self, page: Page) -> None:
        if page.place is Place.SLOT:
            self._session.act(acts.to_tray, [page.id])

    def _trash(self, page: Page) -> None:
        if self._session.did(acts.trash_pages, [page.id]):
            self._session.undoable.emit(f"已删除“{page.source}”，在回收站。")


def _holder(teachers: tuple[Teacher, ...], page: Page) -> Certificate | None:
    for teacher in teachers:
        for certificate in teacher.certificates:
            if certificate.id == page.certificate_id:
                return certificate
    return None
