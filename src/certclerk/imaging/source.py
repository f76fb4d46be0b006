"""A frame of an original as one simple picture file, whatever it lay in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from certclerk.core.page_forms import JPEG, PDF, PNG, TIFF
from certclerk.imaging.decode import (
    check_pixels,
    decode_jpeg,
    decode_plain,
    decode_png,
    decode_tiff,
    tiff_frame,
)
from certclerk.imaging.exif import MIRRORED, ROTATIONS
from certclerk.imaging.faults import UNDECODABLE, damaged
from certclerk.imaging.frames import LIMITS
from certclerk.imaging.jpeg import Jpeg, parse_jpeg
from certclerk.imaging.pdf import Unreadable, page_picture
from certclerk.imaging.pixels import flattened, inverted, oriented, turned
from certclerk.imaging.plain import PLAIN, plain_frame
from certclerk.imaging.png import Png, parse_png

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Source:
    """``header`` is the parsed JPEG or PNG, None for other forms. ``orientation`` is EXIF's, ``rotate`` comes
    after it in clockwise degrees. ``negative``: the samples are the other way round than usual; for
    CMYK, that 0 is full ink.
    """

    data: bytes
    media_type: str
    frame: int
    header: Jpeg | Png | None
    orientation: int
    rotate: int
    dpi: float | None
    negative: bool


def open_source(data: bytes, media_type: str, frame: int, rotation: int) -> Source:
    """The frame and how it is to be turned; only headers are read. Raises Fault.

    A stored page is not trusted for being stored: the collection itself may come from anywhere.
    """
    if media_type == PDF:
        try:
            page = page_picture(data, frame)
        except Unreadable as error:
            raise damaged(UNDECODABLE) from error
        source = open_source(page.data, page.media_type, 0, page.rotate + rotation)
        # A PDF's readers look at the page, not into the picture's own EXIF or Adobe segment.
        return replace(source, orientation=1, dpi=page.dpi, negative=page.negative)
    rotation %= 360
    if media_type == JPEG:
        jpeg = parse_jpeg(data)
        check_pixels(jpeg.width, jpeg.height, LIMITS)
        adobe = jpeg.adobe and jpeg.components == 4
        return Source(data, JPEG, 0, jpeg, jpeg.orientation, rotation, jpeg.dpi, adobe)
    if media_type == PNG:
        png = parse_png(data)
        check_pixels(png.width, png.height, LIMITS)
        return Source(data, PNG, 0, png, png.orientation, rotation, png.dpi, False)
    if media_type in PLAIN:
        plain = plain_frame(data, media_type)
        check_pixels(plain.width, plain.height, LIMITS)
        return Source(data, media_type, 0, None, plain.orientation, rotation, plain.dpi, False)
    # Pillow applies a TIFF's orientation while it decodes.
    tiff = tiff_frame(data, frame)
    check_pixels(tiff.width, tiff.height, LIMITS)
    return Source(data, TIFF, frame, None, 1, rotation, tiff.dpi, False)


def is_mirrored(source: Source) -> bool:
    """Whether left and right are to be swapped before any turning."""
    return source.orientation in MIRRORED


def clockwise(source: Source) -> int:
    """All turning as clockwise degrees."""
    return (ROTATIONS.get(source.orientation, 0) + source.rotate) % 360


def decoded(source: Source, max_px: int | None = None) -> Image:
    """The pixels in L or RGB as they are to be seen; ``max_px`` allows a cheaper, smaller decoding."""
    picture = flattened(_pixels(source, max_px))
    if source.negative and not _is_cmyk(source):
        picture = inverted(picture)
    return turned(oriented(picture, source.orientation), source.rotate)


def _is_cmyk(source: Source) -> bool:
    return isinstance(source.header, Jpeg) and source.header.components == 4


def _pixels(source: Source, max_px: int | None) -> Image:
    if isinstance(source.header, Jpeg):
        return decode_jpeg(source.data, source.header, inverted=source.negative, max_px=max_px)
    if isinstance(source.header, Png):
        return decode_png(source.data, source.header)
    if source.media_type in PLAIN:
        return decode_plain(source.data, source.media_type)
    return decode_tiff(source.data, source.frame)
