"""Bytes from outside to trusted frames: identified by content, capped, fully decoded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from itertools import starmap
from typing import TYPE_CHECKING

from certclerk.core.booklet import effective_dpi
from certclerk.imaging.decode import check_pixels, decode_jpeg, decode_png, ends_early, tiff_frames
from certclerk.imaging.exif import orientation_of
from certclerk.imaging.faults import Fault, damaged, naming, on_page
from certclerk.imaging.frames import JPEG, LIMITS, PDF, PNG, TIFF, Frame, Limits
from certclerk.imaging.jpeg import parse_jpeg
from certclerk.imaging.pdf import page_pictures
from certclerk.imaging.pixels import flattened, inverted
from certclerk.imaging.png import SIGNATURE, parse_png
from certclerk.imaging.quality import measure

if TYPE_CHECKING:
    from PIL.Image import Image

    Decoded = tuple[Frame, Image]

# A PDF may have a mail header or a printer's line before it.
_PDF_WITHIN = 1024
_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
# What clerks take for a picture, to say what it is instead.
_OTHERS: tuple[tuple[int, bytes, str], ...] = (
    (4, b"ftyphei", "苹果手机的 HEIC 照片"),
    (4, b"ftypmif1", "苹果手机的 HEIC 照片"),
    (4, b"ftypavif", "AVIF 图片"),
    (0, b"GIF8", "GIF 图片"),
    (8, b"WEBP", "WebP 图片"),
    (0, b"BM", "BMP 图片"),
    (0, b"PK\x03\x04", "压缩包或 Office 文档"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office 文档"),
    (0, b"Rar!", "压缩包"),
    (0, b"7z\xbc\xaf\x27\x1c", "压缩包"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000 图片"),
    (4, b"jP  ", "JPEG 2000 图片"),
)


def examine(data: bytes, name: str, *, limits: Limits = LIMITS) -> tuple[Frame, ...]:
    """All frames of a JPEG, PNG, TIFF or PDF of single pictures, each decoded to its last pixel.

    ``name`` is the file's name, for the sentence. Raises UserError: ``image_empty``,
    ``image_too_big``, ``image_unknown``, ``image_damaged``, ``image_too_many_pixels``,
    ``image_too_many_frames``, ``pdf_encrypted``, ``pdf_page_not_picture``.
    """
    with naming(name):
        if not data:
            raise Fault("image_empty")
        if len(data) > limits.max_bytes:
            raise Fault("image_too_big", most=limits.max_bytes // 1_000_000)
        decoded = _READERS[_media_type(data)](data, limits)
        return tuple(starmap(_measured, decoded))


def _media_type(data: bytes) -> str:
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(SIGNATURE):
        return PNG
    if data.startswith(_TIFF_STARTS):
        return TIFF
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return PDF
    for offset, mark, label in _OTHERS:
        if data.startswith(mark, offset):
            raise Fault("image_other", label=label)
    raise Fault("image_unknown")


def _read_jpeg(data: bytes, limits: Limits) -> Iterator[Decoded]:
    parsed = parse_jpeg(data)
    check_pixels(parsed.width, parsed.height, limits)
    picture = decode_jpeg(data, parsed, inverted=True)
    if ends_early(data, parsed, picture):
        raise damaged("数据在中途结束")
    yield Frame(JPEG, 0, parsed.width, parsed.height, parsed.dpi, parsed.orientation), picture


def _read_png(data: bytes, limits: Limits) -> Iterator[Decoded]:
    parsed = parse_png(data)
    check_pixels(parsed.width, parsed.height, limits)
    picture = decode_png(data, parsed)
    yield Frame(PNG, 0, parsed.width, parsed.height, parsed.dpi, parsed.orientation), picture


def _read_pdf(data: bytes, limits: Limits) -> Iterator[Decoded]:
    total = 0
    for index, page in enumerate(page_pictures(data, limits)):
        with on_page(index + 1):
            ((inner, picture),) = _READERS[page.media_type](page.data, limits)
        total += inner.width * inner.height
        if total > limits.max_total_pixels:
            raise Fault("image_too_many_frames", most=limits.max_frames)
        if page.negative and picture.mode != "CMYK":
            picture = inverted(flattened(picture))
        yield Frame(PDF, index, inner.width, inner.height, page.dpi, orientation_of(page.rotate)), picture
        # Not held while the next one is decoded.
        del picture


def _measured(frame: Frame, picture: Image) -> Frame:
    width, height = frame.seen_size
    # Pillow applies a TIFF's orientation while it decodes.
    orientation = 1 if frame.media_type == TIFF else frame.orientation
    quality = measure(
        picture, effective_dpi(width, height, frame.dpi), says=frame.dpi, orientation=orientation
    )
    return replace(frame, **asdict(quality))


_READERS: dict[str, Callable[[bytes, Limits], Iterator[Decoded]]] = {
    JPEG: _read_jpeg,
    PNG: _read_png,
    TIFF: tiff_frames,
    PDF: _read_pdf,
}
