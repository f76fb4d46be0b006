"""Bytes to trusted pages and back: identify, decode, show, pass through.

Pillow and pypdf are imported when a picture is first touched, not with this package.
"""

from certclerk.imaging.frames import LIMITS, Frame, Limits
from certclerk.imaging.identify import media_type_of
from certclerk.imaging.intake import examine
from certclerk.imaging.isolated import answer_read_pages
from certclerk.imaging.passing import PASSED_FORMS, page_image
from certclerk.imaging.proposal import proposed
from certclerk.imaging.renditions import Rendition
from certclerk.imaging.show import THUMBNAIL_PX, render
from certclerk.imaging.sized import SIZINGS, Sizing, sized_image

__all__ = [
    "LIMITS",
    "PASSED_FORMS",
    "SIZINGS",
    "THUMBNAIL_PX",
    "Frame",
    "Limits",
    "Rendition",
    "Sizing",
    "answer_read_pages",
    "examine",
    "media_type_of",
    "page_image",
    "proposed",
    "render",
    "sized_image",
]
