"""Where light parts good pages from dark and burnt out ones, and how many cut pages are told, on drawn pages.

python tests/bench/quality/bench_light.py [DPI ...]     default: 100 200 300, three minutes

What is good was decided by looking at a text page and a cover: at 0.6 of the light nobody minds, at 0.3 the gold of a
cover is lost; under a veil that leaves 0.6 of all ink everything stands out, with 0.3 of it nothing does, and where
levels are tripled the red labels are burnt away. What lies between was not decided and counts for neither side. A page of which so little is left that it is called
blank is told already and counts for neither side, either.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench_thresholds import RESOLUTIONS, pages
from PIL import Image, ImageChops, ImageFilter

from certclerk.core.rules.page_quality import LEAST_CONTRAST, LEAST_LIGHTEST, MOST_DARKEST
from certclerk.imaging.quality import Quality, measure

A4_MM = (210, 297)
GROUNDS = {"dark glass": (40, 40, 42), "grey lid": (229, 230, 228), "white lid": (250, 249, 246)}
PAGES = ("cover", "text", "remarks", "spread")
# By how many mm a page hangs over the picture's end; the first two are no loss, the third was not decided.
HANGING_MM = (0, 2, 5, 10, 20, 40, 70)
DECIDED_MM = 5


@dataclass(frozen=True)
class Light:
    name: str
    truth: str
    level: Callable[[float], float]


def scaled(share: float) -> Callable[[float], float]:
    return lambda level: min(255, level * share)


def veiled(share: float) -> Callable[[float], float]:
    return lambda level: 255 - (255 - level) * share


LIGHTS = (
    Light("none", "good", scaled(1)),
    Light("0.8 of the light", "good", scaled(0.8)),
    Light("0.6 of the light", "good", scaled(0.6)),
    Light("0.5 of the light", "open", scaled(0.5)),
    Light("0.4 of the light", "open", scaled(0.4)),
    Light("0.3 of the light", "dark", scaled(0.3)),
    Light("0.2 of the light", "dark", scaled(0.2)),
    Light("0.1 of the light", "dark", scaled(0.1)),
    Light("0.8 of the ink", "good", veiled(0.8)),
    Light("0.6 of the ink", "good", veiled(0.6)),
    Light("0.5 of the ink", "open", veiled(0.5)),
    Light("0.4 of the ink", "open", veiled(0.4)),
    Light("0.3 of the ink", "light", veiled(0.3)),
    Light("0.2 of the ink", "light", veiled(0.2)),
    Light("1.5 × the light", "good", scaled(1.5)),
    Light("2 × the light", "open", scaled(2)),
    Light("3 × the light", "light", scaled(3)),
    Light("5 × the light", "light", scaled(5)),
    Light("7 × the light", "light", scaled(7)),
)


def lights(resolutions: Sequence[int]) -> dict[Light, list[Quality]]:
    found: dict[Light, list[Quality]] = defaultdict(list)
    for dpi in resolutions:
        for name, page in pages(dpi):
            print(f"{dpi} dpi, {name}", file=sys.stderr)
            for light in LIGHTS:
                found[light].append(measure(page.point(light.level), dpi, says=dpi))
    return found


def print_lights(found: dict[Light, list[Quality]]) -> None:
    print(f"{'light':20}{'':6}  lightest       darkest        of these blank")
    for light, qualities in found.items():
        ranges = [
            sorted(value for quality in qualities if (value := figure(quality)) is not None)
            for figure in (lambda quality: quality.lightest, lambda quality: quality.darkest)
        ]
        spans = "   ".join(f"{values[0]:.2f} – {values[-1]:.2f}" for values in ranges)
        blank = sum(is_blank(quality) for quality in qualities)
        print(f"{light.name:20}{light.truth:6}  {spans}   {blank:>3} of {len(qualities)}")
    for truth, chosen, thresholds, tells in (
        ("dark", LEAST_LIGHTEST, (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5), too_dark),
        ("light", MOST_DARKEST, (0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75), too_light),
    ):
        print(f"\nthreshold   hits, {truth:12}alarms, good")
        for threshold in thresholds:
            counts = []
            for asked in (truth, "good"):
                every = [
                    one
                    for light, several in found.items()
                    if light.truth == asked
                    for one in several
                    if not is_blank(one)
                ]
                told = sum(tells(quality, threshold) for quality in every)
                counts.append(f"{told:>5} of {len(every):<8}")
            print(f"{threshold:<10.2f}{''.join(counts)}" + ("  chosen" if threshold == chosen else ""))


def is_blank(quality: Quality) -> bool:
    return quality.contrast is not None and quality.contrast < LEAST_CONTRAST


def too_dark(quality: Quality, threshold: float) -> bool:
    return quality.lightest is not None and quality.lightest < threshold


def too_light(quality: Quality, threshold: float) -> bool:
    return quality.darkest is not None and quality.darkest > threshold


def hanging(page: Image.Image, ground: tuple[int, int, int], side: str, mm: float, dpi: int) -> Image.Image:
    """On A4 glass, over its end by so many mm, with its shadow; lying where a spread asks for it."""
    size = A4_MM[::-1] if page.width > page.height else A4_MM
    glass = Image.new("RGB", tuple(round(each / 25.4 * dpi) for each in size), ground)
    over = round(mm / 25.4 * dpi)
    room = glass.width - page.width, glass.height - page.height
    left = {"l": -over, "r": room[0] + over}.get(side, room[0] // 2)
    top = {"t": -over, "b": room[1] + over}.get(side, room[1] // 2)
    mask = Image.new("L", glass.size)
    mask.paste(255, (left, top, left + page.width, top + page.height))
    reach = dpi / 40
    soft = ImageChops.offset(mask.filter(ImageFilter.GaussianBlur(reach)), round(reach), round(reach))
    glass.paste((0, 0, 0), mask=soft.point(lambda value: value // 4))
    glass.paste(page, (left, top))
    return glass


def scenes(dpi: int) -> Iterator[tuple[str, str, float, Image.Image]]:
    """Ground, side, mm and picture."""
    for name, page in pages(dpi):
        if name not in PAGES:
            continue
        yield "its exact area", "", 0, page
        for ground, colour in GROUNDS.items():
            for side in "ltrb":
                for mm in HANGING_MM:
                    yield ground, side, mm, hanging(page, colour, side, mm, dpi)


def print_cuts(dpi: int) -> str:
    """Each page hangs over each side in turn; once with the resolution told, once without."""
    counts: dict[tuple[str, float], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    told_apart = {"hits": [0, 0], "alarms": [0, 0], "open": [0, 0]}
    for ground, side, mm, picture in scenes(dpi):
        for place, says in ((0, dpi), (2, None)):
            cut = measure(picture, dpi, says=says).cut
            counts[ground, mm][place] += cut == side if side and mm > DECIDED_MM else bool(cut)
            counts[ground, mm][place + 1] += 1
    print(f"\n{'called cut':20}{'missing':>10}   dpi told        not told")
    for (ground, mm), (told, of, told_without, of_without) in counts.items():
        truth = "hits" if mm > DECIDED_MM else "open" if mm == DECIDED_MM else "alarms"
        print(f"{ground:20}{mm:>7} mm   {told:>2} of {of:<6}   {told_without:>2} of {of_without:<6} {truth}")
        told_apart[truth][0] += told + told_without
        told_apart[truth][1] += of + of_without
    hits, alarms = ("{} of {}".format(*told_apart[truth]) for truth in ("hits", "alarms"))
    return f"Called cut: {hits} pages that lack more than {DECIDED_MM} mm, {alarms} that lack none or 2 mm."


def summary(found: dict[Light, list[Quality]]) -> str:
    parts = []
    for truth, threshold, tells in (
        ("dark", LEAST_LIGHTEST, too_dark),
        ("light", MOST_DARKEST, too_light),
    ):
        counts = []
        for asked in (truth, "good"):
            every = [
                one
                for light, several in found.items()
                if light.truth == asked
                for one in several
                if not is_blank(one)
            ]
            counts.append(f"{sum(tells(one, threshold) for one in every)} of {len(every)} {asked} ones")
        parts.append(f"Called too {truth}: {', '.join(counts)}.")
    return " ".join(parts)


def main(resolutions: Sequence[int]) -> str:
    found = lights(resolutions)
    print_lights(found)
    return f"{summary(found)} {print_cuts(resolutions[0])}"


if __name__ == "__main__":
    print("\n" + main([int(dpi) for dpi in sys.argv[1:]] or RESOLUTIONS))
