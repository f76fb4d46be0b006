"""Text cut into lines once, so that what was measured is what is painted."""

from __future__ import annotations

from PySide6.QtGui import QFont, QPaintDevice, QTextLayout, QTextOption


def wrapped(text: str, font: QFont, width: float, device: QPaintDevice) -> tuple[str, ...]:
    """``text`` in lines no wider than ``width`` px of ``device``: between words if it can, anywhere if it must.

    At least one line, which may be empty.
    """
    return tuple(
        line for paragraph in text.splitlines() or [""] for line in _lines(paragraph, font, width, device)
    )


def _lines(paragraph: str, font: QFont, width: float, device: QPaintDevice) -> list[str]:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout = QTextLayout(paragraph, font, device)
    layout.setTextOption(option)
    # Qt counts in UTF-16, where rare characters are two.
    units = paragraph.encode("utf-16-le", "surrogatepass")
    lines: list[str] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start, end = 2 * line.textStart(), 2 * (line.textStart() + line.textLength())
        lines.append(units[start:end].decode("utf-16-le", "replace").strip())
    layout.endLayout()
    return lines or [""]
