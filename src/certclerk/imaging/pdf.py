"""PDFs whose pages are single pictures: each page as a JPEG, PNG or TIFF of its own.

The picture's packed bytes are never unpacked here: a JPEG comes out as it is, other packings get a
PNG or TIFF header written around them.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from certclerk.core.page_forms import JPEG, PNG, TIFF
from certclerk.imaging.faults import BROKEN, UNDECODABLE, Fault, damaged, on_page
from certclerk.imaging.frames import Limits, credible_dpi
from certclerk.imaging.jpeg import parse_jpeg
from certclerk.imaging.pdf_page import NOT_PICTURE, Placing, placed_picture
from certclerk.imaging.png import png_around
from certclerk.imaging.tiff import Compression, Layout, Photometric, tiff_around

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

# Without a handler Python prints every oddity of a file to the clerk's terminal.
_SILENCE = logging.NullHandler()
# A whole PDF says at its end where its table is; one cut off in transfer does not.
_END_MARK = b"startxref"
_END_WITHIN = 4096
_DEFAULT_FAX_COLUMNS = 1728
_PNG_PREDICTORS = range(10, 16)
_TIFF_PREDICTOR = 2
_COMPONENTS = {
    "/DeviceGray": 1,
    "/CalGray": 1,
    "/DeviceRGB": 3,
    "/CalRGB": 3,
    "/DeviceCMYK": 4,
}
_PHOTOMETRIC = {1: Photometric.BLACK_IS_ZERO, 3: Photometric.RGB, 4: Photometric.CMYK}
_PNG_COLOUR = {1: 0, 3: 2}
_PNG_PALETTE = 3


@dataclass(frozen=True, slots=True)
class PagePicture:
    """``rotate`` is clockwise degrees to show it as the page does; ``negative``: its samples are inverted."""

    data: bytes
    media_type: str
    rotate: int
    dpi: float | None
    negative: bool


@dataclass(frozen=True, slots=True)
class _Colour:
    components: int
    palette: bytes = b""


class Unreadable(Exception):
    """The file has a structure that this reader does not follow; another one may."""


def page_pictures(data: bytes, limits: Limits) -> Iterator[PagePicture | None]:
    """Each page's picture; None where the page is more than a picture or has a structure not followed here.

    Raises Fault ``pdf_encrypted`` (whether or not an empty password opens it), ``image_damaged`` or
    ``image_too_many_frames``, and Unreadable before the first page.
    """
    with _reading(data) as reader:
        count = _counted(reader)
        if not count:
            raise damaged("没有页面")
        if count > limits.max_frames:
            raise Fault("image_too_many_frames", most=limits.max_frames)
        for number in range(count):
            yield _whole_picture(reader, number)


def page_picture(data: bytes, frame: int) -> PagePicture:
    """One page's picture, of a file that was taken in; ``frame`` counts from 0. Raises Fault."""
    with _reading(data) as reader:
        picture = _whole_picture(reader, frame)
    if picture is None:
        raise damaged(f"第{frame + 1}页{UNDECODABLE}")
    return picture


def pages_alone(data: bytes) -> Iterator[bytes | None]:
    """Each page that is a picture as a PDF of its own, with the picture's packed bytes as they are; None for others.

    For copies without the encryption of the original. Raises as :func:`page_pictures`.
    """
    with _reading(data) as reader:
        for number in range(_counted(reader)):
            yield _alone(reader, number) if _whole_picture(reader, number) else None


@contextmanager
def _reading(data: bytes) -> Iterator[PdfReader]:
    from pypdf import PdfReader

    logging.getLogger("pypdf").addHandler(_SILENCE)
    if _END_MARK not in data[-_END_WITHIN:]:
        raise damaged("数据在中途结束")
    # Not its own buffer: the reader's objects hold one another, and with them the file, until Python collects cycles.
    with io.BytesIO(data) as file:
        try:
            reader = PdfReader(file)
            encrypted = reader.is_encrypted
        except _not_followed() as error:
            raise Unreadable from error
        if encrypted:
            raise Fault("pdf_encrypted")
        try:
            yield reader
        finally:
            reader.close()


def _not_followed() -> tuple[type[Exception], ...]:
    """What pypdf raises on structures that it does not follow."""
    from pypdf.errors import DependencyError, PyPdfError

    return (PyPdfError, DependencyError, *BROKEN)


def _counted(reader: PdfReader) -> int:
    try:
        return len(reader.pages)
    except _not_followed() as error:
        raise Unreadable from error


def _whole_picture(reader: PdfReader, number: int) -> PagePicture | None:
    """None where the page is to be drawn. Raises Fault where its picture is damaged: drawn, it would look whole."""
    with on_page(number + 1):
        try:
            return _page_picture(reader, number)
        except Fault as fault:
            if fault.code != NOT_PICTURE:
                raise
        except _not_followed():
            # Left to who follows its structure.
            pass
    return None


def _alone(reader: PdfReader, number: int) -> bytes:
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, NumberObject, StreamObject

    page = reader.pages[number]
    placing = placed_picture(page)
    unit = float(page.user_unit or 1)
    width, height = placing.width_pt * unit, placing.height_pt * unit
    writer = PdfWriter()
    alone = writer.add_blank_page(width, height)
    content = StreamObject()
    content._data = f"q {width:f} 0 0 {height:f} 0 0 cm /Im0 Do Q".encode()
    alone[NameObject("/Contents")] = writer._add_object(content)
    pictures = DictionaryObject({NameObject("/Im0"): placing.image.clone(writer)})
    alone[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
    alone[NameObject("/Rotate")] = NumberObject((placing.rotate + int(page.rotation or 0)) % 360)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _page_picture(reader: PdfReader, number: int) -> PagePicture:
    page = reader.pages[number]
    placing = placed_picture(page)
    picture = _picture(placing.image)
    return _with_page(picture, placing, page)


def _with_page(picture: PagePicture, placing: Placing, page: PageObject) -> PagePicture:
    width, height = _stored_size(picture, placing.image)
    unit = float(page.user_unit or 1)
    across = width * 72 / (placing.width_pt * unit)
    down = height * 72 / (placing.height_pt * unit)
    return PagePicture(
        data=picture.data,
        media_type=picture.media_type,
        rotate=(placing.rotate + int(page.rotation or 0)) % 360,
        dpi=credible_dpi(across, down, width, height),
        negative=picture.negative,
    )


def _stored_size(picture: PagePicture, image: Any) -> tuple[int, int]:
    if picture.media_type == JPEG:
        parsed = parse_jpeg(picture.data)
        return parsed.width, parsed.height
    return int(image["/Width"]), int(image["/Height"])


def _picture(image: Any) -> PagePicture:
    filters, parameters = _filters(image)
    colour = _colour(_resolved(image.get("/ColorSpace")))
    bits = int(image.get("/BitsPerComponent", 8 if filters[-1:] == ["/DCTDecode"] else 1))
    plain = not any(key in image for key in ("/SMask", "/Mask")) and not _resolved(image.get("/ImageMask"))
    kind = filters[-1] if filters else ""
    wrapped = len(filters) > 1
    if colour is None or not plain or (wrapped and kind != "/DCTDecode"):
        raise Fault(NOT_PICTURE)
    size = int(image["/Width"]), int(image["/Height"])
    negative = _negative(image, colour, bits)
    # The packed stream as it stands in the file; get_data() would unpack it, but for a JPEG inside.
    packed: bytes = image.get_data() if wrapped else image._data
    if kind == "/DCTDecode":
        return _jpeg(packed, colour, negative)
    if kind == "/CCITTFaxDecode":
        return _fax(packed, parameters, size, negative)
    compression = {"": Compression.NONE, "/FlateDecode": Compression.DEFLATE, "/LZWDecode": Compression.LZW}
    if kind not in compression or colour.components * bits > 64 or bits not in (1, 2, 4, 8, 16):
        raise Fault(NOT_PICTURE)
    predictor = int(parameters.get("/Predictor", 1))
    if predictor in _PNG_PREDICTORS:
        if kind != "/FlateDecode" or colour.components == 4:
            raise Fault(NOT_PICTURE)
        png_colour = _PNG_PALETTE if colour.palette else _PNG_COLOUR[colour.components]
        png = png_around(packed, *size, bits, png_colour, colour.palette[: 3 << bits])
        return PagePicture(png, PNG, 0, None, negative)
    layout = Layout(
        *size,
        bits=bits,
        samples=colour.components,
        photometric=Photometric.PALETTE if colour.palette else _PHOTOMETRIC[colour.components],
        compression=compression[kind],
        predictor=_TIFF_PREDICTOR if predictor == _TIFF_PREDICTOR else 1,
        palette=colour.palette,
    )
    return PagePicture(tiff_around(packed, layout), TIFF, 0, None, negative)


def _jpeg(packed: bytes, colour: _Colour, negative: bool) -> PagePicture:
    if colour.palette or parse_jpeg(packed).components != colour.components:
        raise Fault(NOT_PICTURE)
    return PagePicture(packed, JPEG, 0, None, negative)


def _fax(packed: bytes, parameters: dict[str, Any], size: tuple[int, int], negative: bool) -> PagePicture:
    k = int(parameters.get("/K", 0))
    aligned = bool(_truth(parameters.get("/EncodedByteAlign")))
    if aligned or int(parameters.get("/Columns", _DEFAULT_FAX_COLUMNS)) != size[0]:
        raise Fault(NOT_PICTURE)
    black_is_one = _truth(parameters.get("/BlackIs1"))
    layout = Layout(
        *size,
        bits=1,
        samples=1,
        photometric=Photometric.BLACK_IS_ZERO if black_is_one else Photometric.WHITE_IS_ZERO,
        compression=Compression.FAX_GROUP_4 if k < 0 else Compression.FAX_GROUP_3,
        two_dimensional=k > 0,
    )
    return PagePicture(tiff_around(packed, layout), TIFF, 0, None, negative)


def _filters(image: Any) -> tuple[list[str], dict[str, Any]]:
    names = _resolved(image.get("/Filter"))
    parameters = _resolved(image.get("/DecodeParms"))
    if names is None:
        return [], {}
    if not isinstance(names, list):
        return [str(names)], dict(parameters or {})
    first = _resolved(parameters[0]) if isinstance(parameters, list) and parameters else parameters
    return [str(_resolved(name)) for name in names], dict(first or {})


def _colour(space: Any) -> _Colour | None:
    """None where the colours would need more than the samples to be shown."""
    if isinstance(space, list) and len(space) == 1:
        space = _resolved(space[0])
    if isinstance(space, str):
        return _Colour(_COMPONENTS[space]) if space in _COMPONENTS else None
    if not isinstance(space, list) or not space:
        return None
    family = str(_resolved(space[0]))
    if family == "/ICCBased":
        components = int(_resolved(_resolved(space[1])["/N"]))
        return _Colour(components) if components in _PHOTOMETRIC else None
    if family == "/Indexed":
        base = _colour(_resolved(space[1]))
        return _Colour(1, _palette(_resolved(space[3]))) if base == _Colour(3) else None
    return _Colour(_COMPONENTS[family]) if family in _COMPONENTS else None


def _palette(lookup: Any) -> bytes:
    colours = lookup.get_data() if hasattr(lookup, "get_data") else getattr(lookup, "original_bytes", lookup)
    if not isinstance(colours, bytes) or not 3 <= len(colours) <= 768 + 2:
        raise damaged("调色板有误")
    return colours[: len(colours) // 3 * 3]


def _negative(image: Any, colour: _Colour, bits: int) -> bool:
    decode = _resolved(image.get("/Decode"))
    if decode is None:
        return False
    values = [float(_resolved(value)) for value in decode]
    top = float((1 << bits) - 1) if colour.palette else 1.0
    if values == [0.0, top] * colour.components:
        return False
    if values == [1.0, 0.0] * colour.components and not colour.palette:
        return True
    raise Fault(NOT_PICTURE)


def _truth(value: Any) -> bool:
    """pypdf's booleans are objects with a value."""
    return bool(getattr(_resolved(value), "value", False))


def _resolved(value: Any) -> Any:
    """What a PDF value refers to; PDF's null as None."""
    from pypdf.generic import NullObject, PdfObject

    found = value.get_object() if isinstance(value, PdfObject) else value
    return None if isinstance(found, NullObject) else found
