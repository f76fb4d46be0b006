"""Pictures for the documents: passed through wherever the source allows, else encoded once.

- A JPEG keeps its scan data byte for byte; turning and mirroring are left to the PDF page.
- A PNG of grey or RGB rows without transparency keeps its packed rows.
- A bilevel TIFF page is packed without loss: as a JPEG its edges would ring and it would be larger.
- All else (colour TIFF, palettes, transparency) becomes a JPEG of quality 92, 4:4:4, and so does every page with
  a recipe, from its original.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from certclerk.core.page_image import Encoding, PageImage
from certclerk.core.recipe import AS_IT_IS, Recipe
from certclerk.imaging.decode import decode_tiff
from certclerk.imaging.faults import naming_stored
from certclerk.imaging.frames import TIFF
from certclerk.imaging.jpeg import Jpeg, strip_segments
from certclerk.imaging.pixels import encoded, inverted
from certclerk.imaging.png import Png, packed_rows
from certclerk.imaging.recipe import edited
from certclerk.imaging.source import Source, clockwise, decoded, is_mirrored, open_source

if TYPE_CHECKING:
    from PIL.Image import Image

_QUALITY = 92


def page_image(
    data: bytes,
    media_type: str,
    frame: int,
    rotation: int,
    *,
    recipe: Recipe = AS_IT_IS,
    name: str = "这一页",
) -> PageImage:
    """The frame for a PDF page, with ``recipe`` and ``rotation`` (clockwise degrees) on top of its own orientation.

    Raises UserError ``page_damaged`` with ``name``.
    """
    with naming_stored(name):
        if recipe != AS_IT_IS:
            source = open_source(data, media_type, frame, 0)
            return _encoded(edited(source, recipe, rotation), source.dpi)
        source = open_source(data, media_type, frame, rotation)
        if isinstance(source.header, Jpeg):
            return _jpeg(source, source.header)
        if isinstance(source.header, Png):
            return _png(source, source.header)
        return _tiff(source)


def _jpeg(source: Source, header: Jpeg) -> PageImage:
    if source.negative and header.components != 4:
        return _encoded(decoded(source), source.dpi)
    return PageImage(
        data=strip_segments(source.data, header),
        width=header.width,
        height=header.height,
        components=header.components,
        dpi=source.dpi,
        rotate=clockwise(source),
        mirrored=is_mirrored(source),
        inverted=source.negative,
    )


def _png(source: Source, header: Png) -> PageImage:
    if header.components is None or source.negative:
        return _encoded(decoded(source), source.dpi)
    return PageImage(
        data=packed_rows(source.data, header),
        width=header.width,
        height=header.height,
        components=header.components,
        dpi=source.dpi,
        rotate=clockwise(source),
        mirrored=is_mirrored(source),
        encoding=Encoding.FLATE,
        bits=header.bits,
        png_rows=True,
    )


def _tiff(source: Source) -> PageImage:
    assert source.media_type == TIFF
    picture = decode_tiff(source.data, source.frame)
    if picture.mode != "1":
        return _encoded(decoded(source), source.dpi)
    if source.negative:
        picture = inverted(picture)
    return PageImage(
        data=zlib.compress(picture.tobytes(), 9),
        width=picture.width,
        height=picture.height,
        components=1,
        dpi=source.dpi,
        rotate=clockwise(source),
        mirrored=is_mirrored(source),
        encoding=Encoding.FLATE,
        bits=1,
    )


def _encoded(picture: Image, dpi: float | None) -> PageImage:
    return PageImage(
        data=encoded(picture, _QUALITY, dpi=dpi),
        width=picture.width,
        height=picture.height,
        components=len(picture.getbands()),
        dpi=dpi,
    )
