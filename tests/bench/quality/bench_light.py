"""Where light parts good pages from dark and burnt out ones, on drawn pages.

python tests/bench/quality/bench_light.py [DPI ...]     default: 100 200 300, three minutes

What is good was decided by looking at a text page and a cover: at 0.6 of the light nobody minds, at 0.3 the gold of a
cover is lost; under a veil that leaves 0.6 of all ink everything stands out, with 0.3 of it nothing does. Of these veils
comes the yardstick for all pages that are too light, veiled or burnt out: a page is good as long as its faintest printed
words keep two fifths of the paper's level as contrast, and too light when they have less than a quarter. Print that has
more is grey, and is read; so nobody need be told of it. A veil takes from all print alike and is told. Too much light takes
the red labels first and the black entries last; as long as those stand out, nothing measured says that others are
gone, and it is told of pages without any black print only. What lies between was not decided and counts for neither side. A
page of which so little is left that it is called blank is told already and counts for neither side, either.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench_thresholds import RESOLUTIONS, pages

from certclerk.core.rules.page_quality import LEAST_CONTRAST, LEAST_LIGHTEST, MOST_DARKEST
from certclerk.imaging.quality import Quality, measure
from certclerk.imaging.specimen_ornaments import GOLD, LABEL, LEATHER, PAPER

# The contrast of the faintest printed words.
LEAST_GOOD, MOST_LIGHT = 0.4, 0.25


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
    Light("0.8 of the ink", "", veiled(0.8)),
    Light("0.6 of the ink", "", veiled(0.6)),
    Light("0.5 of the ink", "", veiled(0.5)),
    Light("0.4 of the ink", "", veiled(0.4)),
    Light("0.3 of the ink", "", veiled(0.3)),
    Light("0.2 of the ink", "", veiled(0.2)),
    *(Light(f"{times} × the light", "", scaled(times)) for times in (1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 7)),
)


def truth_of(light: Light, page: str) -> str:
    """Of dim pages as it was seen, of light ones by what is left of their words."""
    if light.truth:
        return light.truth
    ground, words = (
        grey(light.level(level) for level in colour)
        for colour in ((GOLD, LEATHER) if page == "cover" else (PAPER, LABEL))
    )
    left = 1 - words / ground
    return "good" if left >= LEAST_GOOD else "light" if left < MOST_LIGHT else "open"


def grey(colour: Iterable[float]) -> float:
    return sum(share * level for share, level in zip((0.299, 0.587, 0.114), colour, strict=True))


Found = dict[Light, list[tuple[str, Quality]]]
Tells = Callable[[Quality, float], bool]


def lights(resolutions: Sequence[int]) -> Found:
    """By light the pages' qualities, each with what is true of it."""
    found: Found = defaultdict(list)
    for dpi in resolutions:
        for name, page in pages(dpi):
            print(f"{dpi} dpi, {name}", file=sys.stderr)
            for light in LIGHTS:
                quality = measure(page.point(light.level), dpi, says=dpi)
                found[light].append((truth_of(light, name), quality))
    return found


def print_lights(found: Found) -> None:
    print(f"{'light':20}  lightest       darkest        of these blank   light told   good told")
    for light, several in found.items():
        qualities = [quality for _, quality in several]
        ranges = [
            sorted(value for quality in qualities if (value := figure(quality)) is not None)
            for figure in (lambda quality: quality.lightest, lambda quality: quality.darkest)
        ]
        spans = "   ".join(f"{values[0]:.2f} – {values[-1]:.2f}" for values in ranges)
        blank = sum(is_blank(quality) for quality in qualities)
        counts = (
            "{} of {}".format(*told({light: several}, truth, too_light, MOST_DARKEST))
            for truth in ("light", "good")
        )
        shown = "".join(f"{count:>13}" for count in counts)
        print(f"{light.name:20}  {spans}   {blank:>3} of {len(qualities)}{shown}")
    for truth, chosen, thresholds, tells in (
        ("dark", LEAST_LIGHTEST, (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5), too_dark),
        ("light", MOST_DARKEST, (0.4, 0.5, 0.55, 0.6, 0.62, 0.65, 0.7, 0.75), too_light),
    ):
        print(f"\nthreshold   hits, {truth:12}alarms, good")
        for threshold in thresholds:
            counts = (
                "{:>5} of {:<8}".format(*told(found, asked, tells, threshold)) for asked in (truth, "good")
            )
            print(f"{threshold:<10.2f}{''.join(counts)}" + ("  chosen" if threshold == chosen else ""))


def told(found: Found, asked: str, tells: Tells, threshold: float) -> tuple[int, int]:
    """How many of that truth are told, and of how many that are not blank."""
    every = [
        quality
        for several in found.values()
        for truth, quality in several
        if truth == asked and not is_blank(quality)
    ]
    return sum(tells(quality, threshold) for quality in every), len(every)


def is_blank(quality: Quality) -> bool:
    return quality.contrast is not None and quality.contrast < LEAST_CONTRAST


def too_dark(quality: Quality, threshold: float) -> bool:
    return quality.lightest is not None and quality.lightest < threshold


def too_light(quality: Quality, threshold: float) -> bool:
    return quality.darkest is not None and quality.darkest > threshold


def summary(found: Found) -> str:
    parts = []
    for truth, threshold, tells in (
        ("dark", LEAST_LIGHTEST, too_dark),
        ("light", MOST_DARKEST, too_light),
    ):
        hits, alarms = ("{} of {}".format(*told(found, asked, tells, threshold)) for asked in (truth, "good"))
        parts.append(f"Called too {truth}: {hits} {truth} ones, {alarms} good ones.")
    return " ".join(parts)


def main(resolutions: Sequence[int]) -> str:
    found = lights(resolutions)
    print_lights(found)
    return summary(found)


if __name__ == "__main__":
    print("\n" + main([int(dpi) for dpi in sys.argv[1:]] or RESOLUTIONS))
