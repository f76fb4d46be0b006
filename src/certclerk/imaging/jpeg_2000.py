"""JPEG 2000, as JP2 and as bare codestream: only in the child, see :mod:`isolated`."""

from __future__ import annotations

import io

from certclerk.imaging.decode import check_pixels
from certclerk.imaging.frames import Limits, credible_dpi
from certclerk.imaging.renditions import Rendition, rendition


def jpeg_2000_rendition(data: bytes, limits: Limits) -> Rendition:
    """Raises Fault above the cap, and what Pillow raises on broken files."""
    from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

    picture = Jpeg2KImageFile(io.BytesIO(data))
    width, height = picture.size
    check_pixels(width, height, limits)
    across, down = picture.info.get("dpi", (0, 0))
    dpi = credible_dpi(across, down, width, height)
    picture.load()
    return rendition(0, picture, dpi)
