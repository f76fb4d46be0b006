"""Which pages that are not whole are told, and which whole ones are called cut, by what there is to see; on drawn pages.

python tests/bench/quality/bench_cuts.py [SEED ...]     default: the published seeds, five minutes

The thresholds of outline, booklet_shape and crossings in :mod:`certclerk.imaging` were chosen with ``TUNING`` and are published for ``PUBLISHED``. A seed
draws every page anew, trims it by up to a millimetre, as booklets are, and lays it a little askew. Of a page
that is cut so many mm are missing at one side, and it is told where this side is named and none but it and, where only
the picture's size tells, the opposite one. A cut of two millimetres is none: nobody misses it, and glass ends so. One of
three was not decided: with a millimetre of the knife's it cannot be told from two.

What cannot be told: a margin that is lost where no edge is in sight, under a lid as white as paper, or cropped off with no
resolution to say how large the rest is; and less than a twentieth of a page photographed at a slant, which is
shorter for that.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench_thresholds import FONT, TEXT, opened
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from certclerk.imaging.quality import measure
from certclerk.imaging.specimen import Press
from certclerk.imaging.specimen_ornaments import PAPER

TUNING, PUBLISHED = (101, 102, 103, 104), (11, 12)
DPI = 100
SCALE = DPI / 25.4
A4_MM = (210, 297)
DARK, GREY, WHITE = (40, 40, 42), (229, 230, 228), (250, 249, 246)
GROUNDS = {"dark glass": DARK, "grey lid": GREY, "white lid": WHITE}
DESK = (140, 100, 70)
SIDES = "ltrb"
# A page that lies clear of the end, one that is laid against it, and one that lacks as good as nothing.
WHOLE_MM = (-8, 0, 2)
CUT_MM = (3, 5, 10, 20, 40)
DECIDED_MM = CUT_MM[1:]
MOST_SKEW = 0.8

Picture = Image.Image
Ground = Picture | tuple[int, int, int]


@dataclass(frozen=True)
class Scene:
    """``missing``: the side over which a part is missing and the mm; none of a whole page. ``told``: whether the file
    says its resolution."""

    kind: str
    picture: Picture
    told: bool
    missing: tuple[str, float] | None = None
    page: str = ""


def px(mm: float) -> int:
    return round(mm * SCALE)


def drawn(seed: int) -> dict[str, Picture]:
    """Pages as they come out of a press and under a knife."""
    press, chance = Press(FONT, DPI), random.Random(seed)
    cover, text, remarks = (
        opened(data) for data in (press.cover(seed), press.text(TEXT, seed + 1), press.remarks(seed=seed + 2))
    )
    found = {"cover": cover, "text": text, "remarks": remarks, "spread": beside(text, remarks)}
    return {name: trimmed(page, chance) for name, page in found.items()}


def beside(left: Picture, right: Picture) -> Picture:
    """An opened booklet, with the shade of its fold."""
    spread = Image.new("RGB", (left.width + right.width, left.height))
    spread.paste(left)
    spread.paste(right, (left.width, 0))
    fold = Image.new("L", spread.size)
    ImageDraw.Draw(fold).line((left.width, 0, left.width, left.height), 110, px(1))
    spread.paste((60, 50, 40), mask=fold.filter(ImageFilter.GaussianBlur(px(0.8))))
    return spread


def trimmed(page: Picture, chance: random.Random) -> Picture:
    return page.resize((page.width + px(chance.uniform(-1, 1)), page.height + px(chance.uniform(-1, 1))))


def lying(
    page: Picture, ground: Ground, area: tuple[float, float], at: tuple[float, float], turn: float
) -> Picture:
    """In an area of so many mm, its corner at so many, in its shadow, with a sensor's grain."""
    size = px(area[0]), px(area[1])
    scene = ground.resize(size) if isinstance(ground, Image.Image) else Image.new("RGB", size, ground)
    turned = page.convert("RGBA").rotate(turn, Image.Resampling.BICUBIC, expand=True)
    aside = (page.width - turned.width) // 2, (page.height - turned.height) // 2
    corner = px(at[0]) + aside[0], px(at[1]) + aside[1]
    mask = Image.new("L", size)
    mask.paste(turned.getchannel("A"), corner)
    soft = ImageChops.offset(mask.filter(ImageFilter.GaussianBlur(DPI / 40)), px(0.6), px(0.6))
    scene.paste((0, 0, 0), mask=soft.point(lambda value: value // 4))
    scene.paste(turned, corner, turned)
    grain = Image.effect_noise(size, 4)
    return ImageChops.add(scene, Image.merge("RGB", (grain, grain, grain)), 1, -128)


def over(page: Picture, side: str, mm: float, area: tuple[float, float]) -> tuple[float, float]:
    """Where a page lies in an area that hangs over its side by so many mm; across from it in the middle."""
    room = area[0] - page.width / SCALE, area[1] - page.height / SCALE
    # A spread leaves little room on the glass.
    mm = max(mm, -min(room) / 2)
    left = {"l": -mm, "r": room[0] + mm}.get(side, room[0] / 2)
    top = {"t": -mm, "b": room[1] + mm}.get(side, room[1] / 2)
    return left, top


def missing(side: str, mm: float) -> tuple[str, float] | None:
    return (side, mm) if mm in CUT_MM else None


def on_glass(pages: dict[str, Picture], chance: random.Random) -> Iterator[Scene]:
    for name, page in pages.items():
        area = A4_MM[::-1] if name == "spread" else A4_MM
        for ground, colour in GROUNDS.items():
            for side in SIDES:
                for mm in (*WHOLE_MM, *CUT_MM):
                    picture = lying(page, colour, area, over(page, side, mm, area), skew(chance))
                    for told in (True, False):
                        kind = f"over the glass's end, {ground}"
                        yield Scene(kind, picture, told, missing(side, mm), name)


def in_area(pages: dict[str, Picture], chance: random.Random) -> Iterator[Scene]:
    """The scanner was told to scan as much as a booklet takes, and it was laid aside."""
    for name, page in pages.items():
        area = (290.0, 205.0) if name == "spread" else (145.0, 205.0)
        for ground, colour in GROUNDS.items():
            for side in SIDES:
                for mm in (0, *CUT_MM):
                    picture = lying(page, colour, area, over(page, side, mm, area), skew(chance))
                    yield Scene(f"beside its area, {ground}", picture, True, missing(side, mm), name)


def cropped(pages: dict[str, Picture], _chance: random.Random) -> Iterator[Scene]:
    """Cut off in another program: nothing is seen but page."""
    for name, page in pages.items():
        for side in SIDES:
            for mm in (0, *CUT_MM):
                lost = px(mm)
                left, top = lost * (side == "l"), lost * (side == "t")
                right, bottom = page.width - lost * (side == "r"), page.height - lost * (side == "b")
                for told in (True, False):
                    yield Scene(
                        "cropped", page.crop((left, top, right, bottom)), told, missing(side, mm), name
                    )


def photographed(pages: dict[str, Picture], chance: random.Random) -> Iterator[Scene]:
    """On a desk, straight from above and at a slant; telephones say no resolution that means anything."""
    wood = desk(chance)
    for name, page in pages.items():
        area = (310.0, 230.0) if name == "spread" else (170.0, 230.0)
        for side in SIDES:
            for mm in (*WHOLE_MM, *CUT_MM):
                at = over(page, side, mm, area)
                straight = lying(page, wood, area, at, 3 * skew(chance))
                yield Scene("photographed, from above", straight, False, missing(side, mm), name)
                yield Scene(
                    "photographed, at a slant", slanted(straight, chance), False, missing(side, mm), name
                )


def desk(chance: random.Random) -> Picture:
    wood = Image.new("RGB", (px(310), px(230)), DESK)
    pen = ImageDraw.Draw(wood)
    for _ in range(150):
        y, shade, slant = chance.random() * wood.height, chance.randint(-18, 18), chance.uniform(-30, 30)
        colour = (DESK[0] + shade, DESK[1] + shade, DESK[2] + shade)
        pen.line((0, y, wood.width, y + slant), colour, chance.randint(1, 8))
    return wood.filter(ImageFilter.GaussianBlur(2))


def slanted(picture: Picture, chance: random.Random) -> Picture:
    """As seen by a camera that leans by some 10 degrees: one side smaller by a twentieth, and nearer."""
    width, height = picture.size
    less, nearer = chance.uniform(0.02, 0.05), 0.985
    lost = less * width / 2
    size = width, round(height * nearer)
    quad = (lost, 0, 0, height, width, height, width - lost, 0)
    if chance.random() < 0.5:
        quad = (0, 0, lost, height, width - lost, height, width, 0)
    return picture.transform(size, Image.Transform.QUAD, quad, Image.Resampling.BILINEAR)


def skew(chance: random.Random) -> float:
    return chance.uniform(-MOST_SKEW, MOST_SKEW)


def oddly_whole(pages: dict[str, Picture], chance: random.Random) -> Iterator[Scene]:
    """What looks like a cut, and is none."""
    text, remarks, cover = pages["text"], pages["remarks"], pages["cover"]
    odd: dict[str, Callable[[], Picture]] = {
        "a hair over the end": lambda: marked(text, (0.2, 0.3, 0.5, 1)),
        "a streak from end to end": lambda: marked(text, (0.4, 0, 0.4, 1)),
        "two streaks from end to end": lambda: marked(marked(text, (0.3, 0, 0.3, 1)), (0.7, 0, 0.7, 1)),
        "a thumb": lambda: thumb(text),
        "half of it tinted": lambda: tinted(remarks, (0, 0.5, 1, 1)),
        "a band across its head": lambda: tinted(remarks, (0, 0, 1, 0.12)),
        "a panel": lambda: tinted(remarks, (0.07, 0.05, 0.93, 0.95)),
        "a pattern to its ends": lambda: patterned(remarks),
        "another size told": lambda: text.resize((round(text.width * 0.85), round(text.height * 0.85))),
        "a band on a cover": lambda: tinted(cover, (0, 0.7, 1, 0.78), (150, 40, 46)),
        "the cover's edge beneath": lambda: on_cover(text),
    }
    for mm in (4, 9, 15, 22, 27):
        odd[f"{mm} mm of the next page"] = lambda mm=mm: beside(text, remarks).crop(
            (0, 0, text.width + px(mm), text.height)
        )
    for name, picture in odd.items():
        for told in (True, False):
            yield Scene("odd, but whole", picture(), told, page=name)
    for ground in GROUNDS.values():
        for mm in (5, 20):
            page = beside(text, remarks).crop((0, 0, text.width + px(mm), text.height))
            area = (page.width / SCALE + 20, 230)
            yield Scene("odd, but whole", lying(page, ground, area, (20, 12), 0), True)
        yield Scene("odd, but whole", lying(thumb(text), ground, A4_MM, (0, 0), skew(chance)), True)


def marked(page: Picture, line: tuple[float, float, float, float]) -> Picture:
    picture = page.copy()
    ends = [share * picture.size[place % 2] for place, share in enumerate(line)]
    ImageDraw.Draw(picture).line(ends, (90, 90, 90), 2)
    return picture


def thumb(page: Picture) -> Picture:
    picture = page.copy()
    middle = picture.width * 0.3
    box = (middle - px(9), picture.height - px(20), middle + px(9), picture.height + px(20))
    ImageDraw.Draw(picture).ellipse(box, (206, 160, 136))
    return picture


def tinted(
    page: Picture, shares: tuple[float, float, float, float], colour: tuple[int, int, int] = (236, 214, 214)
) -> Picture:
    """Printed with a panel of a pale colour, and all that stands on it."""
    mask = Image.new("L", page.size, 0)
    box = [share * page.size[place % 2] for place, share in enumerate(shares)]
    ImageDraw.Draw(mask).rectangle(box, 255)
    return Image.composite(ImageChops.darker(page, Image.new("RGB", page.size, colour)), page, mask)


def patterned(page: Picture) -> Picture:
    """Printed over with pale lines that bleed."""
    picture = Image.new("RGB", page.size, PAPER)
    pen = ImageDraw.Draw(picture)
    for place in range(-picture.height, picture.width, px(4)):
        pen.line((place, 0, place + picture.height, picture.height), (226, 206, 196), 1)
        pen.line((place, picture.height, place + picture.height, 0), (212, 226, 212), 1)
    return ImageChops.darker(page, picture)


def on_cover(page: Picture) -> Picture:
    """As pages of a hard cover lie on it: smaller by some millimetres on each side."""
    picture = Image.new("RGB", (page.width, page.height), (106, 22, 28))
    inner = page.resize((page.width - px(3), page.height - px(6)))
    picture.paste(inner, (0, px(3)))
    return picture


SORTS = (on_glass, in_area, cropped, photographed, oddly_whole)


def scenes(seed: int) -> Iterator[Scene]:
    pages, chance = drawn(seed), random.Random(seed)
    for sort in SORTS:
        yield from sort(pages, chance)


def is_told(scene: Scene) -> bool:
    cut = measure(scene.picture, DPI, says=DPI if scene.told else None).cut
    if scene.missing is None:
        return bool(cut)
    side = scene.missing[0]
    opposite = SIDES[(SIDES.index(side) + 2) % 4]
    return cut in (side, *("".join(sorted((side, opposite), key=SIDES.index)),))


Key = tuple[str, bool]


def main(seeds: Sequence[int]) -> str:
    columns = ("whole", *CUT_MM)
    counts: dict[Key, dict[float | str, list[int]]] = defaultdict(
        lambda: {column: [0, 0] for column in columns}
    )
    for seed in seeds:
        for scene in scenes(seed):
            place = counts[scene.kind, scene.told][scene.missing[1] if scene.missing else "whole"]
            place[0] += is_told(scene)
            place[1] += 1
    titles = ("whole", *(f"{mm} mm" for mm in CUT_MM))
    print(f"{'called cut, of those that lack':34}{'dpi':6}" + "".join(f"{title:>12}" for title in titles))
    for (kind, told), row in counts.items():
        shown = "".join(f"{f'{hits} of {of}' if of else '–':>12}" for hits, of in row.values())
        print(f"{kind:34}{'told' if told else '–':6}{shown}")
    return summary(counts.values())


def summary(rows: Sequence[dict[float | str, list[int]]]) -> str:
    def total(columns: Sequence[float | str]) -> str:
        pairs = [row[column] for row in rows for column in columns]
        return f"{sum(hits for hits, _ in pairs)} of {sum(of for _, of in pairs)}"

    return f"Called cut: {total(DECIDED_MM)} pages that lack 5 mm or more, {total(['whole'])} whole ones."


if __name__ == "__main__":
    print("\n" + main([int(seed) for seed in sys.argv[1:]] or PUBLISHED))
