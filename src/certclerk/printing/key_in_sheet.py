"""录入单: the certificates to be keyed in on paper, one block each, large enough to be read while typing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPageLayout, QPageSize, QPainter, QPen

from certclerk.core.errors import UserError
from certclerk.core.keying import KeyEntry, KeyField, KeyState
from certclerk.printing.fonts import BODY, HEADING, TITLE, font
from certclerk.printing.painted_pdf import painted_pdf
from certclerk.printing.tables import (
    CENTRE,
    FOOTER_MM,
    GAP_MM,
    LEFT,
    LINE_SPACING,
    MARGIN_MM,
    RULE_MM,
    Device,
)
from certclerk.printing.text import wrapped

SHEET_TITLE = "教师资格证书录入单"
TITLE_POINTS = 18.0
LABEL_POINTS = 9.0
VALUE_POINTS = 12.0
NUMBER_POINTS = 18.0
NAME_POINTS = 15.0
# The box to tick, the column of labels, the room inside a block.
BOX_MM = 6.0
LABEL_MM = 22.0
PADDING_MM = 2.5

# Rows of a block below its name, each the ids of the fields that share it; the first of a row gets most of it.
ROWS = (
    ("sex", "id_type"),
    ("id_number",),
    ("kind", "subject"),
    ("number",),
    ("authority", "issued"),
    ("note",),
)
LARGE = frozenset({"id_number", "number"})
# Between the groups of a number: a space that is seen from a distance.
WIDE_SPACE = "\N{EN SPACE}"
TICKED = {KeyState.DONE: "✓", KeyState.PROBLEM: "！"}


def key_in_pdf(entries: Sequence[KeyEntry], unit: str, facts: Iterable[str]) -> bytes:
    """The sheet on A4 pages; ``facts`` are lines below its title: the days, the place."""
    title = f"{SHEET_TITLE} {unit}"
    return painted_pdf(title, lambda writer: paint_key_in(entries, unit, facts, writer))


def paint_key_in(entries: Sequence[KeyEntry], unit: str, facts: Iterable[str], device: Device) -> None:
    """The same on any device of pages. Raises UserError ``printer_refused``."""
    margins = QMarginsF(*[MARGIN_MM] * 4)
    device.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            margins,
            QPageLayout.Unit.Millimeter,
        )
    )
    painter = QPainter()
    if not painter.begin(device):
        raise UserError("printer_refused", title=SHEET_TITLE)
    try:
        _Painter(device, painter).paint(entries, unit, tuple(facts))
    finally:
        painter.end()


@dataclass(frozen=True, slots=True)
class _Cell:
    label: str
    lines: tuple[str, ...]
    points: float


@dataclass(frozen=True, slots=True)
class _Block:
    """``rows`` of cells with the height of each in px."""

    entry: KeyEntry
    rows: tuple[tuple[tuple[_Cell, ...], float], ...]
    height: float


class _Painter:
    def __init__(self, device: Device, painter: QPainter) -> None:
        self._device = device
        self._painter = painter
        self._width = float(device.width())
        self._padding = self._px(PADDING_MM)
        pen = QPen()
        pen.setWidthF(self._px(RULE_MM))
        painter.setPen(pen)

    def paint(self, entries: Sequence[KeyEntry], unit: str, facts: Sequence[str]) -> None:
        body = font(BODY, VALUE_POINTS)
        facts = [line for fact in facts for line in wrapped(fact, body, self._width, self._device)]
        top = self._top_height(facts)
        room = self._device.height() - self._px(FOOTER_MM)
        gap = self._px(GAP_MM)
        pages: list[list[tuple[_Block, float]]] = [[]]
        y = top
        for block in map(self._block, entries):
            if y + block.height > room and pages[-1]:
                pages.append([])
                y = 0.0
            pages[-1].append((block, y))
            y += block.height + gap
        for number, page in enumerate(pages, 1):
            if number > 1:
                self._device.newPage()
            else:
                self._paint_top(unit, facts)
            for block, place in page:
                self._paint_block(block, place)
            footer = QRectF(0.0, room, self._width, self._px(FOOTER_MM))
            self._text(f"第 {number} 页，共 {len(pages)} 页", footer, LABEL_POINTS, CENTRE)

    def _top_height(self, facts: Sequence[str]) -> float:
        return self._line(TITLE_POINTS) + len(facts) * self._line(VALUE_POINTS) + self._px(2 * GAP_MM)

    def _paint_top(self, unit: str, facts: Sequence[str]) -> None:
        title = QRectF(0.0, 0.0, self._width, self._line(TITLE_POINTS))
        self._text(f"{unit}　{SHEET_TITLE}", title, TITLE_POINTS, CENTRE, TITLE)
        y = title.bottom() + self._px(GAP_MM)
        for fact in facts:
            self._text(fact, QRectF(0.0, y, self._width, self._line(VALUE_POINTS)), VALUE_POINTS, LEFT)
            y += self._line(VALUE_POINTS)

    def _block(self, entry: KeyEntry) -> _Block:
        by_id = {field.id: field for field in entry.fields}
        rows = []
        for ids in ROWS:
            width = self._inner() / len(ids) - self._px(LABEL_MM)
            cells = tuple(self._cell(by_id[field], width) for field in ids)
            rows.append((cells, max(len(cell.lines) * self._line(cell.points) for cell in cells)))
        height = self._line(NAME_POINTS) + sum(height for _, height in rows) + 2 * self._padding
        return _Block(entry, tuple(rows), height)

    def _cell(self, field: KeyField, width: float) -> _Cell:
        number = field.id in LARGE
        points = NUMBER_POINTS if number else VALUE_POINTS
        shown = field.shown.replace(" ", WIDE_SPACE) if number else field.shown
        text = shown + (f"（{field.remark}）" if field.remark else "")
        return _Cell(field.label, wrapped(text, font(BODY, points), width, self._device), points)

    def _inner(self) -> float:
        return self._width - 2 * self._padding

    def _paint_block(self, block: _Block, top: float) -> None:
        painter, entry = self._painter, block.entry
        painter.drawRect(QRectF(0.0, top, self._width, block.height))
        y = top + self._padding
        line = self._line(NAME_POINTS)
        box = self._px(BOX_MM)
        square = QRectF(self._padding, y + (line - box) / 2, box, box)
        painter.drawRect(square)
        self._text(TICKED.get(entry.state, ""), square, VALUE_POINTS, CENTRE)
        name = f"{entry.teacher.serial}　{entry.teacher.name}"
        reason = entry.keying.reason if entry.keying and entry.state is KeyState.PROBLEM else ""
        after = square.right() + self._px(GAP_MM)
        head = QRectF(after, y, self._width - after - self._padding, line)
        self._text(f"{name}　{reason}".rstrip(), head, NAME_POINTS, LEFT, HEADING)
        y += line
        for cells, height in block.rows:
            share = self._inner() / len(cells)
            for index, cell in enumerate(cells):
                self._paint_cell(cell, self._padding + index * share, y, share, height)
            y += height

    def _paint_cell(self, cell: _Cell, x: float, y: float, width: float, height: float) -> None:
        label = self._px(LABEL_MM)
        self._text(cell.label, QRectF(x, y, label, height), LABEL_POINTS, LEFT)
        line = self._line(cell.points)
        start = y + (height - len(cell.lines) * line) / 2
        for index, text in enumerate(cell.lines):
            box = QRectF(x + label, start + index * line, width - label, line)
            self._text(text, box, cell.points, LEFT)

    def _text(
        self,
        text: str,
        box: QRectF,
        points: float,
        align: Qt.AlignmentFlag,
        families: Sequence[str] = BODY,
    ) -> None:
        self._painter.setFont(font(families, points))
        self._painter.drawText(box, align, text)

    def _line(self, points: float) -> float:
        natural = QFontMetricsF(font(BODY, points), self._device).height()
        return max(natural, LINE_SPACING * points / 72 * self._device.logicalDpiY())

    def _px(self, millimetres: float) -> float:
        return millimetres / 25.4 * self._device.logicalDpiX()
