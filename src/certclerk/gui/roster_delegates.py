"""How roster cells are painted, and the editors that open in them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from certclerk.core.progress import Dot, State
from certclerk.core.records import Severity
from certclerk.gui import icons, style
from certclerk.gui.roster_cells import SEVERITIES
from certclerk.gui.roster_editor import CellEditor
from certclerk.gui.roster_model import RosterModel
from certclerk.gui.session import Session

Index = QModelIndex | QPersistentModelIndex

# px
DOT = 8.0
DOT_GAP = 3.0
CERTIFICATE_GAP = 5.0
SIGN = 14.0
CORNER = 6.0
MARGIN = 6
FOCUS = 2
# States whose word stands on its tint: those that want the clerk's eye.
LOUD = frozenset({State.PROBLEM, State.ASK})
_SELECTED, _STRIPE = QColor(style.ACCENT_TINT), QColor(style.STRIPE)
_INK, _QUIET, _ACCENT = QColor(style.INK), QColor(style.QUIET), QColor(style.ACCENT)
_TINTS = {severity: QColor(style.OF_SEVERITY[severity].tint) for severity in SEVERITIES}
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class RosterDelegate(QStyledItemDelegate):
    """Dots for pages, a sign and a word for the state, a corner on cells with findings.

    ``edited`` (an acts.Edit): the clerk left a cell with another text than it had. ``filled`` (text): it is meant
    for all selected cells. ``left`` (rows down, columns right): where the clerk goes from the editor.
    """

    edited = Signal(object)
    filled = Signal(str)
    left = Signal(int, int)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._dots_a_certificate = sum(slot.required for slot in session.notice.slots)

    # Painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """All by itself: a style sheet's item takes ten times as long, and hundreds are in sight."""
        model = index.model()
        assert isinstance(model, RosterModel)
        cell = model.cell(index.row(), index.column())
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        severity = cell.severity if cell else None
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, _SELECTED)
        elif severity is not None:
            painter.fillRect(rect, _TINTS[severity])
        elif option.features & QStyleOptionViewItem.ViewItemFeature.Alternate:  # type: ignore[attr-defined]
            painter.fillRect(rect, _STRIPE)
        if cell is not None:
            inside = rect.adjusted(MARGIN, 0, -MARGIN, 0)
            if cell.dots is not None:
                _paint_dots(painter, QRectF(inside), cell.dots, self._dots_a_certificate)
            elif cell.state is not None:
                _paint_state(painter, QRectF(inside), cell.state)
            elif cell.text:
                painter.setPen(_QUIET if cell.quiet else _INK)
                text = option.fontMetrics.elidedText(  # type: ignore[attr-defined]
                    cell.text, Qt.TextElideMode.ElideRight, inside.width()
                )
                painter.drawText(inside, _MIDDLE, text)
            if severity is not None:
                _paint_corner(painter, QRectF(rect), severity)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(_ACCENT, FOCUS))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(1, 1, -1, -1))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return super().sizeHint(option, index).expandedTo(QSize(0, style.ROW_HEIGHT))

    # Editing

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = index.model()
        assert isinstance(model, RosterModel)
        column = model.columns[index.column()]
        editor = CellEditor(column.field, column.title, self._session.notice, parent)
        editor.left.connect(lambda down, right: self._on_editor_left(editor, down, right))
        editor.filled.connect(lambda: self._on_editor_filled(editor))
        return editor

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


def _paint_corner(painter: QPainter, box: QRectF, severity: Severity) -> None:
    right, top = box.right() + 1, box.top()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(style.OF_SEVERITY[severity].ink))
    painter.drawPolygon(
        QPolygonF([QPointF(right - CORNER, top), QPointF(right, top), QPointF(right, top + CORNER)])
    )
    painter.restore()


def _paint_dots(painter: QPainter, box: QRectF, dots: Sequence[Dot], a_certificate: int) -> None:
    """A disc for a page, a ring for a gap, a dash for 无此页; certificates set apart."""
    breaks = (len(dots) - 1) // a_certificate if a_certificate and dots else 0
    wanted = len(dots) * (DOT + DOT_GAP) + breaks * CERTIFICATE_GAP - DOT_GAP
    scale = min(1.0, box.width() / wanted) if dots else 1.0
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.left(), box.center().y() - DOT * scale / 2)
    painter.scale(scale, scale)
    x = 0.0
    for place, dot in enumerate(dots):
        if place and a_certificate and place % a_certificate == 0:
            x += CERTIFICATE_GAP
        _paint_dot(painter, QRectF(x, 0, DOT, DOT), dot)
        x += DOT + DOT_GAP
    painter.restore()


def _paint_dot(painter: QPainter, box: QRectF, dot: Dot) -> None:
    if dot is Dot.FILLED:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.GREEN))
        painter.drawEllipse(box)
        return
    ink = style.ACCENT if dot is Dot.MISSING else style.QUIET
    painter.setPen(QPen(QColor(ink), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if dot is Dot.MISSING:
        painter.drawEllipse(box.adjusted(0.75, 0.75, -0.75, -0.75))
    else:
        painter.drawLine(
            QPointF(box.left() + 1, box.center().y()), QPointF(box.right() - 1, box.center().y())
        )


def _paint_state(painter: QPainter, box: QRectF, state: State) -> None:
    tone = style.OF_STATE[state]
    painter.save()
    word = painter.fontMetrics().horizontalAdvance(state.value)
    if state in LOUD:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone.tint))
        pill = QRectF(box.left() - 4, box.center().y() - 10, SIGN + 4 + word + 10, 20)
        painter.drawRoundedRect(pill, 10, 10)
    icons.draw(painter, tone.sign, QRectF(box.left(), box.center().y() - SIGN / 2, SIGN, SIGN), tone.ink)
    painter.setPen(QColor(tone.ink))
    painter.drawText(box.adjusted(SIGN + 4, 0, MARGIN, 0), Qt.AlignmentFlag.AlignVCenter, state.value)
    painter.restore()
