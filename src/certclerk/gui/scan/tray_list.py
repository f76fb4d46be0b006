"""待归位: pages that no name could place, to be dragged, sent, or taken where they are suggested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from certclerk.core.progress import Gap
from certclerk.core.records import Page
from certclerk.gui import style, texts
from certclerk.gui.icons import icon
from certclerk.gui.mime import carries_pages_or_files, pages_carried, scans_carried
from certclerk.gui.scan.page_commands import MOVE_TITLE
from certclerk.gui.scan.page_intake import take_scans
from certclerk.gui.scan.page_placing import put_pages
from certclerk.gui.scan.place_dialog import move_elsewhere
from certclerk.gui.scan.place_menu import add_places
from certclerk.gui.scan.thumbnails import Thumbnails
from certclerk.gui.scan.tray_model import PAGE_ROLE, TrayDelegate, TrayModel
from certclerk.gui.session import CHECKED_AT_ONCE, Session
from certclerk.gui.window_dialogs import show_trash
from certclerk.jobs.acts import to_tray, trash_pages
from certclerk.jobs.suggestions import Suggestion, accept, suggestions

# Reading a file's name takes up to half a millisecond.
READ_AT_ONCE = 20


class TrayList(QWidget):
    """``page_shown`` (Page): show it large."""

    page_shown = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trayPanel")
        self.setProperty("shade", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._suggestions: Mapping[int, Suggestion] = {}
        self._suggesting = False
        self._thumbnails = Thumbnails(session, self)
        self._model = TrayModel(self)
        self.list = _PageList()
        self._fold = QToolButton()
        self._trash = QToolButton()
        self._empty = QLabel("没有待归位的页")
        self._body = QWidget()
        self._lay_out()
        self.list.setModel(self._model)
        self.list.setItemDelegate(TrayDelegate(self._thumbnails, self.list))
        self._connect()
        self.setAcceptDrops(not session.collection.read_only)
        self.refresh()

    def pages(self) -> tuple[Page, ...]:
        """Those shown, in order."""
        return tuple(self._model.index(row).data(PAGE_ROLE) for row in range(self._model.rowCount()))

    def chosen(self) -> tuple[Page, ...]:
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        return tuple(self._model.index(row).data(PAGE_ROLE) for row in rows)

    def refresh(self) -> None:
        session, shown = self._session, self._session.tray()
        if len(shown) > self._model.rowCount():
            self.set_open(True)  # nothing arrives unseen
        self._fold.setText(f"{texts.TRAY} ({len(shown)})")
        self._fold.setAccessibleName(f"{texts.TRAY}，{len(shown)} 页")
        count = session.collection.trash_count()
        self._trash.setText(f"{texts.TRASH} ({count})" if count else texts.TRASH)
        self._trash.setAccessibleName(f"{texts.TRASH}，{count} 页")
        at_once = len(session.teachers()) <= CHECKED_AT_ONCE and len(shown) <= READ_AT_ONCE
        if at_once:
            self._suggestions = suggestions(shown, session.teachers(), session.notice)
        self._show_suggested()
        stack = self._body.layout()
        assert isinstance(stack, QStackedLayout)
        stack.setCurrentWidget(self.list if shown else self._empty)

        if shown and not at_once and not self._suggesting:
            self._suggest()

    def _suggest(self) -> None:
        """In a worker: every name is read against the whole roster. Again if that changed meanwhile."""
        session, roster = self._session, self._session.roster()

        def take(found: Mapping[int, Suggestion]) -> None:
            self._suggesting = False
            self._suggestions = found
            self.refresh() if session.roster() is not roster else self._show_suggested()

        self._suggesting = True
        session.runner.run(
            lambda _job: suggestions(roster.tray, roster.teachers, session.notice), take, owner=self
        )

    def set_open(self, is_open: bool) -> None:
        self._fold.setChecked(is_open)
        self._fold.setIcon(icon("chevron-down" if is_open else "chevron-right"))
        self._body.setVisible(is_open)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen, key = self.chosen(), event.key()
        editable = not self._session.collection.read_only
        if not chosen or not editable or not self.list.hasFocus():
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take_up_or_ask(chosen)
        elif key in (Qt.Key.Key_F2, Qt.Key.Key_M):
            self._choose_place(chosen)
        elif key == Qt.Key.Key_Delete:
            self.discard(chosen)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        chosen = self.chosen()
        if chosen and not self._session.collection.read_only:
            by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
            self._menu(chosen).popup(self._where() if by_key else event.globalPos())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is not self.list and carries_pages_or_files(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        pages = pages_carried(event.mimeData())
        if pages:
            self._session.act(to_tray, pages)
        else:
            take_scans(self._session, scans_carried(event.mimeData()))
        event.acceptProposedAction()

    # Acting

    def put(self, pages: Sequence[Page], gap: Gap) -> None:
        put_pages(self._session, [page.id for page in pages], gap)

    def discard(self, pages: Sequence[Page]) -> None:
        if self._session.did(trash_pages, [page.id for page in pages]):
            self._session.undoable.emit(f"已删除 {len(pages)} 页，在{texts.TRASH}。")

    def take_up(self, pages: Sequence[Page]) -> None:
        """Each where it is suggested, in one change; what has no room there stays."""
        offered = [self._suggestions[page.id] for page in pages if page.id in self._suggestions]
        moved = self._session.act(accept, offered)
        if moved:
            rest = f"，{len(pages) - moved} 页留在待归位" if len(pages) > moved else ""
            where = f"到 {offered[0].place}" if moved == len(pages) == 1 else f" {moved} 页"
            self._session.undoable.emit(f"已归位{where}{rest}。")

    def _take_up_or_ask(self, pages: Sequence[Page]) -> None:
        offered = [self._suggestions[page.id] for page in pages if page.id in self._suggestions]
        if any(one.gap for one in offered):
            self.take_up(pages)
        elif offered:
            self._choose_place(pages)
        else:
            self._menu(pages).popup(self._where())

    def _choose_place(self, pages: Sequence[Page]) -> None:
        likely = self._suggestions.get(pages[0].id)
        move_elsewhere(self, self._session, pages, likely.teacher_id if likely else self._session.current)

    def _menu(self, pages: Sequence[Page]) -> QMenu:
        session, likely = self._session, self._suggestions.get(pages[0].id)
        menu = QMenu(self)
        menu.setObjectName("trayMenu")
        menu.aboutToHide.connect(menu.deleteLater)
        if any(one.gap for page in pages if (one := self._suggestions.get(page.id))):
            what = "采用建议" if len(pages) > 1 or likely is None else f"采用：{likely.place}"
            menu.addAction(f"{what}\tEnter", lambda: self.take_up(pages)).setObjectName("takeUpAction")
        if likely is not None and likely.teacher_id != session.current:
            going = menu.addAction("转到可能的教师", lambda: session.select(likely.teacher_id))
            going.setObjectName("likelyTeacherAction")
        if not menu.isEmpty():
            menu.addSeparator()
        teacher = session.teacher(session.current)
        if teacher is not None:
            add_places(menu, session, teacher, lambda gap: self.put(pages, gap))
            menu.addSeparator()
        menu.addAction(f"{MOVE_TITLE}\tF2", lambda: self._choose_place(pages))
        menu.addSeparator()
        menu.addAction(icon("trash"), "删除\tDel", lambda: self.discard(pages))
        return menu

    # Inner workings

    def _lay_out(self) -> None:
        for button, name, text in (
            (self._fold, "trayFoldButton", texts.TRAY),
            (self._trash, "trashButton", texts.TRASH),
        ):
            button.setObjectName(name)
            button.setText(text)
            button.setAccessibleName(text)
            button.setProperty("role", "quiet")
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._trash.setIcon(icon("trash", style.QUIET))
        self._fold.setCheckable(True)
        self._fold.setChecked(True)
        self._fold.setIcon(icon("chevron-down"))
        self._fold.setStyleSheet(
            "QToolButton, QToolButton:checked { font-weight: 600; background: transparent;"
            f" border-color: transparent; color: {style.INK}; }}"
            f"QToolButton:focus {{ border: 2px solid {style.ACCENT}; }}"
        )
        head = QHBoxLayout()
        head.setContentsMargins(style.HALF, style.HALF, style.HALF, style.HALF)
        head.setSpacing(style.HALF)
        head.addWidget(self._fold)
        head.addStretch(1)
        head.addWidget(self._trash)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("role", "caption")
        self._empty.setMinimumHeight(40)
        self.list.setObjectName("trayList")
        self.list.setAccessibleName("待归位的页")
        stack = QStackedLayout(self._body)
        stack.addWidget(self._empty)
        stack.addWidget(self.list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._body, 1)

    def _connect(self) -> None:
        self._session.changed.connect(lambda _teachers: self._session.refreshing.ask(self.refresh))
        self._thumbnails.arrived.connect(self._model.touch)
        self._fold.toggled.connect(self.set_open)
        self._trash.clicked.connect(lambda: show_trash(self, self._session))
        self.list.selectionModel().currentChanged.connect(self._on_list_current_changed)
        self.list.clicked.connect(lambda index: self.page_shown.emit(index.data(PAGE_ROLE)))

    def _on_list_current_changed(self) -> None:
        page = self.list.currentIndex().data(PAGE_ROLE)
        if page is not None and self.list.hasFocus():
            self.page_shown.emit(page)

    def _show_suggested(self) -> None:
        chosen, row = {page.id for page in self.chosen()}, self.list.currentIndex().row()
        self._model.show_pages(self._session.tray(), self._suggestions)
        self._choose_again(chosen, row)

    def _choose_again(self, page_ids: set[int], row: int) -> None:
        """The same pages, else the one that stands where the current one stood, so that Enter goes on."""
        choice = self.list.selectionModel()
        rows = [found for page_id in page_ids if (found := self._model.row_of(page_id)) is not None]
        if not rows and row >= 0 and self._model.rowCount():
            rows = [min(row, self._model.rowCount() - 1)]
        flag = QItemSelectionModel.SelectionFlag
        for found in rows:
            choice.select(self._model.index(found), flag.Select)
        if rows:
            choice.setCurrentIndex(self._model.index(min(rows)), flag.NoUpdate)

    def _where(self) -> QPoint:
        corner = self.list.visualRect(self.list.currentIndex()).center()
        return self.list.viewport().mapToGlobal(corner)


_TRAY_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete, Qt.Key.Key_F2, Qt.Key.Key_M)


class _PageList(QListView):
    """Several pages may be chosen and dragged; drops are for the whole tray."""

    def __init__(self) -> None:
        super().__init__()
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setMouseTracking(True)
        self.setMinimumHeight(64)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _TRAY_KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)
