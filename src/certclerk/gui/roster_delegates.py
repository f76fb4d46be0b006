"""How roster cells are painted, and the editors that open in them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QApplication,
    QCompleter,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from certclerk.core.progress import Dot, State
from certclerk.core.records import Severity
from certclerk.gui import icons, style
from certclerk.gui.roster_columns import choices
from certclerk.gui.roster_model import DOTS_ROLE, SEVERITY_ROLE, STATE_ROLE, RosterModel
from certclerk.gui.session import Session

_KEYS = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
Index = QModelIndex | QPersistentModelIndex

# px
DOT = 8.0
DOT_GAP = 3.0
CERTIFICATE_GAP = 5.0
SIGN = 14.0
CORNER = 6.0
MARGIN = 6
# States whose word stands on its tint: those that want the clerk's eye.
LOUD = frozenset({State.PROBLEM, State.ASK})


class RosterDelegate(QStyledItemDelegate):
    """Dots for pages, a sign and a word for the state, a corner on cells with findings.

    ``edited`` (an acts.Edit): the clerk left a cell with another text than it had.
    """

    edited = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._dots_a_certificate = sum(slot.required for slot in session.notice.slots)

    # Painting

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        dots, state = index.data(DOTS_ROLE), index.data(STATE_ROLE)
        if dots is None and state is None:
            super().paint(painter, option, index)
            severity = index.data(SEVERITY_ROLE)
            if severity is not None:
                _paint_corner(painter, QRectF(option.rect), Severity(severity))  # type: ignore[attr-defined]
            return
        self._paint_ground(painter, option, index)
        box = QRectF(option.rect).adjusted(MARGIN, 0, -MARGIN, 0)  # type: ignore[attr-defined]
        if dots is not None:
            _paint_dots(painter, box, [Dot(dot) for dot in dots], self._dots_a_certificate)
        else:
            # A text enum comes out of Qt as bare text.
            _paint_state(painter, box, State(state))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return super().sizeHint(option, index).expandedTo(QSize(0, style.ROW_HEIGHT))

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Selection, stripe and focus as every other cell has them, without the text."""
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        plain.text = ""  # type: ignore[attr-defined]
        widget = option.widget  # type: ignore[attr-defined]
        (widget.style() if widget else QApplication.style()).drawControl(
            QStyle.ControlElement.CE_ItemViewItem, plain, painter, widget
        )

    # Editing

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("cellEditor")
        editor.setFrame(False)
        model = index.model()
        assert isinstance(model, RosterModel)
        column = model.columns[index.column()]
        editor.setAccessibleName(column.title)
        offered = choices(column.field, self._session.notice)
        if offered:
            editor.setCompleter(_completer(offered, editor))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QLineEdit)
        # The view asks again whenever the record changes: what is being typed stays.
        if not editor.isModified():
            editor.setText(index.data(Qt.ItemDataRole.EditRole) or "")

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        assert isinstance(editor, QLineEdit) and isinstance(model, RosterModel)
        text = editor.text()
        edit = model.edit_of(index, text)
        if edit is not None and text != (index.data(Qt.ItemDataRole.EditRole) or ""):
            self.edited.emit(edit)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Alt+Down shows what is offered, as in a spreadsheet."""
        if event.type() in _KEYS and isinstance(editor, QLineEdit):
            down = event.key() == Qt.Key.Key_Down  # type: ignore[attr-defined]
            alt = event.modifiers() & Qt.KeyboardModifier.AltModifier  # type: ignore[attr-defined]
            completer = editor.completer()
            if down and alt and event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # else the window moves the teacher down
                return True
            if down and alt and completer is not None:
                completer.setCompletionPrefix("")
                completer.complete()
                return True
        return super().eventFilter(editor, event)


def _completer(offered: Sequence[str], parent: QObject) -> QCompleter:
    completer = QCompleter(list(offered), parent)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setMaxVisibleItems(len(offered))
    return completer


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
