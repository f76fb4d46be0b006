"""What is carried when pages, pictures or files are dragged onto the window or pasted into it."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PureWindowsPath

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData
from PySide6.QtGui import QImage, QImageWriter

from certclerk.gui.texts import TABLE_SUFFIXES
from certclerk.jobs.take_pages import Incoming

PAGES = "application/x-certclerk-page"
ROWS = "application/x-certclerk-rows"

DROPPED, PASTED = "拖入", "粘贴"

# Without loss first: what a browser offers as JPEG it may just have encoded for the purpose.
_ENCODED = {
    "image/png": ".png",
    "image/tiff": ".tif",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/bmp": ".bmp",
    "image/gif": ".gif",
}
# Files that exist only in the program they are dragged from, as Windows describes them (shlobj.h: FILEDESCRIPTORW).
_DESCRIBED = 'application/x-qt-windows-mime;value="FileGroupDescriptorW"'
_CONTENTS = 'application/x-qt-windows-mime;value="FileContents";index={}'
_COUNT_BYTES, _DESCRIPTOR_BYTES, _NAME_AT = 4, 592, 72


@dataclass(frozen=True, slots=True)
class Scans:
    """Pages from outside: ``paths`` of files and folders, else ``files`` as bytes, else a bare ``picture`` that is to
    be called ``name``. ``link``: there is nothing but an address in the web.
    """

    paths: tuple[Path, ...] = ()
    files: tuple[Incoming, ...] = ()
    picture: QImage | None = None
    name: str = ""
    link: bool = False

    def __bool__(self) -> bool:
        return bool(self.paths or self.files or self.picture is not None or self.link)

    @property
    def is_one_file(self) -> bool:
        if self.paths:
            return len(self.paths) == 1 and not self.paths[0].is_dir()
        return len(self.files) == 1 or self.picture is not None

    def encoded(self) -> tuple[Incoming, ...]:
        """``files``, or the picture as PNG; that takes up to a second, so it is a worker's."""
        if self.picture is None:
            return self.files
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"png")).write(self.picture)
        return (Incoming(self.name, bytes(buffer.data().data())),)


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


def scans_carried(mime: QMimeData, word: str = DROPPED) -> Scans:
    """What there is to take in, fetched from the program that offers it; empty for tables and other text.

    Whatever has no name of its own is called by ``word`` and the time.
    """
    paths = files_carried(mime)
    if paths or table_carried(mime):
        return Scans(paths)
    files = _described_files(mime)
    if files:
        return Scans(files=files)
    if not _is_text(mime):
        stem = _stem(mime) or f"{word} {datetime.now():%Y-%m-%d %H%M%S}"
        for form, suffix in _ENCODED.items():
            data = bytes(mime.data(form).data()) if mime.hasFormat(form) else b""
            if data:
                return Scans(files=(Incoming(stem + suffix, data),))
        picture = QImage(mime.imageData()) if mime.hasImage() else QImage()
        if not picture.isNull():
            return Scans(picture=picture, name=f"{stem}.png")
    return Scans(link=_has_link(mime))


def files_carried(mime: QMimeData) -> tuple[Path, ...]:
    """Local files and folders that may hold pages; empty for a table, which is the window's to take."""
    return () if table_carried(mime) else _local(mime)


def table_carried(mime: QMimeData) -> Path | None:
    """The one file being dragged where its name is a table's."""
    paths = _local(mime)
    return paths[0] if len(paths) == 1 and paths[0].suffix.lower() in TABLE_SUFFIXES else None


def carries_pages_or_files(mime: QMimeData) -> bool:
    """Whether it may be dropped where pages go; no picture is fetched to tell."""
    if pages_carried(mime) or files_carried(mime) or mime.hasFormat(_DESCRIBED):
        return True
    pictured = mime.hasImage() or any(mime.hasFormat(form) for form in _ENCODED)
    return (pictured and not _is_text(mime)) or _has_link(mime)


def carrying_rows() -> QMimeData:
    """The selected rows of the roster, on the way to another place in it."""
    mime = QMimeData()
    mime.setData(ROWS, b"selected")
    return mime


def _local(mime: QMimeData) -> tuple[Path, ...]:
    return tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile())


def _has_link(mime: QMimeData) -> bool:
    return any(not url.isLocalFile() for url in mime.urls())


def _is_text(mime: QMimeData) -> bool:
    """Cells of a spreadsheet come with a picture of themselves; a picture in the web comes with its address."""
    words = mime.text().split() if mime.hasText() else []
    return any("://" not in word and not word.startswith("data:") for word in words)


def _stem(mime: QMimeData) -> str:
    """What a picture's address calls it."""
    return next((Path(url.fileName()).stem for url in mime.urls() if url.fileName()), "")


def _described_files(mime: QMimeData) -> tuple[Incoming, ...]:
    described = bytes(mime.data(_DESCRIBED).data()) if mime.hasFormat(_DESCRIBED) else b""
    if len(described) < _COUNT_BYTES:
        return ()
    (count,) = struct.unpack_from("<I", described)
    held = (len(described) - _COUNT_BYTES) // _DESCRIPTOR_BYTES
    files = []
    for index in range(min(count, held)):
        start = _COUNT_BYTES + index * _DESCRIPTOR_BYTES
        raw = described[start + _NAME_AT : start + _DESCRIPTOR_BYTES]
        name = PureWindowsPath(raw.decode("utf-16-le", "replace").partition("\0")[0]).name
        data = bytes(mime.data(_CONTENTS.format(index)).data())
        if data:
            files.append(Incoming(name, data))
    return tuple(files)
