"""Small real files, made by Pillow and pypdf."""

from __future__ import annotations

import io
import itertools
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageDraw
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
)


def save(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    # A picture remembers how it was last encoded, which another format trips over.
    picture.copy().save(out, kind, **options)
    return out.getvalue()


def draw() -> Image.Image:
    """Red | green over blue | white, 80 × 120 px: every turn and mirror shows in its corners."""
    picture = Image.new("RGB", (80, 120), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 39, 59), fill=(255, 0, 0))
    pen.rectangle((40, 0, 80, 59), fill=(0, 255, 0))
    pen.rectangle((0, 60, 39, 120), fill=(0, 0, 255))
    return picture


def exif(orientation: int, dpi: float | None = None) -> Image.Exif:
    block = Image.Exif()
    block[0x112] = orientation
    if dpi:
        block[0x11A], block[0x11B], block[0x128] = dpi, dpi, 2
    return block


def pdf_value(value: Any) -> Any:
    """Python's value as pypdf's; a str becomes a name."""
    if isinstance(value, bool):
        return BooleanObject(value)
    if isinstance(value, int):
        return NumberObject(value)
    if isinstance(value, float):
        return FloatObject(value)
    if isinstance(value, str):
        return NameObject(value)
    if isinstance(value, bytes):
        return ByteStringObject(value)
    if isinstance(value, list):
        return ArrayObject(map(pdf_value, value))
    return DictionaryObject({NameObject(key): pdf_value(item) for key, item in value.items()})


PORTRAIT = "80 0 0 120 0 0"


def pdf(
    stream: bytes,
    entries: dict[str, Any],
    *,
    placed: str = PORTRAIT,
    rotate: int = 0,
    content: str = "q {placed} cm /Im0 Do Q",
    password: str = "",
) -> bytes:
    """A PDF of one page with one picture XObject of 80 × 120 px."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    image = StreamObject()
    image._data = stream
    given = {"/Subtype": "/Image", "/Width": 80, "/Height": 120, "/BitsPerComponent": 8, **entries}
    image.update({NameObject(key): pdf_value(value) for key, value in given.items()})
    drawing = StreamObject()
    drawing._data = content.format(placed=placed).encode()
    page[NameObject("/Contents")] = writer._add_object(drawing)
    xobjects = DictionaryObject({NameObject("/Im0"): writer._add_object(image)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): xobjects})
    page[NameObject("/Rotate")] = NumberObject(rotate)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def packed_bmp(indexed: Image.Image) -> bytes:
    """Run-length packed, as Pillow only reads it: every row of one run per colour change, then its end."""
    rows = b""
    for row in reversed(range(indexed.height)):
        values = indexed.crop((0, row, indexed.width, row + 1)).tobytes()
        runs = [(value, len(list(same))) for value, same in itertools.groupby(values)]
        rows += b"".join(bytes((length, value)) for value, length in runs) + b"\0\0"
    rows += b"\0\1"
    colours = (indexed.getpalette() or [])[:12]
    table = b"".join(bytes((*reversed(colours[at : at + 3]), 0)) for at in range(0, 12, 3))
    start = 14 + 40 + len(table)
    head = struct.pack("<2sLHHL", b"BM", start + len(rows), 0, 0, start)
    size = (indexed.width, indexed.height)
    return head + struct.pack("<LllHHLLllLL", 40, *size, 1, 8, 1, len(rows), 0, 0, 4, 0) + table + rows


class Samples:
    """What the tests make their files with."""

    save = staticmethod(save)
    draw = staticmethod(draw)
    exif = staticmethod(exif)
    pdf = staticmethod(pdf)

    @staticmethod
    def corners(data: bytes) -> str:
        """Colours of the corners, row by row: ``rg/bw`` is upright."""
        with Image.open(io.BytesIO(data)) as opened:
            picture = opened.convert("RGB")
        letters = {(1, 0, 0): "r", (0, 1, 0): "g", (0, 0, 1): "b", (1, 1, 1): "w", (0, 0, 0): "k"}
        left, top = picture.width // 8, picture.height // 8
        right, bottom = picture.width - 1 - left, picture.height - 1 - top
        found = [
            letters.get(tuple(int(value > 127) for value in picture.getpixel(point)), "?")
            for point in ((left, top), (right, top), (left, bottom), (right, bottom))
        ]
        return "{}{}/{}{}".format(*found)

    @classmethod
    def files(cls) -> dict[str, bytes]:
        """One good file of every form that is taken in."""
        colour, grey, bilevel = draw(), draw().convert("L"), draw().convert("1")
        return {
            "baseline.jpg": save(colour, "JPEG", dpi=(72, 72)),
            "progressive.jpg": save(colour, "JPEG", progressive=True, exif=exif(6), comment=b"here"),
            "grey.jpg": save(grey, "JPEG"),
            "cmyk.jpg": save(colour.convert("CMYK"), "JPEG"),
            "colour.png": save(colour, "PNG"),
            "palette.png": save(colour.quantize(8), "PNG"),
            "alpha.png": save(colour.convert("RGBA"), "PNG"),
            "deep.png": save(grey.convert("I").point(lambda v: v * 257).convert("I;16"), "PNG"),
            "bilevel.png": save(bilevel, "PNG"),
            "pages.tif": save(colour, "TIFF", save_all=True, append_images=[grey.copy(), bilevel.copy()]),
            "lzw.tif": save(colour, "TIFF", compression="tiff_lzw"),
            "fax.tif": save(bilevel, "TIFF", compression="group4"),
            "jpeg.tif": save(colour, "TIFF", compression="jpeg"),
            "pages.pdf": save(colour, "PDF", save_all=True, append_images=[grey.copy(), colour.copy()]),
            "flate.pdf": pdf(
                zlib.compress(colour.tobytes()), {"/ColorSpace": "/DeviceRGB", "/Filter": "/FlateDecode"}
            ),
            "bottom up.bmp": save(colour, "BMP", dpi=(300, 300)),
            "packed.bmp": packed_bmp(colour.quantize(4)),
            "bilevel.bmp": save(bilevel, "BMP"),
            "single.gif": save(colour, "GIF"),
            "moving.gif": save(colour, "GIF", save_all=True, append_images=[grey.copy()]),
            "lossy.webp": save(colour, "WEBP", quality=95, exif=exif(6)),
            "lossless.webp": save(colour, "WEBP", lossless=True),
            "alpha.webp": save(colour.convert("RGBA"), "WEBP", lossless=True),
            "moving.webp": save(colour, "WEBP", save_all=True, append_images=[grey.convert("RGB")]),
        }


@pytest.fixture(scope="session")
def samples() -> type[Samples]:
    return Samples


@pytest.fixture(scope="session")
def files() -> dict[str, bytes]:
    return Samples.files()


@pytest.fixture
def refusal() -> Callable[[bytes], str]:
    """The code of the UserError that examining raises; its sentence names the file."""
    from certclerk.core.errors import UserError
    from certclerk.imaging import examine

    def code(data: bytes) -> str:
        with pytest.raises(UserError) as caught:
            examine(data, "张三.jpg")
        assert "张三.jpg" in str(caught.value)
        return caught.value.code

    return code
