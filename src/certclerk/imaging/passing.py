"""Pictures for the documents: passed through wherever the source allows, else encoded once.

- A JPEG keeps its scan data byte for byte; turning and mirroring are left to the PDF page.
- A PNG of grey or RGB rows without transparency keeps its packed rows.
- Any other page of nothing but black and white is packed without loss: as a JPEG its edges would ring and it would
  be larger.
- All else (colour TIFF, BMP, GIF, WebP, palettes, transparency) becomes a JPEG of quality 92, 4:4:4, and so does every
  page with a recipe, from its original.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from certclerk.core.page_forms import HEIC, JPEG, JPEG_2000, PDF, PNG
from certclerk.core.page_image import Encoding, PageImage
from certclerk.core.recipe import AS_IT_IS, Recipe
from certclerk.imaging.faults import naming_stored
from certclerk.imaging.jpeg import Jpeg, strip_segments
from certclerk.imaging.pixels import FAITHFUL, bilevel, encoded
from certclerk.imaging.png import Png, packed_rows
from certclerk.imaging.recipe import edited
from certclerk.imaging.source import Source, clockwise, decoded, is_mirrored, open_source

if TYPE_CHECKING:
    from PIL.Image import Image

# Whose pages pass through as a rule, from the file or from what was made of it at intake.
PASSED_FORMS = frozenset({JPEG, PNG, PDF, JPEG_2000, HEIC})


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
        return _encoded(decoded(source), source.dpi)


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


def _encoded(picture: Image, dpi: float | None) -> PageImage:
    exact = bilevel(picture)
    return PageImage(
        data=zlib.compress(exact.tobytes(), 9) if exact else encoded(picture, FAITHFUL, dpi=dpi),
        width=picture.width,
        height=picture.height,
        components=len(picture.getbands()) if not exact else 1,
        dpi=dpi,
        encoding=Encoding.FLATE if exact else Encoding.JPEG,
        bits=1 if exact else 8,
    )
