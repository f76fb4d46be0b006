"""Pages made ready before a submission is written: what must be encoded is, on all cores, and every size is known."""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import IO

from certclerk.core.errors import UserError
from certclerk.core.page_image import PageImage
from certclerk.core.records import Page
from certclerk.core.submission import Submission
from certclerk.core.time_left import Progress
from certclerk.jobs.page_images import Source, image_of, page_source, passes_untouched, picture_reader
from certclerk.output.document import most_bytes
from certclerk.system.files import explaining

# Each holds a page in all its px, some 25 MB of A4 at 300 dpi; the desktop is to stay usable.
MOST_WORKERS = 4
# Between two looks at whether the clerk wants it stopped.
CANCEL_S = 0.05


@dataclass(frozen=True, slots=True)
class Prepared:
    """``image`` gives a page's picture; ``sizes`` are the bytes that each document takes at most."""

    image: Callable[[Page], PageImage]
    sizes: tuple[int, ...]


@contextmanager
def prepared(
    source: Source,
    submission: Submission,
    size: str,
    *,
    exact_from: int | None,
    progress: Progress = lambda _done, _total, _what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[Prepared]:
    """Pages that are encoded anew wait in a temporary file; a JPEG that goes in as it is stays in the collection.

    Of the latter the size is what is stored, which may be a little too much; where all documents together take more
    than ``exact_from`` bytes, they are read to know it exactly. Raises UserError ``submitted_page_damaged``,
    ``page_damaged``, ``package_cancelled``, and the faults of the disk.
    """
    pages = tuple(submission.pages())
    made = [page for page in pages if not passes_untouched(page, size)]
    passed = [page for page in pages if passes_untouched(page, size)]
    owners = {page.id: document.name for document in submission.documents for page in document.pages}
    stored = source.blob_sizes()
    sizes = {page.id: stored.get(page.sha256, 0) for page in passed}
    with _spool() as spool:
        for number, (page, image) in enumerate(_images(source, submission, made, size, cancelled)):
            progress(number, len(pages), f"处理图像 {owners[page.id]}")
            spool.put(page.id, image)
            sizes[page.id] = len(image.data)
        if exact_from is not None and sum(_document_sizes(submission, sizes)) > exact_from:
            for number, (page, image) in enumerate(_images(source, submission, passed, size, cancelled)):
                progress(len(made) + number, len(pages), "量取大小")
                sizes[page.id] = len(image.data)
        read = page_source(source, submission, size)
        yield Prepared(
            image=lambda page: spool.get(page.id) or read(page),
            sizes=_document_sizes(submission, sizes),
        )


def _document_sizes(submission: Submission, sizes: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(
        most_bytes(document.name, (sizes[page.id] for page in document.pages))
        for document in submission.documents
    )


def _images(
    source: Source,
    submission: Submission,
    pages: Iterable[Page],
    size: str,
    cancelled: Callable[[], bool],
) -> Iterator[tuple[Page, PageImage]]:
    """``pages`` in order with their pictures, read here and made on all cores, a few ahead.

    Raises UserError ``package_cancelled``, at once: a page at work is finished by nobody's leave.
    """
    read = picture_reader(source, submission)
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="certclerk-page")
    ahead: deque[tuple[Page, Future[PageImage]]] = deque()
    try:
        for page in pages:
            ahead.append((page, pool.submit(image_of, page, read(page), size)))
            if len(ahead) > workers:
                yield _awaited(*ahead.popleft(), cancelled)
        while ahead:
            yield _awaited(*ahead.popleft(), cancelled)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _awaited(page: Page, image: Future[PageImage], cancelled: Callable[[], bool]) -> tuple[Page, PageImage]:
    while not wait((image,), CANCEL_S).done:
        if cancelled():
            break
    if cancelled():
        raise UserError("package_cancelled")
    return page, image.result()


@contextmanager
def _spool() -> Iterator[_Spool]:
    with ExitStack() as stack:
        with explaining(Path(tempfile.gettempdir())):
            stream = stack.enter_context(tempfile.TemporaryFile())
        yield _Spool(stream)


class _Spool:
    """Pictures in a temporary file, by page; read from any thread."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._places: dict[int, tuple[PageImage, int, int]] = {}
        self._lock = Lock()

    def put(self, page_id: int, image: PageImage) -> None:
        """Raises UserError as the disk does not take it."""
        with explaining(Path(tempfile.gettempdir())):
            self._places[page_id] = replace(image, data=b""), self._stream.tell(), len(image.data)
            self._stream.write(image.data)

    def get(self, page_id: int) -> PageImage | None:
        """Raises OSError."""
        if page_id not in self._places:
            return None
        image, start, size = self._places[page_id]
        with self._lock:
            self._stream.seek(start)
            return replace(image, data=self._stream.read(size))
