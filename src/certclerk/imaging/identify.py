"""What a file is, by its content: names lie."""

from __future__ import annotations

from certclerk.core.page_forms import BMP, GIF, HEIC, JPEG, JPEG_2000, PDF, PNG, TIFF, WEBP
from certclerk.imaging.faults import Fault
from certclerk.imaging.png import SIGNATURE

# A PDF may have a mail header or a printer's line before it.
_PDF_WITHIN = 1024
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_JPEG_2000_STARTS = (b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP  ")
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
# What clerks take for a picture, to say what it is instead.
_OTHERS: tuple[tuple[int, bytes, str], ...] = (
    (4, b"ftypavif", "AVIF 图片"),
    (0, b"PK\x03\x04", "压缩包或 Office 文档"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office 文档"),
    (0, b"Rar!", "压缩包"),
    (0, b"7z\xbc\xaf\x27\x1c", "压缩包"),
)


def media_type_of(data: bytes) -> str:
    """Raises Fault ``image_other`` or ``image_unknown`` for what is no page."""
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(SIGNATURE):
        return PNG
    if data.startswith(_TIFF_STARTS):
        return TIFF
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return PDF
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if data.startswith(b"RIFF") and data.startswith(b"WEBP", 8):
        return WEBP
    if data.startswith(b"BM"):
        return BMP
    if data.startswith(_JPEG_2000_STARTS):
        return JPEG_2000
    if data.startswith(b"ftyp", 4) and data.startswith(_HEIC_BRANDS, 8):
        return HEIC
    for offset, mark, label in _OTHERS:
        if data.startswith(mark, offset):
            raise Fault("image_other", label=label)
    raise Fault("image_unknown")
