"""The forms of files in which pages come: by media type, and by what their names end in."""

from __future__ import annotations

JPEG = "image/jpeg"
PNG = "image/png"
TIFF = "image/tiff"
PDF = "application/pdf"
BMP = "image/bmp"
GIF = "image/gif"
WEBP = "image/webp"
JPEG_2000 = "image/jp2"
HEIC = "image/heic"

# Without the dot, the usual one first. A file is read for what it is, whatever it is called.
ENDINGS: dict[str, tuple[str, ...]] = {
    JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    PNG: ("png",),
    TIFF: ("tif", "tiff"),
    PDF: ("pdf",),
    BMP: ("bmp", "dib"),
    GIF: ("gif",),
    WEBP: ("webp",),
    JPEG_2000: ("jp2", "j2k", "j2c", "jpc", "jpf", "jpx"),
    HEIC: ("heic", "heif", "hif"),
}
ALL_ENDINGS: tuple[str, ...] = tuple(ending for endings in ENDINGS.values() for ending in endings)
