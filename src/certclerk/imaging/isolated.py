"""What is decoded in a child process, because its decoder is large, its files come from anywhere, and one page can
take it minutes: PDF pages that must be drawn or decrypted (PDFium), JPEG 2000 (OpenJPEG), HEIC (libheif).

One child does a file. The file goes to it, and the pictures come back one by one, on pipes: nothing of a decrypted
page is ever in a temporary file, and 500 pages need no more memory than one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace

from certclerk.core.page_forms import HEIC, JPEG_2000, PDF
from certclerk.imaging.faults import Fault, naming
from certclerk.imaging.frames import Limits as FrameLimits
from certclerk.imaging.renditions import Rendition
from certclerk.system.child import ChildFailed, Failure, Limits, Packet, answer, program, streamed

# The hidden verb of the command line that answers.
VERB = "_read-pages"
# Each page's. 1.5 GB: JPEG 2000 unpacks to 4 bytes a sample, a page of 40 million px to 0.5 GB before it is put together.
LIMITS = Limits(seconds=60, memory_mb=1_500, answer_mb=200)
# Of all pages: only holds where the parent is gone and nobody reads.
_COMPUTING_S = 3_600

_CODES = {
    Failure.START: "image_reader_not_started",
    Failure.TIME: "image_takes_too_long",
    Failure.MEMORY: "image_needs_too_much_memory",
    Failure.CRASH: "image_breaks_reader",
}


@dataclass(frozen=True, slots=True)
class Request:
    """``frames`` are the wanted ones, None for all; ``count`` is how many there should be, None: not known.

    ``name`` is the file's, for the sentence.
    """

    name: str
    media_type: str
    max_pixels: int
    max_frames: int
    password: str | None = None
    frames: tuple[int, ...] | None = None
    count: int | None = None


def read_isolated(data: bytes, request: Request) -> Iterator[Rendition]:
    """A rendition of each wanted frame, in order. Raises UserError as the readers do, and Fault for breaking LIMITS."""
    given = json.dumps(asdict(request)).encode() + b"\n" + data
    try:
        with closing(streamed(program(VERB), LIMITS, given)) as documents:  # type: ignore[type-var]
            del given
            for document in documents:
                yield Rendition(data=document.data, **document.document)
    except ChildFailed as failed:
        raise Fault(_CODES[failed.failure], reason=failed.reason, seconds=LIMITS.seconds) from failed


def answer_read_pages() -> int:
    """The child's part; returns its exit code."""
    request = Request(**json.loads(sys.stdin.buffer.readline()))
    data = sys.stdin.buffer.read()
    limits = replace(LIMITS, seconds=_COMPUTING_S)
    return answer(lambda: _documents(data, request), limits, at_once=True)


def _documents(data: bytes, request: Request) -> Iterator[object]:
    with naming(request.name):
        for made in _READERS[request.media_type](data, request):
            yield Packet({"frame": made.frame, "media_type": made.media_type}, made.data)


def _pdf(data: bytes, request: Request) -> Iterator[Rendition]:
    from certclerk.imaging.pdf_drawing import pdf_renditions

    yield from pdf_renditions(data, request)


def _jpeg_2000(data: bytes, request: Request) -> Iterator[Rendition]:
    from certclerk.imaging.jpeg_2000 import jpeg_2000_rendition

    yield jpeg_2000_rendition(data, FrameLimits(max_pixels=request.max_pixels))


def _heic(data: bytes, request: Request) -> Iterator[Rendition]:
    from certclerk.imaging.heic import heic_rendition

    yield heic_rendition(data, FrameLimits(max_pixels=request.max_pixels))


_READERS: dict[str, Callable[[bytes, Request], Iterator[Rendition]]] = {
    PDF: _pdf,
    JPEG_2000: _jpeg_2000,
    HEIC: _heic,
}
