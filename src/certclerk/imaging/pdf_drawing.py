"""PDF pages drawn by PDFium, and pages of encrypted files: only in the child, see :mod:`isolated`."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import chain, islice, repeat
from typing import TYPE_CHECKING

from certclerk.core.booklet import BOOKLET_HEIGHT, LONGEST, POINTS_PER_INCH, SHORTEST
from certclerk.core.page_forms import PDF
from certclerk.imaging.faults import UNDECODABLE, Fault, damaged
from certclerk.imaging.pdf import Unreadable, pages_alone
from certclerk.imaging.renditions import Rendition, rendition

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

    from certclerk.imaging.isolated import Request

_DPI = 300
_NOT_ENCRYPTED = -1
# A drawing may be put together of thousands of little ones; a scan is one or a few.
_PICTURES_CHECKED = 20


def pdf_renditions(data: bytes, request: Request) -> Iterator[Rendition]:
    """The wanted pages, drawn as they show on screen, annotations and filled-in forms included.

    Those of an encrypted file that are single pictures keep their picture's bytes, in a PDF of their own.
    Raises Fault ``pdf_encrypted``, ``pdf_wrong_password``, ``image_too_many_frames`` or ``image_damaged``.
    """
    import pypdfium2

    document = _opened(data, request.password)
    try:
        document.init_forms()
        if not len(document) or request.count not in (None, len(document)):
            raise damaged("页数不能确定")
        if len(document) > request.max_frames:
            raise Fault("image_too_many_frames", most=request.max_frames)
        alone = _decrypted_pages(document)
        for number, kept in zip(range(len(document)), alone, strict=False):
            if request.frames is not None and number not in request.frames:
                continue
            yield Rendition(number, PDF, kept) if kept else _drawn(document, number)
    except pypdfium2.PdfiumError as error:
        raise damaged("PDF 结构有误") from error


def _opened(data: bytes, password: str | None) -> PdfDocument:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise Fault("pdf_encrypted" if password is None else "pdf_wrong_password") from error
        if error.err_code == pypdfium2.raw.FPDF_ERR_SECURITY:
            raise damaged("加密方式不认识") from error
        raise damaged("PDF 结构有误") from error


def _decrypted_pages(document: PdfDocument) -> Iterable[bytes | None]:
    """Of an encrypted file its single pictures; else no end of nothing."""
    import pypdfium2

    if pypdfium2.raw.FPDF_GetSecurityHandlerRevision(document) == _NOT_ENCRYPTED:
        return repeat(None)
    copy = io.BytesIO()
    document.save(copy, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)
    try:
        return chain(pages_alone(copy.getvalue()), repeat(None))
    except Unreadable:
        return repeat(None)


def _drawn(document: PdfDocument, number: int) -> Rendition:
    page = document[number]
    try:
        longest = max(page.get_size())
        if longest <= 0:
            raise damaged(f"第{number + 1}页没有大小")
        _check_pictures(page, number)
        # A page larger or smaller than a certificate can be says nothing about paper: telephones make one of an
        # inch for every 72 px.
        told = SHORTEST <= longest <= LONGEST
        on_paper = longest if told else LONGEST if longest > LONGEST else BOOKLET_HEIGHT
        # A hair less, or a page of exactly 1,000 px becomes one of 1,001 by the last digit of a fraction.
        scale = on_paper / longest * _DPI / POINTS_PER_INCH * (1 - 1e-7)
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        return rendition(number, bitmap.to_pil(), _DPI if told else None)
    finally:
        page.close()


def _check_pictures(page: PdfPage, number: int) -> None:
    """Raises Fault where a picture on the page cannot be decoded: PDFium would leave it out without a word."""
    import pypdfium2

    pictures = page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    try:
        for picture in islice(pictures, _PICTURES_CHECKED):
            picture.get_bitmap().close()
    except pypdfium2.PdfiumError as error:
        raise damaged(f"第{number + 1}页的图片{UNDECODABLE}") from error
