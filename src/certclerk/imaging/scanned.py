"""A scanner's picture as the file that is kept: encoded once where it came without any encoding."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from certclerk.imaging.decode import check_pixels
from certclerk.imaging.faults import Fault, naming
from certclerk.imaging.frames import LIMITS
from certclerk.imaging.pixels import encoded, flattened

if TYPE_CHECKING:
    from PIL.Image import Image

QUALITY = 92
_PNM_STARTS = (b"P4", b"P5", b"P6")
_BMP_START = b"BM"


def packed(data: bytes, dpi: int, name: str) -> tuple[bytes, str]:
    """The file's bytes and suffix. A JPEG stays as it came; a PNM or BMP becomes a JPEG, in black and white a PNG.

    Raises UserError, with ``name`` for the picture.
    """
    if not data.startswith((*_PNM_STARTS, _BMP_START)):
        return data, ".jpg"
    with naming(name):
        picture = _decoded(data)
        if picture.mode == "1":
            out = io.BytesIO()
            picture.save(out, "PNG", dpi=(dpi, dpi))
            return out.getvalue(), ".png"
        return encoded(flattened(picture), QUALITY, dpi=dpi), ".jpg"


def _decoded(data: bytes) -> Image:
    from PIL.BmpImagePlugin import BmpImageFile
    from PIL.PpmImagePlugin import PpmImageFile

    read = BmpImageFile if data.startswith(_BMP_START) else PpmImageFile
    picture = read(io.BytesIO(data))
    check_pixels(picture.width, picture.height, LIMITS)
    picture.load()
    if picture.mode == "I":
        # 16 bits of grey.
        return picture.point(lambda value: value * (1 / 257)).convert("L")
    if picture.mode not in ("1", "L", "RGB", "P"):
        raise Fault("image_damaged", reason="像素格式不支持")
    return picture
