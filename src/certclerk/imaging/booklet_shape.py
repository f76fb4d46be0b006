"""Whether what is seen of a page is a whole booklet page, or an opened booklet: by its measures, or by its shape."""

from __future__ import annotations

from collections.abc import Iterator, Set

from certclerk.core.booklet import BOOKLET_HEIGHT, BOOKLET_WIDTH, POINTS_PER_INCH

# Closed and opened, upright and lying.
_FORMS = (
    (BOOKLET_WIDTH, BOOKLET_HEIGHT),
    (BOOKLET_HEIGHT, BOOKLET_WIDTH),
    (2 * BOOKLET_WIDTH, BOOKLET_HEIGHT),
    (BOOKLET_HEIGHT, 2 * BOOKLET_WIDTH),
)
_SHAPES = tuple(across / down for across, down in _FORMS[:2])
# By how much, of itself, a measure may be off: where the file says the resolution, and in a photograph.
_OFF = 0.05
_OFF_IN_PHOTOGRAPH = 0.12
# What may be missing at the end of the picture, of the page's measure.
_MISSING = 0.03
_MISSING_IN_PHOTOGRAPH = 0.08
# Of its width: what may be seen of the page beside it.
_SLIVER = 0.2
_ACROSS, _DOWN = frozenset("lr"), frozenset("tb")

Extent = tuple[float, float]


def is_booklet(extent: Extent, dpi: float | None, touching: Set[str], *, stands_out: bool) -> bool:
    """Whether ``extent``, width and height in px, can be a booklet's where it is complete.

    ``touching``: the sides (l, t, r, b) where the page reaches the end of the picture. A thing that ``stands_out``
    need only be shaped like one, for a photograph's resolution means nothing.
    """
    ends = (_ACROSS & touching, _DOWN & touching)
    if dpi and any(_matches(_ratios(extent, form, dpi), ends) for form in _FORMS):
        return True
    if not stands_out:
        return False
    shape = extent[0] / extent[1]
    return any(ends) or any(abs(shape / known - 1) <= _OFF_IN_PHOTOGRAPH for known in _SHAPES)


def missing_sides(extent: Extent, dpi: float | None, touching: Set[str]) -> frozenset[str]:
    """The sides over which a part of the page is missing: it reaches the end there and is too short for any form.

    Half of an opened booklet is a whole page, and so it is with a sliver of the other half.
    """
    ends = (_ACROSS & touching, _DOWN & touching)
    if not touching:
        return frozenset()
    allowed = _MISSING if dpi else _MISSING_IN_PHOTOGRAPH
    off = _OFF if dpi else _OFF_IN_PHOTOGRAPH
    candidates = []
    for form, dots in _readings(extent, dpi):
        ratios = _ratios(extent, form, dots)
        page_across = form in _FORMS[:1], form in _FORMS[1:2]
        most = tuple(1 + (_SLIVER if one else off) for one in page_across)
        complete = all(end or abs(ratio - 1) <= off for end, ratio in zip(ends, ratios, strict=True))
        if complete and all(ratio <= top for ratio, top in zip(ratios, most, strict=True)):
            candidates.append(ratios)
    if not candidates:
        return frozenset()
    best = max(candidates, key=min)
    short = (end for end, ratio in zip(ends, best, strict=True) if ratio < 1 - allowed)
    return frozenset().union(*short)


def _readings(extent: Extent, dpi: float | None) -> Iterator[tuple[Extent, float]]:
    """Forms with the px per inch that the picture would have if it showed them."""
    for form in _FORMS:
        if dpi:
            yield form, dpi
        else:
            for pixels, points in zip(extent, form, strict=True):
                yield form, pixels / points * POINTS_PER_INCH


def _ratios(extent: Extent, form: Extent, dpi: float) -> tuple[float, float]:
    across, down = (
        pixels / dpi * POINTS_PER_INCH / points for pixels, points in zip(extent, form, strict=True)
    )
    return across, down


def _matches(ratios: tuple[float, float], ends: tuple[Set[str], Set[str]]) -> bool:
    return all(
        ratio <= 1 + _OFF and (end or ratio >= 1 - _OFF) for ratio, end in zip(ratios, ends, strict=True)
    )
