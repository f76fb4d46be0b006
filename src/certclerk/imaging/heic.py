"""HEIC photographs, where pillow-heif is installed: only in the child, see :mod:`isolated`.

Not shipped: pillow-heif's wheels carry x265, which is GPL, and this program is MIT; who installs the extra puts the
two together for himself. Hence imported by name: what collects a program's imports to ship them passes it over.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from certclerk.imaging.decode import check_pixels
from certclerk.imaging.frames import Limits
from certclerk.imaging.renditions import Rendition, rendition

_DECODER = "pillow_heif"


def is_heic_readable() -> bool:
    return find_spec(_DECODER) is not None


def heic_rendition(data: bytes, limits: Limits) -> Rendition:
    """The photograph that the file shows first, upright. Raises Fault above the cap, and ValueError and the like."""
    opened = import_module(_DECODER).open_heif(data, convert_hdr_to_8bit=True)
    width, height = opened.size
    check_pixels(width, height, limits)
    return rendition(0, opened.to_pillow(), None)
