"""The editors that open in roster cells, and where the clerk goes from them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from certclerk.gui.roster.editor import CellEditor
from certclerk.gui.roster.model import RosterModel
from certclerk.gui.session import Session

Index = QModelIndex | QPersistentModelIndex

# px
LEAST_LIST = 96


class RosterDelegate(QStyledItemDelegate):
    """``edited`` (an acts.Edit): the clerk left a cell with another text than it had.

    ``filled`` (text): it is meant for all selected cells. ``left`` (rows down, columns right): where the clerk
    goes from the editor.
    """

    edited = Signal(object)
    filled = Signal(str)
    left = Signal(int, int)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = index.model()
        assert isinstance(model, RosterModel)
        column = model.columns[index.column()]
        editor = CellEditor(column.field, column.title, self._session.notice, parent)
        editor.left.connect(lambda down, right: self._on_editor_left(editor, down, right))
        editor.filled.connect(lambda: self._on_editor_filled(editor))
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """As wide as the cell, and wide enough for text beside the arrow of a list."""
        box: QRect = option.rect  # type: ignore[attr-defined]
        offers = isinstance(editor, CellEditor) and editor.completer() is not None
        box.setWidth(max(box.width(), LEAST_LIST) if offers else box.width())
        editor.setGeometry(box)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, CellEditor)
        # The view asks again whenever the record changes: what is being typed stays.
        if not editor.isModified():
            editor.setText(index.data(Qt.ItemDataRole.EditRole) or "")

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        assert isinstance(editor, CellEditor) and isinstance(model, RosterModel)
        text = editor.text()
        edit = model.edit_of(index, text)
        if edit is not None and text != (index.data(Qt.ItemDataRole.EditRole) or ""):
            self.edited.emit(edit)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Qt's own idea of Tab and Enter would come before the editor's."""
        if event.type() == QEvent.Type.KeyPress and event.key() != Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            return False
        return super().eventFilter(editor, event)

    def _on_editor_left(self, editor: CellEditor, down: int, right: int) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
        self.left.emit(down, right)

    def _on_editor_filled(self, editor: CellEditor) -> None:
        text = editor.text()
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
        self.filled.emit(text)
