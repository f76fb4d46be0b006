"""How the roster's cells are painted: all in sight at once.

Qt would ask for each of hundreds of cells some ten times and draw it by the style sheet, which takes five times
as long; rows that scroll by are to follow the wheel.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF, QStaticText
from PySide6.QtWidgets import QTableView

from certclerk.core.progress import Dot, State
from certclerk.core.records import Severity
from certclerk.gui import icons, style
from certclerk.gui.roster.cells import SEVERITIES, Cell
from certclerk.gui.roster.model import RosterModel

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
# As many texts are kept laid out as a few screens hold.
MOST_TEXTS = 8_000
_SELECTED, _STRIPE, _LINE = QColor(style.ACCENT_TINT), QColor(style.STRIPE), QColor(style.LINE)
_INK, _QUIET, _ACCENT = QColor(style.INK), QColor(style.QUIET), QColor(style.ACCENT)
_TINTS = {severity: QColor(style.OF_SEVERITY[severity].tint) for severity in SEVERITIES}


class RosterPainter:
    """Paints the cells of ``view``, whose model is a RosterModel; ``dots_a_certificate`` stand together."""

    def __init__(self, view: QTableView, dots_a_certificate: int) -> None:
        self._view = view
        self._dots_a_certificate = dots_a_certificate
        self._texts: dict[tuple[str, int], QStaticText] = {}

    def paint(self, painter: QPainter, box: QRect, *, focused: bool) -> None:
        """What of the cells lies in ``box`` of the viewport; ``focused``: the current cell is framed."""
        view, model = self._view, self._view.model()
        assert isinstance(model, RosterModel)
        first, last = view.rowAt(box.top()), view.rowAt(box.bottom())
        if first < 0:
            return
        rows = range(first, (last if last >= 0 else model.rowCount() - 1) + 1)
        columns = [
            (column, view.columnViewportPosition(column), view.columnWidth(column))
            for column in range(model.columnCount())
            if not view.isColumnHidden(column)
        ]
        columns = [at for at in columns if at[1] <= box.right() and at[1] + at[2] > box.left()]
        if not columns:
            return
        chosen = self._chosen(rows)
        metrics = painter.fontMetrics()
        left, right = columns[0][1], columns[-1][1] + columns[-1][2]
        for row in rows:
            top, height = view.rowViewportPosition(row), view.rowHeight(row)
            if row % 2:
                painter.fillRect(left, top, right - left, height, _STRIPE)
            for column, x, width in columns:
                cell = model.cell(row, column)
                if (row, column) in chosen:
                    painter.fillRect(x, top, width, height, _SELECTED)
                elif cell is not None and cell.severity is not None:
                    painter.fillRect(x, top, width, height, _TINTS[cell.severity])
                if cell is not None:
                    self._paint_cell(painter, cell, QRect(x, top, width, height), metrics)
        if view.showGrid():
            self._paint_grid(painter, rows, columns)
        current = view.currentIndex()
        seen = current.isValid() and current.row() in rows and not view.isColumnHidden(current.column())
        if focused and seen:
            painter.setPen(QPen(_ACCENT, FOCUS))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(view.visualRect(current).adjusted(1, 1, -1, -1))

    def _chosen(self, rows: range) -> set[tuple[int, int]]:
        """The selected cells among these rows."""
        selection = self._view.selectionModel().selection()
        blocks = (selection.at(place) for place in range(selection.count()))
        return {
            (row, column)
            for block in blocks
            for row in range(max(block.top(), rows.start), min(block.bottom() + 1, rows.stop))
            for column in range(block.left(), block.right() + 1)
        }

    def _paint_cell(self, painter: QPainter, cell: Cell, box: QRect, metrics: QFontMetrics) -> None:
        if cell.dots is not None:
            inside = QRectF(box).adjusted(MARGIN, 0, -MARGIN, 0)
            _paint_dots(painter, inside, cell.dots, self._dots_a_certificate)
        elif cell.state is not None:
            _paint_state(painter, QRectF(box).adjusted(MARGIN, 0, -MARGIN, 0), cell.state)
        elif cell.text:
            painter.setPen(_QUIET if cell.quiet else _INK)
            text = self._laid_out(cell.text, box.width() - 2 * MARGIN, metrics)
            painter.drawStaticText(
                box.left() + MARGIN, box.top() + (box.height() - metrics.height()) // 2, text
            )
        if cell.severity is not None:
            _paint_corner(painter, QRectF(box), cell.severity)

    def _laid_out(self, text: str, width: int, metrics: QFontMetrics) -> QStaticText:
        made = self._texts.get((text, width))
        if made is None:
            if len(self._texts) >= MOST_TEXTS:
                self._texts.clear()
            made = QStaticText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, width))
            made.setTextFormat(Qt.TextFormat.PlainText)
            self._texts[text, width] = made
        return made

    def _paint_grid(self, painter: QPainter, rows: range, columns: Sequence[tuple[int, int, int]]) -> None:
        view = self._view
        edges = [x + width - 1 for _, x, width in columns]
        lines = [view.rowViewportPosition(row) + view.rowHeight(row) - 1 for row in rows]
        painter.setPen(_LINE)
        for x in edges:
            painter.drawLine(x, view.rowViewportPosition(rows.start), x, lines[-1])
        for y in lines:
            painter.drawLine(columns[0][1], y, edges[-1], y)


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
