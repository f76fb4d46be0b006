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

# The usual one first; those included that some computers can only refuse with a word. A file of any name that the
# clerk points at is read for what it is.
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
PAGE_SUFFIXES = tuple(f".{ending}" for endings in ENDINGS.values() for ending in endings)
