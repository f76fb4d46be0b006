"""A table in a preview of its pages, from which it goes to a printer of the clerk's choice."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtPrintSupport import QPrinter, QPrinterInfo, QPrintPreviewDialog
from PySide6.QtWidgets import QToolBar, QWidget

from certclerk.core.errors import UserError
from certclerk.core.printed_table import PrintedTable
from certclerk.gui import texts
from certclerk.jobs.roster_lists import paint

PREVIEW_SIZE = (1180, 620)


def show_preview(
    parent: QWidget, table: PrintedTable, complain: Callable[[UserError], None]
) -> QPrintPreviewDialog:
    """``complain`` is told where a printer does not print."""
    return show_pages(parent, table.title, table.file_stem, lambda device: paint(table, device), complain)


def show_pages(
    parent: QWidget,
    title: str,
    document: str,
    paint_on: Callable[[QPrinter], None],
    complain: Callable[[UserError], None],
    save: Callable[[QWidget], None] | None = None,
) -> QPrintPreviewDialog:
    """The same for what ``paint_on`` paints; ``document`` is what the printer is told to call it. ``save`` saves it
    as a PDF, asking over the window it is given.
    """
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(document)
    preview = QPrintPreviewDialog(printer, parent)
    preview.setObjectName("printPreview")
    preview.setWindowTitle(f"打印预览：{title}")
    preview.resize(*PREVIEW_SIZE)

    def paint_or_complain(device: QPrinter) -> None:
        try:
            paint_on(device)
        except UserError as error:
            complain(error)

    preview.paintRequested.connect(paint_or_complain)
    tools = preview.findChild(QToolBar)
    if save is not None and tools is not None:
        saving = tools.addAction(texts.SAVE_PDF)
        saving.setObjectName("savePdfAction")
        # The tool bar has no room for all of it, and would hide it.
        saving.setIconText("PDF…")
        saving.triggered.connect(lambda _checked=False: save(preview))
    # The preview does not own the printer: it lives as long as this connection does.
    preview.finished.connect(lambda _result, _printer=printer: preview.deleteLater())
    preview.open()
    return preview


def has_printer() -> bool:
    return bool(QPrinterInfo.availablePrinterNames())
