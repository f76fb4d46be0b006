"""A teacher's document: one picture on each page, its data as it came, nothing drawn over it.

Written straight through: a picture's bytes go to the file as they are, none of them copied, and nothing of the program
that made it is told. Objects and their syntax are those of ISO 32000-1, 7.3 and 7.5.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Protocol

from certclerk.core.booklet import printed_size
from certclerk.core.page_image import Encoding, PageImage

LANGUAGE = "zh-CN"
# 1.4 is the first version that knows /Lang; the second line tells that the file is binary.
HEADER = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
# More than the structure of any document and page takes beside title and pictures, see `most_bytes`.
DOCUMENT_BYTES = 640
PAGE_BYTES = 720

# Enough of a picture to tell two apart in a document's identifier, without reading every megabyte again.
_TELLING_BYTES = 4096
_COLOUR_SPACES = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
_FILTERS = {Encoding.JPEG: "/DCTDecode", Encoding.FLATE: "/FlateDecode"}
_PNG_PREDICTOR = 15

_CATALOG, _PAGES, _INFO = 1, 2, 3
_FIRST_PAGE, _OBJECTS_A_PAGE = 4, 3


class Sink(Protocol):
    def write(self, data: bytes, /) -> object: ...


def most_bytes(title: str, pictures: Iterable[int]) -> int:
    """What a document of pictures of these sizes takes at most: some hundred bytes a page too many, never too few."""
    return DOCUMENT_BYTES + len(_text(title)) + sum(PAGE_BYTES + size for size in pictures)


def write_document(stream: Sink, title: str, images: Iterable[PageImage]) -> int:
    """One PDF of ``images`` in order; equal input gives equal bytes. Returns the number of pages."""
    objects = _Objects(stream)
    digest = hashlib.sha256(title.encode())
    pages: list[int] = []
    for image in images:
        pages.append(_FIRST_PAGE + _OBJECTS_A_PAGE * len(pages))
        _write_page(objects, pages[-1], image)
        digest.update(b"%d" % len(image.data) + image.data[-_TELLING_BYTES:])
    kids = " ".join(f"{number} 0 R" for number in pages)
    objects.add(_PAGES, f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>")
    objects.add(_INFO, f"<< /Title {_text(title)} >>")
    objects.add(
        _CATALOG,
        f"<< /Type /Catalog /Pages {_PAGES} 0 R /Lang ({LANGUAGE}) /ViewerPreferences << /DisplayDocTitle true >> >>",
    )
    objects.finish(digest.hexdigest()[:32])
    return len(pages)


class _Objects:
    """Numbered objects on their way into a file that only goes forward; where each began is kept for its end."""

    def __init__(self, stream: Sink) -> None:
        self._stream = stream
        self._offset = 0
        self._starts: dict[int, int] = {}
        self._write(HEADER)

    def add(self, number: int, entries: str, data: bytes | None = None) -> None:
        """A dictionary, or with ``data`` a stream."""
        self._starts[number] = self._offset
        self._write(f"{number} 0 obj\n{entries}\n".encode("ascii"))
        if data is not None:
            self._write(b"stream\n")
            self._write(data)
            self._write(b"\nendstream\n")
        self._write(b"endobj\n")

    def finish(self, identifier: str) -> None:
        start = self._offset
        count = len(self._starts) + 1
        rows = "".join(f"{self._starts[number]:010} 00000 n \n" for number in range(1, count))
        self._write(
            f"xref\n0 {count}\n0000000000 65535 f \n{rows}"
            f"trailer\n<< /Size {count} /Root {_CATALOG} 0 R /Info {_INFO} 0 R"
            f" /ID [<{identifier}> <{identifier}>] >>\nstartxref\n{start}\n%%EOF\n".encode("ascii")
        )

    def _write(self, data: bytes) -> None:
        self._stream.write(data)
        self._offset += len(data)


def _write_page(objects: _Objects, number: int, image: PageImage) -> None:
    """The page, what stands on it (one picture over all of it), and the picture."""
    width, height = (
        f"{side:.2f}" for side in printed_size(image.width, image.height, image.dpi, image.rotate)
    )
    turn = f" /Rotate {image.rotate % 360}" if image.rotate % 360 else ""
    objects.add(
        number,
        f"<< /Type /Page /Parent {_PAGES} 0 R /MediaBox [0 0 {width} {height}]{turn}"
        f" /Resources << /XObject << /Page {number + 2} 0 R >> >> /Contents {number + 1} 0 R >>",
    )
    across = f"-{width} 0 0 {height} {width} 0" if image.mirrored else f"{width} 0 0 {height} 0 0"
    place = f"q {across} cm /Page Do Q".encode("ascii")
    objects.add(number + 1, f"<< /Length {len(place)} >>", place)
    objects.add(number + 2, _picture_entries(image), image.data)


def _picture_entries(image: PageImage) -> str:
    decode = f" /Decode [{' '.join(['1 0'] * image.components)}]" if image.inverted else ""
    rows = (
        f" /DecodeParms << /Predictor {_PNG_PREDICTOR} /Colors {image.components}"
        f" /BitsPerComponent {image.bits} /Columns {image.width} >>"
    )
    return (
        f"<< /Type /XObject /Subtype /Image /Width {image.width} /Height {image.height}"
        f" /ColorSpace {_COLOUR_SPACES[image.components]} /BitsPerComponent {image.bits}"
        f" /Filter {_FILTERS[image.encoding]}{decode}{rows if image.png_rows else ''} /Length {len(image.data)} >>"
    )


def _text(text: str) -> str:
    """A text string in UTF-16 with its byte order, as a reader of any age takes it."""
    marked = ("\ufeff" + text).encode("utf-16-be")
    return f"<{marked.hex().upper()}>"
