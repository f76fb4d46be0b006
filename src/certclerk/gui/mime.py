"""What is carried when pages are dragged between slots, tray and roster."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QMimeData

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


def carrying_rows() -> QMimeData:
    """The selected rows of the roster, on the way to another place in it."""
    mime = QMimeData()
    mime.setData(ROWS, b"selected")
    return mime
