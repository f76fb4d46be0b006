"""Pixels: the only place where Pillow decodes. Pillow is imported when first used.

Its format classes are called directly and not through ``Image.open``: no other format gets a say,
and Pillow's process-wide pixel limit, which would warn below our own, is not asked.
"""

from __future__ import annotations

import io
import logging
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING

from certclerk.core.page_forms import BMP, GIF, TIFF, WEBP
from certclerk.imaging.faults import Fault, damaged
from certclerk.imaging.frames import Frame, Limits, credible_dpi
from certclerk.imaging.gif import parse_gif
from certclerk.imaging.jpeg import Jpeg, strip_segments
from certclerk.imaging.pixels import SIXTEEN_BIT
from certclerk.imaging.png import Png, picture_chunks

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.TiffImagePlugin import ImageFileDirectory_v2, TiffImageFile

# Pillow has no conversion from these that keeps what they show.
_STRANGE_MODES = frozenset({"F", "I", "HSV"})
# Without a handler Python prints every oddity of a file to the clerk's terminal.
_SILENCE = logging.NullHandler()
_REDUCED = 1
_TAG_KIND, _TAG_WIDTH, _TAG_HEIGHT, _TAG_ORIENTATION = 254, 256, 257, 274
_TAG_ACROSS, _TAG_DOWN, _TAG_UNIT = 282, 283, 296
_TAG_BITS, _TAG_PACKING, _TAG_PHOTOMETRIC, _TAG_PLANES, _TAG_FORMAT = 258, 259, 262, 284, 339
_CENTIMETRES = 3
_NOT_PACKED, _WHITE_IS_ZERO, _APART = 1, 0, 2
# Whole numbers without a sign; what the last stands for is left undefined by its writer.
_PLAIN_FORMATS = frozenset({1, 4})
_MID_GREY = frozenset({127, 128})
# Of 16 MB, kept between pictures: what the pixels of an A4 page at 300 dpi take, in colour, and a little more.
_BLOCKS_KEPT = 4
_PROBE_BYTES = bytes(range(1, 255)) * 64


def decode_jpeg(data: bytes, parsed: Jpeg, *, inverted: bool, max_px: int | None = None) -> Image:
    """The picture as stored, in L, RGB or CMYK (0 is no ink).

    With ``max_px`` it may come smaller, but no side below what fitting into ``max_px`` needs: the
    decoder leaves out frequencies (a thumbnail of an A4 page costs a quarter).
    """
    picture = _load_jpeg(strip_segments(data, parsed), max_px)
    if picture.mode == "CMYK" and not inverted:
        # Pillow takes every CMYK JPEG for an inverted one.
        from PIL import ImageChops

        return ImageChops.invert(picture)
    return picture


def _load_jpeg(data: bytes, max_px: int | None = None) -> Image:
    from PIL.JpegImagePlugin import JpegImageFile

    _keep_room()
    picture = JpegImageFile(io.BytesIO(data))
    if max_px:
        share = max_px / max(picture.size)
        picture.draft(None, (max(1, int(picture.width * share)), max(1, int(picture.height * share))))
    picture.load()
    return picture


@cache
def _keep_room() -> None:
    """Fresh memory from the system for each page takes 30 ms, in which no other thread may run Python."""
    from PIL import Image

    Image.core.set_blocks_max(_BLOCKS_KEPT)  # type: ignore[attr-defined]


def ends_early(data: bytes, parsed: Jpeg, picture: Image) -> bool:
    """Whether the scan data ran out before the picture did, although an end marker follows.

    libjpeg fills what is missing with mid-grey and only warns, which Pillow does not pass on. Where
    the last pixel is of that grey, the picture is decoded again with bytes put before the end
    marker: a complete picture stays the same, an incomplete one takes them for picture data.
    """
    corner = picture.getpixel((picture.width - 1, picture.height - 1))
    values = corner if isinstance(corner, tuple) else (corner,)
    if not _MID_GREY.issuperset(values):
        return False
    from PIL import ImageChops

    whole = strip_segments(data, parsed)
    probed = _load_jpeg(whole[:-2] + _PROBE_BYTES + whole[-2:])
    return ImageChops.difference(picture, probed).getbbox() is not None


def decode_png(data: bytes, parsed: Png) -> Image:
    """The picture as stored, in any of Pillow's modes."""
    from PIL.PngImagePlugin import PngImageFile

    picture = PngImageFile(io.BytesIO(picture_chunks(data, parsed)))
    picture.load()
    return _of_known_mode(picture)


def decode_plain(data: bytes, media_type: str) -> Image:
    """The one picture of a BMP, GIF or WebP as stored; of a moving one the first. See :mod:`plain`."""
    with _quiet_pillow():
        picture = _PLAIN[media_type](data)
        picture.load()
    if media_type == BMP and picture.mode == "RGBA" and not picture.getchannel("A").getbbox():
        # Nobody scans nothing: the program that wrote it left bytes empty that it did not know to be a channel.
        return picture.convert("RGB")
    return picture


def _bmp(data: bytes) -> Image:
    from PIL.BmpImagePlugin import BmpImageFile

    return BmpImageFile(io.BytesIO(data))


def _gif(data: bytes) -> Image:
    from PIL.GifImagePlugin import GifImageFile

    return GifImageFile(io.BytesIO(data[: parse_gif(data).end] + b";"))


def _webp(data: bytes) -> Image:
    from PIL.WebPImagePlugin import WebPImageFile

    return WebPImageFile(io.BytesIO(data))


_PLAIN: dict[str, Callable[[bytes], Image]] = {BMP: _bmp, GIF: _gif, WEBP: _webp}


def tiff_frames(data: bytes, limits: Limits) -> Iterator[tuple[Frame, Image]]:
    """Every page of a TIFF, decoded; reduced copies of pages (thumbnails) are left out.

    The pixels come upright: Pillow applies the orientation while it loads a TIFF.
    """
    with _open_tiff(data) as tiff:
        total = 0
        for index in range(limits.max_frames + 1):
            try:
                tiff.seek(index)
            except EOFError:
                return
            if index == limits.max_frames:
                raise Fault("image_too_many_frames", most=limits.max_frames)
            if index and int(tiff.tag_v2.get(_TAG_KIND, 0)) & _REDUCED:
                continue
            frame = _tiff_frame(tiff, index)
            total += check_pixels(frame.width, frame.height, limits)
            if total > limits.max_total_pixels:
                raise Fault("image_too_many_frames", most=limits.max_frames)
            yield frame, _loaded(tiff)


def decode_tiff(data: bytes, frame: int) -> Image:
    """One page, upright."""
    with _open_tiff(data) as tiff:
        tiff.seek(frame)
        return _loaded(tiff).copy()


def tiff_frame(data: bytes, frame: int) -> Frame:
    """What the tags say of one page, without decoding it."""
    with _open_tiff(data) as tiff:
        tiff.seek(frame)
        return _tiff_frame(tiff, frame)


def check_pixels(width: int, height: int, limits: Limits) -> int:
    """The number of pixels. Raises Fault above the cap."""
    pixels = width * height
    if pixels > limits.max_pixels:
        raise Fault("image_too_many_pixels", width=width, height=height, most=limits.max_pixels // 1_000_000)
    return pixels


_warnings_lock = threading.Lock()


@contextmanager
def _quiet_pillow() -> Iterator[None]:
    """Pillow warns of odd tags and above its own pixel limit (it raises far above our cap): neither is
    the clerk's concern.

    Warning filters are the process's, hence one file at a time. Raises Fault where a picture turns out larger than
    its header says.
    """
    from PIL.Image import DecompressionBombError

    logging.getLogger("PIL").addHandler(_SILENCE)
    with _warnings_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except DecompressionBombError as error:
            raise damaged("图像头有误") from error


@contextmanager
def _open_tiff(data: bytes) -> Iterator[TiffImageFile]:
    from PIL.TiffImagePlugin import TiffImageFile

    _quiet_libtiff()
    with _quiet_pillow():
        yield TiffImageFile(io.BytesIO(data))


@cache
def _quiet_libtiff() -> None:
    """It writes its complaints of a file straight to the process's standard error; Pillow raises for them anyway.

    Where libtiff is built into Pillow there is no way to it.
    """
    import ctypes

    from PIL import _imaging

    pillow = ctypes.CDLL(_imaging.__file__)
    for handler in ("TIFFSetErrorHandler", "TIFFSetWarningHandler"):
        with suppress(AttributeError):
            getattr(pillow, handler)(None)


def _loaded(tiff: TiffImageFile) -> Image:
    """The pixels, where Pillow is known to get them right: the rest it would show wrongly without a word."""
    tags = tiff.tag_v2
    bits, formats = _values(tags, _TAG_BITS), _values(tags, _TAG_FORMAT)
    apart = tags.get(_TAG_PLANES, 1) == _APART and len(bits) > 1
    # libtiff unpacks packed ones right; what is not packed Pillow reads itself, and takes halves for pixels.
    deep_and_bare = set(bits) != {8} and tags.get(_TAG_PACKING, 1) == _NOT_PACKED
    if not _PLAIN_FORMATS.issuperset(formats) or max(bits) > 16 or (apart and deep_and_bare):
        raise Fault("image_strange_pixels")
    tiff.load()
    if tiff.mode not in SIXTEEN_BIT:
        return _of_known_mode(tiff)
    # Of 12 and 16 bits Pillow gives the samples as they stand.
    white, black = (0, 255) if tags.get(_TAG_PHOTOMETRIC) == _WHITE_IS_ZERO else (255, 0)
    step = (white - black) / ((1 << max(bits)) - 1)
    return tiff.convert("I").point(lambda value: value * step + black).convert("L")


def _values(tags: ImageFileDirectory_v2, tag: int) -> tuple[int, ...]:
    found = tags.get(tag, 1)
    return found if isinstance(found, tuple) else (found,)


def _tiff_frame(tiff: TiffImageFile, index: int) -> Frame:
    tags = tiff.tag_v2
    width, height = int(tags[_TAG_WIDTH]), int(tags[_TAG_HEIGHT])
    scale = {1: 0.0, _CENTIMETRES: 2.54}.get(tags.get(_TAG_UNIT, 2), 1.0)
    across, down = float(tags.get(_TAG_ACROSS, 0)), float(tags.get(_TAG_DOWN, 0))
    orientation = tags.get(_TAG_ORIENTATION, 1)
    return Frame(
        media_type=TIFF,
        frame=index,
        width=width,
        height=height,
        dpi=credible_dpi(across * scale, down * scale, width, height),
        orientation=int(orientation) if orientation in range(1, 9) else 1,
    )


def _of_known_mode(picture: Image) -> Image:
    if picture.mode in _STRANGE_MODES:
        raise Fault("image_strange_pixels")
    return picture
