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

from certclerk.imaging.faults import Fault, damaged, on_page
from certclerk.imaging.frames import JPEG, PNG, TIFF, Limits, credible_dpi
from certclerk.imaging.jpeg import parse_jpeg
from certclerk.imaging.pdf_page import Placing, placed_picture
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


def page_pictures(data: bytes, limits: Limits) -> Iterator[PagePicture]:
    """Each page's picture. Raises Fault naming the page where one is more than a picture."""
    with _reading(data) as reader:
        count = len(reader.pages)
        if not count:
            raise damaged("没有页面")
        if count > limits.max_frames:
            raise Fault("image_too_many_frames", most=limits.max_frames)
        for number in range(count):
            yield _page_picture(reader, number)


def page_picture(data: bytes, frame: int) -> PagePicture:
    """One page's picture; ``frame`` counts from 0."""
    with _reading(data) as reader:
        return _page_picture(reader, frame)


@contextmanager
def _reading(data: bytes) -> Iterator[PdfReader]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    logging.getLogger("pypdf").addHandler(_SILENCE)
    if _END_MARK not in data[-_END_WITHIN:]:
        raise damaged("数据在中途结束")
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise Fault("pdf_encrypted")
        yield reader
    except (PyPdfError, DependencyError) as error:
        raise damaged("PDF 结构有误") from error


def _page_picture(reader: PdfReader, number: int) -> PagePicture:
    with on_page(number + 1):
        page = reader.pages[number]
        placing = placed_picture(page, number + 1)
        picture = _picture(placing.image, number + 1)
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


def _picture(image: Any, number: int) -> PagePicture:
    filters, parameters = _filters(image)
    colour = _colour(_resolved(image.get("/ColorSpace")))
    bits = int(image.get("/BitsPerComponent", 8 if filters[-1:] == ["/DCTDecode"] else 1))
    plain = not any(key in image for key in ("/SMask", "/Mask")) and not _resolved(image.get("/ImageMask"))
    kind = filters[-1] if filters else ""
    wrapped = len(filters) > 1
    if colour is None or not plain or (wrapped and kind != "/DCTDecode"):
        raise Fault("pdf_page_not_picture", page=number)
    size = int(image["/Width"]), int(image["/Height"])
    negative = _negative(image, colour, bits, number)
    # The packed stream as it stands in the file; get_data() would unpack it, but for a JPEG inside.
    packed: bytes = image.get_data() if wrapped else image._data
    if kind == "/DCTDecode":
        return _jpeg(packed, colour, negative, number)
    if kind == "/CCITTFaxDecode":
        return _fax(packed, parameters, size, negative, number)
    compression = {"": Compression.NONE, "/FlateDecode": Compression.DEFLATE, "/LZWDecode": Compression.LZW}
    if kind not in compression or colour.components * bits > 64 or bits not in (1, 2, 4, 8, 16):
        raise Fault("pdf_page_not_picture", page=number)
    predictor = int(parameters.get("/Predictor", 1))
    if predictor in _PNG_PREDICTORS:
        if kind != "/FlateDecode" or colour.components == 4:
            raise Fault("pdf_page_not_picture", page=number)
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


def _jpeg(packed: bytes, colour: _Colour, negative: bool, number: int) -> PagePicture:
    if colour.palette or parse_jpeg(packed).components != colour.components:
        raise Fault("pdf_page_not_picture", page=number)
    return PagePicture(packed, JPEG, 0, None, negative)


def _fax(
    packed: bytes, parameters: dict[str, Any], size: tuple[int, int], negative: bool, number: int
) -> PagePicture:
    k = int(parameters.get("/K", 0))
    aligned = bool(_truth(parameters.get("/EncodedByteAlign")))
    if aligned or int(parameters.get("/Columns", _DEFAULT_FAX_COLUMNS)) != size[0]:
        raise Fault("pdf_page_not_picture", page=number)
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


def _negative(image: Any, colour: _Colour, bits: int, number: int) -> bool:
    decode = _resolved(image.get("/Decode"))
    if decode is None:
        return False
    values = [float(_resolved(value)) for value in decode]
    top = float((1 << bits) - 1) if colour.palette else 1.0
    if values == [0.0, top] * colour.components:
        return False
    if values == [1.0, 0.0] * colour.components and not colour.palette:
        return True
    raise Fault("pdf_page_not_picture", page=number)


def _truth(value: Any) -> bool:
    """pypdf's booleans are objects with a value."""
    return bool(getattr(_resolved(value), "value", False))


def _resolved(value: Any) -> Any:
    """What a PDF value refers to; PDF's null as None."""
    from pypdf.generic import NullObject, PdfObject

    found = value.get_object() if isinstance(value, PdfObject) else value
    return None if isinstance(found, NullObject) else found
