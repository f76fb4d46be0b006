"""A table painted row by row on A4: as a PDF, on a printer or into its preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPen,
)

from certclerk.core.errors import UserError
from certclerk.core.printed_table import FACTS_PER_LINE, CellValue, PrintedTable, fact_lines, is_sealed
from certclerk.printing.fonts import BODY, HEADING, TITLE, font
from certclerk.printing.pagination import Piece, Room, paginate
from certclerk.printing.painted_pdf import painted_pdf
from certclerk.printing.text import wrapped
from certclerk.system.files import write_aside

# A printer, its preview, a PDF: whatever has pages.
Device = QPagedPaintDevice

MARGIN_MM = 15.0
FOOTER_MM = 8.0
CELL_PADDING_MM = 1.2
GAP_MM = 3.0
# A unit's round seal is 42 mm across: it may reach over the title and the table, but stands beside the name.
SEAL_MM = 45.0
SEAL_LINE_MM = 16.0
RULE_MM = 0.2
# Times the size of the type; fonts that ask for more get more.
LINE_SPACING = 1.3
# A cell of more lines reads better from the left.
CENTRED_LINES = 2

LABEL_POINTS = 16.0
TITLE_POINTS = 22.0
FACT_POINTS = 16.0
CELL_POINTS = 10.5
FOOT_POINTS = 12.0

CENTRE = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def table_pdf(table: PrintedTable, path: Path) -> None:
    """``table`` on A4 pages as ``path``: the table's head on each page, below it which of how many it is.

    Raises UserError, ``path`` being as it was, where it cannot be written.
    """
    data = pdf_bytes(table)
    with write_aside(path) as stream:
        stream.write(data)


def pdf_bytes(table: PrintedTable) -> bytes:
    """The PDF itself."""
    return painted_pdf(table.title, lambda writer: paint(table, writer))


def paint(table: PrintedTable, device: Device) -> None:
    """``table`` on A4 pages of ``device``, which may be a printer. Raises UserError ``printer_refused``."""
    device.setPageLayout(page_layout(table))
    painter = QPainter()
    if not painter.begin(device):
        raise UserError("printer_refused", title=table.title)
    try:
        _paint(table, device, painter)
    finally:
        painter.end()


def page_layout(table: PrintedTable) -> QPageLayout:
    """The paper that it is printed on."""
    return QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4),
        QPageLayout.Orientation.Landscape if table.landscape else QPageLayout.Orientation.Portrait,
        QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM),
        QPageLayout.Unit.Millimeter,
    )


@dataclass(frozen=True, slots=True)
class _Type:
    """A font with the height of its lines in px."""

    font: QFont
    line: float


@dataclass(frozen=True, slots=True)
class _Text:
    """Lines in a box; ``x`` and ``y`` in px from the corner of its block.

    ``inset``: px between the frame and the text; without one there is no frame.
    """

    lines: tuple[str, ...]
    type: _Type
    x: float
    y: float
    width: float
    height: float
    align: Qt.AlignmentFlag
    inset: float = 0.0


@dataclass(frozen=True, slots=True)
class _Block:
    texts: tuple[_Text, ...]
    height: float


def _paint(table: PrintedTable, device: Device, painter: QPainter) -> None:
    setter = _Setter(device, table)
    top, head, foot = setter.top(), setter.head(), setter.foot()
    rows = [setter.cells(values) for values in table.grid.rows]
    footer = setter.px(FOOTER_MM)
    body = device.height() - footer - head.height
    room = Room(body - top.height, body, setter.cell.line, 2 * setter.padding)
    pages = paginate([max(table.grid.least_lines, *map(len, row)) for row in rows], room, foot.height)
    pen = QPen()
    pen.setWidthF(setter.px(RULE_MM))
    painter.setPen(pen)
    for number, pieces in enumerate(pages, start=1):
        if number > 1:
            device.newPage()
        blocks = [*([top] if number == 1 else []), head, *(setter.row(rows, piece, room) for piece in pieces)]
        if number == len(pages):
            blocks.append(foot)
        y = 0.0
        for block in blocks:
            _paint_block(painter, block, y)
            y += block.height
        _paint_block(painter, setter.page_number(number, len(pages)), device.height() - footer)


def _paint_block(painter: QPainter, block: _Block, top: float) -> None:
    font: QFont | None = None
    for text in block.texts:
        box = QRectF(text.x, top + text.y, text.width, text.height)
        if text.inset:
            painter.drawRect(box)
        if text.type.font is not font:
            font = text.type.font
            painter.setFont(font)
        y = box.center().y() - len(text.lines) * text.type.line / 2
        for line in text.lines:
            painter.drawText(
                QRectF(box.x() + text.inset, y, box.width() - 2 * text.inset, text.type.line),
                text.align,
                line,
            )
            y += text.type.line


class _Setter:
    """Sets the texts of one table into blocks as wide as the page."""

    def __init__(self, device: Device, table: PrintedTable) -> None:
        self._device = device
        self._table = table
        self._width = float(device.width())
        self.padding = self.px(CELL_PADDING_MM)
        scale = self._width / sum(table.grid.widths)
        self._columns = [width * scale for width in table.grid.widths]
        self.cell = self._type(BODY, CELL_POINTS)
        self._metrics = QFontMetricsF(self.cell.font, device)
        # Rosters say the same thing often.
        self._wrapped_cells: dict[tuple[str, float], tuple[str, ...]] = {}

    def px(self, millimetres: float) -> float:
        return millimetres / 25.4 * self._device.logicalDpiX()

    def top(self) -> _Block:
        """Label, title and facts: what only the first page bears."""
        texts: list[_Text] = []
        y = 0.0
        if self._table.label:
            texts.append(self._line(self._table.label, self._type(HEADING, LABEL_POINTS), y, LEFT))
            y += texts[-1].height
        texts.append(self._line(self._table.title, self._type(TITLE, TITLE_POINTS), y, CENTRE))
        y += texts[-1].height + self.px(GAP_MM)
        for facts in self._fitting_lines():
            line = self._facts(facts, y)
            texts += line
            y += max(text.height for text in line)
        return _Block(tuple(texts), y + self.px(GAP_MM))

    def _fitting_lines(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """As many facts beside one another as stay on one line."""
        metrics = QFontMetricsF(font(BODY, FACT_POINTS), self._device)
        for per_line in range(FACTS_PER_LINE, 1, -1):
            lines = fact_lines(self._table.head, per_line)
            if all(len(line) == 1 or sum(self._natural(line, metrics)) <= self._width for line in lines):
                return lines
        return fact_lines(self._table.head, 1)

    def _natural(self, facts: Sequence[tuple[str, str]], metrics: QFontMetricsF) -> list[float]:
        """What each takes on one line, with the gap behind it."""
        gap = self.px(SEAL_MM if any(is_sealed(label) for label, _ in facts) else GAP_MM)
        return [metrics.horizontalAdvance(f"{label}：{value}") + gap for label, value in facts]

    def _facts(self, facts: Sequence[tuple[str, str]], y: float) -> list[_Text]:
        type_ = self._type(BODY, FACT_POINTS)
        sealed = any(is_sealed(label) for label, _ in facts)
        gap = self.px(SEAL_MM if sealed else GAP_MM)
        texts = [f"{label}：{value}" for label, value in facts]
        # A long fact takes from the short ones beside it before it wraps.
        natural = self._natural(facts, QFontMetricsF(type_.font, self._device))
        shares = [self._width * each / sum(natural) for each in natural]
        lines = [self._wrapped(text, type_, share - gap) for text, share in zip(texts, shares, strict=True)]
        height = max(len(each) for each in lines) * type_.line
        height = max(height, self.px(SEAL_LINE_MM)) if sealed else height + self.px(GAP_MM)
        return [
            _Text(each, type_, sum(shares[:index]), y, shares[index] - gap, height, LEFT)
            for index, each in enumerate(lines)
        ]

    def head(self) -> _Block:
        grid, type_ = self._table.grid, self._type(HEADING, CELL_POINTS)
        lines = [
            self._wrapped(cell.text, type_, self._inner(cell.column, cell.columns)) for cell in grid.columns
        ]
        heights = [type_.line + 2 * self.padding] * grid.head_rows
        for cell, set_lines in zip(grid.columns, lines, strict=True):
            needed = (len(set_lines) * type_.line + 2 * self.padding) / cell.rows
            for row in range(cell.row, cell.row + cell.rows):
                heights[row] = max(heights[row], needed)
        texts = tuple(
            _Text(
                set_lines,
                type_,
                sum(self._columns[: cell.column]),
                sum(heights[: cell.row]),
                sum(self._columns[cell.column : cell.column + cell.columns]),
                sum(heights[cell.row : cell.row + cell.rows]),
                CENTRE,
                inset=self.padding,
            )
            for cell, set_lines in zip(grid.columns, lines, strict=True)
        )
        return _Block(texts, sum(heights))

    def cells(self, values: Sequence[CellValue]) -> tuple[tuple[str, ...], ...]:
        """The lines of each cell of a row."""
        return tuple(
            self._cell_lines(str(value), self._inner(column, 1)) for column, value in enumerate(values)
        )

    def _cell_lines(self, text: str, width: float) -> tuple[str, ...]:
        known = self._wrapped_cells.get((text, width))
        if known is None:
            # Most cells are one line, which is known much faster than where longer ones break.
            short = text.isprintable() and self._metrics.horizontalAdvance(text) <= width
            known = (text.strip(),) if short else self._wrapped(text, self.cell, width)
            self._wrapped_cells[text, width] = known
        return known

    def row(self, rows: Sequence[tuple[tuple[str, ...], ...]], piece: Piece, room: Room) -> _Block:
        height = room.height(piece.end - piece.start)
        texts = tuple(
            _Text(
                lines[piece.start : piece.end],
                self.cell,
                sum(self._columns[:column]),
                0.0,
                self._columns[column],
                height,
                LEFT if column in self._table.grid.left or len(lines) > CENTRED_LINES else CENTRE,
                inset=self.padding,
            )
            for column, lines in enumerate(rows[piece.row])
        )
        return _Block(texts, height)

    def foot(self) -> _Block:
        if not self._table.foot:
            return _Block((), 0.0)
        text = self._line(self._table.foot, self._type(BODY, FOOT_POINTS), self.px(GAP_MM), LEFT)
        return _Block((text,), text.height + self.px(GAP_MM))

    def page_number(self, number: int, count: int) -> _Block:
        text = f"第 {number} 页，共 {count} 页"
        return _Block((_Text((text,), self.cell, 0.0, 0.0, self._width, self.px(FOOTER_MM), CENTRE),), 0.0)

    def _line(self, text: str, type_: _Type, y: float, align: Qt.AlignmentFlag) -> _Text:
        lines = self._wrapped(text, type_, self._width)
        return _Text(lines, type_, 0.0, y, self._width, len(lines) * type_.line, align)

    def _inner(self, column: int, count: int) -> float:
        return sum(self._columns[column : column + count]) - 2 * self.padding

    def _type(self, families: Sequence[str], points: float) -> _Type:
        made = font(families, points)
        natural = QFontMetricsF(made, self._device).height()
        return _Type(made, max(natural, LINE_SPACING * points / 72 * self._device.logicalDpiY()))

    def _wrapped(self, text: str, type_: _Type, width: float) -> tuple[str, ...]:
        return wrapped(text, type_.font, width, self._device)
