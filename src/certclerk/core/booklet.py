"""How large a page is on paper: what its file says where that can be, else what the booklet measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from certclerk.core.recipe import edited_size

if TYPE_CHECKING:
    from certclerk.core.records import Page

POINTS_PER_INCH = 72.0
POINTS_PER_CM = POINTS_PER_INCH / 2.54

# The closed booklet in points (14.5 × 20.5 cm); opened flat it is twice as wide.
BOOKLET_WIDTH = 14.5 * POINTS_PER_CM
BOOKLET_HEIGHT = 20.5 * POINTS_PER_CM

# What a certificate's page or opened booklet can measure along its longer side. Beyond it the dpi
# means nothing: telephones write 72 into pictures of any size.
SHORTEST = 8 * POINTS_PER_CM
LONGEST = 45 * POINTS_PER_CM


def printed_size(width: int, height: int, dpi: float | None, rotate: int = 0) -> tuple[float, float]:
    """Width and height in points of a picture of ``width`` × ``height`` px before it is turned by ``rotate``."""
    if dpi:
        across, down = width / dpi * POINTS_PER_INCH, height / dpi * POINTS_PER_INCH
        if SHORTEST <= max(across, down) <= LONGEST:
            return across, down
    shown_width, shown_height = (height, width) if rotate % 180 else (width, height)
    room = 2 * BOOKLET_WIDTH if shown_width > shown_height else BOOKLET_WIDTH
    scale = min(room / shown_width, BOOKLET_HEIGHT / shown_height)
    return width * scale, height * scale


def effective_dpi(width: int, height: int, dpi: float | None, rotate: int = 0) -> float:
    """Px per inch that the picture really has on paper."""
    return width / printed_size(width, height, dpi, rotate)[0] * POINTS_PER_INCH


def page_dpi(page: Page) -> float:
    """Px per inch that the page has on paper as its recipe leaves it."""
    width, height = edited_size(page.width, page.height, page.recipe)
    return effective_dpi(width, height, page.dpi, page.rotation)
