"""Whether what is seen of a page is a whole booklet page, or an opened booklet: by its measures, or by its shape."""

from __future__ import annotations

from collections.abc import Iterator, Set

from certclerk.core.booklet import BOOKLET_HEIGHT, BOOKLET_WIDTH, POINTS_PER_CM, POINTS_PER_INCH

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
# Points that may be missing at the end of the picture: where a whole side vouches for the booklet's size, where none
# does, and in a photograph, of the page's measure. Glass ends a millimetre or two late, and knives are no more exact.
_MISSING = 0.38 * POINTS_PER_CM
_MISSING_UNVOUCHED = 0.45 * POINTS_PER_CM
_MISSING_IN_PHOTOGRAPH = 0.08
# What is seen of a page at least, of its measure: of less nobody has to be told, and as likely it is no page.
_LEAST_SEEN = 0.52
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


def missing_sides(
    extent: Extent, dpi: float | None, touching: Set[str], *, straight: bool = False
) -> frozenset[str]:
    """The sides over which a part of the page is missing: it reaches the end there and is too short for any form.

    Half of an opened booklet is a whole page, and so it is with a sliver of the other half. ``straight``: opposite edges
    are parallel, so that nothing is shorter for having been photographed at a slant.
    """
    ends = (_ACROSS & touching, _DOWN & touching)
    if not touching:
        return frozenset()
    off = _OFF if dpi or straight else _OFF_IN_PHOTOGRAPH
    candidates = []
    for form, dots in _readings(extent, dpi, ends):
        ratios = _ratios(extent, form, dots)
        page_across = form in _FORMS[:1], form in _FORMS[1:2]
        most = tuple(1 + (_SLIVER if one else off) for one in page_across)
        complete = all(end or abs(ratio - 1) <= off for end, ratio in zip(ends, ratios, strict=True))
        if complete and all(ratio <= top for ratio, top in zip(ratios, most, strict=True)):
            candidates.append((ratios, form))
    if not candidates:
        return frozenset()
    ratios, form = max(candidates, key=lambda each: (sum(ratio > 1 - off for ratio in each[0]), min(each[0])))
    if min(ratios) < _LEAST_SEEN:
        return frozenset()
    if dpi or straight:
        allowed = _allowed(ratios, form, ends, vouched=dpi is not None)
        short = (
            end
            for end, ratio, points in zip(ends, ratios, form, strict=True)
            if (1 - ratio) * points > allowed
        )
    else:
        short = (end for end, ratio in zip(ends, ratios, strict=True) if ratio < 1 - _MISSING_IN_PHOTOGRAPH)
    return frozenset().union(*short)


def _allowed(ratios: Extent, form: Extent, ends: tuple[Set[str], Set[str]], *, vouched: bool) -> float:
    """Points: a booklet that is not quite as large as others one way need not be the other way either."""
    whole = [
        abs(1 - ratio) * points for end, ratio, points in zip(ends, ratios, form, strict=True) if not end
    ]
    return _MISSING + whole[0] if vouched and whole else _MISSING_UNVOUCHED


def too_short(extent: Extent, dpi: float) -> frozenset[str]:
    """The sides, two that lie opposite, of a picture that is too short for a whole page one way and as long as one the other.

    Where it is too short both ways, or shaped like a page, its file may as well say the wrong resolution.
    """
    sides = (_ACROSS, _DOWN)
    for form in _FORMS:
        off = [(ratio - 1) * points for ratio, points in zip(_ratios(extent, form, dpi), form, strict=True)]
        for short, exact in ((0, 1), (1, 0)):
            if abs(off[exact]) <= _MISSING and off[short] < -_MISSING_UNVOUCHED:
                rest = missing_sides(extent, dpi, sides[short])
                if rest:
                    return rest
    return frozenset()


def beside_sides(extent: Extent) -> frozenset[str]:
    """The sides over which the next page may be seen, of a picture shaped like a page with a sliver of that."""
    across, down = extent
    for sides, shape in ((_ACROSS, across / down), (_DOWN, down / across)):
        if 1 + _OFF < shape / (BOOKLET_WIDTH / BOOKLET_HEIGHT) <= 1 + _SLIVER:
            return sides
    return frozenset()


def _readings(
    extent: Extent, dpi: float | None, ends: tuple[Set[str], Set[str]]
) -> Iterator[tuple[Extent, float]]:
    """Forms with the px per inch that the picture would have if it showed them: by what is whole of it, if anything is."""
    by_whole = [not end for end in ends] if any(not end for end in ends) else [True, True]
    for form in _FORMS:
        if dpi:
            yield form, dpi
        else:
            for pixels, points, is_whole in zip(extent, form, by_whole, strict=True):
                if is_whole:
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
