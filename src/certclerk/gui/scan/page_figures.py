"""What is said of a page in figures: px, dpi, when it came."""

from __future__ import annotations

from datetime import datetime

from certclerk.core.booklet import page_dpi
from certclerk.core.recipe import edited_size
from certclerk.core.records import Page


def figures(page: Page) -> str:
    """File name, px, dpi and when it came, in one line."""
    across, down = shown_size(page)
    return f"{page.source} · {across}×{down} · {dpi_text(page)} · {added_text(page)}"


def added_text(page: Page) -> str:
    """When it came in."""
    return moment_text(page.added_at)


def moment_text(moment: str) -> str:
    """An ISO 8601 moment in the clerk's own time zone."""
    here = datetime.fromisoformat(moment).astimezone()
    return f"{here.month}月{here.day}日 {here:%H:%M}"


def dpi_text(page: Page) -> str:
    """The file's own resolution; else what the booklet's size makes of the picture, marked 约."""
    dpi = page_dpi(page)
    return f"{dpi:.0f} dpi" if page.dpi else f"约 {dpi:.0f} dpi"


def shown_size(page: Page) -> tuple[int, int]:
    """Px after recipe and turning."""
    width, height = edited_size(page.width, page.height, page.recipe)
    return (height, width) if page.rotation in (90, 270) else (width, height)
