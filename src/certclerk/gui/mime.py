"""What is carried when pages, files with pages or a table's file are dragged onto the window."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QMimeData

from certclerk.gui.texts import TABLE_SUFFIXES

PAGES = "application/x-certclerk-page"
ROWS = "application/x-certclerk-rows"


def pages_carried(mime: QMimeData) -> tuple[int, ...]:
    """The ids of the pages being dragged; empty when it is something else."""
    if not mime.hasFormat(PAGES):
        return ()
    text = bytes(mime.data(PAGES).data()).decode("ascii")
    return tuple(int(piece) for piece in text.split(",") if piece)


def carrying_pages(page_ids: Iterable[int]) -> QMimeData:
    mime = QMimeData()
    mime.setData(PAGES, ",".join(map(str, page_ids)).encode("ascii"))
    return mime


def files_carried(mime: QMimeData) -> tuple[Path, ...]:
    """Local files and folders that may hold pages; empty for a table, which is the window's to take."""
    return () if table_carried(mime) else _local(mime)


def table_carried(mime: QMimeData) -> Path | None:
    """The one file being dragged where its name is a table's."""
    paths = _local(mime)
    return paths[0] if len(paths) == 1 and paths[0].suffix.lower() in TABLE_SUFFIXES else None


def carries_pages_or_files(mime: QMimeData) -> bool:
    return bool(pages_carried(mime)) or bool(files_carried(mime))


def _local(mime: QMimeData) -> tuple[Path, ...]:
    return tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())


def carrying_rows() -> QMimeData:
    """The selected rows of the roster, on the way to another place in it."""
    mime = QMimeData()
    mime.setData(ROWS, b"selected")
    return mime
