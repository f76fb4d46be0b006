"""Bytes from outside to trusted frames: identified by content, capped, fully decoded."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import asdict, replace
from functools import partial
from typing import TYPE_CHECKING

from certclerk.core.booklet import effective_dpi
from certclerk.core.page_forms import BMP, GIF, HEIC, JPEG, PDF, PNG, TIFF, WEBP
from certclerk.imaging.decode import (
    check_pixels,
    decode_jpeg,
    decode_plain,
    decode_png,
    ends_early,
    tiff_frames,
)
from certclerk.imaging.exif import orientation_of
from certclerk.imaging.faults import Fault, damaged, naming, on_page
from certclerk.imaging.frames import LIMITS, Frame, Limits
from certclerk.imaging.heic import is_heic_readable
from certclerk.imaging.identify import media_type_of
from certclerk.imaging.isolated import Request, read_isolated
from certclerk.imaging.jpeg import parse_jpeg
from certclerk.imaging.pdf import PagePicture, Unreadable, page_picture, page_pictures
from certclerk.imaging.pixels import flattened, inverted
from certclerk.imaging.plain import plain_frame
from certclerk.imaging.png import parse_png
from certclerk.imaging.quality import measure
from certclerk.imaging.renditions import Rendition
from certclerk.imaging.show import small_picture

if TYPE_CHECKING:
    from PIL.Image import Image

    Decoded = tuple[Frame, Image]


def _unkept(_rendition: Rendition) -> None:
    """For those who only want to know what a file holds."""


def examine(
    data: bytes,
    name: str,
    *,
    limits: Limits = LIMITS,
    password: str | None = None,
    rendered: Callable[[Rendition], object] = _unkept,
) -> tuple[Frame, ...]:
    """All frames of a file of pages, each decoded to its last pixel.

    ``name`` is the file's name, for the sentence. ``rendered`` takes a picture of each frame that cannot be read from
    the file alone later, one by one, before it is known whether all of the file is good; what it raises ends the work.
    ``password`` opens an encrypted PDF.

    Raises UserError: ``image_empty``, ``image_too_big``, ``image_unknown``, ``image_other``, ``image_damaged``,
    ``image_too_many_pixels``, ``image_too_many_frames``, ``image_heic``, ``pdf_encrypted``, ``pdf_wrong_password``,
    and those of a child that breaks its limits (``image_takes_too_long`` and the like).
    """
    with naming(name):
        if not data:
            raise Fault("image_empty")
        if len(data) > limits.max_bytes:
            raise Fault("image_too_big", most=limits.max_bytes // 1_000_000)
    frames: list[Frame] = []
    fresh: list[Rendition] = []
    with closing(_decoded(data, name, limits, password, fresh.append)) as found:
        while decoded := _next_of(found, name):
            # Not within naming(): what goes wrong here is not the file's fault.
            frames.append(_measured(*decoded))
            # Not held while the next one is decoded.
            del decoded
            while fresh:
                rendered(fresh.pop())
    return tuple(sorted(frames, key=lambda frame: frame.frame))


def _next_of(found: Iterator[Decoded], name: str) -> Decoded | None:
    with naming(name):
        return next(found, None)


def _decoded(
    data: bytes, name: str, limits: Limits, password: str | None, made: Callable[[Rendition], object]
) -> Generator[Decoded, None, None]:
    """One by one; a frame is let go before the next one is decoded."""
    media_type = media_type_of(data)

    def isolated(frames: tuple[int, ...] | None = None, count: int | None = None) -> Iterator[Decoded]:
        request = Request(name, media_type, limits.max_pixels, limits.max_frames, password, frames, count)
        for rendition in read_isolated(data, request):
            with on_page(rendition.frame + 1):
                ((inner, picture),) = _READERS[rendition.media_type](rendition.data, limits)
            made(rendition)
            yield replace(inner, media_type=media_type, frame=rendition.frame), picture
            del picture

    if media_type == PDF:
        yield from _within_total(_read_pdf(data, limits, isolated), limits)
        return
    if media_type == HEIC and not is_heic_readable():
        raise Fault("image_heic")
    yield from _READERS[media_type](data, limits) if media_type in _READERS else isolated()


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


def _read_plain(media_type: str, data: bytes, limits: Limits) -> Iterator[Decoded]:
    frame = plain_frame(data, media_type)
    check_pixels(frame.width, frame.height, limits)
    picture = decode_plain(data, media_type)
    if picture.size != (frame.width, frame.height):
        raise damaged("图像头有误")
    yield frame, picture


def _read_pdf(data: bytes, limits: Limits, isolated: Callable[..., Iterator[Decoded]]) -> Iterator[Decoded]:
    """Pages that are pictures first, then those that must be drawn; all of them where the file is encrypted."""
    drawn: list[int] = []
    count = 0
    try:
        for index, page in enumerate(page_pictures(data, limits)):
            count += 1
            if page is None:
                drawn.append(index)
                continue
            with on_page(count):
                decoded = _picture_of(page, index, limits)
            yield decoded
            del decoded
    except Unreadable:
        yield from isolated()
    except Fault as fault:
        if fault.code != "pdf_encrypted":
            raise
        yield from isolated()
    if drawn:
        yield from isolated(tuple(drawn), count)


def _within_total(decoded: Iterator[Decoded], limits: Limits) -> Iterator[Decoded]:
    total = 0
    for frame, picture in decoded:
        total += frame.width * frame.height
        if total > limits.max_total_pixels:
            raise Fault("image_too_many_frames", most=limits.max_frames)
        yield frame, picture
        del picture


def _read_page_alone(data: bytes, limits: Limits) -> Iterator[Decoded]:
    """A PDF made by ourselves around one picture."""
    yield _picture_of(page_picture(data, 0), 0, limits)


def _picture_of(page: PagePicture, index: int, limits: Limits) -> Decoded:
    ((inner, picture),) = _READERS[page.media_type](page.data, limits)
    if page.negative and picture.mode != "CMYK":
        picture = inverted(flattened(picture))
    return Frame(PDF, index, inner.width, inner.height, page.dpi, orientation_of(page.rotate)), picture


def _measured(frame: Frame, picture: Image) -> Frame:
    width, height = frame.seen_size
    # Pillow applies a TIFF's orientation while it decodes.
    orientation = 1 if frame.media_type == TIFF else frame.orientation
    quality = measure(
        picture, effective_dpi(width, height, frame.dpi), says=frame.dpi, orientation=orientation
    )
    return replace(frame, **asdict(quality), small=small_picture(picture, orientation))


_READERS: dict[str, Callable[[bytes, Limits], Iterator[Decoded]]] = {
    JPEG: _read_jpeg,
    PNG: _read_png,
    TIFF: tiff_frames,
    BMP: partial(_read_plain, BMP),
    GIF: partial(_read_plain, GIF),
    WEBP: partial(_read_plain, WEBP),
    PDF: _read_page_alone,
}
