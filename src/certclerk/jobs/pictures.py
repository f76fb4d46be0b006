"""Pictures of pages for the screen; call these in a worker."""

from __future__ import annotations

from contextlib import suppress

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.core.records import Page
from certclerk.imaging import render


def picture(collection: Collection, page: Page, most_px: int | None = None) -> bytes:
    """The page as it is to be seen, encoded, its longer side at most ``most_px`` px (None: full size).

    Raises UserError ``blob_damaged`` or ``page_damaged``.
    """
    return _rendered(collection, page, page.rotation, most_px)


def thumbnail(collection: Collection, page: Page, size: int) -> bytes:
    """A small picture that fits ``size`` px, made once and kept in the collection unrotated."""
    kept = collection.thumbnail(page.sha256, page.frame, size)
    if kept is None:
        kept = _rendered(collection, page, 0, size)
        # A thumbnail that cannot be kept, on a full disk say, is still there to be shown.
        with suppress(UserError):
            collection.store_thumbnail(page.sha256, page.frame, size, kept)
    return render(kept, "image/jpeg", 0, page.rotation, None) if page.rotation else kept


def _rendered(collection: Collection, page: Page, rotation: int, most_px: int | None) -> bytes:
    read = collection.picture(page)
    return render(read.data, read.media_type, read.frame, rotation, most_px)
