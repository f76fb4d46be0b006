"""A teacher's document: one picture on each page, its data as it came, nothing drawn over it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

from certclerk.core.booklet import printed_size
from certclerk.core.page_image import Encoding, PageImage

if TYPE_CHECKING:
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, StreamObject

LANGUAGE = "zh-CN"
HEADER = "%PDF-1.4"  # the first version that knows /Lang

# Enough of a picture to tell two apart in a document's identifier, without reading every megabyte again.
_TELLING_BYTES = 4096
_COLOUR_SPACES = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
_FILTERS = {Encoding.JPEG: "/DCTDecode", Encoding.FLATE: "/FlateDecode"}
_PNG_PREDICTOR = 15


def write_document(stream: BinaryIO, title: str, images: Iterable[PageImage]) -> int:
    """One PDF of ``images`` in order; equal input gives equal bytes. Returns the number of pages."""
    from pypdf import PdfWriter
    from pypdf.generic import ArrayObject, ByteStringObject, NameObject, TextStringObject

    writer = PdfWriter()
    writer.pdf_header = HEADER
    writer.metadata = {"/Title": title}
    writer.root_object[NameObject("/Lang")] = TextStringObject(LANGUAGE)
    digest = hashlib.sha256(title.encode())
    pictures = []
    for image in images:
        pictures.append(_add_page(writer, image))
        digest.update(b"%d" % len(image.data) + image.data[-_TELLING_BYTES:])
    # pypdf's own identifier is random.
    identifier = ByteStringObject(digest.digest()[:16])
    writer._ID = ArrayObject((identifier, identifier))
    writer.write(stream)
    # A writer is a ring of references that only the garbage collector ends, some dozens of documents later.
    for picture in pictures:
        picture.set_data(b"")
    return len(pictures)


def _add_page(writer: PdfWriter, image: PageImage) -> StreamObject:
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    width, height = (
        round(side, 2) for side in printed_size(image.width, image.height, image.dpi, image.rotate)
    )
    page = writer.add_blank_page(width, height)
    if image.rotate % 360:
        page.rotate(image.rotate % 360)
    picture = DecodedStreamObject()
    picture.set_data(image.data)
    picture.update(_picture_entries(image))
    place = DecodedStreamObject()
    across = f"{-width} 0 0 {height} {width} 0" if image.mirrored else f"{width} 0 0 {height} 0 0"
    place.set_data(f"q {across} cm /Page Do Q".encode("ascii"))
    pictures = DictionaryObject({NameObject("/Page"): writer._add_object(picture)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
    page[NameObject("/Contents")] = writer._add_object(place)
    return picture


def _picture_entries(image: PageImage) -> DictionaryObject:
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

    entries = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(image.width),
            NameObject("/Height"): NumberObject(image.height),
            NameObject("/ColorSpace"): NameObject(_COLOUR_SPACES[image.components]),
            NameObject("/BitsPerComponent"): NumberObject(image.bits),
            NameObject("/Filter"): NameObject(_FILTERS[image.encoding]),
        }
    )
    if image.inverted:
        entries[NameObject("/Decode")] = ArrayObject([NumberObject(1), NumberObject(0)] * image.components)
    if image.png_rows:
        entries[NameObject("/DecodeParms")] = DictionaryObject(
            {
                NameObject("/Predictor"): NumberObject(_PNG_PREDICTOR),
                NameObject("/Colors"): NumberObject(image.components),
                NameObject("/BitsPerComponent"): NumberObject(image.bits),
                NameObject("/Columns"): NumberObject(image.width),
            }
        )
    return entries
