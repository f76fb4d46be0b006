"""A table in a preview of its pages, from which it goes to a printer of the clerk's choice."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtPrintSupport import QPrinter, QPrinterInfo, QPrintPreviewDialog
from PySide6.QtWidgets import QWidget

from certclerk.core.errors import UserError
from certclerk.core.printed_table import PrintedTable
from certclerk.jobs.roster_lists import paint

PREVIEW_SIZE = (1120, 620)


def show_preview(
    parent: QWidget, table: PrintedTable, complain: Callable[[UserError], None]
) -> QPrintPreviewDialog:
    """``complain`` is told where a printer does not print."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(table.file_stem)
    preview = QPrintPreviewDialog(printer, parent)
    preview.setObjectName("printPreview")
    preview.setWindowTitle(f"打印预览：{table.title}")
    preview.resize(*PREVIEW_SIZE)

    def paint_on(device: QPrinter) -> None:
        try:
            paint(table, device)
        except UserError as error:
            complain(error)

    preview.paintRequested.connect(paint_on)
    # The preview does not own the printer: it lives as long as this connection does.
    preview.finished.connect(lambda _result, _printer=printer: preview.deleteLater())
    preview.open()
    return preview


def has_printer() -> bool:
    return bool(QPrinterInfo.availablePrinterNames())
