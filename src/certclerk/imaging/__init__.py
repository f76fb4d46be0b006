"""Bytes to trusted pages and back: identify, decode, show, pass through.

Pillow and pypdf are imported when a picture is first touched, not with this package.
"""

from certclerk.imaging.frames import LIMITS, Frame, Limits
from certclerk.imaging.intake import examine
from certclerk.imaging.passing import page_image
from certclerk.imaging.show import render

__all__ = ["LIMITS", "Frame", "Limits", "examine", "page_image", "render"]
