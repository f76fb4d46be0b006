"""Pictures of pages for the screen; call these in a worker."""

from __future__ import annotations

from contextlib import suppress

from certclerk.collection import Collection
from certclerk.core.errors import UserError
from certclerk.core.recipe import AS_IT_IS, Recipe, edited_size
from certclerk.core.records import Page
from certclerk.imaging import THUMBNAIL_PX, proposed, render

# Sizes in which a whole picture is kept, for thumbnails of parts of it.
_SCALES = (1, 2, 4)
# What is kept begins so; anything else another hand put there, for a decoder that nobody means to use.
_JPEG = b"\xff\xd8\xff"


def picture(collection: Collection, page: Page, most_px: int | None = None) -> bytes:
    """The page as it is to be seen, encoded, its longer side at most ``most_px`` px (None: full size).

    Raises UserError ``blob_damaged`` or ``page_damaged``.
    """
    return _rendered(collection, page, page.recipe, page.rotation, most_px)


def untouched(collection: Collection, page: Page, most_px: int) -> bytes:
    """The same without recipe and turning, as the page's file wants it seen."""
    return _rendered(collection, page, AS_IT_IS, 0, most_px)


def proposal(collection: Collection, page: Page) -> Recipe:
    """What straightening and cropping would do the untouched page good; see :mod:`certclerk.imaging.proposal`."""
    read = collection.picture(page)
    return proposed(read.data, read.media_type, read.frame, name=page.source)


def thumbnail(collection: Collection, page: Page, size: int = THUMBNAIL_PX) -> bytes:
    """A small picture that fits ``size`` px. Made from one of the whole page that is kept in the collection."""
    share = max(edited_size(page.width, page.height, page.recipe)) / max(page.width, page.height)
    scale = next((scale for scale in _SCALES if scale * share >= 1 or page.recipe == AS_IT_IS), None)
    if scale is None:
        return picture(collection, page, size)
    kept = _kept(collection, page, size * scale)
    if page.recipe == AS_IT_IS and not page.rotation:
        return kept
    return render(kept, "image/jpeg", 0, page.rotation, size, recipe=page.recipe)


def _kept(collection: Collection, page: Page, size: int) -> bytes:
    """The whole page within ``size`` px as its file wants it seen, made once."""
    kept = collection.thumbnail(page.sha256, page.frame, size)
    if kept is None or not kept.startswith(_JPEG):
        kept = untouched(collection, page, size)
        # A thumbnail that cannot be kept, on a full disk say, is still there to be shown.
        with suppress(UserError):
            collection.store_thumbnail(page.sha256, page.frame, size, kept)
    return kept


def _rendered(
    collection: Collection, page: Page, recipe: Recipe, rotation: int, most_px: int | None
) -> bytes:
    read = collection.picture(page)
    return render(read.data, read.media_type, read.frame, rotation, most_px, recipe=recipe)
