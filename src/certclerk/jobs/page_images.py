"""Pages of a submission as pictures of its documents, at the size the clerk chose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from certclerk.collection import Collection, Snapshot
from certclerk.core.errors import UserError
from certclerk.core.page_forms import JPEG
from certclerk.core.page_image import PageImage
from certclerk.core.recipe import AS_IT_IS
from certclerk.core.records import Page, Picture
from certclerk.core.submission import Submission
from certclerk.imaging import SIZINGS, page_image, sized_image

ORIGINAL = "original"

# What a submission can be read from: the one as it changes, the other as it was.
Source = Collection | Snapshot


def picture_reader(source: Source, submission: Submission) -> Callable[[Page], Picture]:
    """Reads a page of ``submission``; raises UserError ``submitted_page_damaged`` with whose it is."""
    owners = {page.id: document for document in submission.documents for page in document.pages}

    def read(page: Page) -> Picture:
        try:
            return source.picture(page)
        except UserError as error:
            owner, slot = owners[page.id], source.notice.slot(page.slot or "")
            raise UserError(
                "submitted_page_damaged", name=owner.name, slot=slot.label, source=page.source
            ) from error

    return read


def page_source(source: Source, submission: Submission, size: str) -> Callable[[Page], PageImage]:
    """How a page of ``submission`` becomes a picture of a document at that size; callable from any thread."""
    read = picture_reader(source, submission)
    return lambda page: image_of(page, read(page), size)


def image_of(page: Page, picture: Picture, size: str) -> PageImage:
    """``size`` is ``original`` or a key of imaging's SIZINGS. Raises UserError ``page_damaged``."""
    frame = picture.data, picture.media_type, picture.frame, page.rotation
    if size == ORIGINAL:
        image = page_image(*frame, recipe=page.recipe, name=page.source)
        # The very bytes that were proven when they were read.
        return replace(image, sha256=picture.sha256) if image.data is picture.data else image
    return sized_image(*frame, SIZINGS[size], recipe=page.recipe, name=page.source)


def passes_untouched(page: Page, size: str) -> bool:
    """Whether it goes in as the JPEG that was taken in, and so is no larger."""
    return size == ORIGINAL and page.recipe == AS_IT_IS and page.media_type == JPEG
