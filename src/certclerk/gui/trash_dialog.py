"""回收站: what was taken away, back to where it lay, to the tray, or gone for good."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListView,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from certclerk.collection import Collection
from certclerk.core.amounts import size_text
from certclerk.core.records import Trashed
from certclerk.gui import style, texts
from certclerk.gui.buttons import button
from certclerk.gui.choice_dialog import Way, ask_way
from certclerk.gui.scan.page_preview import PagePreview
from certclerk.gui.scan.thumbnails import Thumbnails
from certclerk.gui.session import Session
from certclerk.gui.trash_model import TRASHED_ROLE, TrashDelegate, TrashModel
from certclerk.jobs import trash
from certclerk.jobs.trash import Taken


class TrashDialog(QDialog):
    """Follows the collection while it is open."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trashDialog")
        self.setWindowTitle(texts.TRASH)
        self.resize(960, 600)
        self._session = session
        thumbnails = Thumbnails(session, self)
        self._model = TrashModel(session.notice, self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setItemDelegate(TrashDelegate(thumbnails, self.list))
        self._preview = PagePreview(session, thumbnails)
        self._head = QLabel()
        self._back = button("放回原处", "putBackButton", role="primary")
        self._tray = button(f"移到{texts.TRAY}", "toTrayButton")
        self._empty = button(f"清空{texts.TRASH}…", "emptyTrashButton", role="danger")
        self._close = button(texts.CLOSE, "closeButton")
        self._lay_out()
        self._connect(thumbnails)
        self.refresh()
        self.list.setFocus()

    def chosen(self) -> tuple[Trashed, ...]:
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        return tuple(self._model.index(row).data(TRASHED_ROLE) for row in rows)

    def refresh(self) -> None:
        row = self.list.currentIndex().row()
        items = self._session.collection.trash()
        self._model.show_trash(items, self._session.roster())
        if items and not self.list.currentIndex().isValid():
            self._choose(min(max(row, 0), len(items) - 1))
        self._head.setText(
            f"{len(items)} 页，一直保留到清空。" if items else "回收站是空的。删除、替换下来的页会在这里。"
        )
        self._show_current()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter in the list puts back what is chosen there."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self._back.click()
            return True
        return super().eventFilter(watched, event)

    # Acting

    def _put_back(self) -> None:
        items = self.chosen()
        taken = self._ask_taken(items) if items else None
        if taken is None:
            return
        returned = self._session.act(trash.put_back, items, taken)
        if returned is not None:
            words = [f"放回 {returned.placed} 页"] if returned.placed else []
            if returned.tray:
                words.append(f"{returned.tray} 页在待归位")
            if returned.swapped:
                words.append(f"换下的 {returned.swapped} 页在回收站")
            self._session.undoable.emit("，".join(words) + "。")

    def _ask_taken(self, items: Sequence[Trashed]) -> Taken | None:
        """What to do where another page lies by now; asks only when one does."""
        roster, notice = self._session.roster(), self._session.notice
        kept_out = [item for item in items if (home := trash.home(item, roster, notice)) and home.there]
        if not kept_out:
            return Taken.SWAP
        first = trash.where(kept_out[0], roster, notice)
        which = first if len(kept_out) == 1 else f"{first} 等 {len(kept_out)} 处"
        answer = ask_way(
            self,
            "takenDialog",
            "放回原处",
            f"{which} 现在已经有页了。",
            "可以换回来，把现在的一页放进回收站；或者让放回的页到待归位，稍后再定。",
            (
                Way("swapButton", "换回来", "primary"),
                Way("toTrayInsteadButton", "到待归位"),
            ),
        )
        return {"swapButton": Taken.SWAP, "toTrayInsteadButton": Taken.TRAY}.get(answer)

    def _send_to_tray(self) -> None:
        pages = [item.page.id for item in self.chosen()]
        if pages and self._session.did(trash.to_tray, pages):
            self._session.undoable.emit(f"{len(pages)} 页移到待归位。")

    def _empty_trash(self) -> None:
        collection = self._session.collection
        outlook = collection.emptying_outlook()
        ends = (
            f"最后动过这些页的改动和它以前的，共 {outlook.changes} 步，也不能再撤销了。"
            if outlook.changes
            else ""
        )
        sure = ask_way(
            self,
            "emptyDialog",
            f"清空{texts.TRASH}",
            f"彻底删除回收站里的 {outlook.pages} 页（{size_text(outlook.bytes)}）？",
            f"删除后不能恢复。{ends}",
            (Way("emptyButton", "彻底删除", "danger"),),
        )
        if not sure:
            return
        gone = self._session.act(Collection.empty_trash)
        if gone is None:
            return
        self._session.runner.run(lambda job: collection.sweep(job.is_cancelled), lambda _nothing: None)
        self._session.message.emit(f"已彻底删除 {gone.pages} 页，{size_text(gone.bytes)}。{ends}")

    # Inner workings

    def _choose(self, row: int) -> None:
        """This row alone, whatever keys are held down."""
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.list.selectionModel().setCurrentIndex(self._model.index(row), flag)

    def _show_current(self) -> None:
        item = self.list.currentIndex().data(TRASHED_ROLE) if self.list.currentIndex().isValid() else None
        self._preview.show_page(item.page if item else None)
        editable = not self._session.collection.read_only
        for part in (self._back, self._tray):
            part.setEnabled(editable and bool(self.chosen()))
        self._empty.setEnabled(editable and self._model.rowCount() > 0)

    def _lay_out(self) -> None:
        self.list.setObjectName("trashList")
        self.list.setAccessibleName(f"{texts.TRASH}的页")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setUniformItemSizes(True)
        self.list.installEventFilter(self)
        self._head.setObjectName("trashHead")
        self._head.setProperty("role", "caption")
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setObjectName("trashSplit")
        split.setChildrenCollapsible(False)
        split.setHandleWidth(style.WIDE)
        split.addWidget(self.list)
        split.addWidget(self._preview)
        split.setSizes([460, 460])
        buttons = QHBoxLayout()
        buttons.setSpacing(style.GAP)
        buttons.addWidget(self._empty)
        buttons.addStretch(1)
        for part in (self._back, self._tray, self._close):
            buttons.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[style.WIDE] * 4)
        layout.setSpacing(style.GAP)
        layout.addWidget(self._head)
        layout.addWidget(split, 1)
        layout.addLayout(buttons)

    def _connect(self, thumbnails: Thumbnails) -> None:
        self._session.changed.connect(self._on_session_changed)
        thumbnails.arrived.connect(self._model.touch)
        self.list.selectionModel().selectionChanged.connect(lambda _now, _before: self._show_current())
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._show_current())
        self._back.clicked.connect(self._put_back)
        self._tray.clicked.connect(self._send_to_tray)
        self._empty.clicked.connect(self._empty_trash)
        self._close.clicked.connect(self.accept)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), self, self._session.undo)

    def _on_session_changed(self, _teachers: frozenset[int] | None) -> None:
        self.refresh()
