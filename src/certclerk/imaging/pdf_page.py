"""Whether a PDF page shows one picture and nothing else, and how it lies on the page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from certclerk.imaging.faults import Fault

if TYPE_CHECKING:
    from pypdf import PageObject

Matrix = tuple[float, float, float, float, float, float]

# Never the clerk's concern: such a page is drawn.
NOT_PICTURE = "pdf_page_not_picture"
# Operators that put nothing on the page.
_SILENT = frozenset(
    b"w J j M d ri i gs CS cs SC SCN sc scn G g RG rg K k W W* n m l c v y h re "
    b"BT ET Tf Td TD Tm T* Tc Tw Tz TL Ts BMC BDC EMC MP DP BX EX".split()
)
_TEXT = frozenset({b"Tj", b"TJ", b"'", b'"'})
# Text that recognition put under a scan, to be searched and not seen.
_INVISIBLE = 3
_LARGEST_CONTENT = 2_000_000
# A picture may be set straight by the scanner: up to a degree still counts as upright.
_SKEW = math.tan(math.radians(1.5))
_HARMLESS_ANNOTATIONS = frozenset({"/Link", "/Popup"})


@dataclass(frozen=True, slots=True)
class Placing:
    """``rotate`` is clockwise degrees; the sizes are along the picture's own sides, in pt of 1/72 inch."""

    image: Any
    rotate: int
    width_pt: float
    height_pt: float


def placed_picture(page: PageObject) -> Placing:
    """The one picture of a page. Raises Fault ``NOT_PICTURE``."""
    refused = Fault(NOT_PICTURE)
    if any(_shows(annotation) for annotation in page.get("/Annots") or ()):
        raise refused
    content = page.get_contents()
    if content is None or len(content.get_data()) > _LARGEST_CONTENT:
        raise refused
    drawn = _drawn(content.operations)
    if drawn is None:
        raise refused
    name, matrix = drawn
    objects = page["/Resources"].get_object()["/XObject"].get_object()  # type: ignore[index]
    image = objects[name].get_object()
    rotate = _rotation(matrix)
    if image.get("/Subtype") != "/Image" or rotate is None:
        raise refused
    a, b, c, d, _, _ = matrix
    return Placing(image, rotate, math.hypot(a, b), math.hypot(c, d))


def _shows(annotation: Any) -> bool:
    """Whether an annotation may put something over the page, such as a stamp."""
    entry = annotation.get_object()
    return entry.get("/Subtype") not in _HARMLESS_ANNOTATIONS and "/AP" in entry


def _drawn(operations: list[tuple[Any, bytes]]) -> tuple[str, Matrix] | None:
    """The name and matrix of the one picture drawn, None if anything else is."""
    found: tuple[str, Matrix] | None = None
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    text_mode = 0
    saved: list[tuple[Matrix, int]] = []
    for operands, operator in operations:
        if operator == b"q":
            saved.append((matrix, text_mode))
        elif operator == b"Q":
            matrix, text_mode = saved.pop() if saved else (matrix, text_mode)
        elif operator == b"cm":
            a, b, c, d, e, f = (float(value) for value in operands)
            matrix = _product((a, b, c, d, e, f), matrix)
        elif operator == b"Tr":
            text_mode = int(operands[0])
        elif operator == b"Do" and found is None:
            found = str(operands[0]), matrix
        elif operator in _TEXT and text_mode == _INVISIBLE:
            continue
        elif operator not in _SILENT:
            return None
    return found


def _product(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _rotation(matrix: Matrix) -> int | None:
    """Clockwise degrees of the unit square's picture; None if it is mirrored, slanted or has no size."""
    a, b, c, d, _, _ = matrix
    if not all(map(math.isfinite, matrix)) or a * d - b * c <= 0:
        return None
    if abs(b) <= _SKEW * abs(a) and abs(c) <= _SKEW * abs(d):
        return 0 if a > 0 else 180
    if abs(a) <= _SKEW * abs(b) and abs(d) <= _SKEW * abs(c):
        return 270 if b > 0 else 90
    return None
