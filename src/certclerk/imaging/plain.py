"""What the headers of BMP, GIF and WebP say: forms of one picture, which Pillow decodes whole or not at all.

Of an animation, only the first picture counts: chat programs wrap single pictures so, and no scanner's pages
come as one.
"""

from __future__ import annotations

from collections.abc import Callable

from certclerk.core.page_forms import BMP, GIF, WEBP
from certclerk.imaging.bmp import parse_bmp
from certclerk.imaging.frames import Frame
from certclerk.imaging.gif import parse_gif
from certclerk.imaging.webp import parse_webp


def plain_frame(data: bytes, media_type: str) -> Frame:
    """Nothing is decoded. Raises Fault on a broken header or a missing end."""
    return _HEADERS[media_type](data)


def _bmp(data: bytes) -> Frame:
    header = parse_bmp(data)
    return Frame(BMP, 0, header.width, header.height, header.dpi)


def _gif(data: bytes) -> Frame:
    header = parse_gif(data)
    return Frame(GIF, 0, header.width, header.height)


def _webp(data: bytes) -> Frame:
    header = parse_webp(data)
    return Frame(WEBP, 0, header.width, header.height, header.dpi, header.orientation)


_HEADERS: dict[str, Callable[[bytes], Frame]] = {BMP: _bmp, GIF: _gif, WEBP: _webp}
PLAIN = frozenset(_HEADERS)
